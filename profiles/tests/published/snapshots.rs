//! Snapshots made from the differentials of HL7's packages agree with those that HL7 publishes.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::snapshot::SnapshotCache;
use ers_fhir_profiles::{Definitions, FhirVersion};

use crate::facts::differences;
use crate::known::{BROKEN, PUBLISHED};
use crate::packages::{generate, official};

pub(crate) fn stu3_package() {
    agrees(FhirVersion::Stu3, 570);
}

pub(crate) fn r4_package() {
    agrees(FhirVersion::R4, 640);
}

/// Compares every definition of a package, of which there are at least `least`.
fn agrees(version: FhirVersion, least: usize) {
    let package = official(version);
    let urls: Vec<Box<str>> =
        package.heads().filter(|head| head.kind == Kind::Structure).map(|head| head.url.clone()).collect();
    let mut definitions = Definitions::empty(version);
    definitions.add(package);

    let cache = SnapshotCache::default();
    let mut compared = 0;
    let mut wrong: Vec<String> = Vec::new();
    let mut used = vec![false; PUBLISHED.len()];
    for url in &urls {
        let name = url.rsplit('/').next().unwrap_or_default();
        let definition = definitions.structure(url).expect("definitions can be read").expect("it is there");
        let Some(published) = definition.snapshot.as_ref().filter(|_| !definition.differential.is_empty())
        else {
            continue;
        };
        let made = generate(&definitions, &cache, url);
        if BROKEN.iter().any(|(of, broken, _)| (*of, *broken) == (version, name)) {
            assert!(
                made.is_err() || made.is_ok_and(|made| !made.faults().is_empty()),
                "{url} is no longer broken: take it from the list"
            );
            continue;
        }
        let made = made.unwrap_or_else(|error| panic!("{error}"));
        compared += 1;
        let published = in_place(published);
        let ours: Vec<&ElementDefinition> = made.elements().iter().map(|element| &**element).collect();
        for difference in differences(&ours, &published.iter().collect::<Vec<_>>()) {
            match PUBLISHED.iter().position(|known| known.covers(version, name, &difference)) {
                Some(known) => used[known] = true,
                None => wrong.push(format!("{name}: {difference}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} facts differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= least, "only {compared} definitions were compared");
    for (known, used) in PUBLISHED.iter().zip(used) {
        let (definition, element, fact) = (known.definition, known.element, known.fact);
        assert!(
            used || known.version != version,
            "{definition}: {element} {fact} agrees by now: take it from the list"
        );
    }
}

/// Published elements under the names that the specification gives choices: STU3 renames
/// `value[x]` to `valueQuantity` where that is the only type left, with all that is below it.
fn in_place(elements: &[ElementDefinition]) -> Vec<ElementDefinition> {
    let mut renamed: Vec<(String, String, String)> = Vec::new();
    let mut elements = elements.to_vec();
    for element in &mut elements {
        let base = element.base.as_ref().map_or("", |base| base.path.rsplit('.').next().unwrap_or_default());
        let name = element.name().to_owned();
        if base.ends_with("[x]") && !name.ends_with("[x]") {
            let rename = |text: &str| format!("{}{base}", text.strip_suffix(name.as_str()).unwrap_or(text));
            renamed.push((element.id.clone(), rename(&element.id), rename(&element.path)));
        }
        let below =
            |old: &str| element.id.strip_prefix(old).is_some_and(|r| r.is_empty() || r.starts_with('.'));
        if let Some((old, id, path)) = renamed.iter().rev().find(|(old, ..)| below(old)) {
            let steps = element.id[old.len()..].split('.').count() - 1;
            let tail: Vec<&str> = element.path.rsplit('.').take(steps).collect();
            element.path = tail.iter().rev().fold(path.clone(), |path, step| format!("{path}.{step}"));
            element.id = format!("{id}{}", &element.id[old.len()..]);
        }
    }
    elements
}
