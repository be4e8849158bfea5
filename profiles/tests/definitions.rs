//! The store: which definition a canonical URL means.

use std::collections::BTreeSet;

use ers_fhir_profiles::definition::Definition;
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::{Definitions, Error, FhirVersion, read};

const URL: &str = "http://example.org/v";

fn value_set(version: &str, name: &str) -> String {
    format!(r#"{{"resourceType":"ValueSet","url":"{URL}","version":"{version}","name":"{name}"}}"#)
}

/// A store with one package for each list of value sets.
fn store(layers: &[&[(&str, &str)]]) -> Definitions {
    let mut definitions = Definitions::empty(FhirVersion::R4);
    for layer in layers {
        let entries: Vec<_> = layer
            .iter()
            .map(|(version, name)| format!(r#"{{"resource":{}}}"#, value_set(version, name)))
            .collect();
        let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, entries.join(","));
        definitions.add(Package::from_resource("bundle.json", bundle.as_bytes()).unwrap());
    }
    definitions
}

fn found(definitions: &Definitions, canonical: &str) -> Option<String> {
    definitions.value_set(canonical).unwrap()?.name.clone()
}

#[test]
fn without_a_version_the_upper_layer_and_there_the_highest_is_found() {
    let definitions = store(&[&[("9.0.0", "lower")], &[("1.9.0", "older"), ("1.10.0", "newer")]]);
    assert_eq!(found(&definitions, URL).as_deref(), Some("newer"));
}

#[test]
fn a_version_is_met_exactly_or_by_what_goes_on_from_it() {
    let definitions = store(&[&[("1.2.3", "lower")], &[("1.2.10", "upper"), ("2.0.0", "other")]]);
    for (canonical, name) in [
        ("http://example.org/v|1.2.3", Some("lower")),
        ("http://example.org/v|1.2", Some("upper")),
        ("http://example.org/v|2", Some("other")),
        ("http://example.org/v|1.2.4", None),
        ("http://example.org/v|1.20", None),
    ] {
        assert_eq!(found(&definitions, canonical).as_deref(), name, "{canonical}");
    }
}

#[test]
fn core_definitions_answer_to_any_version_of_their_release() {
    for (version, same, other) in [(FhirVersion::Stu3, "3.0.1", "4.0.1"), (FhirVersion::R4, "4.0.0", "3.0.2")]
    {
        let definitions = Definitions::embedded(version);
        let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
        assert!(definitions.contains(Kind::Structure, &format!("{patient}|{same}")));
        assert!(definitions.contains(Kind::Structure, &format!("{patient}|{}", version.number())));
        assert!(!definitions.contains(Kind::Structure, &format!("{patient}|{other}")));
    }
}

/// Every package that this crate embeds for a release.
fn everything(version: FhirVersion) -> Definitions {
    let mut definitions = Definitions::empty(version);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/packages");
    let added = std::fs::read_dir(folder).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        definitions.add_embedded(&name.to_string_lossy())
    });
    assert!(added.count() >= 2);
    definitions
}

#[test]
fn every_embedded_definition_can_be_read() {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let definitions = everything(version);
        for known in Kind::ALL.into_iter().flat_map(|kind| definitions.known(kind)) {
            let resource = definitions.resource(known.kind, known.url).unwrap().unwrap();
            let read = read::definition(&resource, version).unwrap();
            let matches = match &read {
                Some(Definition::Structure(_)) => known.kind == Kind::Structure,
                Some(Definition::ValueSet(_)) => known.kind == Kind::ValueSet,
                Some(Definition::CodeSystem(_)) => known.kind == Kind::CodeSystem,
                Some(Definition::NamingSystem(_)) => known.kind == Kind::NamingSystem,
                Some(Definition::Operation(_)) => known.kind == Kind::Operation,
                None => false,
            };
            assert!(matches, "{known:?}: {read:?}");
        }
    }
}

#[test]
fn known_definitions_are_in_order_and_each_once() {
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    let before = definitions.known(Kind::ValueSet).len();
    let shadow = r#"{"resourceType":"ValueSet","version":"4.0.1","name":"Mine",
        "url":"http://hl7.org/fhir/ValueSet/administrative-gender"}"#;
    definitions.add(Package::from_resource("shadow.json", shadow.as_bytes()).unwrap());
    let known = definitions.known(Kind::ValueSet);
    assert_eq!(known.len(), before);
    assert!(known.is_sorted_by_key(|known| (known.url, known.version)));
    let names: BTreeSet<_> = known.iter().filter_map(|known| known.name).collect();
    assert!(names.contains("Mine") && !names.contains("AdministrativeGender"));
}

