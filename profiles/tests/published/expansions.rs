//! Our expansions against those that HL7 publishes: where both decide, the same codes.

use std::collections::BTreeSet;
use std::sync::Arc;

use ers_fhir_profiles::definition::{CodeSystem, Concept};
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::terminology::{Membership, Source, Terminology};
use ers_fhir_profiles::{Definitions, FhirVersion, read};

use crate::packages::{R4_EXPANSIONS, STU3_EXPANSIONS, official, open};

/// Pairs of system and code.
type Codes = BTreeSet<(String, String)>;

/// Why a published expansion differs from ours. Each reason is checked to explain the difference.
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

pub(crate) fn stu3_expansions_agree() {
    let compared = compare(all_of(FhirVersion::Stu3), STU3_EXPANSIONS, &STU3_FAULTS);
    assert!(compared.agreed >= 400 && compared.explained == STU3_FAULTS.len(), "{compared:?}");
}

pub(crate) fn r4_expansions_agree() {
    let compared = compare(all_of(FhirVersion::R4), R4_EXPANSIONS, &R4_FAULTS);
    assert!(compared.agreed >= 475 && compared.explained == R4_FAULTS.len(), "{compared:?}");
}

pub(crate) fn the_embedded_stu3_definitions_expand_alike() {
    let embedded = Definitions::embedded(FhirVersion::Stu3);
    let compared = compare(embedded, STU3_EXPANSIONS, &STU3_FAULTS);
    assert!(compared.agreed >= 395, "{compared:?}");
}

pub(crate) fn the_embedded_r4_definitions_expand_alike() {
    let embedded = Definitions::embedded(FhirVersion::R4);
    let compared = compare(embedded, R4_EXPANSIONS, &R4_FAULTS);
    assert!(compared.agreed >= 470, "{compared:?}");
}

/// Numbers of value sets.
#[derive(Debug, Clone, Copy, Default)]
struct Compared {
    agreed: usize,
    /// Differ because of a fault in the published expansion.
    explained: usize,
    undecided: usize,
}

/// All definitions of a release, from its own package.
fn all_of(version: FhirVersion) -> Definitions {
    let mut definitions = Definitions::empty(version);
    definitions.add(official(version));
    definitions
}

/// Compares every published expansion.
#[expect(clippy::print_stdout, reason = "figures")]
fn compare(store: Definitions, expansions: &str, faults: &[(&str, Fault)]) -> Compared {
    let published = open(expansions);
    let version = store.fhir_version();
    let store = Arc::new(store);
    let terminology = Terminology::new(Arc::clone(&store));
    let mut compared = Compared::default();
    let mut wrong = Vec::new();
    for (url, theirs) in published_expansions(&published, version) {
        let Ok(expansion) = terminology.expansion(&url) else {
            compared.undecided += 1;
            continue;
        };
        for (system, code) in &theirs {
            if expansion.contains(&terminology, Some(system), code) == Membership::Out {
                wrong.push(format!("{url}: {system}|{code} is published, and not in ours"));
            }
        }
        let enumeration = expansion.enumerate(&terminology, 100_000);
        if enumeration.gap.is_some() {
            compared.undecided += 1;
            continue;
        }
        let ours: Codes =
            enumeration.codes.into_iter().map(|c| (c.system.unwrap_or_default(), c.code)).collect();
        let extra: Vec<_> = ours.difference(&theirs).collect();
        let fault = faults.iter().find(|(faulty, _)| *faulty == url).map(|(_, fault)| fault);
        match fault {
            _ if extra.is_empty() => compared.agreed += 1,
            Some(fault) if fault.explains(&store, &extra, theirs.len()) => compared.explained += 1,
            _ => wrong.push(format!("{url}: not in the published expansion: {extra:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{version}: {compared:?}");
    compared
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
