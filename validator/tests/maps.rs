//! StructureMaps: groups, variables, elements and transforms, the same in both releases.

use std::sync::LazyLock;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

/// The findings in a map from Patient to Person with these members and groups: the rule without its
/// `structure-map-`, and the place in the groups.
fn found_in(members: &str, groups: &str) -> Vec<String> {
    let map = format!(
        r#"{{ "resourceType": "StructureMap", "url": "http://example.org/StructureMap/a", "name": "A", "status": "active",
  {members}
  "structure": [
    {{ "url": "http://hl7.org/fhir/StructureDefinition/Patient", "mode": "source", "alias": "From" }},
    {{ "url": "http://hl7.org/fhir/StructureDefinition/Person", "mode": "target", "alias": "To" }},
    {{ "url": "http://example.org/StructureDefinition/unknown", "mode": "source", "alias": "Unknown" }}],
  "group": [{groups}] }}"#
    );
    let found = |validator: &Validator| -> Vec<String> {
        let report = validator.check(map.as_bytes(), &Options::default());
        let line = |d: &ers_fhir_validator::Diagnostic| {
            let place = d.location.strip_prefix("StructureMap.").unwrap_or(&d.location);
            format!("{} {place}", d.rule.code.strip_prefix("structure-map-").unwrap_or(d.rule.code))
        };
        report.diagnostics.iter().map(line).collect()
    };
    let in_r4 = found(&R4);
    assert_eq!(found(&STU3), in_r4, "{map}");
    in_r4
}

fn in_groups(groups: &str) -> Vec<String> {
    found_in("", groups)
}

/// A group from Patient to Person with these rules.
fn group(name: &str, rules: &str) -> String {
    format!(
        r#"{{ "name": "{name}", "typeMode": "none", "input": [
      {{ "name": "from", "type": "From", "mode": "source" }}, {{ "name": "to", "type": "To", "mode": "target" }}],
    "rule": [{rules}] }}"#
    )
}

fn in_rules(rules: &str) -> Vec<String> {
    in_groups(&group("a", rules))
}

/// A rule that reads an element, with these additional members.
fn rule(source: &str, rest: &str) -> String {
    format!(r#"{{ "name": "r", "source": [{source}], {rest} }}"#)
}

/// A rule that writes to a target, with the names of the patient in `n`.
fn writes(target: &str) -> String {
    rule(r#"{ "context": "from", "element": "name", "variable": "n" }"#, &format!(r#""target": [{target}]"#))
}

const NONE: [&str; 0] = [];
const COPIES: &str = r#""target": [{ "context": "to", "contextType": "variable", "element": "name", "variable": "m",
  "transform": "copy", "parameter": [{ "valueId": "n" }] }]"#;

