//! Rules on Bundles.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &BUNDLE_FULL_URL_MISSING,
    &BUNDLE_FULL_URL_RELATIVE,
    &BUNDLE_FULL_URL_MISMATCH,
    &BUNDLE_FIRST_ENTRY,
    &BUNDLE_REFERENCE_NOT_FOUND,
    &BUNDLE_REFERENCE_AMBIGUOUS,
    &BUNDLE_ENTRY_UNREACHABLE,
    &BUNDLE_DOCUMENT_DATE,
    &BUNDLE_LINK,
    &BUNDLE_STYLESHEET,
    &BUNDLE_SEARCH_ENTRY,
    &BUNDLE_REQUEST_URL,
    &BUNDLE_RESPONSE_STATUS,
];

const COLLECTION: Example = Example::r4(
    r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{
          "fullUrl": "https://clinic.example/fhir/Patient/7",
          "resource": { "resourceType": "Patient", "id": "7", "active": true } }] }"#,
);

const DOCUMENT: Example = Example::r4(
    r#"{ "resourceType": "Bundle", "type": "document", "timestamp": "2024-05-01T09:30:00Z",
         "identifier": { "system": "https://clinic.example/documents", "value": "1" },
         "entry": [
           { "fullUrl": "https://clinic.example/fhir/Composition/1",
             "resource": { "resourceType": "Composition", "id": "1", "status": "final", "type": { "text": "Letter" },
               "date": "2024-05-01", "title": "Letter", "author": [{ "reference": "Practitioner/2" }] } },
           { "fullUrl": "https://clinic.example/fhir/Practitioner/2",
             "resource": { "resourceType": "Practitioner", "id": "2", "active": true } }] }"#,
);

/// No `fullUrl`.
pub static BUNDLE_FULL_URL_MISSING: Rule = Rule {
    code: "bundle-full-url-missing",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "An entry of a Bundle has no fullUrl",
    explanation: "fullUrl is the identity of the resource in the entry: references to it are resolved by its fullUrl, \
                  and relative references in it are resolved against its fullUrl. It may be left out only in \
                  transactions and batches, and in entries that carry no resource or the outcome of a search.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{
              "resource": { "resourceType": "Patient", "id": "7", "active": true } }] }"#,
    ),
    good: COLLECTION,
    source: "http://hl7.org/fhir/R4/bundle.html#bundle-unique",
};

/// A relative `fullUrl`.
pub static BUNDLE_FULL_URL_RELATIVE: Rule = Rule {
    code: "bundle-full-url-relative",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The fullUrl of an entry is not absolute",
    explanation: "A fullUrl is complete in itself: an http(s) URL that includes the server's base, or a URN such as \
                  urn:uuid: for a resource that is not on a server yet.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{
              "fullUrl": "Patient/7",
              "resource": { "resourceType": "Patient", "id": "7", "active": true } }] }"#,
    ),
    good: COLLECTION,
    source: "http://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl",
};

/// A `fullUrl` that names another resource.
pub static BUNDLE_FULL_URL_MISMATCH: Rule = Rule {
    code: "bundle-full-url-mismatch",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The fullUrl of an entry names a different resource from the one in it",
    explanation: "A fullUrl that is the address of a resource on a FHIR server ends in the type and the id of the \
                  resource in the entry. A resource without an id has no such address: its fullUrl is a URN.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{
              "fullUrl": "https://clinic.example/fhir/Patient/8",
              "resource": { "resourceType": "Patient", "id": "7", "active": true } }] }"#,
    ),
    good: COLLECTION,
    source: "http://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl",
};

/// The first entry is not the one that the Bundle must begin with.
pub static BUNDLE_FIRST_ENTRY: Rule = Rule {
    code: "bundle-first-entry",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The first entry is not the resource that this kind of Bundle begins with",
    explanation: "A document begins with its Composition, a message with its MessageHeader; everything else is \
                  reached from there.",
    bad: Example::stu3(
        r#"{ "resourceType": "Bundle", "type": "message", "entry": [{
              "fullUrl": "https://clinic.example/fhir/Patient/7",
              "resource": { "resourceType": "Patient", "id": "7", "active": true } }] }"#,
    ),
    good: COLLECTION,
    source: "http://hl7.org/fhir/R4/bundle-definitions.html#Bundle.type",
};

