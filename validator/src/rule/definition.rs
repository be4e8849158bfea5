//! Rules on StructureDefinition resources.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &PROFILE_LOOSENS,
    &PROFILE_PATH,
    &PROFILE_BASE,
    &DEFINITION_TYPE,
    &PROFILE_NOT_CHECKED,
    &ELEMENT_VALUE_TYPE,
    &EXTENSION_FIXED_URL,
    &SLICE_WITHOUT_SLICING,
    &SLICE_NOT_TOLD,
    &SLICE_UNKNOWN,
    &SNAPSHOT_DIFFERS,
    &OBLIGATION_ELEMENT,
    &DISCRIMINATOR_PATH,
    &CONSTRAINT_EXPRESSION,
    &CONSTRAINT_KEY,
    &DIFFERENTIAL_ORDER,
    &EXTENSION_DEFINITION_CONTEXT,
    &ELEMENT_FACET,
    &ELEMENT_EXTENSION_MODIFIER,
    &ELEMENT_EXTENSION_CONTEXT,
    &PROFILE_MEANING,
    &SLICING_SINGLE,
];

/// A profile on Patient with one element.
macro_rules! profile {
    ($element:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": ["#,
            $element,
            "] } }"
        ))
    };
}

/// A profile that allows more than its base.
pub static PROFILE_LOOSENS: Rule = Rule {
    code: "profile-loosens-base",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A profile allows what its base does not",
    explanation: "A resource that conforms to a profile also conforms to its base, so a profile can demand more of an \
                  element and allow less, but not the other way round, and a value that the base fixes stays as it \
                  is.",
    bad: profile!(r#"{ "id": "Patient.active", "path": "Patient.active", "max": "2" }"#),
    good: profile!(r#"{ "id": "Patient.active", "path": "Patient.active", "max": "0" }"#),
    source: "http://hl7.org/fhir/R4/profiling.html#limitations",
};

/// An element that the base does not have.
pub static PROFILE_PATH: Rule = Rule {
    code: "profile-path",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A profile constrains an element that its base does not have",
    explanation: "A profile constrains the elements of its base and adds none: each path leads to an element of the \
                  base, or of the type or profile of such an element. In a new type, a content reference names an \
                  element of that type, and primitives get no children.",
    bad: profile!(r#"{ "id": "Patient.nickname", "path": "Patient.nickname", "min": 1 }"#),
    good: profile!(r#"{ "id": "Patient.name", "path": "Patient.name", "min": 1 }"#),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.path",
};

/// A profile on another type than its base.
pub static PROFILE_BASE: Rule = Rule {
    code: "profile-base",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A definition does not fit the base that it names",
    explanation: "A profile has the type and kind of its base, a specialization makes a new type, and 'derivation' \
                  says which of the two a definition is. No definition may be, directly or through other bases, its \
                  own base.",
    bad: Example::r4(
        r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Person", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient", "path": "Patient" }] } }"#,
    ),
    good: profile!(r#"{ "id": "Patient", "path": "Patient" }"#),
    source: "http://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.baseDefinition",
};

/// A type that FHIR does not have.
pub static DEFINITION_TYPE: Rule = Rule {
    code: "definition-type",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A definition names a type that FHIR does not have",
    explanation: "The type of a definition is relative to http://hl7.org/fhir/StructureDefinition/, so a name alone is \
                  that of a type of FHIR. A logical model has a type of its own, with an absolute URL.",
    bad: Example::r4(
        r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/letter",
  "name": "Letter", "status": "active", "kind": "logical", "abstract": false, "type": "letter",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Element", "derivation": "specialization",
  "differential": { "element": [{ "id": "letter", "path": "letter" }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/letter",
  "name": "Letter", "status": "active", "kind": "logical", "abstract": false,
  "type": "http://example.org/StructureDefinition/letter",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Element", "derivation": "specialization",
  "differential": { "element": [{ "id": "letter", "path": "letter", "definition": "A letter" }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.type",
};

/// A differential without its base.
pub static PROFILE_NOT_CHECKED: Rule = Rule {
    code: "profile-not-checked",
    severity: Severity::Information,
    issue: Issue::NotFound,
    summary: "A differential could not be compared with its base",
    explanation: "What a profile may say depends on its base, and on the types and profiles of the elements that it \
                  constrains. Load the packages that define them with --ig.",
    bad: Example::r4(
        r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://example.org/StructureDefinition/base", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient.name", "path": "Patient.name", "min": 1 }] } }"#,
    ),
    good: profile!(r#"{ "id": "Patient.name", "path": "Patient.name", "min": 1 }"#),
    source: "http://hl7.org/fhir/R4/profiling.html#snapshot",
};

/// A value of a type that its element does not have.
pub static ELEMENT_VALUE_TYPE: Rule = Rule {
    code: "element-value-type",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A definition gives an element a value of another type",
    explanation: "A fixed value, a pattern or a limit must have one of the types of the element; otherwise no value \
                  could ever match it.",
    bad: profile!(r#"{ "id": "Patient.gender", "path": "Patient.gender", "fixedString": "female" }"#),
    good: profile!(r#"{ "id": "Patient.gender", "path": "Patient.gender", "fixedCode": "female" }"#),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_",
};

/// An extension.
macro_rules! extension {
    ($fixed:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "complex-type", "abstract": false, "type": "Extension",
  "context": [{ "type": "element", "expression": "Patient" }],
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension", "derivation": "constraint",
  "differential": { "element": [{ "id": "Extension.url", "path": "Extension.url", "fixedUri": ""#,
            $fixed,
            r#"" }] } }"#
        ))
    };
}

/// An extension that fixes another URL than that of its definition.
pub static EXTENSION_FIXED_URL: Rule = Rule {
    code: "extension-fixed-url",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The definition of an extension does not fix its own URL",
    explanation: "The URL of an extension in a payload names its definition. If the definition fixes another URL, no \
                  extension can conform to it; if it fixes none, any extension can.",
    bad: extension!("http://example.org/StructureDefinition/b"),
    good: extension!("http://example.org/StructureDefinition/a"),
    source: "http://hl7.org/fhir/R4/defining-extensions.html",
};

/// A slice of an element that is not sliced.
pub static SLICE_WITHOUT_SLICING: Rule = Rule {
    code: "slice-without-slicing",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A profile names a slice of an element that nothing slices",
    explanation: "An element is sliced by 'slicing', in this profile or in its base, before its slices are \
                  described. Only extensions and choices of types are sliced without saying so.",
    bad: profile!(
        r#"{ "id": "Patient.name:one", "path": "Patient.name", "sliceName": "one", "min": 1 },
    { "id": "Patient.name:two", "path": "Patient.name", "sliceName": "two", "min": 1 }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
      "slicing": { "discriminator": [{ "type": "value", "path": "use" }], "rules": "open" } },
    { "id": "Patient.name:one", "path": "Patient.name", "sliceName": "one", "min": 1 },
    { "id": "Patient.name:one.use", "path": "Patient.name.use", "min": 1, "fixedCode": "usual" }"#
    ),
    source: "http://hl7.org/fhir/R4/profiling.html#slicing",
};

/// A slice that does not exist.
pub static SLICE_UNKNOWN: Rule = Rule {
    code: "slice-unknown",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A profile refers to a slice that neither it nor its base has",
    explanation: "The id of an element names the slices on the way to it. Each must exist in the base, or be \
                  introduced earlier with its sliceName; otherwise the constraint applies to no slice, or to every \
                  repeat.",
    bad: profile!(r#"{ "id": "Patient.name:official.given", "path": "Patient.name.given", "min": 1 }"#),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
      "slicing": { "discriminator": [{ "type": "value", "path": "use" }], "rules": "open" } },
    { "id": "Patient.name:one", "path": "Patient.name", "sliceName": "one", "min": 1 },
    { "id": "Patient.name:one.use", "path": "Patient.name.use", "min": 1, "fixedCode": "usual" }"#
    ),
    source: "http://hl7.org/fhir/R4/elementdefinition.html#id",
};

/// A slice that nothing distinguishes from the others.
pub static SLICE_NOT_TOLD: Rule = Rule {
    code: "slice-not-told-apart",
    severity: Severity::Warning,
    issue: Issue::BusinessRule,
    summary: "Nothing determines which elements belong to a slice",
    explanation: "Each slice must say what it demands at the path of each discriminator: a fixed value, a pattern or a \
                  required binding, a type, a profile, or whether anything is there. If it says nothing, or the same \
                  as another slice, no validator can tell which elements belong to it.",
    bad: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
      "slicing": { "discriminator": [{ "type": "value", "path": "family" }], "rules": "open" } },
    { "id": "Patient.name:one", "path": "Patient.name", "sliceName": "one", "min": 1 }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
      "slicing": { "discriminator": [{ "type": "value", "path": "family" }], "rules": "open" } },
    { "id": "Patient.name:one", "path": "Patient.name", "sliceName": "one", "min": 1 },
    { "id": "Patient.name:one.family", "path": "Patient.name.family", "min": 1, "fixedString": "A" }"#
    ),
    source: "http://hl7.org/fhir/R4/profiling.html#discriminator",
};

/// A snapshot that is out of date.
pub static SNAPSHOT_DIFFERS: Rule = Rule {
    code: "snapshot-differs",
    severity: Severity::Warning,
    issue: Issue::BusinessRule,
    summary: "A snapshot disagrees with its differential",
    explanation: "The snapshot is made from the base and the differential. One that disagrees with them is out of \
                  date, and tools that read it check something else than tools that read the differential. Regenerate \
                  it, for instance with 'ers-fhir snapshot'.",
    bad: Example::r4(
        r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "snapshot": { "element": [
    { "id": "Patient", "path": "Patient", "definition": "A.", "min": 0, "max": "*",
      "base": { "path": "Patient", "min": 0, "max": "*" } },
    { "id": "Patient.name", "path": "Patient.name", "definition": "A name.", "min": 0, "max": "*",
      "base": { "path": "Patient.name", "min": 0, "max": "*" }, "type": [{ "code": "HumanName" }] }] },
  "differential": { "element": [{ "id": "Patient.name", "path": "Patient.name", "min": 1 }] } }"#,
    ),
    good: profile!(r#"{ "id": "Patient.name", "path": "Patient.name", "min": 1 }"#),
    source: "http://hl7.org/fhir/R4/profiling.html#snapshot",
};

const OBLIGATION: &str = r#"{ "resourceType": "StructureDefinition", "name": "Obligation", "status": "active",
  "url": "http://hl7.org/fhir/StructureDefinition/obligation", "kind": "complex-type", "abstract": false,
  "type": "Extension", "context": [{ "type": "element", "expression": "ElementDefinition" }],
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension", "derivation": "constraint",
  "differential": { "element": [{ "id": "Extension", "path": "Extension" }] } }"#;

/// An obligation for an element that does not exist.
pub static OBLIGATION_ELEMENT: Rule = Rule {
    code: "obligation-element",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "An obligation is for an element that the definition does not have",
    explanation: "The elementId of an obligation is the id of an element of the same definition.",
    bad: profile!(
        r#"{ "id": "Patient", "path": "Patient", "extension": [
      { "url": "http://hl7.org/fhir/StructureDefinition/obligation", "extension": [
        { "url": "code", "valueCode": "SHALL:populate" },
        { "url": "elementId", "valueString": "Patient.nickname" }] }] }"#
    )
    .with(&[OBLIGATION]),
    good: profile!(
        r#"{ "id": "Patient", "path": "Patient", "extension": [
      { "url": "http://hl7.org/fhir/StructureDefinition/obligation", "extension": [
        { "url": "code", "valueCode": "SHALL:populate" },
        { "url": "elementId", "valueString": "Patient.name" }] }] }"#
    )
    .with(&[OBLIGATION]),
    source: "http://hl7.org/fhir/R4/defining-extensions.html",
};

