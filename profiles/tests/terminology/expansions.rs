//! Our expansions against those that HL7 publishes: where both decide, the same codes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ers_fhir_profiles::definition::{CodeSystem, Concept};
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::terminology::{Membership, Source, Terminology};
use ers_fhir_profiles::{Definitions, FhirVersion, read};

/// Pairs of system and code.
type Codes = BTreeSet<(String, String)>;

/// Why a published expansion differs from ours. Each is checked to be what makes the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It stops at a thousand codes without saying so in a form that a reader understands.
    Truncated,
    /// It leaves out deprecated and retired codes, which stay in a set that does not refuse them
    /// (`compose.inactive`).
    WithoutOldCodes,
    /// It follows the nesting of concepts, and not children that are given as properties.
    WithoutChildProperties,
}

const STU3_FAULTS: [(&str, Fault); 4] = [
    ("http://hl7.org/fhir/ValueSet/animal-breeds", Fault::Truncated),
    ("http://hl7.org/fhir/ValueSet/c80-doc-typecodes", Fault::Truncated),
    ("http://hl7.org/fhir/ValueSet/detectedissue-category", Fault::WithoutChildProperties),
    ("http://hl7.org/fhir/ValueSet/v3-ActPharmacySupplyType", Fault::WithoutChildProperties),
];

const R4_FAULTS: [(&str, Fault); 11] = [
    ("http://hl7.org/fhir/ValueSet/c80-doc-typecodes", Fault::Truncated),
    ("http://hl7.org/fhir/ValueSet/detectedissue-category", Fault::WithoutChildProperties),
    ("http://hl7.org/fhir/ValueSet/diagnostic-service-sections", Fault::WithoutOldCodes),
    ("http://hl7.org/fhir/ValueSet/observation-interpretation", Fault::WithoutOldCodes),
    ("http://hl7.org/fhir/ValueSet/patient-contactrelationship", Fault::WithoutOldCodes),
    ("http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype", Fault::WithoutOldCodes),
    ("http://hl7.org/fhir/ValueSet/security-labels", Fault::WithoutOldCodes),
    ("http://terminology.hl7.org/ValueSet/v2-0487", Fault::WithoutOldCodes),
    ("http://terminology.hl7.org/ValueSet/v2-0916", Fault::WithoutOldCodes),
    ("http://terminology.hl7.org/ValueSet/v3-ActCode", Fault::WithoutOldCodes),
    ("http://terminology.hl7.org/ValueSet/v3-ActPharmacySupplyType", Fault::WithoutChildProperties),
];

#[test]
fn stu3_expansions_agree() {
    compare(
        FhirVersion::Stu3,
        "hl7.fhir.r3.examples-3.0.2.tgz",
        "hl7.fhir.r3.expansions-3.0.2.tgz",
        &STU3_FAULTS,
        390,
    );
}

#[test]
fn r4_expansions_agree() {
    compare(
        FhirVersion::R4,
        "hl7.fhir.r4.examples-4.0.1.tgz",
        "hl7.fhir.r4.expansions-4.0.1.tgz",
        &R4_FAULTS,
        470,
    );
}