/// A reference from the Composition or `MessageHeader` to something outside the Bundle.
pub static BUNDLE_REFERENCE_NOT_FOUND: Rule = Rule {
    code: "bundle-reference-not-found",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A resource that a document or message refers to is not in the Bundle",
    explanation: "A document carries everything that its Composition refers to, a message everything that its \
                  MessageHeader focuses on. A relative reference is resolved against the fullUrl of the entry that \
                  contains it, and the result must equal the fullUrl of another entry; a matching type and id are not \
                  enough.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "document", "timestamp": "2024-05-01T09:30:00Z",
             "identifier": { "system": "https://clinic.example/documents", "value": "1" },
             "entry": [
               { "fullUrl": "https://clinic.example/fhir/Composition/1",
                 "resource": { "resourceType": "Composition", "id": "1", "status": "final", "type": { "text": "Letter" },
                   "date": "2024-05-01", "title": "Letter", "author": [{ "reference": "Practitioner/2" }] } }] }"#,
    ),
    good: DOCUMENT,
    source: "http://hl7.org/fhir/R4/documents.html#content",
};

/// A reference that matches several entries.
pub static BUNDLE_REFERENCE_AMBIGUOUS: Rule = Rule {
    code: "bundle-reference-ambiguous",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A reference matches more than one entry of the Bundle",
    explanation: "Two entries have the fullUrl that the reference resolves to. Give each resource a fullUrl of its \
                  own, or name the version in the reference. A history, which holds several versions of a resource, is \
                  not reported.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "document", "timestamp": "2024-05-01T09:30:00Z",
             "identifier": { "system": "https://clinic.example/documents", "value": "1" },
             "entry": [
               { "fullUrl": "https://clinic.example/fhir/Composition/1",
                 "resource": { "resourceType": "Composition", "id": "1", "status": "final", "type": { "text": "Letter" },
                   "date": "2024-05-01", "title": "Letter", "author": [{ "reference": "Practitioner/2" }] } },
               { "fullUrl": "https://clinic.example/fhir/Practitioner/2",
                 "resource": { "resourceType": "Practitioner", "id": "2", "active": true } },
               { "fullUrl": "https://clinic.example/fhir/Practitioner/2",
                 "resource": { "resourceType": "Practitioner", "id": "2", "active": false } }] }"#,
    ),
    good: DOCUMENT,
    source: "http://hl7.org/fhir/R4/bundle.html#references",
};

/// An entry that the document does not refer to.
pub static BUNDLE_ENTRY_UNREACHABLE: Rule = Rule {
    code: "bundle-entry-unreachable",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An entry is not connected to the first one",
    explanation: "Every entry of a document must be reachable from the Composition by following references in either \
                  direction. Refer to the resource, or leave it out. In a message this is a warning.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "document", "timestamp": "2024-05-01T09:30:00Z",
             "identifier": { "system": "https://clinic.example/documents", "value": "1" },
             "entry": [
               { "fullUrl": "https://clinic.example/fhir/Composition/1",
                 "resource": { "resourceType": "Composition", "id": "1", "status": "final", "type": { "text": "Letter" },
                   "date": "2024-05-01", "title": "Letter", "author": [{ "display": "Dr Jones" }] } },
               { "fullUrl": "https://clinic.example/fhir/Practitioner/2",
                 "resource": { "resourceType": "Practitioner", "id": "2", "active": true } }] }"#,
    ),
    good: DOCUMENT,
    source: "http://hl7.org/fhir/R4/documents.html#content",
};

/// A document without a date (STU3).
pub static BUNDLE_DOCUMENT_DATE: Rule = Rule {
    code: "bundle-document-date",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A document has no date",
    explanation: "In STU3 the date of a document is Bundle.meta.lastUpdated, the time at which the Bundle was \
                  assembled. R4 has Bundle.timestamp for that, which invariant bdl-10 requires.",
    bad: Example::stu3(
        r#"{ "resourceType": "Bundle", "type": "document",
             "identifier": { "system": "https://clinic.example/documents", "value": "1" },
             "entry": [{ "fullUrl": "https://clinic.example/fhir/Composition/1",
               "resource": { "resourceType": "Composition", "id": "1", "status": "final", "type": { "text": "Letter" },
                 "subject": { "display": "A patient" }, "date": "2024-05-01", "title": "Letter",
                 "author": [{ "display": "Dr Jones" }] } }] }"#,
    ),
    good: Example::stu3(
        r#"{ "resourceType": "Bundle", "type": "document", "meta": { "lastUpdated": "2024-05-01T09:30:00Z" },
             "identifier": { "system": "https://clinic.example/documents", "value": "1" },
             "entry": [{ "fullUrl": "https://clinic.example/fhir/Composition/1",
               "resource": { "resourceType": "Composition", "id": "1", "status": "final", "type": { "text": "Letter" },
                 "subject": { "display": "A patient" }, "date": "2024-05-01", "title": "Letter",
                 "author": [{ "display": "Dr Jones" }] } }] }"#,
    ),
    source: "http://hl7.org/fhir/STU3/documents.html#content",
};

