//! Which codes are known and in a value set: versions of code systems, expansions, implicit value sets.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const NONE: [&str; 0] = [];

const PROFILE: &str = "http://example.org/StructureDefinition/bound";

/// The codes of the findings in a payload of a release, with these definitions loaded; those that follow from
/// others are left out.
fn found_in(version: FhirVersion, definitions: &[&str], profiles: &[&str], payload: &str) -> Vec<String> {
    let mut known = Definitions::embedded(version);
    for (number, definition) in definitions.iter().enumerate() {
        let package = Package::from_resource(&format!("{number}.json"), definition.as_bytes());
        known.add(package.expect("the definition can be read"));
    }
    let profiles = profiles.iter().map(|profile| (*profile).to_owned()).collect();
    let report = Validator::new(known).check(payload.as_bytes(), &Options { profiles, ..Options::default() });
    let told = report.diagnostics.iter().filter(|d| d.rule.code != "no-profile");
    told.map(|d| d.key.as_deref().unwrap_or(d.rule.code).to_owned()).collect()
}

fn found(definitions: &[&str], profiles: &[&str], payload: &str) -> Vec<String> {
    found_in(FhirVersion::R4, definitions, profiles, payload)
}

/// A code system of tools with these codes.
fn tools(version: &str, codes: &[&str]) -> String {
    let concepts: Vec<_> = codes.iter().map(|code| format!(r#"{{ "code": "{code}" }}"#)).collect();
    format!(
        r#"{{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/tools", "version": "{version}",
  "status": "active", "content": "complete", "valueSet": "http://example.org/ValueSet/all-tools",
  "concept": [{}] }}"#,
        concepts.join(", ")
    )
}

/// A value set with that include.
fn set(include: &str, rest: &str) -> String {
    format!(
        r#"{{ "resourceType": "ValueSet", "url": "http://example.org/ValueSet/bound", "status": "active",
  "compose": {{ "include": [{{ {include} }}] }} {rest} }}"#
    )
}

/// A profile that binds `Basic.code`, which repeats its codings.
fn bound(value_set: &str) -> String {
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "Bound", "status": "active",
  "kind": "resource", "abstract": false, "type": "Basic", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Basic",
  "differential": {{ "element": [{{ "id": "Basic.code", "path": "Basic.code", "binding": {{
    "strength": "required", "valueSet": "{value_set}" }} }}] }} }}"#
    )
}

