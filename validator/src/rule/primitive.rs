//! Rules on primitive values.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

/// A profile that limits a date, a language and an identifier.
const LIMITED: &str = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/limited", "name": "Limited", "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": { "element": [{ "id": "Patient", "path": "Patient" }, { "id": "Patient.birthDate", "path": "Patient.birthDate", "minValueDate": "1900-01-01", "maxValueDate": "2030-12-31" }, { "id": "Patient.language", "path": "Patient.language", "maxLength": 2, "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/minLength", "valueInteger": 2 }] }, { "id": "Patient.identifier.value", "path": "Patient.identifier.value", "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": "[A-Z]{2}[0-9]{4}" }] }] } }"#;

const fn limited(payload: &'static str) -> Example {
    Example::r4(payload).with(&[LIMITED]).against(&["http://example.org/StructureDefinition/limited"])
}

const WITHIN: Example =
    limited(r#"{ "resourceType": "Patient", "language": "en", "birthDate": "1970-03-30" }"#);

const BIRTH_DATE: Example = Example::r4(r#"{ "resourceType": "Patient", "birthDate": "1970-03-30" }"#);
const ACTIVE: Example = Example::r4(r#"{ "resourceType": "Patient", "active": true }"#);
const LAST_UPDATED: Example =
    Example::r4(r#"{ "resourceType": "Patient", "meta": { "lastUpdated": "2024-05-01T09:30:00+01:00" } }"#);
const FAMILY: Example = Example::r4(r#"{ "resourceType": "Patient", "name": [{ "family": "Jones" }] }"#);

/// The JSON kind does not match the type.
pub static WRONG_JSON_KIND: Rule = Rule {
    code: "wrong-json-kind",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The JSON value is not of the kind that its type requires",
    explanation: "Numbers and booleans are written without quotes, every other primitive is a JSON string, \
                  complex types are objects, and elements that may repeat are arrays even when there is only one. \
                  A property without a value is left out; null only fills a gap in an array of primitives.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "active": "true" }"#),
    good: ACTIVE,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// Nothing where a value belongs.
pub static PRIMITIVE_EMPTY: Rule = Rule {
    code: "primitive-empty",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A primitive has neither a value nor an extension",
    explanation: "An empty string is not a value. Leave the element out; where it is required and the value \
                  is not known, say so with an extension such as data-absent-reason.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [{ "family": "" }] }"#),
    good: FAMILY,
    source: "http://hl7.org/fhir/R4/datatypes.html#string",
};

/// A string that is nothing but white space.
pub static PRIMITIVE_BLANK: Rule = Rule {
    code: "primitive-blank",
    severity: Severity::Warning,
    issue: Issue::Value,
    summary: "A string holds nothing but white space",
    explanation: "White space alone tells a reader nothing. Leave the element out.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [{ "family": "  " }] }"#),
    good: FAMILY,
    source: "http://hl7.org/fhir/R4/datatypes.html#string",
};

/// The text does not have the form of its type.
pub static PRIMITIVE_FORMAT: Rule = Rule {
    code: "primitive-format",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The text does not have the form that its primitive type requires",
    explanation: "Each primitive type has one written form: dates are YYYY-MM-DD and may stop after the year or \
                  the month, codes have no white space around them, ids use letters, digits, '-' and '.' only, \
                  and so on. The message says which form was expected.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "birthDate": "30/03/1970" }"#),
    good: BIRTH_DATE,
    source: "http://hl7.org/fhir/R4/datatypes.html#primitive",
};

/// The form is right but no such value exists.
pub static PRIMITIVE_RANGE: Rule = Rule {
    code: "primitive-range",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The value has the right form but does not exist, or is too large for its type",
    explanation: "A date must exist in the calendar, an integer must fit into 32 bits, a positiveInt starts at 1, and \
                  a string holds at most 1048576 characters.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "birthDate": "1970-02-30" }"#),
    good: BIRTH_DATE,
    source: "http://hl7.org/fhir/R4/datatypes.html#primitive",
};

/// A time of day without an offset from UTC.
pub static MISSING_TIME_ZONE: Rule = Rule {
    code: "missing-time-zone",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A date with a time has no time zone",
    explanation: "A dateTime that goes down to the time, and every instant, ends in 'Z' or in an offset such as \
                  '+01:00'. Without it, readers in other time zones understand a different time.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "meta": { "lastUpdated": "2024-05-01T09:30:00" } }"#),
    good: LAST_UPDATED,
    source: "http://hl7.org/fhir/R4/datatypes.html#dateTime",
};

/// A control character in a string.
pub static CONTROL_CHARACTER: Rule = Rule {
    code: "control-character",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A string holds a control character",
    explanation: "Of the characters below U+0020 only tab, line feed and carriage return are allowed. The others \
                  cannot be written in XML at all; they usually come from text copied out of another format.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [{ "family": "Jo\u0007nes" }] }"#),
    good: FAMILY,
    source: "http://hl7.org/fhir/R4/datatypes.html#string",
};

/// Longer than the definition allows.
pub static MAX_LENGTH: Rule = Rule {
    code: "max-length",
    severity: Severity::Error,
    issue: Issue::TooLong,
    summary: "The value is longer than its definition allows",
    explanation: "The profile or type gives a maximum length in characters. Shorten the value; what does not fit \
                  belongs in another element.",
    bad: limited(r#"{ "resourceType": "Patient", "language": "en-GB" }"#),
    good: WITHIN,
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxLength",
};

/// Shorter than the definition allows.
pub static MIN_LENGTH: Rule = Rule {
    code: "min-length",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The value is shorter than its definition allows",
    explanation: "The profile gives a minimum length in characters, with the extension minLength.",
    bad: limited(r#"{ "resourceType": "Patient", "language": "e" }"#),
    good: WITHIN,
    source: "http://hl7.org/fhir/R4/extension-minlength.html",
};

/// Not of the form that the definition gives.
pub static VALUE_FORM: Rule = Rule {
    code: "value-form",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The value does not have the form that its definition gives",
    explanation: "The profile gives a regular expression that the whole value must match, with the extension regex. An \
                  expression that uses lookaround or is too large is not supported, and values are then not checked.",
    bad: limited(r#"{ "resourceType": "Patient", "identifier": [{ "value": "ab1" }] }"#),
    good: limited(r#"{ "resourceType": "Patient", "identifier": [{ "value": "AB1234" }] }"#),
    source: "http://hl7.org/fhir/R4/extension-regex.html",
};

/// Less than the definition allows.
pub static MIN_VALUE: Rule = Rule {
    code: "min-value",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The value is less than its definition allows",
    explanation: "The profile gives a minimum for this element (minValue). A date that is less precise than the limit \
                  is only reported if all of it lies before the limit. An amount is also reported if its UCUM unit \
                  measures something else than that of the limit.",
    bad: limited(r#"{ "resourceType": "Patient", "birthDate": "1870-03-30" }"#),
    good: WITHIN,
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_",
};

/// More than the definition allows.
pub static MAX_VALUE: Rule = Rule {
    code: "max-value",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The value is greater than its definition allows",
    explanation: "The profile gives a maximum for this element (maxValue). A date that is less precise than the limit \
                  is only reported if all of it lies after the limit. An amount is also reported if its UCUM unit \
                  measures something else than that of the limit.",
    bad: limited(r#"{ "resourceType": "Patient", "birthDate": "2070-03-30" }"#),
    good: WITHIN,
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxValue_x_",
};

/// Extensions on the id of a resource.
pub static RESOURCE_ID_EXTENDED: Rule = Rule {
    code: "resource-id-extended",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The id of a resource carries an extension",
    explanation: "The id is part of the resource's address and is always a plain value; it cannot be extended. Leave \
                  the id out if it is not known.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "id": "p1", "_id": { "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }] } }"#,
    ),
    good: Example::r4(r#"{ "resourceType": "Patient", "id": "p1" }"#),
    source: "http://hl7.org/fhir/R4/resource.html#id",
};

/// The rules of this file, in the order of the documentation.
pub(super) static RULES: &[&Rule] = &[
    &WRONG_JSON_KIND,
    &PRIMITIVE_EMPTY,
    &PRIMITIVE_BLANK,
    &PRIMITIVE_FORMAT,
    &PRIMITIVE_RANGE,
    &MISSING_TIME_ZONE,
    &CONTROL_CHARACTER,
    &MAX_LENGTH,
    &MIN_LENGTH,
    &VALUE_FORM,
    &MIN_VALUE,
    &MAX_VALUE,
    &RESOURCE_ID_EXTENDED,
];