/// A discriminator path that leads nowhere.
pub static DISCRIMINATOR_PATH: Rule = Rule {
    code: "discriminator-path",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A discriminator names an element that does not exist",
    explanation: "The path of a discriminator starts at the sliced element and leads to what tells its slices apart. \
                  An element that the type does not have cannot tell anything apart.",
    bad: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
    "slicing": { "discriminator": [{ "type": "value", "path": "purpose" }], "rules": "open" } }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
    "slicing": { "discriminator": [{ "type": "value", "path": "use" }], "rules": "open" } }"#
    ),
    source: "http://hl7.org/fhir/R4/profiling.html#discriminator",
};

/// An invariant that cannot be evaluated.
pub static CONSTRAINT_EXPRESSION: Rule = Rule {
    code: "constraint-expression",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The expression of an invariant cannot be evaluated",
    explanation: "The expression is FHIRPath on the element that has the invariant. An expression that cannot be \
                  parsed, or that names an element that does not exist, holds for no payload or for every one.",
    bad: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name", "constraint": [{ "key": "a-1", "severity": "error",
    "human": "A name has a first name.", "expression": "firstName.exists()" }] }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name", "constraint": [{ "key": "a-1", "severity": "error",
    "human": "A name has a first name.", "expression": "given.exists()" }] }"#
    ),
    source: "http://hl7.org/fhir/R4/conformance-rules.html#constraints",
};

