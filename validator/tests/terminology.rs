//! Codes under bindings, and definitions of code systems and value sets as payloads.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const NONE: [&str; 0] = [];

const PROFILE: &str = "http://example.org/StructureDefinition/bound";

/// Severity and code of the findings in a payload, with these definitions loaded.
fn found(definitions: &[&str], profiles: &[&str], payload: &str) -> Vec<String> {
    let mut known = Definitions::embedded(FhirVersion::R4);
    for (number, definition) in definitions.iter().enumerate() {
        let package = Package::from_resource(&format!("{number}.json"), definition.as_bytes());
        known.add(package.expect("the definition can be read"));
    }
    let profiles = profiles.iter().map(|profile| (*profile).to_owned()).collect();
    let report = Validator::new(known)
        .check(payload.as_bytes(), &Options { profiles, lists_effects: true, ..Options::default() });
    report
        .diagnostics
        .iter()
        .filter(|d| d.key.is_none() && d.rule.code != "no-profile")
        .map(|d| format!("{} {}", d.severity, d.rule.code))
        .collect()
}

/// A profile that binds `Basic.code` to a set of that strength.
fn binding(strength: &str, rest: &str) -> String {
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "Bound", "status": "active",
  "kind": "resource", "abstract": false, "type": "Basic", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Basic",
  "differential": {{ "element": [{{ "id": "Basic.code", "path": "Basic.code", "binding": {{
    "strength": "{strength}", "valueSet": "http://example.org/ValueSet/uses" {rest} }} }}] }} }}"#
    )
}

const USES: &str = r#"{ "resourceType": "ValueSet", "url": "http://example.org/ValueSet/uses", "status": "active",
  "compose": { "include": [{ "system": "http://hl7.org/fhir/address-use", "concept": [
    { "code": "home", "display": "Where they live", "designation": [{ "language": "cy", "value": "Cartref" }] },
    { "code": "old" }] }] } }"#;

const WIDEST: &str = r#", "extension": [{
  "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet",
  "valueCanonical": "http://hl7.org/fhir/ValueSet/address-use" }]"#;

