//! Snapshots made from the differentials of HL7's packages agree with those that HL7 publishes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use ers_fhir_profiles::definition::{ElementDefinition, StructureDefinition};
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::snapshot::SnapshotCache;
use ers_fhir_profiles::{Definitions, FhirVersion};

use crate::facts::{Difference, differences};

/// The definitions of an HL7 package, or nothing (said on standard error) where it is not fetched.
pub(crate) fn official(version: FhirVersion) -> Option<(Package, Definitions)> {
    let name = match version {
        FhirVersion::Stu3 => "hl7.fhir.r3.examples-3.0.2.tgz",
        FhirVersion::R4 => "hl7.fhir.r4.examples-4.0.1.tgz",
    };
    let folder = std::env::var_os("ERS_FHIR_PACKAGES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.cache/packages"), PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        eprintln!("skipped: {name} is not there; tests/fetch-packages fetches it");
        return None;
    }
    let open = || Package::open(&path).expect("HL7's packages can be read");
    let mut definitions = Definitions::empty(version);
    definitions.add(open());
    Some((open(), definitions))
}

#[test]
fn scan() {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let Some((package, definitions)) = official(version) else { return };
        let cache = SnapshotCache::default();
        let stripped =
            |canonical: &str| -> Result<Option<Arc<StructureDefinition>>, ers_fhir_profiles::Error> {
                let Some(found) = definitions.structure(canonical)? else { return Ok(None) };
                if found.differential.is_empty() || found.snapshot.is_none() {
                    return Ok(Some(found));
                }
                Ok(Some(Arc::new(StructureDefinition {
                    snapshot: None,
                    ..StructureDefinition::clone(&found)
                })))
            };
        let mut by_fact: BTreeMap<&str, Vec<(String, Difference)>> = BTreeMap::new();
        let (mut n, mut ok, mut failed) = (0, 0, 0);
        for head in package.heads().filter(|h| h.kind == Kind::Structure) {
            let definition = definitions.structure(&head.url).unwrap().unwrap();
            if definition.differential.is_empty() || definition.snapshot.is_none() {
                continue;
            }
            n += 1;
            match cache.get(&head.url, &stripped) {
                Ok(Some(made)) => {
                    let ours: Vec<&ElementDefinition> = made.elements().iter().map(|e| &**e).collect();
                    let theirs = in_place(definition.snapshot.as_deref().unwrap_or_default());
                    let theirs: Vec<&ElementDefinition> = theirs.iter().collect();
                    let diffs = differences(&ours, &theirs);
                    if diffs.is_empty() {
                        ok += 1
                    }
                    for d in diffs {
                        by_fact.entry(d.fact).or_default().push((head.url.to_string(), d));
                    }
                }
                Ok(None) => panic!(),
                Err(e) => {
                    failed += 1;
                    eprintln!("ERR {e}")
                }
            }
        }
        eprintln!("== {version}: {n} definitions, {ok} agree, {failed} failed");
        for (fact, list) in &by_fact {
            eprintln!("-- {fact}: {}", list.len());
            let mut urls: BTreeMap<&str, usize> = BTreeMap::new();
            for (url, d) in list {
                let c = urls.entry(url).or_default();
                *c += 1;
                if *c <= 40 {
                    eprintln!(
                        "{} {} | {} | {}",
                        url.rsplit('/').next().unwrap(),
                        d.element,
                        d.values.0,
                        d.values.1
                    );
                }
            }
        }
    }
}

/// Published elements with the names that choices have by definition: STU3 renames `value[x]` to
/// `valueQuantity` where that is the only type left, and what is below it.
fn in_place(elements: &[ElementDefinition]) -> Vec<ElementDefinition> {
    let mut renamed: Vec<(String, String, String)> = Vec::new();
    let mut out = elements.to_vec();
    for element in &mut out {
        let base = element.base.as_ref().map_or("", |base| base.path.rsplit('.').next().unwrap_or_default());
        let name = element.name().to_owned();
        if base.ends_with("[x]") && !name.ends_with("[x]") {
            let rename = |text: &str| format!("{}{base}", text.strip_suffix(name.as_str()).unwrap_or(text));
            renamed.push((element.id.clone(), rename(&element.id), rename(&element.path)));
        }
        let below = |id: &str, old: &str| {
            id.strip_prefix(old).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if let Some((old, id, path)) = renamed.iter().rev().find(|(old, ..)| below(&element.id, old)) {
            let steps = element.id[old.len()..].split('.').count() - 1;
            let tail: Vec<&str> = element.path.rsplit('.').take(steps).collect();
            element.path = tail.iter().rev().fold(path.clone(), |path, step| format!("{path}.{step}"));
            element.id = format!("{id}{}", &element.id[old.len()..]);
        }
    }
    out
}
