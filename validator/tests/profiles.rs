//! Rarer constraints of profiles: contained value sets, additional bindings, elements of other profiles.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const NONE: [&str; 0] = [];

const PROFILE: &str = "http://example.org/StructureDefinition/a";

/// A profile with that URL on a type, with these elements and further members.
fn profile(url: &str, type_name: &str, elements: &str, rest: &str) -> String {
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{url}", "name": "A", "status": "active",
  "kind": "resource", "abstract": false, "type": "{type_name}", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/{type_name}", {rest}
  "differential": {{ "element": [{elements}] }} }}"#
    )
}

/// Severity, code and location of the findings in a payload under the profile.
fn found(definitions: &[&str], payload: &str) -> Vec<String> {
    let mut known = Definitions::embedded(FhirVersion::R4);
    for (number, definition) in definitions.iter().enumerate() {
        let package = Package::from_resource(&format!("{number}.json"), definition.as_bytes());
        known.add(package.expect("the definition can be read"));
    }
    let options = Options { profiles: vec![PROFILE.to_owned()], lists_effects: true, ..Options::default() };
    let report = Validator::new(known).check(payload.as_bytes(), &options);
    report
        .diagnostics
        .iter()
        .filter(|d| d.key.is_none())
        .map(|d| format!("{} {} {}", d.severity, d.rule.code, d.location))
        .collect()
}

/// An Observation with a code.
fn observation(code: &str, rest: &str) -> String {
    format!(
        r#"{{ "resourceType": "Observation", "status": "final",
  "code": {{ "coding": [{{ "system": "http://hl7.org/fhir/administrative-gender", "code": "{code}" }}] }}{rest} }}"#
    )
}

#[test]
fn a_set_that_the_profile_contains_is_bound() {
    let element = r##"{ "id": "Observation.code", "path": "Observation.code",
        "binding": { "strength": "required", "valueSet": "#known" } }"##;
    let contained = r#""contained": [{ "resourceType": "ValueSet", "id": "known", "status": "active",
        "compose": { "include": [{ "system": "http://hl7.org/fhir/administrative-gender",
            "concept": [{ "code": "male" }, { "code": "female" }] }] } }],"#;
    let profile = profile(PROFILE, "Observation", element, contained);
    assert_eq!(found(&[&profile], &observation("male", "")), NONE);
    assert_eq!(found(&[&profile], &observation("other", "")), ["error binding-required Observation.code"]);
}

#[test]
fn a_further_set_holds_where_no_context_is_named() {
    let element = |usage: &str| {
        format!(
            r#"{{ "id": "Observation.code", "path": "Observation.code",
        "binding": {{ "strength": "example", "valueSet": "http://hl7.org/fhir/ValueSet/observation-codes",
            "extension": [{{
              "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.binding.additional",
              "extension": [{{ "url": "purpose", "valueCode": "required" }},
                {{ "url": "valueSet", "valueCanonical": "http://hl7.org/fhir/ValueSet/observation-status" }}{usage}] }}] }} }}"#
        )
    };
    let everywhere = profile(PROFILE, "Observation", &element(""), "");
    assert_eq!(found(&[&everywhere], &observation("male", "")), ["error binding-required Observation.code"]);
    let somewhere = element(
        r#", { "url": "usage", "valueUsageContext": { "code": { "code": "task" }, "valueQuantity": { "value": 1 } } }"#,
    );
    let somewhere = profile(PROFILE, "Observation", &somewhere, "");
    assert_eq!(found(&[&somewhere], &observation("male", "")), NONE);
}

