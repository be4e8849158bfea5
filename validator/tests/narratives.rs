//! What profiles ask of narratives: sections in languages, and where parts come from.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const NONE: [&str; 0] = [];

const PROFILE: &str = "http://example.org/StructureDefinition/a";

/// Severity and code of the findings on the narrative of a Welsh Patient, under a profile whose `Patient.text` has
/// these values of a core extension.
fn found(extension: &str, values: &[&str], content: &str) -> Vec<String> {
    let extension = |value: &&str| {
        format!(
            r#"{{ "url": "http://hl7.org/fhir/StructureDefinition/{extension}", "valueCode": "{value}" }}"#
        )
    };
    let extensions: Vec<String> = values.iter().map(extension).collect();
    let profile = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "A", "status": "active",
  "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": {{ "element": [{{ "id": "Patient.text", "path": "Patient.text", "extension": [{}] }}] }} }}"#,
        extensions.join(", ")
    );
    let payload = format!(
        r#"{{ "resourceType": "Patient", "language": "cy", "text": {{ "status": "generated",
  "div": "<div xmlns='http://www.w3.org/1999/xhtml'>{content}</div>" }} }}"#
    );
    let mut known = Definitions::embedded(FhirVersion::R4);
    known.add(Package::from_resource("a.json", profile.as_bytes()).expect("the profile can be read"));
    let options = Options { profiles: vec![PROFILE.to_owned()], ..Options::default() };
    let report = Validator::new(known).check(payload.as_bytes(), &options);
    let of_text = report.diagnostics.iter().filter(|found| found.location == "Patient.text");
    let own = of_text.filter(|found| found.rule.code.starts_with("narrative-"));
    own.map(|found| format!("{} {}", found.severity, found.rule.code)).collect()
}

#[test]
fn sections_are_in_the_languages_that_are_asked_for() {
    let section = |language: &str| format!("<div lang='{language}' xml:lang='{language}'>a</div>");
    let both = section("en") + &section("cy");
    let (error, warning) = (["error narrative-languages"], ["warning narrative-languages"]);
    for (values, content, expected) in [
        (&["_resource"][..], both.as_str(), &NONE[..]),
        (&["_resource"], &section("en"), &error),
        (&["_resource"], "<p>a</p>", &warning),
        (&["en"], &section("cy"), &error),
        (&["en"], "<p>a</p>", &warning),
        (&["_yes"], "<p>a</p>", &error),
        (&["_yes"], &section("en"), &NONE),
        (&["_no"], &section("en"), &error),
        (&["_no"], "<p>a</p>", &NONE),
        // Each of several values counts.
        (&["en", "fr"], &both, &error),
        (&["en", "_resource"], &both, &NONE),
        // Only a div directly inside the outer one is a section, and only with xml:lang.
        (&["_no"], "<div><div xml:lang='en'>a</div></div>", &NONE),
        (&["_no"], "<p xml:lang='en'>a</p>", &NONE),
        (&["_no"], "<div lang='en'>a</div>", &NONE),
    ] {
        assert_eq!(found("narrative-language-control", values, content), expected, "{values:?} {content}");
    }
}

#[test]
fn parts_state_where_they_come_from_if_that_is_asked() {
    let error = ["error narrative-origins"];
    for (value, content, expected) in [
        ("error", "<p>a</p>", &error[..]),
        ("warning", "<p class='generated'>a</p><p>b</p>", &error),
        ("error", "<p class='generated'>a</p>", &NONE),
        ("never", "<p>a</p>", &NONE),
    ] {
        assert_eq!(found("narrative-source-control", &[value], content), expected, "{value} {content}");
    }
}
