//! Rules on CodeSystem and ValueSet resources.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &CODE_SYSTEM_DUPLICATE_PROPERTY,
    &CODE_SYSTEM_PROPERTY_TYPE,
    &SUPPLEMENT_CONTENT,
    &SUPPLEMENT_UNKNOWN_CODE,
    &VALUE_SET_FILTER_VALUE,
];

/// A CodeSystem with one property, in which one concept has a value of it.
const COLOURS: Example = Example::r4(
    r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "property": [{ "code": "warm", "type": "boolean" }],
  "concept": [{ "code": "red", "property": [{ "code": "warm", "valueBoolean": true }] }] }"#,
);

/// A property declared twice.
pub static CODE_SYSTEM_DUPLICATE_PROPERTY: Rule = Rule {
    code: "code-system-duplicate-property",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A CodeSystem declares a property twice",
    explanation: "The code of a property says which declaration the values in concepts follow, and its URI says what \
                  it means, so each stands once.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete",
  "property": [{ "code": "warm", "type": "boolean" }, { "code": "warm", "type": "string" }] }"#,
    ),
    good: COLOURS,
    source: "http://hl7.org/fhir/R4/codesystem.html#properties",
};

/// A property of another type than declared.
pub static CODE_SYSTEM_PROPERTY_TYPE: Rule = Rule {
    code: "code-system-property-type",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A property of a CodeSystem is not of the type it should be",
    explanation: "The values of a property in concepts have the type that the CodeSystem declares for it, and a \
                  property that FHIR defines (notSelectable, inactive ...) is declared with the type it has there.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "property": [{ "code": "warm", "type": "boolean" }],
  "concept": [{ "code": "red", "property": [{ "code": "warm", "valueString": "yes" }] }] }"#,
    ),
    good: COLOURS,
    source: "http://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.property.type",
};

/// A supplement that does not say that it is one.
pub static SUPPLEMENT_CONTENT: Rule = Rule {
    code: "supplement-content",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A CodeSystem supplements another but its content is not 'supplement'",
    explanation: "A CodeSystem with supplements adds to the codes of another and defines none, which content says.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/welsh", "status": "active",
  "content": "complete", "supplements": "http://hl7.org/fhir/administrative-gender" }"#,
    ),
    good: WELSH,
    source: "http://hl7.org/fhir/R4/codesystem.html#supplements",
};

/// A supplement for a code that does not exist.
pub static SUPPLEMENT_UNKNOWN_CODE: Rule = Rule {
    code: "supplement-unknown-code",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "A supplement adds to a code that the code system does not have",
    explanation: "A supplement gives further displays and properties to codes of the code system that it names in \
                  supplements; it cannot add codes.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/welsh", "status": "active",
  "content": "supplement", "supplements": "http://hl7.org/fhir/administrative-gender",
  "concept": [{ "code": "feminine", "designation": [{ "language": "cy", "value": "Benyw" }] }] }"#,
    ),
    good: WELSH,
    source: "http://hl7.org/fhir/R4/codesystem.html#supplements",
};

const WELSH: Example = Example::r4(
    r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/welsh", "status": "active",
  "content": "supplement", "supplements": "http://hl7.org/fhir/administrative-gender",
  "concept": [{ "code": "female", "designation": [{ "language": "cy", "value": "Benyw" }] }] }"#,
);

/// A filter that compares with a value no property can have.
pub static VALUE_SET_FILTER_VALUE: Rule = Rule {
    code: "value-set-filter-value",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A filter compares a property with a value that it cannot have",
    explanation: "The value of a filter is written as the type of the property asks: true or false, a whole number, or \
                  system#code with a code that exists.",
    bad: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://example.org/CodeSystem/colours",
  "filter": [{ "property": "notSelectable", "op": "=", "value": "no" }] }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://example.org/CodeSystem/colours",
  "filter": [{ "property": "notSelectable", "op": "=", "value": "false" }] }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter.value",
};