/// An invariant with the key of another.
pub static CONSTRAINT_KEY: Rule = Rule {
    code: "constraint-key",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "An invariant has the key of another",
    explanation: "A key names one rule in a profile and everything that it builds on. Give an invariant with another \
                  expression a key of its own.",
    bad: profile!(
        r#"{ "id": "Patient.contact", "path": "Patient.contact",
    "constraint": [{ "key": "pat-1", "severity": "error", "human": "named", "expression": "name.exists()" }] }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.contact", "path": "Patient.contact",
    "constraint": [{ "key": "own-1", "severity": "error", "human": "named", "expression": "name.exists()" }] }"#
    ),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint.key",
};

/// Elements in another order than in the base.
pub static DIFFERENTIAL_ORDER: Rule = Rule {
    code: "differential-order",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The elements of a differential are not in the order of the base, or one occurs twice",
    explanation: "Tools walk through a differential and its base side by side, and lose elements that come too late. \
                  Everything about an element is said in one place.",
    bad: profile!(
        r#"{ "id": "Patient.gender", "path": "Patient.gender", "min": 1 },
    { "id": "Patient.name", "path": "Patient.name", "min": 1 }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name", "min": 1 },
    { "id": "Patient.gender", "path": "Patient.gender", "min": 1 }"#
    ),
    source: "http://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.differential",
};

