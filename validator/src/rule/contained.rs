//! Rules on contained resources and on ids.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[&CONTAINED_WITHOUT_ID, &DUPLICATE_ID];

const CONTAINED: Example = Example::r4(
    r##"{ "resourceType": "Patient", "contained": [{ "resourceType": "Organization", "id": "org", "name": "RXL" }],
          "managingOrganization": { "reference": "#org" } }"##,
);

/// A contained resource that nothing can refer to.
pub static CONTAINED_WITHOUT_ID: Rule = Rule {
    code: "contained-without-id",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A contained resource has no id",
    explanation: "A contained resource can only be reached by references of the form #id, so it needs an id that is \
                  unique in the resource that contains it.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "contained": [{ "resourceType": "Organization", "name": "RXL" }] }"#,
    ),
    good: CONTAINED,
    source: "http://hl7.org/fhir/R4/references.html#contained",
};

/// The same id twice.
pub static DUPLICATE_ID: Rule = Rule {
    code: "duplicate-id",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "An id is used twice in one resource",
    explanation: "Ids of contained resources, and ids of elements, are unique within the resource, so that a link or a \
                  reference has only one target.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient",
              "name": [{ "id": "n1", "family": "Jones" }, { "id": "n1", "family": "Smith" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient",
              "name": [{ "id": "n1", "family": "Jones" }, { "id": "n2", "family": "Smith" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/element-definitions.html#Element.id",
};
