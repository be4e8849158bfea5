//! Rules on StructureMap resources.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[&INPUT, &GROUP, &VARIABLE, &ELEMENT, &TRANSFORM];

/// A map from Patient to Person: the type of its source, and what its one rule says.
macro_rules! map {
    ($source:literal, $rule:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "StructureMap", "url": "http://example.org/StructureMap/a", "name": "A", "status": "active",
  "structure": [
    { "url": "http://hl7.org/fhir/StructureDefinition/Patient", "mode": "source", "alias": "From" },
    { "url": "http://hl7.org/fhir/StructureDefinition/Person", "mode": "target", "alias": "To" }],
  "group": [{ "name": "a", "typeMode": "none",
    "input": [
      { "name": "from", "type": ""#,
            $source,
            r#"", "mode": "source" }, { "name": "to", "type": "To", "mode": "target" }],
    "rule": [{ "name": "a", "source": [{ "context": "from", "element": "active", "variable": "active" }],
      "#,
            $rule,
            " }] }] }"
        ))
    };
}

/// A rule that copies an element.
const COPIES: Example = map!(
    "From",
    r#""target": [{ "context": "to", "contextType": "variable", "element": "active", "transform": "copy", "parameter": [{ "valueId": "active" }] }]"#
);

/// An input that cannot be.
pub static INPUT: Rule = Rule {
    code: "structure-map-input",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "An input of a group of a StructureMap cannot be what it says",
    explanation: "The inputs of a group have different names. The type of an input is a structure that the map \
                  declares, by its alias, or a type of FHIR; what is declared as a source is not written, and what is \
                  declared as a target is not read.",
    bad: map!(
        "To",
        r#""target": [{ "context": "to", "contextType": "variable", "element": "active", "transform": "copy", "parameter": [{ "valueId": "active" }] }]"#
    ),
    good: COPIES,
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.input",
};

/// A group that is not there.
pub static GROUP: Rule = Rule {
    code: "structure-map-group",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A StructureMap names a group that it does not have, has one twice, or gives one other inputs",
    explanation: "A rule hands on to groups of the map, or of maps that it imports, and gives each as many variables \
                  as the group has inputs. Groups of maps that are imported are not looked for.",
    bad: map!("From", r#""dependent": [{ "name": "b", "variable": ["active", "to"] }]"#),
    good: map!("From", r#""dependent": [{ "name": "a", "variable": ["active", "to"] }]"#),
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.dependent",
};

/// A variable that is not there.
pub static VARIABLE: Rule = Rule {
    code: "structure-map-variable",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A rule of a StructureMap uses a variable that it does not have",
    explanation: "A rule reads inputs of its group and variables that it, or a rule around it, has from a source; and \
                  it writes inputs that are targets and variables that come from a target.",
    bad: map!(
        "From",
        r#""target": [{ "context": "into", "contextType": "variable", "element": "active", "transform": "copy", "parameter": [{ "valueId": "active" }] }]"#
    ),
    good: COPIES,
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule",
};

/// An element that is not there.
pub static ELEMENT: Rule = Rule {
    code: "structure-map-element",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A rule of a StructureMap reads or writes an element that the type does not have",
    explanation: "The element of a source or target is one of the type of its context. Where the type is not known \
                  (a structure that is not at hand, a contained resource), any name will do.",
    bad: map!(
        "From",
        r#""target": [{ "context": "to", "contextType": "variable", "element": "activ", "transform": "copy", "parameter": [{ "valueId": "active" }] }]"#
    ),
    good: COPIES,
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.source.element",
};

/// A transform that cannot be carried out.
pub static TRANSFORM: Rule = Rule {
    code: "structure-map-transform",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A rule of a StructureMap has an expression or a transform that cannot be carried out",
    explanation: "Each transform takes a certain number of parameters. Conditions, checks and what is evaluated are \
                  FHIRPath.",
    bad: map!(
        "From",
        r#""target": [{ "context": "to", "contextType": "variable", "element": "id", "transform": "uuid", "parameter": [{ "valueId": "active" }] }]"#
    ),
    good: map!(
        "From",
        r#""target": [{ "context": "to", "contextType": "variable", "element": "id", "transform": "uuid" }]"#
    ),
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.target.transform",
};