/// A context that leads nowhere, or that belongs to something other than an extension.
pub static EXTENSION_DEFINITION_CONTEXT: Rule = Rule {
    code: "extension-definition-context",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "The context of an extension is not an element, or the definition is not of an extension",
    explanation: "The context of an extension says where it may be used: a type or an element of one, by its path. \
                  Definitions of other types have none.",
    bad: Example::r4(
        r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "complex-type", "abstract": false, "type": "Extension",
  "context": [{ "type": "element", "expression": "Patient.nickname" }],
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension", "derivation": "constraint",
  "differential": { "element": [{ "id": "Extension.url", "path": "Extension.url",
    "fixedUri": "http://example.org/StructureDefinition/a" }] } }"#,
    ),
    good: extension!("http://example.org/StructureDefinition/a"),
    source: "http://hl7.org/fhir/R4/defining-extensions.html#context",
};

/// A binding or a length on an element that can have none.
pub static ELEMENT_FACET: Rule = Rule {
    code: "element-not-of-type",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A definition puts a constraint on an element that does not apply to its type",
    explanation: "A binding to a value set is for code, Coding, CodeableConcept, Quantity, string and uri, and types \
                  derived from them; maxLength is for primitives.",
    bad: profile!(
        r#"{ "id": "Patient.birthDate", "path": "Patient.birthDate",
    "binding": { "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/administrative-gender" } }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.gender", "path": "Patient.gender",
    "binding": { "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/administrative-gender" } }"#
    ),
    source: "http://hl7.org/fhir/R4/elementdefinition.html#invs",
};

