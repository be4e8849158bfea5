//! Rules on narratives.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

const SOURCE: &str = "http://hl7.org/fhir/R4/narrative.html";

const GOOD: Example = Example::r4(
    r##"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"top\">Jo Jones <a href=\"#top\">up</a></p></div>" } }"##,
);

/// The markup cannot be read.
pub static NARRATIVE_MALFORMED: Rule = Rule {
    code: "narrative-malformed",
    severity: Severity::Error,
    issue: Issue::Invalid,
    summary: "The narrative is not well-formed XHTML",
    explanation: "Every tag is closed, attribute values are in quotes, and '<' and '&' are written as '&lt;' and \
                  '&amp;'. A document type is not allowed, so the only entities are those of XML and, with a warning, \
                  those of HTML.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Jo Jones</div>" } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// The outermost element is not an XHTML div.
pub static NARRATIVE_ROOT: Rule = Rule {
    code: "narrative-root",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The narrative is not a div element in the XHTML namespace",
    explanation: "A narrative is one div element that declares the namespace http://www.w3.org/1999/xhtml.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div>Jo Jones</div>" } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// Markup that a narrative may not have.
pub static NARRATIVE_MARKUP: Rule = Rule {
    code: "narrative-markup",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The narrative uses an element or attribute that is not allowed",
    explanation: "A narrative has the text formatting of HTML 4, tables, lists, links and images only, each \
                  element with the attributes that HTML gives it, in the namespace of XHTML. Elements that HTML 4 \
                  deprecates (center, font, u), scripts, event handlers, forms, frames and external style sheets \
                  are forbidden: narratives are shown inside other people's pages.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p onclick=\"go()\">Jo Jones</p></div>" } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// Elements that HTML does not allow inside each other.
pub static NARRATIVE_CONTENT: Rule = Rule {
    code: "narrative-content",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The narrative has an element or text where HTML does not allow it",
    explanation: "Paragraphs and headings hold text and inline elements, not lists, tables or other paragraphs; lists \
                  hold items, tables hold rows and rows hold cells; a link holds no other link. A browser rearranges \
                  anything else, so readers may not see what the author wrote.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Jo <ul><li>Jones</li></ul></p></div>" } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// Nothing to read.
pub static NARRATIVE_EMPTY: Rule = Rule {
    code: "narrative-empty",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The narrative has neither text nor an image",
    explanation: "A narrative is there to be read. If there is nothing to say, leave it out.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>" } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// A named entity of HTML.
pub static NARRATIVE_ENTITY: Rule = Rule {
    code: "narrative-entity",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The narrative uses a named entity that XML does not have",
    explanation: "Names such as '&nbsp;' belong to HTML; a reader with an XML parser refuses them. Write the \
                  character itself or its number, such as '&#160;'.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Jo&nbsp;Jones</div>" } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// A link to nowhere.
pub static NARRATIVE_LINK: Rule = Rule {
    code: "narrative-link",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A link in the narrative leads nowhere",
    explanation: "A link that starts with '#' leads to an id or name in the same resource: in the narrative, on an \
                  element, or of a contained resource. Other links need a scheme that leads a reader somewhere: http, \
                  https, ftp, mailto, tel or data; 'urn:' names something without saying where it is. A URL is never \
                  empty and has no spaces or braces.",
    bad: Example::r4(
        r##"{ "resourceType": "Patient", "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Jo Jones <a href=\"#top\">up</a></p></div>" } }"##,
    ),
    good: GOOD,
    source: SOURCE,
};

/// Not in the languages that a profile asks for.
pub static NARRATIVE_LANGUAGES: Rule = Rule {
    code: "narrative-languages",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A narrative does not have the language sections that the profile asks for",
    explanation: "With the extension narrative-language-control a profile forbids sections in different languages, \
                  requires them, or requires one in the language of the resource or in a given one. A section is a div \
                  with an xml:lang attribute directly inside the outer div. A narrative without sections is a warning, \
                  as it may be in that language as a whole.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "language": "cy", "text": { "status": "generated",
  "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><div lang=\"en\" xml:lang=\"en\">Jo Jones</div></div>" } }"#,
    )
    .with(&[BILINGUAL])
    .against(&["http://example.org/StructureDefinition/bilingual"]),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "language": "cy", "text": { "status": "generated",
  "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><div lang=\"en\" xml:lang=\"en\">Jo Jones</div><div lang=\"cy\" xml:lang=\"cy\">Jo Jones</div></div>" } }"#,
    )
    .with(&[BILINGUAL])
    .against(&["http://example.org/StructureDefinition/bilingual"]),
    source: "http://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html",
};

const BILINGUAL: &str = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/bilingual",
  "name": "Bilingual", "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient", "path": "Patient" }, { "id": "Patient.text", "path": "Patient.text",
    "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/narrative-language-control",
                    "valueCode": "_resource" }] }] } }"#;

/// A part that does not say where it comes from.
pub static NARRATIVE_ORIGINS: Rule = Rule {
    code: "narrative-origins",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A part of a narrative does not state where it comes from, although the profile asks for it",
    explanation: "With the extension narrative-source-control a profile requires every part directly inside the outer \
                  div to state its origin by a class: generated from the data, boilerplate, or original text.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated",
  "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Jo Jones</p></div>" } }"#,
    )
    .with(&[SOURCED])
    .against(&["http://example.org/StructureDefinition/sourced"]),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "text": { "status": "generated",
  "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class=\"generated\">Jo Jones</p></div>" } }"#,
    )
    .with(&[SOURCED])
    .against(&["http://example.org/StructureDefinition/sourced"]),
    source: "http://hl7.org/fhir/extensions/StructureDefinition-narrative-source-control.html",
};

const SOURCED: &str = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/sourced",
  "name": "Sourced", "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient", "path": "Patient" }, { "id": "Patient.text", "path": "Patient.text",
    "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/narrative-source-control",
                    "valueCode": "error" }] }] } }"#;

/// The rules of this file, in the order of the documentation.
pub(super) static RULES: &[&Rule] = &[
    &NARRATIVE_MALFORMED,
    &NARRATIVE_ROOT,
    &NARRATIVE_MARKUP,
    &NARRATIVE_CONTENT,
    &NARRATIVE_EMPTY,
    &NARRATIVE_ENTITY,
    &NARRATIVE_LINK,
    &NARRATIVE_LANGUAGES,
    &NARRATIVE_ORIGINS,
];
