//! Rules on CodeSystem, ValueSet and `ConceptMap` resources.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &CODE_SYSTEM_DUPLICATE_PROPERTY,
    &CODE_SYSTEM_PROPERTY_TYPE,
    &CODE_SYSTEM_PROPERTY_URI,
    &SUPPLEMENT_CONTENT,
    &SUPPLEMENT_UNKNOWN_CODE,
    &VALUE_SET_FILTER_VALUE,
    &VALUE_SET_UNKNOWN_CODE,
    &CODE_SYSTEM_CONTENT,
    &CODE_SYSTEM_COUNT,
    &CODE_SYSTEM_VALUE_SET,
    &CONCEPT_MAP_UNKNOWN_CODE,
    &CONCEPT_MAP_OUTSIDE,
    &CONCEPT_MAP_DISPLAY,
    &CODE_SYSTEM_DUPLICATE_CODE,
    &CODE_SYSTEM_UNDECLARED_PROPERTY,
    &CODE_SYSTEM_PROPERTY_CODE,
    &VALUE_SET_SYSTEM_VERSION,
    &VALUE_SET_IMPORT,
    &VALUE_SET_FILTER_PROPERTY,
];

/// A CodeSystem with one property and one concept that has a value for it.
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
                  it means, so each occurs only once.",
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
    summary: "A property of a CodeSystem does not have the type it should have",
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

/// A property of FHIR itself under another code, or one that FHIR does not have.
pub static CODE_SYSTEM_PROPERTY_URI: Rule = Rule {
    code: "code-system-property-uri",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "FHIR defines the URI of a CodeSystem property for something else, or not at all",
    explanation: "URIs that start with http://hl7.org/fhir/concept-properties# belong to the properties that FHIR \
                  defines (parent, child, inactive, notSelectable ...). Such a property may have any code except that \
                  of another FHIR property. A property of your own has an absolute URI of your own.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete",
  "property": [{ "code": "warm", "uri": "http://hl7.org/fhir/concept-properties#warm", "type": "boolean" }] }"#,
    ),
    good: COLOURS,
    source: "http://hl7.org/fhir/R4/codesystem-concept-properties.html",
};

/// A supplement that does not say that it is one.
pub static SUPPLEMENT_CONTENT: Rule = Rule {
    code: "supplement-content",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A CodeSystem supplements another but its content is not 'supplement'",
    explanation: "A CodeSystem with 'supplements' adds to the codes of another and defines none, so its content is \
                  'supplement'. Whether case matters and what the hierarchy means is up to the code system that it \
                  supplements.",
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

/// A filter that compares a property with a value it cannot have.
pub static VALUE_SET_FILTER_VALUE: Rule = Rule {
    code: "value-set-filter-value",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A filter compares a property with a value that the property cannot have",
    explanation: "The value of a filter has the form that the type of the property or the operator requires: true or \
                  false, a number, a date, system#code, a code that exists, a regular expression, or, for a constraint \
                  on SNOMED CT, an expression of its Expression Constraint Language.",
    bad: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender",
  "filter": [{ "property": "notSelectable", "op": "=", "value": "no" }] }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender",
  "filter": [{ "property": "notSelectable", "op": "=", "value": "false" }] }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter.value",
};

/// A value set that picks a code that does not exist.
pub static VALUE_SET_UNKNOWN_CODE: Rule = Rule {
    code: "value-set-unknown-code",
    severity: Severity::Warning,
    issue: Issue::CodeInvalid,
    summary: "A value set picks a code that the code system does not have",
    explanation: "A value set picks codes and defines none: a code that its system does not have is never in the set.",
    bad: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender", "concept": [{ "code": "feminine" }] }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender", "concept": [{ "code": "female" }] }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.concept.code",
};

/// The concepts contradict the content.
pub static CODE_SYSTEM_CONTENT: Rule = Rule {
    code: "code-system-content",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The concepts of a CodeSystem contradict its content",
    explanation: "With the content 'not-present' a CodeSystem holds no concepts. One that is 'complete' holds them \
                  all; one without any concepts is only a warning, since its codes may follow a grammar.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "not-present", "concept": [{ "code": "red" }] }"#,
    ),
    good: COLOURS,
    source: "http://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.content",
};