#[test]
fn rules_use_variables_of_their_own_and_of_what_is_around_them() {
    let inner = |inner: &str| {
        rule(
            r#"{ "context": "from", "element": "name", "variable": "n" }"#,
            &format!(
                r#""target": [{{ "context": "to", "contextType": "variable", "element": "name", "variable": "m" }}],
          "rule": [{inner}]"#
            ),
        )
    };
    let family = |source: &str, target: &str| {
        inner(&rule(
            &format!(r#"{{ "context": "{source}", "element": "family", "variable": "f" }}"#),
            &format!(
                r#""target": [{{ "context": "{target}", "contextType": "variable", "element": "family",
              "transform": "copy", "parameter": [{{ "valueId": "f" }}] }}]"#
            ),
        ))
    };
    assert_eq!(in_rules(&family("n", "m")), NONE);
    assert_eq!(
        in_rules(&family("m", "n")),
        [
            "variable group[0].rule[0].rule[0].source[0].context",
            "variable group[0].rule[0].rule[0].target[0].context",
        ]
    );
    assert_eq!(
        in_rules(&family("from", "to")),
        [
            "element group[0].rule[0].rule[0].source[0].element",
            "element group[0].rule[0].rule[0].target[0].element",
        ]
    );
    // The variables of a rule are not visible in the next.
    let apart = format!(
        "{}, {}",
        writes(r#"{ "transform": "uuid" }"#),
        rule(r#"{ "context": "n" }"#, r#""documentation": "d""#)
    );
    assert_eq!(in_rules(&apart), ["variable group[0].rule[1].source[0].context"]);
    // The sources of a rule follow each other.
    let chained = r#"{ "context": "from", "element": "name", "variable": "n" }, { "context": "n", "element": "given", "variable": "g" }"#;
    assert_eq!(in_rules(&rule(chained, COPIES)), NONE);
}

#[test]
fn elements_are_those_of_the_type_as_far_as_it_is_known() {
    for (source, expected) in [
        (
            r#"{ "context": "from", "element": "brithDate" }"#,
            &["element group[0].rule[0].source[0].element"][..],
        ),
        (r#"{ "context": "from", "element": "contact.name.family" }"#, &[]),
        (r#"{ "context": "from", "element": "deceased" }"#, &[]),
        (r#"{ "context": "from", "element": "deceasedBoolean" }"#, &[]),
        // A contained resource may be of any type; if its type is given, it has the elements of that type.
        (r#"{ "context": "from", "element": "contained.anything" }"#, &[]),
        (
            r#"{ "context": "from", "element": "contained", "type": "Organization", "variable": "o" }, { "context": "o", "element": "birthDate" }"#,
            &["element group[0].rule[0].source[1].element"],
        ),
        (r#"{ "context": "Observation", "element": "status" }"#, &[]),
    ] {
        assert_eq!(in_rules(&rule(source, r#""documentation": "d""#)), expected, "{source}");
    }
    let unknown = r#"{ "name": "a", "typeMode": "none", "input": [{ "name": "from", "type": "Unknown", "mode": "source" }],
      "rule": [{ "name": "r", "source": [{ "context": "from", "element": "anything.at.all" }] }] }"#;
    assert_eq!(in_groups(unknown), NONE);
}

#[test]
fn inputs_are_declared_once_and_in_their_direction() {
    let inputs = |inputs: &str| {
        in_groups(&format!(
            r#"{{ "name": "a", "typeMode": "none", "input": [{inputs}], "rule": [{{ "name": "r", "source": [{{ "context": "x" }}] }}] }}"#
        ))
    };
    assert_eq!(inputs(r#"{ "name": "x", "type": "From", "mode": "source" }"#), NONE);
    assert_eq!(inputs(r#"{ "name": "x", "type": "Patient", "mode": "source" }"#), NONE);
    assert_eq!(inputs(r#"{ "name": "x", "mode": "source" }"#), NONE);
    assert_eq!(
        inputs(r#"{ "name": "x", "type": "Frm", "mode": "source" }"#),
        ["input group[0].input[0].type"]
    );
    assert_eq!(
        inputs(r#"{ "name": "x", "type": "To", "mode": "source" }"#),
        ["input group[0].input[0].type"]
    );
    let twice = r#"{ "name": "x", "type": "From", "mode": "source" }, { "name": "x", "mode": "source" }"#;
    assert_eq!(inputs(twice), ["input group[0].input[1].name"]);
}

#[test]
fn groups_are_there_and_take_what_they_are_given() {
    let hands_on = |dependent: &str| {
        let rule = rule(
            r#"{ "context": "from", "element": "name", "variable": "n" }"#,
            &format!(r#""dependent": [{dependent}]"#),
        );
        format!("{}, {}", group("a", &rule), group("b", &writes(r#"{ "transform": "uuid" }"#)))
    };
    let place = "group[0].rule[0].dependent[0]";
    for (dependent, expected) in [
        (r#"{ "name": "b", "variable": ["from", "to"] }"#, vec![]),
        (r#"{ "name": "b", "variable": ["from"] }"#, vec![format!("group {place}.name")]),
        (r#"{ "name": "c", "variable": ["from", "to"] }"#, vec![format!("group {place}.name")]),
        (r#"{ "name": "b", "variable": ["n", "n"] }"#, vec![format!("variable {place}.variable[1]")]),
        (r#"{ "name": "b", "variable": ["none", "to"] }"#, vec![format!("variable {place}.variable[0]")]),
    ] {
        assert_eq!(in_groups(&hands_on(dependent)), expected, "{dependent}");
    }
    // Groups of imported maps are not looked up.
    let elsewhere = hands_on(r#"{ "name": "c", "variable": ["from", "to"] }"#);
    assert_eq!(found_in(r#""import": ["http://example.org/StructureMap/b"],"#, &elsewhere), NONE);
    let twice = format!("{0}, {0}", group("a", &writes(r#"{ "transform": "uuid" }"#)));
    assert_eq!(in_groups(&twice), ["group group[1].name"]);
}

#[test]
fn transforms_take_their_parameters() {
    let place = "group[0].rule[0].target[0]";
    for (target, expected) in [
        (r#"{ "transform": "uuid" }"#, vec![]),
        (r#"{ "transform": "truncate", "parameter": [{ "valueId": "n" }, { "valueInteger": 3 }] }"#, vec![]),
        (
            r#"{ "transform": "truncate", "parameter": [{ "valueId": "n" }] }"#,
            vec![format!("transform {place}.transform")],
        ),
        (
            r#"{ "transform": "copy", "parameter": [{ "valueId": "nn" }] }"#,
            vec![format!("variable {place}.parameter[0].value.ofType(id)")],
        ),
        (r#"{ "transform": "evaluate", "parameter": [{ "valueString": "now()" }] }"#, vec![]),
        (
            r#"{ "transform": "evaluate", "parameter": [{ "valueString": "now(" }] }"#,
            vec![format!("transform {place}.parameter[0].value.ofType(string)")],
        ),
    ] {
        assert_eq!(in_rules(&writes(target)), expected, "{target}");
    }
    let condition = r#"{ "context": "from", "element": "name", "condition": "use = " }"#;
    assert_eq!(
        in_rules(&rule(condition, r#""documentation": "d""#)),
        ["transform group[0].rule[0].source[0].condition"]
    );
}
