//! Rules on StructureMap resources.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[&INPUT, &GROUP, &VARIABLE, &ELEMENT, &TRANSFORM];

/// A map from Patient to Person: the type of its source, and its only rule.
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

/// An input that contradicts the map.
pub static INPUT: Rule = Rule {
    code: "structure-map-input",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "An input of a StructureMap group has a name, type or mode that it cannot have",
    explanation: "The inputs of a group have different names. The type of an input is the alias of a structure that \
                  the map declares, or a FHIR type; a structure declared as a source is not written, and one declared \
                  as a target is not read.",
    bad: map!(
        "To",
        r#""target": [{ "context": "to", "contextType": "variable", "element": "active", "transform": "copy", "parameter": [{ "valueId": "active" }] }]"#
    ),
    good: COPIES,
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.input",
};

/// A group that does not exist.
pub static GROUP: Rule = Rule {
    code: "structure-map-group",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A StructureMap calls a group that it does not have or with the wrong number of variables, or defines one \
              twice",
    explanation: "A rule may call groups of the map, or of maps that it imports, and passes each as many variables as \
                  the group has inputs. Groups of imported maps are not looked up.",
    bad: map!("From", r#""dependent": [{ "name": "b", "variable": ["active", "to"] }]"#),
    good: map!("From", r#""dependent": [{ "name": "a", "variable": ["active", "to"] }]"#),
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.dependent",
};

/// A variable that does not exist.
pub static VARIABLE: Rule = Rule {
    code: "structure-map-variable",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A rule of a StructureMap uses a variable that is not defined there",
    explanation: "A rule reads inputs of its group, and variables that a source of the rule or of an enclosing rule \
                  defines; it writes inputs that are targets, and variables that a target defines.",
    bad: map!(
        "From",
        r#""target": [{ "context": "into", "contextType": "variable", "element": "active", "transform": "copy", "parameter": [{ "valueId": "active" }] }]"#
    ),
    good: COPIES,
    source: "http://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule",
};

/// An element that does not exist.
pub static ELEMENT: Rule = Rule {
    code: "structure-map-element",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A rule of a StructureMap reads or writes an element that the type does not have",
    explanation: "The element of a source or target belongs to the type of its context. If the type is not known (a \
                  structure that is not loaded, a contained resource), any name is accepted.",
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
    explanation: "Each transform takes a certain number of parameters. Conditions, checks and the parameter of \
                  'evaluate' are FHIRPath.",
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
