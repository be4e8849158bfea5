//! Rules on structure: which elements there are, and how they are written.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

/// The rules of this family.
pub(super) static RULES: &[&Rule] = &[
    &UNKNOWN_ELEMENT,
    &EMPTY_ELEMENT,
    &EMPTY_ARRAY,
    &ARRAY_EXPECTED,
    &ARRAY_NOT_EXPECTED,
    &ELEMENT_ORDER,
    &XML_ATTRIBUTE,
    &MISSING_RESOURCE_TYPE,
    &UNKNOWN_RESOURCE_TYPE,
    &WRONG_RESOURCE_TYPE,
];
const PATIENT: Example = Example::r4(r#"{ "resourceType": "Patient", "name": [{ "family": "Jones" }] }"#);

/// A name that the type does not have.
pub static UNKNOWN_ELEMENT: Rule = Rule {
    code: "unknown-element",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An element is not defined for this type",
    explanation: "Every element of a resource or datatype is listed in its definition; anything else is refused by \
                  strict receivers. Look for a typo in the name (names are case-sensitive), an element of another FHIR \
                  release, or data that belongs in an extension.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [{ "familyName": "Jones" }] }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/conformance-rules.html",
};

/// An element without value or children.
pub static EMPTY_ELEMENT: Rule = Rule {
    code: "empty-element",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An element holds neither a value nor children",
    explanation: "FHIR has no empty elements: an element without content is left out. This is invariant ele-1.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [{}] }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/element.html#invs",
};

/// An XML attribute where a child element belongs, or the other way round.
pub static XML_ATTRIBUTE: Rule = Rule {
    code: "xml-attribute",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "XML has an attribute where an element belongs, or an element where an attribute belongs",
    explanation: "In XML the id of a datatype or of a backbone element, and the url of an extension, are attributes. \
                  Everything else, the id of a resource included, is a child element that has its value in the \
                  attribute 'value'.",
    bad: Example::r4(r#"<Patient xmlns="http://hl7.org/fhir" id="p1"><active value="true"/></Patient>"#),
    good: Example::r4(
        r#"<Patient xmlns="http://hl7.org/fhir"><id value="p1"/><active id="a" value="true"/></Patient>"#,
    ),
    source: "http://hl7.org/fhir/R4/xml.html",
};

/// An array without items.
pub static EMPTY_ARRAY: Rule = Rule {
    code: "empty-array",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An array has no items",
    explanation: "JSON arrays in FHIR are never empty. Leave the whole property out instead.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [] }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// A repeating element without an array.
pub static ARRAY_EXPECTED: Rule = Rule {
    code: "array-expected",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A repeating element is not written as an array",
    explanation: "An element that may repeat is a JSON array, even where it occurs once.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": { "family": "Jones" } }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// A single element in an array.
pub static ARRAY_NOT_EXPECTED: Rule = Rule {
    code: "array-not-expected",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An element that does not repeat is written as an array",
    explanation: "An element that occurs at most once is written as its value, without an array around it.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [{ "family": ["Jones"] }] }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// XML elements out of order.
pub static ELEMENT_ORDER: Rule = Rule {
    code: "element-order",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "XML elements are not in the order of the definition",
    explanation: "FHIR XML is a sequence: elements come in the order in which the definition lists them. JSON has no \
                  such rule.",
    bad: Example::r4(
        r#"<Patient xmlns="http://hl7.org/fhir"><gender value="male"/><active value="true"/></Patient>"#,
    ),
    good: Example::r4(
        r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/><gender value="male"/></Patient>"#,
    ),
    source: "http://hl7.org/fhir/R4/xml.html",
};

/// No resourceType.
pub static MISSING_RESOURCE_TYPE: Rule = Rule {
    code: "missing-resource-type",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A resource does not say what it is",
    explanation: "Every resource in JSON has a resourceType, both the outermost one and those inside it; without it \
                  nothing else can be checked.",
    bad: Example::r4(r#"{ "name": [{ "family": "Jones" }] }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// No such resource.
pub static UNKNOWN_RESOURCE_TYPE: Rule = Rule {
    code: "unknown-resource-type",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The resource type does not exist in this FHIR release",
    explanation: "Resource types differ between releases (STU3 has ReferralRequest, R4 has ServiceRequest) and are \
                  case-sensitive. Correct the name, or check against the other release with --fhir-version.",
    bad: Example::r4(r#"{ "resourceType": "ReferralRequest" }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/resourcelist.html",
};

/// A resource where another type belongs.
pub static WRONG_RESOURCE_TYPE: Rule = Rule {
    code: "wrong-resource-type",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A resource of this type is not allowed here",
    explanation: "The element holds a resource of the wrong type. In FHIR's own resources such elements accept any \
                  type; a resource type that a package adds may restrict them.",
    bad: Example::r4(r#"{ "resourceType": "Envelope", "letter": { "resourceType": "Patient" } }"#)
        .with(&[ENVELOPE]),
    good: Example::r4(
        r#"{ "resourceType": "Envelope", "letter": { "resourceType": "Basic", "code": { "text": "letter" } } }"#,
    )
    .with(&[ENVELOPE]),
    source: "http://hl7.org/fhir/R4/resource.html",
};

/// A resource type of a package, one of whose elements holds one type of resource.
const ENVELOPE: &str = r#"{
    "resourceType": "StructureDefinition", "url": "http://hl7.org/fhir/StructureDefinition/Envelope",
    "name": "Envelope", "status": "draft", "kind": "resource", "abstract": false, "type": "Envelope",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/DomainResource", "derivation": "specialization",
    "differential": { "element": [
        { "id": "Envelope", "path": "Envelope", "min": 0, "max": "*" },
        { "id": "Envelope.letter", "path": "Envelope.letter", "min": 1, "max": "1", "type": [{ "code": "Basic" }] }
    ] }
}"#;
