use std::sync::Arc;
use ers_fhir_profiles::definition::{ElementDefinition, StructureDefinition};
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::snapshot::SnapshotCache;
use ers_fhir_profiles::{Definitions, FhirVersion, read};
use crate::facts::differences;

#[test]
fn scan_suite() {
    let dir = std::path::Path::new("/work/shared/conformance/snapshot");
    let open: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("open.json")).unwrap()).unwrap();
    for t in open["tests"].as_array().unwrap() {
        let id = t["id"].as_str().unwrap();
        let (_, mut definitions) = crate::published::official(FhirVersion::R4).unwrap();
        let version = if t["version"] == "3.0" { FhirVersion::Stu3 } else { FhirVersion::R4 };
        if version == FhirVersion::Stu3 { definitions = crate::published::official(version).unwrap().1; }
        let sd = |f: &str| -> StructureDefinition {
            let p = Package::open(&dir.join("files").join(f)).unwrap();
            assert!(p.problems().is_empty(), "{:?}", p.problems());
            read::structure::read(&p.datum(0).unwrap().unwrap(), version).unwrap()
        };
        let _ = Kind::Structure;
        for r in t["register"].as_array().unwrap() { definitions.add(Package::open(&dir.join("files").join(r.as_str().unwrap())).unwrap()); }
        let input = sd(t["input"].as_str().unwrap());
        let expected = sd(t["expected"].as_str().unwrap());
        definitions.add(Package::open(&dir.join("files").join(t["input"].as_str().unwrap())).unwrap());
        let cache = SnapshotCache::default();
        let stripped = |canonical: &str| -> Result<Option<Arc<StructureDefinition>>, ers_fhir_profiles::Error> {
            let Some(found) = definitions.structure(canonical)? else { return Ok(None) };
            if found.differential.is_empty() || found.snapshot.is_none() { return Ok(Some(found)) }
            Ok(Some(Arc::new(StructureDefinition { snapshot: None, ..StructureDefinition::clone(&found) })))
        };
        let made = cache.get(&input.url, &stripped);
        let made = match made { Ok(Some(m)) => m, other => { eprintln!("SUITE {id}: {other:?}"); continue } };
        let mut expected = expected;
        for e in expected.snapshot.iter_mut().flatten() { unpin(e) }
        let ours: Vec<&ElementDefinition> = made.elements().iter().map(|e| &**e).collect();
        let theirs: Vec<&ElementDefinition> = expected.snapshot.iter().flatten().collect();
        let d = differences(&ours, &theirs);
        eprintln!("SUITE {id}: {} ours {} theirs {} differences", ours.len(), theirs.len(), d.len());
        for d in d.iter().take(40) { eprintln!("SUITE   {} {} | {} | {}", d.element, d.fact, d.values.0, d.values.1); }
    }
    let _: Option<Definitions> = None;
}

fn unpin(element: &mut ElementDefinition) {
    let unpin = |c: &mut String| if let Some((url, _)) = c.split_once("|4.0.1") { *c = url.to_owned() };
    for t in &mut element.types { t.profiles.iter_mut().for_each(unpin); t.target_profiles.iter_mut().for_each(unpin); }
    if let Some(b) = &mut element.binding { b.value_set.iter_mut().for_each(unpin); b.max_value_set.iter_mut().for_each(unpin); }
    if let Some(r) = &mut element.content_reference { *r = format!("#{}", r.rsplit('#').next().unwrap()); }
}