fn basic(coding: &str) -> String {
    format!(r#"{{ "resourceType": "Basic", "code": {{ "coding": [{{ {coding} }}] }} }}"#)
}

#[test]
fn a_code_without_a_system_is_in_no_set() {
    let coding = basic(r#""code": "home""#);
    let required = found(&[&binding("required", ""), USES], &[PROFILE], &coding);
    assert_eq!(required, ["error binding-required", "warning coding-without-system"]);
    for strength in ["extensible", "preferred"] {
        let others = found(&[&binding(strength, ""), USES], &[PROFILE], &coding);
        assert_eq!(others, ["warning coding-without-system"], "{strength}");
    }
}

#[test]
fn a_coding_without_a_code_is_none_where_one_is_required() {
    let profile = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/bound",
  "name": "Bound", "status": "active", "kind": "resource", "abstract": false, "type": "Encounter",
  "derivation": "constraint", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Encounter",
  "differential": { "element": [{ "id": "Encounter.class", "path": "Encounter.class", "binding": {
    "strength": "required", "valueSet": "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode" } }] } }"#;
    let class = |members: &str| {
        let payload =
            format!(r#"{{ "resourceType": "Encounter", "status": "finished", "class": {{ {members} }} }}"#);
        found(&[profile], &[PROFILE], &payload)
    };
    assert_eq!(class(r#""display": "as an outpatient""#), ["error binding-required"]);
    let absent = r#""extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                                    "valueCode": "unknown" }]"#;
    assert_eq!(class(absent), NONE);
}

#[test]
fn a_quantity_is_of_the_kind_that_its_type_is_for() {
    let onset = |unit: &str| {
        let payload = format!(
            r#"{{ "resourceType": "Condition", "subject": {{ "display": "Ann" }},
  "clinicalStatus": {{ "coding": [{{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }}] }},
  "onsetAge": {{ "value": 5, "system": "http://unitsofmeasure.org", "code": "{unit}" }} }}"#
        );
        found(&[], &[], &payload)
    };
    assert_eq!(onset("a"), NONE);
    let bare = r#"{ "resourceType": "Condition", "subject": { "display": "Ann" }, "onsetAge": { "value": 5, "code": "a" } }"#;
    assert_eq!(found(&[], &[], bare), NONE, "qty-3 says that the system is missing");
    assert_eq!(onset("s"), ["warning binding-extensible"]);
    assert_eq!(onset("kg"), ["warning binding-extensible", "error binding-widest"]);
}

#[test]
fn the_widest_set_holds_beside_any_strength() {
    for (strength, allowed) in [
        ("extensible", &["warning binding-extensible"][..]),
        ("preferred", &["information binding-preferred"]),
        ("example", &[]),
    ] {
        let profile = binding(strength, WIDEST);
        let inside = basic(r#""system": "http://hl7.org/fhir/address-use", "code": "temp""#);
        assert_eq!(found(&[&profile, USES], &[PROFILE], &inside), allowed, "{strength}");
        let outside = basic(r#""system": "http://hl7.org/fhir/address-use", "code": "nowhere""#);
        let all = found(&[&profile, USES], &[PROFILE], &outside);
        assert!(all.contains(&"error binding-widest".to_owned()), "{strength}: {all:?}");
        for (system, severity) in [("http://loinc.org", "error"), ("http://example.org/s", "warning")] {
            let elsewhere = basic(&format!(r#""system": "{system}", "code": "8480-6""#));
            let all = found(&[&profile, USES], &[PROFILE], &elsewhere);
            assert!(all.contains(&format!("{severity} binding-widest")), "{strength} {system}: {all:?}");
        }
    }
}

#[test]
fn a_display_that_the_set_gives_is_right() {
    for (display, expected) in [
        ("Where they live", &[][..]),
        ("cartref", &[]),
        ("Home", &[]),
        ("Where they work", &["error wrong-display"]),
    ] {
        let coding = basic(&format!(
            r#""system": "http://hl7.org/fhir/address-use", "code": "home", "display": "{display}""#
        ));
        for strength in ["required", "extensible", "preferred"] {
            let all = found(&[&binding(strength, ""), USES], &[PROFILE], &coding);
            assert_eq!(all, expected, "{strength} {display}");
        }
    }
    // The display of a code in one set is irrelevant if another is bound.
    let coding =
        basic(r#""system": "http://hl7.org/fhir/address-use", "code": "home", "display": "Where they live""#);
    assert_eq!(found(&[USES], &[], &coding), ["error wrong-display"]);
}

#[test]
fn primitive_codes_are_decided_by_lists_and_grammars() {
    for (payload, expected) in [
        (r#"{ "resourceType": "Patient", "language": "en-GB" }"#, &[][..]),
        (r#"{ "resourceType": "Patient", "language": "gsw-u-sd-chzh" }"#, &[]),
        (r#"{ "resourceType": "Patient", "language": "english" }"#, &["error binding-widest"]),
        (
            r#"{ "resourceType": "Invoice", "status": "issued", "totalNet": { "value": 1, "currency": "GBP" } }"#,
            &[],
        ),
        (
            r#"{ "resourceType": "Invoice", "status": "issued", "totalNet": { "value": 1, "currency": "QQQ" } }"#,
            &["error binding-required"],
        ),
        (r#"{ "resourceType": "Binary", "contentType": "application/fhir+json; charset=utf-8" }"#, &[]),
        (r#"{ "resourceType": "Binary", "contentType": "pdf" }"#, &["error binding-required"]),
    ] {
        let all: Vec<String> =
            found(&[], &[], payload).into_iter().filter(|line| !line.starts_with("information")).collect();
        assert_eq!(all, expected, "{payload}");
    }
}

#[test]
fn code_systems_say_of_their_concepts_what_is_true() {
    let system = |rest: &str| {
        format!(
            r#"{{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/a", "status": "active", {rest} }}"#
        )
    };
    let nested = r#""concept": [{ "code": "a", "concept": [{ "code": "b" }] }, { "code": "c" }]"#;
    for (rest, expected) in [
        (format!(r#""content": "complete", "count": 3, {nested}"#), &[][..]),
        (format!(r#""content": "complete", "count": 2, {nested}"#), &["error code-system-count"]),
        (format!(r#""content": "fragment", "count": 9, {nested}"#), &[]),
        (format!(r#""content": "fragment", "count": 2, {nested}"#), &["warning code-system-count"]),
        (r#""content": "not-present", "count": 9"#.to_owned(), &[]),
        (format!(r#""content": "not-present", {nested}"#), &["error code-system-content"]),
        (r#""content": "complete""#.to_owned(), &["warning code-system-content"]),
    ] {
        let all: Vec<String> = found(&[], &[], &system(&rest))
            .into_iter()
            .filter(|line| line.contains(" code-system-"))
            .collect();
        assert_eq!(all, expected, "{rest}");
    }
}

const TREES: &str = r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/trees", "status": "active",
  "version": "2", "content": "complete", "caseSensitive": true,
  "property": [{ "code": "height", "type": "integer" }, { "code": "weight", "type": "decimal" },
    { "code": "planted", "type": "dateTime" }, { "code": "like", "type": "code" },
    { "code": "use", "type": "Coding" }, { "code": "evergreen", "type": "boolean" }],
  "concept": [{ "code": "oak" }, { "code": "fir" }] }"#;

#[test]
fn filters_compare_with_values_that_there_can_be() {
    let trees = "http://example.org/CodeSystem/trees";
    let snomed = "http://snomed.info/sct";
    for (system, property, op, good, bad) in [
        (trees, "height", "=", "12", "tall"),
        (trees, "weight", "=", "1.5", "1,5"),
        (trees, "planted", "=", "2020-05", "May 2020"),
        (trees, "evergreen", "=", "true", "yes"),
        (trees, "use", "=", "http://hl7.org/fhir/address-use#home", "home"),
        (
            trees,
            "use",
            "=",
            "http://hl7.org/fhir/address-use|4.0.1#home",
            "http://hl7.org/fhir/address-use#x",
        ),
        (trees, "height", "exists", "false", "no"),
        (trees, "code", "regex", "o.*", "o("),
        (trees, "code", "in", "oak, fir", "oak,elm"),
        (trees, "concept", "is-a", "oak", "elm"),
        (trees, "concept", "descendent-of", "oak", "elm"),
        (snomed, "concept", "is-a", "404684003", "404684004"),
        (snomed, "concept", "in", "816080008", "816080009"),
        (snomed, "constraint", "=", "<< 404684003 AND ^ 816080008", "<< 404684003 AND"),
    ] {
        for (value, is_good) in [(good, true), (bad, false)] {
            let payload = format!(
                r#"{{ "resourceType": "ValueSet", "status": "active", "compose": {{ "include": [{{ "system": "{system}",
                "filter": [{{ "property": "{property}", "op": "{op}", "value": "{value}" }}] }}] }} }}"#
            );
            let all = found(&[TREES], &[], &payload);
            let is_found = all.contains(&"error value-set-filter-value".to_owned());
            assert_eq!(is_found, !is_good, "{property} {op} {value}: {all:?}");
        }
    }
}

#[test]
fn maps_and_sets_name_codes_that_exist() {
    let set = |system: &str, rest: &str| {
        format!(
            r#"{{ "resourceType": "ValueSet", "status": "active", "compose": {{ "include": [{{ "system": "{system}" {rest} }}] }} }}"#
        )
    };
    let trees = "http://example.org/CodeSystem/trees";
    for (payload, expected) in [
        (set(trees, r#", "concept": [{ "code": "oak" }]"#), &[][..]),
        (set(trees, r#", "concept": [{ "code": "elm" }]"#), &["warning value-set-unknown-code"]),
        (set(trees, r#", "version": "1", "concept": [{ "code": "elm" }]"#), &[]),
        (set("https://loinc.org", ""), &["warning coding-system-misspelt"]),
    ] {
        let all = found(&[TREES], &[], &payload);
        assert_eq!(all, expected, "{payload}");
    }
    let map = |code: &str, target: &str, version: &str| {
        format!(
            r#"{{ "resourceType": "ConceptMap", "status": "active", "group": [{{ "source": "{trees}", "target": "{trees}" {version},
            "element": [{{ "code": "{code}", "target": [{{ "code": "{target}", "equivalence": "wider" }}] }}] }}] }}"#
        )
    };
    for (payload, expected) in [
        (map("oak", "fir", ""), &NONE[..]),
        (map("elm", "fir", ""), &["error concept-map-unknown-code"]),
        (map("oak", "elm", ""), &["error concept-map-unknown-code"]),
        (map("oak", "elm", r#", "targetVersion": "3""#), &["information code-not-checked"]),
        (map("oak", "elm", r#", "targetVersion": "2""#), &["error concept-map-unknown-code"]),
    ] {
        assert_eq!(found(&[TREES], &[], &payload), expected, "{payload}");
    }
}

#[test]
fn a_map_is_from_one_value_set_to_another() {
    let gender = "http://hl7.org/fhir/administrative-gender";
    for (member, url, expected) in [
        ("sourceUri", "http://hl7.org/fhir/ValueSet/administrative-gender", &NONE[..]),
        ("sourceUri", gender, &["error canonical-type"]),
        ("targetCanonical", gender, &["error canonical-type"]),
    ] {
        let map = format!(r#"{{ "resourceType": "ConceptMap", "status": "active", "{member}": "{url}" }}"#);
        assert_eq!(found(&[], &[], &map), expected, "{map}");
    }
}

/// A code system with that content, these properties and concepts.
fn system(content: &str, rest: &str) -> String {
    format!(
        r#"{{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/a", "status": "active",
        "content": "{content}", {rest} }}"#
    )
}

#[test]
fn the_code_of_a_property_is_free() {
    let declared = |code: &str, uri: &str| {
        let rest = format!(r#""property": [{{ "code": "{code}", "uri": "{uri}", "type": "boolean" }}]"#);
        found(&[], &[], &system("fragment", &rest))
    };
    let inactive = "http://hl7.org/fhir/concept-properties#inactive";
    assert_eq!(declared("inactive", inactive), NONE);
    assert_eq!(declared("retired", inactive), NONE);
    assert_eq!(declared("notSelectable", inactive), ["error code-system-property-uri"]);
    assert_eq!(declared("own", "some/property"), ["error code-system-property-uri"]);
    let synonym = "http://hl7.org/fhir/concept-properties#synonym";
    assert_eq!(declared("synonym", synonym), ["error code-system-property-type"]);
    let of_codes = r#""property": [{ "code": "synonym", "uri": "http://hl7.org/fhir/concept-properties#synonym", "type": "code" }]"#;
    assert_eq!(found(&[], &[], &system("fragment", of_codes)), NONE);
}

#[test]
fn properties_name_codes_that_are_there() {
    let property = |code: &str, declared: &str, value: &str| {
        let declared = format!(r#"{{ "code": "{declared}", "type": "code" }}"#);
        let rest = format!(
            r#""property": [{declared}], "concept": [{{ "code": "a" }},
            {{ "code": "b", "property": [{{ "code": "{code}", "valueCode": "{value}" }}] }}]"#
        );
        found(&[], &[], &system("complete", &rest))
    };
    for code in ["parent", "child", "partOf"] {
        assert_eq!(property(code, code, "a"), NONE);
        assert_eq!(property(code, code, "z"), ["error code-system-property-code"], "{code}");
    }
    assert_eq!(property("like", "like", "z"), ["warning code-system-property-code"]);
    assert_eq!(property("other", "like", "z"), ["warning code-system-undeclared-property"]);
}

#[test]
fn a_supplement_says_what_it_adds_to_and_nothing_of_that() {
    let supplements = r#""supplements": "http://hl7.org/fhir/administrative-gender""#;
    assert_eq!(found(&[], &[], &system("supplement", supplements)), NONE);
    assert_eq!(found(&[], &[], &system("supplement", r#""name": "A""#)), ["error supplement-content"]);
    for more in [r#""caseSensitive": true"#, r#""hierarchyMeaning": "is-a""#] {
        let rest = format!("{supplements}, {more}");
        let severity = if more.contains("caseSensitive") { "error" } else { "warning" };
        let expected = [format!("{severity} supplement-content")];
        assert_eq!(found(&[], &[], &system("supplement", &rest)), expected, "{more}");
    }
}

#[test]
fn a_part_of_a_system_may_be_counted_otherwise() {
    let count = r#""count": 1, "concept": [{ "code": "a" }, { "code": "b" }]"#;
    assert_eq!(found(&[], &[], &system("complete", count)), ["error code-system-count"]);
    for content in ["fragment", "example"] {
        assert_eq!(found(&[], &[], &system(content, count)), ["warning code-system-count"]);
    }
}

#[test]
fn a_value_set_picks_from_code_systems() {
    let set = |system: &str, rest: &str| {
        let payload = format!(
            r#"{{ "resourceType": "ValueSet", "status": "active", "compose": {{ "include": [{{ "system": "{system}" {rest} }}] }} }}"#
        );
        let supplement = system_supplement();
        found(&[TREES, &supplement], &[], &payload)
    };
    let filter = |property: &str, value: &str| {
        format!(r#", "filter": [{{ "property": "{property}", "op": "=", "value": "{value}" }}]"#)
    };
    let trees = "http://example.org/CodeSystem/trees";
    assert_eq!(set(trees, ""), NONE);
    assert_eq!(set(&format!("{trees}|2"), ""), ["error value-set-system-version"]);
    assert_eq!(
        set("http://hl7.org/fhir/ValueSet/administrative-gender", ""),
        ["error coding-system-is-value-set"]
    );
    assert_eq!(set("http://example.org/CodeSystem/a", ""), ["error coding-system-is-supplement"]);
    assert_eq!(set(trees, &filter("like", "oak")), NONE);
    assert_eq!(set(trees, &filter("like", "elm")), ["warning value-set-filter-value"]);
    assert_eq!(set(trees, &filter("parent", "elm")), ["warning value-set-filter-value"]);
}

fn system_supplement() -> String {
    system("supplement", r#""supplements": "http://example.org/CodeSystem/trees""#)
}

#[test]
fn what_no_set_can_hold_is_refused_though_the_set_is_not_at_hand() {
    let judged = |strength: &str, code: &str| {
        let payload = format!(r#"{{ "resourceType": "Basic", "code": {{ {code} }} }}"#);
        found(&[&binding(strength, "")], &[PROFILE], &payload)
    };
    let without_system = r#""coding": [{ "code": "q" }]"#;
    let without_code = r#""coding": [{ "system": "http://example.org/s" }]"#;
    let words = r#""text": "q""#;
    let whole = r#""coding": [{ "system": "http://example.org/s", "code": "q" }]"#;
    for code in [without_system, without_code, words] {
        assert!(judged("required", code).contains(&"error binding-required".to_owned()), "{code}");
        assert!(!judged("extensible", code).iter().any(|found| found.starts_with("error")), "{code}");
    }
    assert!(!judged("required", whole).iter().any(|found| found.starts_with("error")));
}