/// The count is not the number of concepts.
pub static CODE_SYSTEM_COUNT: Rule = Rule {
    code: "code-system-count",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The count of a CodeSystem is not the number of its concepts",
    explanation: "The count says how many concepts the code system has in all, including nested ones. If the content \
                  is complete, that is the number of concepts here. If it is only a part, a count that is too small is \
                  a warning.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "count": 3, "concept": [{ "code": "red" }, { "code": "blue" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "count": 2, "concept": [{ "code": "red" }, { "code": "blue" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.count",
};

/// The value set does not hold all codes.
pub static CODE_SYSTEM_VALUE_SET: Rule = Rule {
    code: "code-system-value-set",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The value set of a CodeSystem does not hold all of its codes",
    explanation: "CodeSystem.valueSet names the value set that includes the code system as a whole, without filters, \
                  lists of codes or exclusions.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "valueSet": "http://hl7.org/fhir/ValueSet/administrative-gender",
  "concept": [{ "code": "red" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "valueSet": "http://example.org/ValueSet/colours", "concept": [{ "code": "red" }] }"#,
    )
    .with(&[
        r#"{ "resourceType": "ValueSet", "url": "http://example.org/ValueSet/colours", "status": "active",
  "compose": { "include": [{ "system": "http://example.org/CodeSystem/colours" }] } }"#,
    ]),
    source: "http://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet",
};