/// An extension in the wrong one of the two elements.
pub static ELEMENT_EXTENSION_MODIFIER: Rule = Rule {
    code: "element-extension-modifier",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A profile puts an ordinary extension into modifierExtension, or a modifier into extension",
    explanation: "isModifier in the definition of an extension says whether it changes the meaning of the element that \
                  carries it. Those that do go into modifierExtension, all others into extension.",
    bad: profile!(
        r#"{ "id": "Patient.modifierExtension:place", "path": "Patient.modifierExtension", "sliceName": "place",
    "type": [{ "code": "Extension", "profile": ["http://hl7.org/fhir/StructureDefinition/patient-birthPlace"] }] }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.extension:place", "path": "Patient.extension", "sliceName": "place",
    "type": [{ "code": "Extension", "profile": ["http://hl7.org/fhir/StructureDefinition/patient-birthPlace"] }] }"#
    ),
    source: "http://hl7.org/fhir/R4/extensibility.html#modifierExtension",
};

/// An extension where its definition does not allow it.
pub static ELEMENT_EXTENSION_CONTEXT: Rule = Rule {
    code: "element-extension-context",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A profile has an extension where its definition does not allow it",
    explanation: "The definition of an extension says in 'context' where it may be used. No instance can have it \
                  elsewhere, so a profile that puts it elsewhere asks for something forbidden.",
    bad: profile!(
        r#"{ "id": "Patient.contact.extension:place", "path": "Patient.contact.extension", "sliceName": "place",
    "type": [{ "code": "Extension", "profile": ["http://hl7.org/fhir/StructureDefinition/patient-birthPlace"] }] }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.extension:place", "path": "Patient.extension", "sliceName": "place",
    "type": [{ "code": "Extension", "profile": ["http://hl7.org/fhir/StructureDefinition/patient-birthPlace"] }] }"#
    ),
    source: "http://hl7.org/fhir/R4/defining-extensions.html#context",
};

/// The meaning of a missing element, in a profile.
pub static PROFILE_MEANING: Rule = Rule {
    code: "profile-meaning-when-missing",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A profile says what a missing element means",
    explanation: "The meaning of a missing element cannot depend on a profile, which a reader need not know; it is \
                  given by the definition of the type, or not at all.",
    bad: profile!(r#"{ "id": "Patient.active", "path": "Patient.active", "meaningWhenMissing": "active" }"#),
    good: profile!(r#"{ "id": "Patient.active", "path": "Patient.active", "min": 1 }"#),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.meaningWhenMissing",
};

/// Slicing of an element that does not repeat.
pub static SLICING_SINGLE: Rule = Rule {
    code: "slicing-of-one",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A profile slices an element that occurs at most once",
    explanation: "Slices divide the repeats of an element, or the types of a choice. Constrain an element that has \
                  neither directly.",
    bad: profile!(
        r#"{ "id": "Patient.gender", "path": "Patient.gender",
    "slicing": { "discriminator": [{ "type": "value", "path": "$this" }], "rules": "open" } },
    { "id": "Patient.gender:a", "path": "Patient.gender", "sliceName": "a", "fixedCode": "male" }"#
    ),
    good: profile!(r#"{ "id": "Patient.gender", "path": "Patient.gender", "fixedCode": "male" }"#),
    source: "http://hl7.org/fhir/R4/profiling.html#slicing",
};