/// Compares every expansion, and asserts that at least so many agree.
#[expect(clippy::print_stdout, reason = "figures, and why nothing was compared")]
fn compare(
    version: FhirVersion,
    definitions: &str,
    expansions: &str,
    faults: &[(&str, Fault)],
    at_least: usize,
) {
    let (Some(package), Some(published)) = (open(definitions), open(expansions)) else {
        println!("skipped: {definitions} or {expansions} is absent; tests/fetch-packages fetches them");
        return;
    };
    let mut store = Definitions::empty(version);
    store.add(package);
    let store = std::sync::Arc::new(store);
    let terminology = Terminology::new(std::sync::Arc::clone(&store));
    let faults: BTreeMap<&str, Fault> = faults.iter().copied().collect();
    let (mut agreed, mut undecided, mut explained) = (0, 0, BTreeSet::new());
    let mut wrong = Vec::new();
    for (url, theirs) in published_expansions(&published, version) {
        let Ok(expansion) = terminology.expansion(&url) else {
            undecided += 1;
            continue;
        };
        for (system, code) in &theirs {
            if expansion.contains(&terminology, Some(system), code) == Membership::Out {
                wrong.push(format!("{url}: {system}|{code} is published, and not in ours"));
            }
        }
        let enumeration = expansion.enumerate(&terminology, 100_000);
        if enumeration.gap.is_some() {
            undecided += 1;
            continue;
        }
        let ours: Codes =
            enumeration.codes.into_iter().map(|c| (c.system.unwrap_or_default(), c.code)).collect();
        let extra: Vec<_> = ours.difference(&theirs).collect();
        match faults.get(url.as_str()) {
            _ if extra.is_empty() => agreed += 1,
            Some(fault) if fault.explains(&store, &extra, theirs.len()) => {
                explained.insert(url);
            }
            _ => wrong.push(format!("{url}: not in the published expansion: {extra:?}")),
        }
    }
    println!(
        "{version}: {} compared, {agreed} agreed, {} differ by a fault of the published expansion, \
         {undecided} undecided",
        agreed + explained.len(),
        explained.len(),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        explained.iter().map(String::as_str).collect::<Vec<_>>(),
        faults.into_keys().collect::<Vec<_>>(),
        "faults that are listed and no longer there"
    );
    assert!(agreed >= at_least, "only {agreed} agreed");
}

impl Fault {
    fn explains(self, store: &Definitions, extra: &[&(String, String)], published: usize) -> bool {
        let system = |url: &str| Source::code_system(store, url).expect("a readable code system");
        let all = |holds: &dyn Fn(&CodeSystem, &str) -> bool| {
            extra.iter().all(|(url, code)| system(url).is_some_and(|system| holds(&system, code)))
        };
        match self {
            Self::Truncated => published == 1000,
            Self::WithoutOldCodes => all(&|system, code| {
                let is_old = |(name, value): &(String, String)| {
                    name == "status" && matches!(value.as_str(), "deprecated" | "retired")
                };
                system.concepts.iter().any(|c| c.code == code && c.properties.iter().any(is_old))
            }),
            Self::WithoutChildProperties => all(&is_below_a_child_by_property),
        }
    }
}

/// Whether the code, or one it is nested in, is a child that a property names.
fn is_below_a_child_by_property(system: &CodeSystem, code: &str) -> bool {
    let is_named = |concept: &Concept| {
        let child = ("child".to_owned(), concept.code.clone());
        system.concepts.iter().any(|c| c.properties.contains(&child))
    };
    let mut next = system.concepts.iter().find(|c| c.code == code);
    while let Some(concept) = next {
        if is_named(concept) {
            return true;
        }
        next = concept.parent.and_then(|parent| system.concepts.get(parent));
    }
    false
}

/// The value sets of a package of expansions, read as if they had no compose.
fn published_expansions(package: &Package, version: FhirVersion) -> Vec<(String, Codes)> {
    let mut found = Vec::new();
    for (place, head) in package.heads().enumerate() {
        if head.kind != Kind::ValueSet {
            continue;
        }
        let datum = package.datum(place).expect("valid JSON").expect("the head's resource");
        let mut datum = (*datum).clone();
        datum.fields.retain(|(name, _)| &**name != "compose");
        let set = read::terminology::value_set(&datum, version).expect("a value set");
        let codes = set.expansion.into_iter().map(|c| (c.system.unwrap_or_default(), c.code));
        found.push((set.url, codes.collect()));
    }
    assert!(!found.is_empty(), "no value set in {}", package.name());
    found
}

fn open(name: &str) -> Option<Package> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/packages");
    let folder = std::env::var_os("ERS_FHIR_PACKAGES").map_or_else(default, PathBuf::from);
    let path = folder.join(name);
    path.exists().then(|| Package::open(&path).expect("a package that opens"))
}
