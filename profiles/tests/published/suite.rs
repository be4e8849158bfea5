//! The snapshot-generation cases of the FHIR test suite.

use std::path::Path;

use ers_fhir_profiles::definition::{ElementDefinition, StructureDefinition};
use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::snapshot::SnapshotCache;
use ers_fhir_profiles::{Definitions, FhirVersion, read};

use crate::facts::differences;
use crate::known::SUITE;
use crate::packages::{generate, official};

pub(crate) fn suite() {
    let folder = ers_fhir_corpora::shared("conformance/snapshot");
    let list = std::fs::read(folder.join("open.json")).expect("the suite has a list");
    let list: serde_json::Value = serde_json::from_slice(&list).expect("the list of cases is JSON");
    let mut wrong: Vec<String> = Vec::new();
    let mut used = vec![false; SUITE.len()];
    for case in list["tests"].as_array().expect("the list has tests") {
        let text = |name: &str| case[name].as_str().expect("a case has an id, a version and files");
        let version: FhirVersion = text("version").parse().expect("a case has a known version");
        let file = |name: &str| folder.join("files").join(name);
        let mut definitions = Definitions::empty(version);
        definitions.add(official(version));
        for register in case["register"].as_array().into_iter().flatten().filter_map(|name| name.as_str()) {
            definitions.add(Package::open(&file(register)).expect("the case's files can be read"));
        }
        definitions.add(Package::open(&file(text("input"))).expect("the case's files can be read"));

        let expected = structure(&file(text("expected")), version);
        let made = generate(&definitions, &SnapshotCache::default(), &expected.url);
        let made = made.unwrap_or_else(|error| panic!("{}: {error}", text("id")));
        let plain = |elements: &mut dyn Iterator<Item = &ElementDefinition>| -> Vec<ElementDefinition> {
            elements.map(|element| unpinned(element, version)).collect()
        };
        let ours = plain(&mut made.elements().iter().map(|element| &**element));
        let theirs = plain(&mut expected.snapshot.iter().flatten());
        let found = differences(&ours.iter().collect::<Vec<_>>(), &theirs.iter().collect::<Vec<_>>());
        for difference in found {
            match SUITE.iter().position(|known| known.covers(version, text("id"), &difference)) {
                Some(known) => used[known] = true,
                None => wrong.push(format!("{}: {difference}", text("id"))),
            }
        }
    }
    assert!(wrong.is_empty(), "{} facts differ:\n{}", wrong.len(), wrong.join("\n"));
    for (known, used) in SUITE.iter().zip(used) {
        assert!(used, "{}: {} {} agrees by now", known.definition, known.element, known.fact);
    }
}

fn structure(path: &Path, version: FhirVersion) -> StructureDefinition {
    let package = Package::open(path).expect("the case's files can be read");
    let datum = package.datum(0).expect("it is readable").expect("it is a definition");
    read::structure::read(&datum, version).expect("it is a structure")
}

/// Without the versions that the suite's generator adds to canonicals of the release, and with
/// content references relative to the type.
fn unpinned(element: &ElementDefinition, version: FhirVersion) -> ElementDefinition {
    let mut element = element.clone();
    let pin = format!("|{}", version.number());
    let unpin = |canonical: &mut String| {
        if let Some(url) = canonical.strip_suffix(&pin) {
            *canonical = url.to_owned();
        }
    };
    for of in &mut element.types {
        of.profiles.iter_mut().chain(&mut of.target_profiles).for_each(unpin);
    }
    if let Some(binding) = &mut element.binding {
        binding.value_set.iter_mut().chain(&mut binding.max_value_set).for_each(unpin);
    }
    if let Some(reference) = &mut element.content_reference
        && let Some(at) = reference.find('#')
    {
        *reference = reference[at..].to_owned();
    }
    element
}
