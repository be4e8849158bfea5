//! Rules on extensions.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &UNKNOWN_EXTENSION,
    &EXTENSION_URL_RELATIVE,
    &EXTENSION_URL_VERSION,
    &EXTENSION_CONTEXT,
    &EXTENSION_MODIFIER,
];

const BIRTH_PLACE: Example = Example::r4(
    r#"{ "resourceType": "Patient", "extension": [{
          "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": { "city": "Leeds" } }] }"#,
);

/// No definition of the extension is loaded.
pub static UNKNOWN_EXTENSION: Rule = Rule {
    code: "unknown-extension",
    severity: Severity::Error,
    issue: Issue::Extension,
    summary: "An extension is not in any loaded package",
    explanation: "A receiver can only use an extension whose definition it knows. Correct the URL, which is compared \
                  letter by letter, or load the package that defines the extension. A URL of the example domain \
                  example.org is only a note.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "extension": [{
              "url": "http://hl7.org/fhir/StructureDefinition/patient-birthplace", "valueAddress": { "city": "Leeds" } }] }"#,
    ),
    good: BIRTH_PLACE,
    source: "http://hl7.org/fhir/R4/extensibility.html",
};

/// A relative URL where nothing gives it a meaning.
pub static EXTENSION_URL_RELATIVE: Rule = Rule {
    code: "extension-url-relative",
    severity: Severity::Error,
    issue: Issue::Extension,
    summary: "The URL of an extension is relative",
    explanation: "Only an extension inside an extension may have a relative URL, whose meaning comes from the \
                  definition of the outer one. Everywhere else the URL is absolute: the canonical of a \
                  StructureDefinition.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "extension": [{ "url": "birthPlace", "valueAddress": { "city": "Leeds" } }] }"#,
    ),
    good: BIRTH_PLACE,
    source: "http://hl7.org/fhir/R4/extensibility-definitions.html#Extension.url",
};

/// A version in the URL.
pub static EXTENSION_URL_VERSION: Rule = Rule {
    code: "extension-url-version",
    severity: Severity::Error,
    issue: Issue::Extension,
    summary: "The URL of an extension carries a version",
    explanation: "Extension.url is a plain URL, not a canonical: nothing may follow a | in it. A receiver that \
                  compares URLs would not recognise the extension.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "extension": [{
              "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace|4.0.1", "valueAddress": { "city": "Leeds" } }] }"#,
    ),
    good: BIRTH_PLACE,
    source: "http://hl7.org/fhir/R4/extensibility-definitions.html#Extension.url",
};

/// An extension in a place it was not made for.
pub static EXTENSION_CONTEXT: Rule = Rule {
    code: "extension-context",
    severity: Severity::Error,
    issue: Issue::Extension,
    summary: "An extension is used where its definition does not allow it",
    explanation: "The definition of an extension lists the elements it may be added to \
                  (StructureDefinition.context). Move it there, or choose an extension that is made for this place.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "name": [{ "family": "Jones", "extension": [{
              "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": { "city": "Leeds" } }] }] }"#,
    ),
    good: BIRTH_PLACE,
    source: "http://hl7.org/fhir/R4/defining-extensions.html#context",
};

/// A modifier that is not in `modifierExtension`, or the other way round.
pub static EXTENSION_MODIFIER: Rule = Rule {
    code: "extension-modifier",
    severity: Severity::Error,
    issue: Issue::Extension,
    summary: "An extension that changes meaning is not in modifierExtension, or one that does not is",
    explanation: "A receiver must refuse a modifierExtension it does not know, and may ignore any other extension. So \
                  an extension that is defined as a modifier must be in modifierExtension, and no other may be.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "modifierExtension": [{
              "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": { "city": "Leeds" } }] }"#,
    ),
    good: BIRTH_PLACE,
    source: "http://hl7.org/fhir/R4/extensibility.html#modifierExtension",
};