/// A link that makes no sense there.
pub static BUNDLE_LINK: Rule = Rule {
    code: "bundle-link",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A link of a Bundle is given twice, or concerns paging in a Bundle without pages",
    explanation: "first, previous, next, last and self place a page within a search result or history, so each occurs \
                  at most once, and other kinds of Bundle, such as a document or a collection, have none of the first \
                  four.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "searchset", "link": [
             { "relation": "self", "url": "https://clinic.example/fhir/Patient?name=a" },
             { "relation": "self", "url": "https://clinic.example/fhir/Patient?name=b" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "searchset", "link": [
             { "relation": "self", "url": "https://clinic.example/fhir/Patient?name=a" },
             { "relation": "next", "url": "https://clinic.example/fhir/Patient?name=a&page=2" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/http.html#paging",
};

/// A style sheet that is not there.
pub static BUNDLE_STYLESHEET: Rule = Rule {
    code: "bundle-stylesheet",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "The style sheet of a document is not in the Bundle",
    explanation: "A relative link with the relation 'stylesheet' names a Binary in the same document by its fullUrl.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "document", "timestamp": "2024-05-01T09:30:00Z",
             "identifier": { "system": "https://clinic.example/documents", "value": "1" },
             "link": [{ "relation": "stylesheet", "url": "Binary/style" }],
             "entry": [{ "fullUrl": "https://clinic.example/fhir/Composition/1",
               "resource": { "resourceType": "Composition", "id": "1", "status": "final", "type": { "text": "Letter" },
                 "date": "2024-05-01", "title": "Letter", "author": [{ "display": "Dr Jones" }] } }] }"#,
    ),
    good: DOCUMENT,
    source: "http://hl7.org/fhir/R4/documents.html#presentation",
};

/// An entry that a search cannot return like that.
pub static BUNDLE_SEARCH_ENTRY: Rule = Rule {
    code: "bundle-search-entry",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An entry of a search result is incomplete or of the wrong type",
    explanation: "Every entry of a search result carries a resource. A resource that matched or was included comes \
                  from a server and has an id; one that matched is of a type that the link 'self' asks for; an entry \
                  with the mode 'outcome' is an OperationOutcome. If only some entries have a mode, that is a \
                  warning.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "searchset", "entry": [{
              "fullUrl": "https://clinic.example/fhir/Patient/7", "search": { "mode": "outcome" },
              "resource": { "resourceType": "Patient", "id": "7", "active": true } }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "searchset", "entry": [{
              "fullUrl": "https://clinic.example/fhir/Patient/7", "search": { "mode": "match" },
              "resource": { "resourceType": "Patient", "id": "7", "active": true } }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.search.mode",
};

/// A request that no server can follow.
pub static BUNDLE_REQUEST_URL: Rule = Rule {
    code: "bundle-request-url",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The URL of a request in a Bundle does not fit its method or its resource",
    explanation: "In a transaction or batch a POST goes to the type of its resource, a PUT to Type/id, with the id \
                  that the resource has, or to Type?criteria; PATCH and DELETE likewise. The URL is relative to the \
                  server that the Bundle is sent to; one that is not is a warning.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "transaction", "entry": [{
              "fullUrl": "https://clinic.example/fhir/Patient/7",
              "resource": { "resourceType": "Patient", "id": "7", "active": true },
              "request": { "method": "PUT", "url": "Patient/8" } }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "transaction", "entry": [{
              "fullUrl": "https://clinic.example/fhir/Patient/7",
              "resource": { "resourceType": "Patient", "id": "7", "active": true },
              "request": { "method": "PUT", "url": "Patient/7" } }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/http.html#transaction",
};

/// A status that is not an HTTP status.
pub static BUNDLE_RESPONSE_STATUS: Rule = Rule {
    code: "bundle-response-status",
    severity: Severity::Warning,
    issue: Issue::Value,
    summary: "The status of a response in a Bundle does not begin with an HTTP status code",
    explanation: "In the response to a transaction or batch, the status of each entry begins with the three digits of \
                  an HTTP status: '201' or '201 Created'. This is only a warning, as one of FHIR's own examples lacks \
                  them.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "batch-response", "entry": [{ "response": { "status": "OK" } }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "batch-response", "entry": [{ "response": { "status": "200 OK" } }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.response.status",
};