#[test]
fn supplements_and_naming_systems_are_found() {
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    let supplement = r#"{"resourceType":"CodeSystem","url":"http://example.org/s","content":"supplement",
        "supplements":"http://hl7.org/fhir/administrative-gender|4.0.1"}"#;
    definitions.add(Package::from_resource("s.json", supplement.as_bytes()).unwrap());
    let supplements = definitions.supplements_of("http://hl7.org/fhir/administrative-gender").unwrap();
    assert_eq!(supplements.iter().map(|s| s.url.as_str()).collect::<Vec<_>>(), ["http://example.org/s"]);
    let naming = r#"<NamingSystem xmlns="http://hl7.org/fhir"><name value="N"/><kind value="identifier"/>
        <uniqueId><type value="oid"/><value value="1.2.3"/></uniqueId>
        <uniqueId><type value="uri"/><value value="http://example.org/n"/></uniqueId></NamingSystem>"#;
    definitions.add(Package::from_resource("n.xml", naming.as_bytes()).unwrap());
    assert_eq!(definitions.naming_system("http://example.org/n").unwrap().unwrap().name, "N");
}

#[test]
fn a_definition_that_cannot_be_read_names_itself_and_the_others_are_found() {
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    let broken = r#"{"resourceType":"StructureDefinition","url":"http://example.org/b","type":"Patient"}"#;
    definitions.add(Package::from_resource("broken.json", broken.as_bytes()).unwrap());
    let error = definitions.structure("http://example.org/b").unwrap_err();
    assert!(matches!(&error, Error::Definition { .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.contains("http://example.org/b") && message.contains("broken.json"), "{message}");
    assert!(definitions.type_definition("Patient").unwrap().is_some());
}

#[test]
fn the_store_may_be_shared_between_threads() {
    let definitions = Definitions::embedded(FhirVersion::Stu3);
    let counts = std::thread::scope(|scope| {
        let count = || definitions.snapshot("http://hl7.org/fhir/StructureDefinition/Patient").unwrap();
        let threads = [scope.spawn(count), scope.spawn(count)];
        threads.map(|thread| thread.join().unwrap().unwrap().elements().len())
    });
    assert_eq!(counts[0], counts[1]);
}

#[test]
fn definitions_of_another_release_are_told_apart() {
    let set = |url: &str, release: &str| {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"http://example.org/{url}","version":"1.0.0","type":"Patient",
                "kind":"resource"{release}}}"#
        )
    };
    let mut definitions = Definitions::empty(FhirVersion::R4);
    for (url, release) in [
        ("same", r#","fhirVersion":"4.0.0""#),
        ("other", r#","fhirVersion":"3.0.2""#),
        ("unknown", r#","fhirVersion":"4.3.0""#),
        ("silent", ""),
    ] {
        definitions.add(Package::from_resource("s.json", set(url, release).as_bytes()).unwrap());
    }
    let found = |url: &str| {
        let canonical = format!("http://example.org/{url}");
        (
            definitions.contains(Kind::Structure, &canonical),
            definitions.hidden(Kind::Structure, &canonical),
            definitions.other_release(Kind::Structure, &canonical),
        )
    };
    assert_eq!(found("same"), (true, None, None));
    assert_eq!(found("other"), (false, Some("3.0.2"), None));
    assert_eq!(found("other|1"), (false, Some("3.0.2"), None));
    assert_eq!(found("other|2.0.0"), (false, None, None));
    assert_eq!(found("unknown"), (true, None, Some("4.3.0")));
    assert_eq!(found("silent"), (true, None, None));
    let known: Vec<_> = definitions.known(Kind::Structure).iter().map(|known| known.url).collect();
    assert_eq!(known, ["http://example.org/same", "http://example.org/silent", "http://example.org/unknown"]);
}

#[test]
fn each_version_is_known_and_the_meant_one_found() {
    let definitions = store(&[&[("2.0.0", "lower")], &[("1.10.0", "newer"), ("1.9.0", "older")]]);
    assert_eq!(definitions.versions(Kind::ValueSet, URL), ["1.9.0", "1.10.0", "2.0.0"]);
    let meant = |canonical: &str| definitions.find(Kind::ValueSet, canonical)?.version;
    assert_eq!(meant(URL), Some("1.10.0"));
    assert_eq!(meant(&format!("{URL}|2")), Some("2.0.0"));
    assert_eq!(meant(&format!("{URL}|3")), None);
}

#[test]
fn a_canonical_of_fhir_may_name_the_release_within() {
    for (version, own, other) in [(FhirVersion::Stu3, "3.0", "4.0"), (FhirVersion::R4, "4.0.1", "3.0")] {
        let definitions = Definitions::embedded(version);
        let contains = |release: &str| {
            definitions.contains(
                Kind::Structure,
                &format!("http://hl7.org/fhir/{release}/StructureDefinition/Patient"),
            )
        };
        assert!(contains(own) && !contains(other) && !contains("5.0"), "{version}");
    }
}

#[test]
fn a_raw_control_character_is_read_as_its_escape_and_said() {
    let profile = "{\"resourceType\":\"StructureDefinition\",\"url\":\"http://example.org/c\",\n\"title\":\"a\tb\",\"kind\":\"resource\",\"type\":\"Patient\"}";
    let package = Package::from_resource("c.json", profile.as_bytes()).unwrap();
    let [problem] = package.problems() else { panic!("{:?}", package.problems()) };
    assert!(problem.reason.contains("line 2"), "{problem}");
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(package);
    let read = definitions.structure("http://example.org/c").unwrap().unwrap();
    assert_eq!(read.title.as_deref(), Some("a\tb"));
}

/// A package of one version, with a profile on a base of another package.
fn versioned(name: &str, version: &str, needs: &str, structures: &[(&str, &str)]) -> Package {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scope-{name}-{version}"));
    std::fs::create_dir_all(folder.join("package")).unwrap();
    let manifest = format!(r#"{{"name":"{name}","version":"{version}","dependencies":{{{needs}}}}}"#);
    std::fs::write(folder.join("package/package.json"), manifest).unwrap();
    for (id, base) in structures {
        let text = format!(
            r#"{{"resourceType":"StructureDefinition","url":"http://example.org/{id}","version":"{version}","name":"{id}",
                "status":"active","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
                "baseDefinition":"{base}","differential":{{"element":[{{"id":"Patient","path":"Patient"}}]}}}}"#
        );
        std::fs::write(folder.join(format!("package/{id}.json")), text).unwrap();
    }
    Package::open(&folder).unwrap()
}

#[test]
fn a_package_sees_the_versions_that_it_depends_on() {
    const PATIENT: &str = "http://hl7.org/fhir/StructureDefinition/Patient";
    let base = "http://example.org/base";
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(versioned("a.base", "1.0.0", "", &[("base", PATIENT), ("other", base)]));
    definitions.add(versioned("a.base", "2.0.0", "", &[("base", PATIENT), ("other", base)]));
    definitions.add(versioned("a.old", "1.0.0", r#""a.base":"1.0.x""#, &[("old", base)]));
    definitions.add(versioned("a.new", "1.0.0", r#""a.base":"2.0.0""#, &[("new", base)]));
    let base_of = |url: &str| definitions.structure(url).unwrap().unwrap().base_definition.clone();
    assert_eq!(base_of("http://example.org/old").as_deref(), Some("http://example.org/base|1.0.0"));
    assert_eq!(base_of("http://example.org/new").as_deref(), Some(base));
    assert_eq!(base_of("http://example.org/other|1.0.0").as_deref(), Some("http://example.org/base|1.0.0"));
    assert_eq!(base_of("http://example.org/other").as_deref(), Some(base));
}

#[test]
fn a_package_that_is_preferred_answers() {
    const PATIENT: &str = "http://hl7.org/fhir/StructureDefinition/Patient";
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(versioned("a.one", "1.0.0", "", &[("same", PATIENT)]));
    definitions.add(versioned("a.two", "2.0.0", "", &[("same", PATIENT)]));
    let answer = |definitions: &Definitions| {
        definitions.answering(Kind::Structure, "http://example.org/same")[0].package.to_owned()
    };
    assert_eq!(answer(&definitions), "a.two");
    definitions.prefer([("http://example.org/same".to_owned(), "a.one".to_owned())].into());
    assert_eq!(answer(&definitions), "a.one");
}

#[test]
fn a_base_type_from_a_package_has_the_corrected_invariants_of_the_same_version() {
    let embedded = Definitions::embedded(FhirVersion::R4);
    let url = "http://hl7.org/fhir/StructureDefinition/Bundle";
    let expression = |definitions: &Definitions| {
        let bundle = definitions.structure(url).unwrap().expect("a base type");
        let constraints = bundle.differential.iter().flat_map(|element| &element.constraints);
        let found: Vec<_> = constraints.filter(|constraint| constraint.key == "bdl-8").collect();
        found[0].expression.clone().expect("it has one")
    };
    let loaded = |version: &str| {
        let published = format!(
            r#"{{ "resourceType": "StructureDefinition", "url": "{url}", "version": "{version}", "name": "Bundle",
                "kind": "resource", "abstract": false, "type": "Bundle", "derivation": "specialization",
                "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Resource", "differential": {{ "element": [
                {{ "id": "Bundle", "path": "Bundle" }},
                {{ "id": "Bundle.entry", "path": "Bundle.entry", "min": 0, "max": "*", "constraint": [
                  {{ "key": "bdl-8", "severity": "error", "human": "h", "expression": "fullUrl.contains('/_history/').not()" }}
                ] }} ] }} }}"#
        );
        let mut definitions = Definitions::embedded(FhirVersion::R4);
        definitions.add(Package::from_resource("bundle.json", published.as_bytes()).unwrap());
        definitions
    };
    assert_eq!(expression(&loaded("4.0.1")), expression(&embedded));
    assert_ne!(expression(&loaded("4.0.9")), expression(&embedded));
}
