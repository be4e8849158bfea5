//! Rules on how a payload is written.

use ers_fhir_profiles::FhirVersion;

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Payload, Rule};

/// The rules of this family.
pub(crate) static RULES: &[&Rule] = &[
    &INVALID_UTF8,
    &BYTE_ORDER_MARK,
    &LIMIT_EXCEEDED,
    &FINDINGS_CUT,
    &BUDGET_SPENT,
    &INTERNAL_FAULT,
    &INVALID_JSON,
    &DUPLICATE_KEY,
    &NESTED_ARRAY,
    &MISPLACED_UNDERSCORE,
    &INVALID_XML,
    &WRONG_NAMESPACE,
    &TEXT_IN_XML,
    &XML_INSTRUCTION,
    &SEVERAL_RESOURCES,
    &NOT_A_RESOURCE,
];

const PATIENT: Example = Example::r4(r#"{ "resourceType": "Patient", "active": true }"#);

const XML_PATIENT: Example =
    Example::r4(r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#);

/// The bytes are not UTF-8.
pub static INVALID_UTF8: Rule = Rule {
    code: "invalid-utf8",
    severity: Severity::Fatal,
    issue: Issue::Invalid,
    summary: "The payload is not UTF-8 text",
    explanation: "FHIR JSON and XML are always UTF-8. Save the file again in that encoding; \
                  exports from Windows tools are often UTF-16 or Windows-1252.",
    bad: Example::of(FhirVersion::R4, Payload::Bytes(b"{ \"resourceType\": \"Pat\xffient\" }")),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// A U+FEFF before the first character.
pub static BYTE_ORDER_MARK: Rule = Rule {
    code: "byte-order-mark",
    severity: Severity::Warning,
    issue: Issue::Structure,
    summary: "The payload begins with a byte-order mark",
    explanation: "JSON that travels between systems must not begin with a byte-order mark, and many readers \
                  stop at it. It is skipped here. Save the file as UTF-8 without BOM.",
    bad: Example::r4("\u{feff}{ \"resourceType\": \"Patient\", \"active\": true }"),
    good: PATIENT,
    source: "https://www.rfc-editor.org/rfc/rfc8259#section-8.1",
};

/// Nested too deeply or too large.
pub static LIMIT_EXCEEDED: Rule = Rule {
    code: "limit-exceeded",
    severity: Severity::Fatal,
    issue: Issue::TooLong,
    summary: "The payload is nested too deeply or is too large to be read",
    explanation: "Reading stops at 200 levels of nesting, at 512 MB and at 16 million elements, so that a hostile \
                  payload cannot exhaust memory. No ordinary FHIR resource comes near these limits; split large data \
                  into several Bundles.",
    bad: Example::of(FhirVersion::R4, Payload::Repeated("[", 1000)),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/security.html",
};

/// Not JSON.
pub static INVALID_JSON: Rule = Rule {
    code: "invalid-json",
    severity: Severity::Fatal,
    issue: Issue::Invalid,
    summary: "The payload is not valid JSON",
    explanation: "Reading stopped at the place shown. Usual causes: a comma too many or too few, a file that was cut \
                  off, single quotes, comments, or text in front of the JSON.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "active": true, }"#),
    good: PATIENT,
    source: "https://www.rfc-editor.org/rfc/rfc8259",
};

/// The same key twice in one object.
pub static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A key occurs twice in one JSON object",
    explanation: "Readers disagree on which of the two counts, so data is silently lost. Merge the two; an element \
                  that repeats is one key with an array.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "active": true,
  "_gender": { "id": "a" }, "gender": "female", "_gender": { "id": "b" } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "active": true,
  "gender": "female", "_gender": { "id": "a" } }"#,
    ),
    source: "http://hl7.org/fhir/R4/json.html",
};

/// An array in an array.
pub static NESTED_ARRAY: Rule = Rule {
    code: "nested-array",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An array is nested inside an array",
    explanation: "An element that repeats is one array, whose items are values or objects. FHIR has no arrays of \
                  arrays; write the items one after the other.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "name": [{ "given": [["Ann"], "May"] }] }"#),
    good: Example::r4(r#"{ "resourceType": "Patient", "name": [{ "given": ["Ann", "May"] }] }"#),
    source: "http://hl7.org/fhir/R4/json.html",
};

/// A `_name` that does not belong to a primitive.
pub static MISPLACED_UNDERSCORE: Rule = Rule {
    code: "misplaced-underscore",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A member with an underscore does not belong to a primitive",
    explanation: "The member _birthDate holds the id and the extensions of the primitive birthDate: an object, or an \
                  array of objects and nulls alongside an array of values. Objects hold their id and extensions \
                  themselves.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "birthDate": "1970-03-30", "_birthDate": "a" }"#),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "birthDate": "1970-03-30", "_birthDate": { "id": "a" } }"#,
    ),
    source: "http://hl7.org/fhir/R4/json.html#primitive",
};