fn basic(coding: &str) -> String {
    format!(r#"{{ "resourceType": "Basic", "code": {{ "coding": [{{ {coding} }}] }} }}"#)
}

fn tool(code: &str, version: Option<&str>) -> String {
    let version = version.map(|version| format!(r#", "version": "{version}""#)).unwrap_or_default();
    basic(&format!(r#""system": "http://example.org/CodeSystem/tools", "code": "{code}" {version}"#))
}

#[test]
fn a_code_is_of_the_version_that_is_named() {
    let profile = bound("http://example.org/ValueSet/bound");
    let (old, new) = (tools("1", &["saw", "axe"]), tools("2", &["saw", "drill"]));
    let any = set(r#""system": "http://example.org/CodeSystem/tools""#, "");
    let first = set(r#""system": "http://example.org/CodeSystem/tools", "version": "1""#, "");
    let all = |set: &str, code: &str, version| {
        found(&[&old, &new, &profile, set], &[PROFILE], &tool(code, version))
    };
    for version in [None, Some("1"), Some("2")] {
        assert_eq!(all(&any, "saw", version), NONE, "{version:?}");
        assert_eq!(all(&any, "pen", version), ["unknown-code"], "{version:?}");
    }
    assert_eq!(all(&any, "axe", Some("1")), NONE);
    assert_eq!(all(&any, "axe", Some("2")), ["unknown-code"]);
    assert_eq!(all(&any, "axe", None), ["binding-required"], "a set without a version is of the current one");
    assert_eq!(all(&first, "axe", None), NONE);
    assert_eq!(all(&first, "drill", None), ["binding-required"]);
    assert_eq!(all(&any, "drill", Some("1")), ["unknown-code"]);
    assert_eq!(all(&any, "saw", Some("3")), NONE);
    assert_eq!(found(&[&old, &new], &[], &tool("pen", Some("3"))), ["code-not-checked"]);
    assert_eq!(found(&[&old, &new], &[], &tool("axe", None)), NONE);
}

#[test]
fn a_complete_expansion_decides_what_a_compose_cannot() {
    let profile = bound("http://example.org/ValueSet/bound");
    let include = r#""system": "http://snomed.info/sct", "filter": [{ "property": "concept", "op": "is-a", "value": "73211009" }]"#;
    let all = |expansion: &str, code: &str| {
        let rest = format!(
            r#", "expansion": {{ "timestamp": "2024-01-01", {expansion}
  "contains": [{{ "system": "http://snomed.info/sct", "code": "46635009" }}] }}"#
        );
        let payload = basic(&format!(r#""system": "http://snomed.info/sct", "code": "{code}""#));
        let mut found = found(&[&profile, &set(include, &rest)], &[PROFILE], &payload);
        found.retain(|code| code != "code-not-checked");
        found
    };
    assert_eq!(all("", "46635009"), NONE);
    for whole in ["", r#""total": 1,"#, r#""total": 1, "offset": 0,"#] {
        assert_eq!(all(whole, "22298006"), ["binding-required"], "{whole}");
    }
    for part in [
        r#""total": 2,"#,
        r#""offset": 0,"#,
        r#""extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/valueset-toocostly", "valueBoolean": true }],"#,
        r#""parameter": [{ "name": "activeOnly", "valueBoolean": true }],"#,
    ] {
        assert_eq!(all(part, "22298006"), NONE, "{part}");
    }
}

#[test]
fn some_value_sets_are_implied() {
    let tools = tools("1", &["saw"]);
    let all = |value_set: &str, system: &str, code: &str| {
        let payload = basic(&format!(r#""system": "{system}", "code": "{code}""#));
        let mut found = found(&[&tools, &bound(value_set)], &[PROFILE], &payload);
        found.retain(|code| code != "code-not-checked");
        found
    };
    let own = "http://example.org/CodeSystem/tools";
    assert_eq!(all("http://example.org/ValueSet/all-tools", own, "saw"), NONE);
    for set in [
        "http://example.org/ValueSet/all-tools",
        "http://snomed.info/sct?fhir_vs",
        "http://snomed.info/sct?fhir_vs=isa/73211009",
        "http://snomed.info/sct/83821000000107?fhir_vs=refset/999000691000001104",
        "http://snomed.info/sct?fhir_vs=ecl/<73211009",
        "http://loinc.org/vs",
        "http://loinc.org/vs/LL715-4",
    ] {
        let other = all(set, "http://hl7.org/fhir/address-use", "home");
        assert_eq!(other, ["binding-required"], "{set}");
    }
    assert_eq!(all("http://snomed.info/sct?fhir_vs", "http://snomed.info/sct", "73211009"), NONE);
    assert_eq!(all("http://loinc.org/vs/LL715-4", "http://loinc.org", "8480-6"), NONE);
    assert_eq!(all("http://example.org/ValueSet/others", own, "saw"), NONE, "it is not implied");
}

#[test]
fn one_of_several_repeats_may_meet_an_additional_binding() {
    let profile = |any: bool| {
        format!(
            r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "Bound", "status": "active",
  "kind": "resource", "abstract": false, "type": "HealthcareService", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/HealthcareService",
  "differential": {{ "element": [{{ "id": "HealthcareService.type", "path": "HealthcareService.type", "binding": {{
    "strength": "example", "valueSet": "http://example.org/ValueSet/none", "extension": [{{
      "url": "http://hl7.org/fhir/tools/StructureDefinition/additional-binding", "extension": [
        {{ "url": "purpose", "valueCode": "required" }},
        {{ "url": "valueSet", "valueCanonical": "http://example.org/ValueSet/all-tools" }},
        {{ "url": "any", "valueBoolean": {any} }}] }}] }} }}] }} }}"#
        )
    };
    let service = |any: bool, codes: [&str; 2]| {
        let types = codes.map(|code| {
            let system = if code == "home" {
                "http://hl7.org/fhir/address-use"
            } else {
                "http://example.org/CodeSystem/tools"
            };
            format!(r#"{{ "coding": [{{ "system": "{system}", "code": "{code}" }}] }}"#)
        });
        let payload = format!(r#"{{ "resourceType": "HealthcareService", "type": [{}] }}"#, types.join(", "));
        found(&[&tools("1", &["saw"]), &profile(any)], &[PROFILE], &payload)
    };
    for codes in [["saw", "home"], ["home", "saw"]] {
        assert_eq!(service(true, codes), NONE);
        assert_eq!(service(false, codes), ["binding-required"]);
    }
    assert_eq!(service(true, ["home", "home"]), ["binding-required"]);
}

#[test]
fn codes_are_compared_as_their_system_says() {
    let system = |case: &str, concepts: &str| {
        let payload = format!(
            r#"{{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/own", "status": "active",
  "content": "complete", {case} "property": [{{ "code": "parent", "type": "code" }}], "concept": [{concepts}] }}"#
        );
        found(&[], &[], &payload)
    };
    let named = r#"{ "code": "A" }, { "code": "b", "property": [{ "code": "parent", "valueCode": "a" }] }"#;
    let twice = r#"{ "code": "A" }, { "code": "a" }"#;
    let (sensitive, insensitive) = (r#""caseSensitive": true,"#, r#""caseSensitive": false,"#);
    assert_eq!(system(sensitive, named), ["code-system-property-code"]);
    assert_eq!(system(insensitive, named), NONE);
    assert_eq!(system(sensitive, twice), NONE);
    assert_eq!(system("", twice), NONE, "it does not say");
    assert_eq!(system(insensitive, twice), ["code-system-duplicate-code"]);
    let equal = r#"{ "code": "a", "concept": [{ "code": "b" }] }, { "code": "b" }"#;
    assert_eq!(system(sensitive, equal), ["code-system-duplicate-code"], "csd-1 follows from it");
}

#[test]
fn stu3_has_no_supplements() {
    let payload = r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/own", "status": "active",
  "content": "supplement", "concept": [{ "code": "a" }] }"#;
    assert_eq!(found_in(FhirVersion::Stu3, &[], &[], payload), ["binding-required"]);
}

#[test]
fn a_supplement_of_doubtful_content_is_said_once() {
    let payload = r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/own", "status": "active",
  "content": "complete", "supplements": "http://hl7.org/fhir/administrative-gender",
  "concept": [{ "code": "a" }, { "code": "b" }] }"#;
    assert_eq!(found(&[], &[], payload), ["supplement-content"]);
}

#[test]
fn a_map_names_code_systems() {
    let map = |source: &str| {
        let payload = format!(
            r#"{{ "resourceType": "ConceptMap", "status": "active", "group": [{{ "source": "{source}",
  "target": "http://hl7.org/fhir/address-use",
  "element": [{{ "code": "male", "target": [{{ "code": "home", "equivalence": "relatedto" }}] }}] }}] }}"#
        );
        found(&[], &[], &payload)
    };
    assert_eq!(map("http://hl7.org/fhir/administrative-gender"), NONE);
    assert_eq!(map("http://hl7.org/fhir/ValueSet/administrative-gender"), ["coding-system-is-value-set"]);
    assert_eq!(map("CodeSystem/administrative-gender"), ["coding-system-relative"]);
    assert_eq!(map("https://loinc.org"), ["coding-system-misspelt"]);
}