#[test]
fn an_element_of_another_profile_stands_for_one_of_this() {
    let library = profile(
        "http://example.org/StructureDefinition/library",
        "Patient",
        r#"{ "id": "Patient.contact", "path": "Patient.contact",
             "slicing": { "discriminator": [{ "type": "value", "path": "gender" }], "rules": "open" } },
           { "id": "Patient.contact:her", "path": "Patient.contact", "sliceName": "her" },
           { "id": "Patient.contact:her.gender", "path": "Patient.contact.gender", "min": 1, "fixedCode": "female" },
           { "id": "Patient.contact:her.name", "path": "Patient.contact.name", "min": 1 }"#,
        "",
    );
    let user = profile(
        PROFILE,
        "Patient",
        r#"{ "id": "Patient.contact", "path": "Patient.contact",
             "slicing": { "discriminator": [{ "type": "value", "path": "gender" }], "rules": "open" } },
           { "id": "Patient.contact:next", "path": "Patient.contact", "sliceName": "next", "min": 1,
             "type": [{ "code": "BackboneElement",
               "profile": ["http://example.org/StructureDefinition/library"],
               "_profile": [{ "extension": [{
                 "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element",
                 "valueString": "Patient.contact:her" }] }] }] }"#,
        "",
    );
    let patient = |contact: &str| format!(r#"{{ "resourceType": "Patient", "contact": [{{ {contact} }}] }}"#);
    let named = r#""name": { "family": "Jones" }"#;
    let check = |contact: &str| found(&[&library, &user], &patient(contact));
    assert_eq!(check(&format!(r#""gender": "female", {named}"#)), NONE);
    assert_eq!(check(&format!(r#""gender": "male", {named}"#)), ["error cardinality-min Patient"]);
    assert_eq!(
        check(r#""gender": "female", "telecom": [{ "value": "1", "system": "phone" }]"#),
        ["error cardinality-min Patient.contact[0]"]
    );
}

#[test]
fn a_profile_that_a_definition_asks_for_must_be_there() {
    let element = r#"{ "id": "Patient.name", "path": "Patient.name",
        "type": [{ "code": "HumanName", "profile": ["http://example.org/StructureDefinition/nowhere"] }] }"#;
    let profile = profile(PROFILE, "Patient", element, "");
    let payload = r#"{ "resourceType": "Patient", "name": [{ "family": "Jones" }] }"#;
    assert_eq!(found(&[&profile], payload), ["error unknown-profile Patient.name[0]"]);
}

#[test]
fn the_code_of_a_vital_sign_asks_for_its_profile() {
    let plain = profile(PROFILE, "Observation", r#"{ "id": "Observation", "path": "Observation" }"#, "");
    let coded = |system: &str, code: &str| {
        format!(
            r#"{{ "resourceType": "Observation", "status": "final",
  "category": [{{ "coding": [{{ "system": "http://terminology.hl7.org/CodeSystem/observation-category",
    "code": "vital-signs" }}] }}],
  "code": {{ "coding": [{{ "system": "{system}", "code": "{code}" }}] }},
  "subject": {{ "reference": "Patient/1" }},
  "valueQuantity": {{ "value": 37, "unit": "C", "system": "http://unitsofmeasure.org", "code": "Cel" }} }}"#
        )
    };
    let errors = |system: &str, code: &str| {
        let mut found = found(&[&plain], &coded(system, code));
        found.retain(|finding| finding.starts_with("error"));
        found
    };
    assert_eq!(errors("http://loinc.org", "8310-5"), ["error cardinality-min Observation"]);
    assert_eq!(errors("http://example.org/codes", "8310-5"), NONE);
    // Another code of a temperature lacks the one that all have.
    let both = ["error cardinality-min Observation", "error cardinality-min Observation.code"];
    assert_eq!(errors("http://loinc.org", "8331-1"), both);
    assert_eq!(errors("http://snomed.info/sct", "386725007"), both);
    assert_eq!(errors("http://loinc.org", "1234-5"), NONE);
}

#[test]
fn what_is_said_of_the_value_of_a_primitive_is_asked_of_the_primitive() {
    let family = |facts: &str| {
        let id = "Patient.name.family.value";
        profile(PROFILE, "Patient", &format!(r#"{{ "id": "{id}", "path": "{id}", {facts} }}"#), "")
    };
    let patient = |family: &str| format!(r#"{{ "resourceType": "Patient", "name": [{{ {family} }}] }}"#);
    let (long, absent) = (
        r#""family": "Quince""#,
        r#""_family": { "extension": [{ "url": "http://example.org/x", "valueCode": "y" }] }"#,
    );
    for (facts, payload, expected) in [
        (r#""maxLength": 3"#, long, Some("error max-length Patient.name[0].family")),
        (r#""maxLength": 9"#, long, None),
        (r#""min": 1"#, long, None),
        (r#""min": 1"#, absent, Some("error missing-value Patient.name[0].family")),
        (r#""max": "0""#, long, Some("error cardinality-max Patient.name[0].family")),
        (r#""fixedString": "Quince""#, long, None),
        (r#""fixedString": "Pear""#, long, Some("error pattern-value Patient.name[0].family")),
        (r#""fixedString": "Pear""#, absent, None),
    ] {
        let check = |definitions: &[&str]| {
            let found = found(definitions, &patient(payload));
            let found: Vec<&str> =
                found.iter().map(String::as_str).filter(|f| f.starts_with("error")).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{facts} {payload}");
        };
        check(&[&family(facts)]);
        // A profile of the primitive says the same.
        let url = "http://example.org/StructureDefinition/word";
        let word = profile(
            url,
            "string",
            &format!(r#"{{ "id": "string.value", "path": "string.value", {facts} }}"#),
            "",
        )
        .replace(r#""kind": "resource""#, r#""kind": "primitive-type""#);
        let family = format!(
            r#"{{ "id": "Patient.name.family", "path": "Patient.name.family",
                  "type": [{{ "code": "string", "profile": ["{url}"] }}] }}"#
        );
        check(&[&profile(PROFILE, "Patient", &family, ""), &word]);
    }
}

#[test]
fn an_element_without_a_place_is_named_and_the_rest_checked() {
    for wrong in ["Observation.colour", "Observation.value[x].unit"] {
        let elements = format!(
            r#"{{ "id": "{wrong}", "path": "{wrong}", "min": 1 }},
               {{ "id": "Observation.subject", "path": "Observation.subject", "min": 1 }}"#
        );
        let profile = profile(PROFILE, "Observation", &elements, "");
        let found = found(&[&profile], &observation("male", ""));
        assert_eq!(
            found,
            ["warning unusable-definition Observation", "error cardinality-min Observation"],
            "{wrong}"
        );
    }
    let unreadable = r#"{ "id": "Observation.issued", "path": "Observation.issued", "max": "many" },
        { "id": "Observation.subject", "path": "Observation.subject", "min": 1 }"#;
    let profile = profile(PROFILE, "Observation", unreadable, "");
    let found = found(&[&profile], &observation("male", ""));
    assert_eq!(found, ["warning unusable-definition Observation", "error cardinality-min Observation"]);
}

#[test]
fn the_types_of_a_choice_are_exact() {
    let element =
        r#"{ "id": "Observation.value[x]", "path": "Observation.value[x]", "type": [{ "code": "string" }] }"#;
    let profile = profile(PROFILE, "Observation", element, "");
    assert_eq!(found(&[&profile], &observation("male", r#", "valueString": "a""#)), NONE);
    let extension = r#"{ "resourceType": "Patient", "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueCode": "abc" }] }"#;
    let of_patient = profile_of_patient();
    assert_eq!(
        found(&[&of_patient], extension),
        ["error wrong-type Patient.extension[0].value.ofType(code)"]
    );
}

fn profile_of_patient() -> String {
    profile(PROFILE, "Patient", r#"{ "id": "Patient", "path": "Patient" }"#, "")
}

#[test]
fn of_an_extension_whose_definition_is_absent_that_alone_is_said() {
    let slice = |url: &str| {
        format!(
            r#"{{ "id": "Observation.extension", "path": "Observation.extension",
        "slicing": {{ "discriminator": [{{ "type": "value", "path": "url" }}], "rules": "open" }} }},
      {{ "id": "Observation.extension:b", "path": "Observation.extension", "sliceName": "b", "min": 1,
        "type": [{{ "code": "Extension", "profile": ["{url}"] }}] }}"#
        )
    };
    let with = |url: &str| {
        let extension = format!(r#", "extension": [{{ "url": "{url}", "valueString": "c" }}]"#);
        found(&[&profile(PROFILE, "Observation", &slice(url), "")], &observation("male", &extension))
    };
    let of_others = with("http://hospital.org/StructureDefinition/b");
    assert_eq!(of_others, ["error unknown-extension Observation.extension[0]"]);
    let of_r5 = with("http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.triggeredBy");
    assert_eq!(of_r5, ["information unknown-extension Observation.extension[0]"]);
}

#[test]
fn what_a_profile_or_its_base_imposes_is_asked_as_well() {
    let url = |name: &str| format!("http://example.org/StructureDefinition/{name}");
    let imposing = |own: &str, base: &str, imposed: &str| {
        let extension = format!(
            r#""extension": [{{ "url": "http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile",
                "valueCanonical": "{imposed}" }}],"#
        );
        let made = profile(own, "Patient", r#"{ "id": "Patient", "path": "Patient" }"#, &extension);
        made.replace("http://hl7.org/fhir/StructureDefinition/Patient", base)
    };
    let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
    let named = profile(
        &url("named"),
        "Patient",
        r#"{ "id": "Patient.name", "path": "Patient.name", "min": 1 }"#,
        "",
    );
    let derived = profile(PROFILE, "Patient", r#"{ "id": "Patient", "path": "Patient" }"#, "")
        .replace(patient, &url("base"));
    let missing = ["error cardinality-min Patient"];
    let nameless = r#"{ "resourceType": "Patient", "active": true }"#;
    let direct = imposing(PROFILE, patient, &url("named"));
    assert_eq!(found(&[&direct, &named], nameless), missing);
    assert_eq!(
        found(&[&direct, &named], r#"{ "resourceType": "Patient", "name": [{ "text": "A" }] }"#),
        NONE
    );
    let inherited = imposing(&url("base"), patient, &url("named"));
    assert_eq!(found(&[&derived, &inherited, &named], nameless), missing);
    assert_eq!(found(&[&direct], nameless), ["warning unknown-profile Patient"]);
    // Two that impose each other come to an end.
    let back = imposing(&url("named"), patient, PROFILE);
    assert_eq!(found(&[&direct, &back], nameless), NONE);
}

#[test]
fn a_pattern_of_the_type_of_an_element_is_that_of_the_element() {
    let element = r#"{ "id": "Patient.name.family", "path": "Patient.name.family", "type": [{ "code": "string",
        "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": "[A-Z]+" }] }] }"#;
    let profile = profile(PROFILE, "Patient", element, "");
    let patient =
        |family: &str| format!(r#"{{ "resourceType": "Patient", "name": [{{ "family": "{family}" }}] }}"#);
    assert_eq!(found(&[&profile], &patient("QUINCE")), NONE);
    assert_eq!(found(&[&profile], &patient("Quince")), ["error value-form Patient.name[0].family"]);
}