/// Not XML.
pub static INVALID_XML: Rule = Rule {
    code: "invalid-xml",
    severity: Severity::Fatal,
    issue: Issue::Invalid,
    summary: "The payload is not well-formed XML, or uses something that FHIR forbids",
    explanation: "Reading stopped at the place shown. Usual causes: a tag that is not closed, an & that is not written \
                  as &amp;, an entity such as &nbsp; that XML does not know, a DTD, or an encoding other than UTF-8.",
    bad: Example::r4(r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"></Patient>"#),
    good: XML_PATIENT,
    source: "http://hl7.org/fhir/R4/xml.html",
};

/// An element outside the FHIR namespace, or a narrative outside that of XHTML.
pub static WRONG_NAMESPACE: Rule = Rule {
    code: "wrong-namespace",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An XML element is in the wrong namespace",
    explanation: "FHIR elements are in http://hl7.org/fhir and the div of a narrative in \
                  http://www.w3.org/1999/xhtml. Say so with xmlns on the resource and on the div.",
    bad: Example::r4(r#"<Patient><active value="true"/></Patient>"#),
    good: XML_PATIENT,
    source: "http://hl7.org/fhir/R4/xml.html",
};

/// Text between XML elements.
pub static TEXT_IN_XML: Rule = Rule {
    code: "text-in-xml",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "There is text between XML elements",
    explanation: "Values go in the value attribute of an element: <active value=\"true\"/>. Text is allowed in the \
                  narrative only; anywhere else it is lost.",
    bad: Example::r4(r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/>yes</Patient>"#),
    good: XML_PATIENT,
    source: "http://hl7.org/fhir/R4/xml.html",
};

/// A processing instruction.
pub static XML_INSTRUCTION: Rule = Rule {
    code: "xml-instruction",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The XML contains a processing instruction",
    explanation: "A processing instruction <?...?> is meant for one program, others do not understand it, and JSON has \
                  nothing like it. Only a style sheet or a schema may be named this way, before the resource.",
    bad: Example::r4(
        r#"<Patient xmlns="http://hl7.org/fhir"><?app hidden?><active value="true"/></Patient>"#,
    ),
    good: XML_PATIENT,
    source: "http://hl7.org/fhir/R4/xml.html",
};

/// Several resources in the place of one.
pub static SEVERAL_RESOURCES: Rule = Rule {
    code: "several-resources",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An XML element holds several resources",
    explanation: "Each contained, resource or outcome element holds one resource. Any further resource in it is not \
                  checked; repeat the surrounding element instead.",
    bad: Example::r4(
        r##"<Patient xmlns="http://hl7.org/fhir">
  <contained><Organization><id value="a"/><name value="A"/></Organization><Organization><id value="b"/><name value="B"/></Organization></contained>
  <generalPractitioner><reference value="#a"/></generalPractitioner></Patient>"##,
    ),
    good: XML_PATIENT,
    source: "http://hl7.org/fhir/R4/xml.html",
};

/// JSON or XML, but not a resource.
pub static NOT_A_RESOURCE: Rule = Rule {
    code: "not-a-resource",
    severity: Severity::Fatal,
    issue: Issue::Structure,
    summary: "The payload is not a FHIR resource",
    explanation: "A resource in JSON is an object with a resourceType, such as \"Patient\". A list of resources is a \
                  Bundle; resources that follow each other in a file (NDJSON) must be checked one by one.",
    bad: Example::r4(r#"{ "active": true }"#),
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// More findings than a report lists.
pub static FINDINGS_CUT: Rule = Rule {
    code: "findings-cut",
    severity: Severity::Information,
    issue: Issue::TooLong,
    summary: "There are more findings than are listed",
    explanation: "The first 10 000 findings of each severity are listed for a payload. Most of the others will go away \
                  once the listed ones are fixed; fix those and check again.",
    bad: Example::of(
        FhirVersion::R4,
        Payload::Framed("{ \"resourceType\": \"Patient\", \"name\": [", "{ \"x\": 1 }", 10_001, "] }"),
    ),
    good: PATIENT,
    source: "https://hl7.org/fhir/R4/security.html",
};

/// More work than one payload may cause.
pub static BUDGET_SPENT: Rule = Rule {
    code: "budget-spent",
    severity: Severity::Warning,
    issue: Issue::TooCostly,
    summary: "Some checks were left out because they take too much work",
    explanation: "Conditions and profiles may cause work that grows much faster than the payload. That work is \
                  limited, and so is the time, by --timeout; beyond the limit such checks are left out, and what they \
                  would have found is not known. Split the payload, simplify the condition, or give more time.",
    bad: PATIENT.with(&[COSTLY]).against(&["https://example.org/costly"]),
    good: PATIENT,
    source: "https://hl7.org/fhir/R4/security.html",
};

/// A profile whose condition never ends.
const COSTLY: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/costly", "name": "Costly",
    "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
    "differential": { "element": [{ "id": "Patient", "path": "Patient", "constraint": [{ "key": "c-1",
      "severity": "error", "human": "never ends",
      "expression": "(1).repeat($this + 1).count() > 0" }] }] } }"#;

/// A fault of this tool.
pub static INTERNAL_FAULT: Rule = Rule {
    code: "internal-fault",
    severity: Severity::Fatal,
    issue: Issue::Exception,
    summary: "The check crashed, which is a fault of this tool",
    explanation: "Something in the payload triggers a bug in this tool. Nothing is known about this payload; other \
                  payloads are checked as usual. Please report the bug, with the place in the message and, if it holds \
                  no patient data, the payload. No payload that does this is known, so the example is an ordinary \
                  one.",
    bad: PATIENT,
    good: PATIENT,
    source: "https://hl7.org/fhir/R4/security.html",
};