/// A map from or to a code that does not exist.
pub static CONCEPT_MAP_UNKNOWN_CODE: Rule = Rule {
    code: "concept-map-unknown-code",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "A ConceptMap maps from or to a code that does not exist",
    explanation: "The codes of a group come from the code systems that it names as source and target.",
    bad: Example::r4(
        r#"{ "resourceType": "ConceptMap", "status": "active", "group": [{
  "source": "http://hl7.org/fhir/administrative-gender", "target": "http://example.org/CodeSystem/sex",
  "element": [{ "code": "feminine", "target": [{ "code": "F", "equivalence": "equal" }] }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ConceptMap", "status": "active", "group": [{
  "source": "http://hl7.org/fhir/administrative-gender", "target": "http://example.org/CodeSystem/sex",
  "element": [{ "code": "female", "target": [{ "code": "F", "equivalence": "equal" }] }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/conceptmap.html",
};

/// A code outside the value set of its side.
pub static CONCEPT_MAP_OUTSIDE: Rule = Rule {
    code: "concept-map-outside-value-set",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "A ConceptMap maps from a code outside its source value set, or to one outside its target value set",
    explanation: "A ConceptMap may name the value set of its source codes and that of its target codes. A code outside \
                  them is mapped in a context where it never occurs.",
    bad: Example::r4(
        r#"{ "resourceType": "ConceptMap", "status": "active",
  "sourceCanonical": "http://hl7.org/fhir/ValueSet/administrative-gender", "group": [{
  "source": "http://hl7.org/fhir/observation-status", "target": "http://example.org/CodeSystem/sex",
  "element": [{ "code": "final", "target": [{ "code": "F", "equivalence": "equal" }] }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ConceptMap", "status": "active",
  "sourceCanonical": "http://hl7.org/fhir/ValueSet/administrative-gender", "group": [{
  "source": "http://hl7.org/fhir/administrative-gender", "target": "http://example.org/CodeSystem/sex",
  "element": [{ "code": "female", "target": [{ "code": "F", "equivalence": "equal" }] }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.source_x_",
};

/// A display that is not the code's.
pub static CONCEPT_MAP_DISPLAY: Rule = Rule {
    code: "concept-map-display",
    severity: Severity::Warning,
    issue: Issue::Value,
    summary: "A ConceptMap gives a code a display that is not the code system's",
    explanation: "The display of a mapped code helps people check the map, and misleads them if it belongs to another \
                  code.",
    bad: Example::r4(
        r#"{ "resourceType": "ConceptMap", "status": "active", "group": [{
  "source": "http://hl7.org/fhir/administrative-gender", "target": "http://example.org/CodeSystem/sex",
  "element": [{ "code": "female", "display": "Male", "target": [{ "code": "F", "equivalence": "equal" }] }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ConceptMap", "status": "active", "group": [{
  "source": "http://hl7.org/fhir/administrative-gender", "target": "http://example.org/CodeSystem/sex",
  "element": [{ "code": "female", "display": "Female", "target": [{ "code": "F", "equivalence": "equal" }] }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group.element.display",
};

/// A code defined twice.
pub static CODE_SYSTEM_DUPLICATE_CODE: Rule = Rule {
    code: "code-system-duplicate-code",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A CodeSystem defines a code twice",
    explanation: "A code has one meaning in its code system, wherever in the hierarchy it is defined. If the code \
                  system says that case does not matter, codes that differ by case alone are the same code.",
    bad: Example::stu3(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "concept": [{ "code": "red" }, { "code": "blue", "concept": [{ "code": "red" }] }] }"#,
    ),
    good: Example::stu3(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "concept": [{ "code": "red" }, { "code": "blue", "concept": [{ "code": "navy" }] }] }"#,
    ),
    source: "http://hl7.org/fhir/STU3/codesystem.html#invs",
};

/// A property of a concept that the system does not declare.
pub static CODE_SYSTEM_UNDECLARED_PROPERTY: Rule = Rule {
    code: "code-system-undeclared-property",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "A concept has a property that its CodeSystem does not declare",
    explanation: "CodeSystem.property declares the meaning and the type of each property. Only the properties that \
                  FHIR defines (parent, inactive ...) need no declaration.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "concept": [{ "code": "red", "property": [{ "code": "warm", "valueBoolean": true }] }] }"#,
    ),
    good: COLOURS,
    source: "http://hl7.org/fhir/R4/codesystem.html#properties",
};

/// A property that names a code that the system does not have.
pub static CODE_SYSTEM_PROPERTY_CODE: Rule = Rule {
    code: "code-system-property-code",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "A property of a concept names a code that its CodeSystem does not have",
    explanation: "The properties parent, child and partOf relate concepts of one code system. Other properties of type \
                  'code' should too, but as they are often used for codes from elsewhere, they only cause a warning.",
    bad: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "property": [{ "code": "parent", "type": "code" }],
  "concept": [{ "code": "red" }, { "code": "scarlet", "property": [{ "code": "parent", "valueCode": "rde" }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/colours", "status": "active",
  "content": "complete", "property": [{ "code": "parent", "type": "code" }],
  "concept": [{ "code": "red" }, { "code": "scarlet", "property": [{ "code": "parent", "valueCode": "red" }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/codesystem-concept-properties.html",
};

/// A code system with its version in its URL.
pub static VALUE_SET_SYSTEM_VERSION: Rule = Rule {
    code: "value-set-system-version",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A ValueSet writes the version of a code system into its URL",
    explanation: "The system of an include is a plain URI, the same as in codings; no code has a system with '|' in \
                  it. The version has an element of its own.",
    bad: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender|4.0.1" }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender", "version": "4.0.1" }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.system",
};

/// An import of something other than another value set.
pub static VALUE_SET_IMPORT: Rule = Rule {
    code: "value-set-import",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A ValueSet imports itself, or something that is not a value set",
    explanation: "'valueSet' in an include imports the codes of other value sets. A code system is included by \
                  'system', and a set that imports itself does not define what it holds.",
    bad: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "url": "http://example.org/ValueSet/a",
  "compose": { "include": [{ "valueSet": ["http://example.org/ValueSet/a"] }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "url": "http://example.org/ValueSet/a",
  "compose": { "include": [{ "valueSet": ["http://hl7.org/fhir/ValueSet/administrative-gender"] }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.valueSet",
};

/// A filter on a property that does not exist.
pub static VALUE_SET_FILTER_PROPERTY: Rule = Rule {
    code: "value-set-filter-property",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "A filter asks for a property that the code system does not declare",
    explanation: "A filter picks codes by a property or a filter that the code system declares, or by one that FHIR \
                  gives every code system (concept, parent, inactive ...). Whether a terminology service knows any \
                  other property is open.",
    bad: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender",
  "filter": [{ "property": "colour", "op": "=", "value": "red" }] }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
  "system": "http://hl7.org/fhir/administrative-gender",
  "filter": [{ "property": "inactive", "op": "=", "value": "false" }] }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter.property",
};
