//! Known deviations of the live e-RS service from base FHIR, in payloads that conform to an e-RS
//! profile.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// The rules of this family.
pub(crate) static RULES: &[&Rule] = &[
    &ERS_SINGLE_OBJECT,
    &ERS_EMPTY_ARRAY,
    &ERS_NESTED_CONTAINED,
    &ERS_CONTAINED_VERSION,
    &ERS_LOCAL_REFERENCE,
    &ERS_VALUE_SET_SYSTEM,
    &ERS_FULL_URL,
    &ERS_DISPLAY,
    &ERS_PLACEHOLDER,
    &ERS_PROFILE_OF_OTHERS,
];

const APPOINTMENT: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1";
const REFERRAL: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-ReferralRequest-1";

/// One object where an array belongs.
pub static ERS_SINGLE_OBJECT: Rule = Rule {
    code: "ers-deviation-single-object",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS writes this element as one object, though FHIR makes it an array",
    explanation: "The service sends and expects Appointment.participant.type as one object (its known issue \
                  1), and some other elements likewise. Send e-RS the object; a strict FHIR library must be \
                  configured to accept it.",
    bad: Example::stu3(
        r#"{ "resourceType": "Appointment", "status": "booked", "participant": [{ "type": { "coding": [{ "system": "http://hl7.org/fhir/v3/ParticipationType", "code": "CON" }] }, "status": "accepted", "actor": { "display": "Dr A. Example" } }], "start": "2026-05-01T09:00:00Z", "end": "2026-05-01T09:20:00Z" }"#,
    )
    .against(&[APPOINTMENT]),
    good: Example::stu3(
        r#"{ "resourceType": "Appointment", "status": "booked", "participant": [{ "type": [{ "coding": [{ "system": "http://hl7.org/fhir/v3/ParticipationType", "code": "CON" }] }], "status": "accepted", "actor": { "display": "Dr A. Example" } }], "start": "2026-05-01T09:00:00Z", "end": "2026-05-01T09:20:00Z" }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// An array without items.
pub static ERS_EMPTY_ARRAY: Rule = Rule {
    code: "ers-deviation-empty-array",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS sends an empty array where FHIR leaves the element out",
    explanation: "Treat an empty array in an answer as absent, and never send one.",
    bad: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" }, "supportingInfo": [] }"#,
    )
    .against(&[REFERRAL]),
    good: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" } }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// Contained in contained.
pub static ERS_NESTED_CONTAINED: Rule = Rule {
    code: "ers-deviation-nested-contained",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS nests contained resources, which FHIR forbids",
    explanation: "A few answers hold the search criteria inside the contained shortlist instead of next to it. \
                  Resolve a local reference within the contained resource as well as outside it.",
    bad: Example::stu3(
        r##"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" }, "contained": [{ "resourceType": "List", "id": "shortlist", "status": "current", "mode": "snapshot", "contained": [{ "resourceType": "Patient", "id": "inner" }], "subject": { "reference": "#inner" } }], "supportingInfo": [{ "reference": "#shortlist" }] }"##,
    )
    .against(&[REFERRAL]),
    good: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" } }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// A version on a contained resource.
pub static ERS_CONTAINED_VERSION: Rule = Rule {
    code: "ers-deviation-contained-version",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS gives contained resources a version, which FHIR forbids",
    explanation: "The contained Appointment of a referral carries meta.versionId. It is the version to send in \
                  If-Match when the appointment is changed.",
    bad: Example::stu3(
        r##"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" }, "contained": [{ "resourceType": "Patient", "id": "p", "meta": { "versionId": "1" } }], "supportingInfo": [{ "reference": "#p" }] }"##,
    )
    .against(&[REFERRAL]),
    good: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" } }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// A local reference without target.
pub static ERS_LOCAL_REFERENCE: Rule = Rule {
    code: "ers-deviation-local-reference",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS sends a local reference to nothing",
    explanation: "A reference that starts with # should have a contained resource with that id. Some answers \
                  of the service lack it; do not rely on it.",
    bad: Example::stu3(
        r##"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" }, "supportingInfo": [{ "reference": "#nowhere" }] }"##,
    )
    .against(&[REFERRAL]),
    good: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" } }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// A value set as a system.
pub static ERS_VALUE_SET_SYSTEM: Rule = Rule {
    code: "ers-deviation-value-set-system",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS uses the URL of a value set as the system of a code",
    explanation: "The service sends and expects the value set's URL here (its known issue 2). Write it as the \
                  service expects it; read it as the code system that the value set draws on.",
    bad: Example::stu3(
        r#"{ "resourceType": "Appointment", "status": "booked", "participant": [{ "type": [{ "coding": [{ "system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON" }] }], "status": "accepted", "actor": { "display": "Dr A. Example" } }], "start": "2026-05-01T09:00:00Z", "end": "2026-05-01T09:20:00Z" }"#,
    )
    .against(&[APPOINTMENT]),
    good: Example::stu3(
        r#"{ "resourceType": "Appointment", "status": "booked", "participant": [{ "type": [{ "coding": [{ "system": "http://hl7.org/fhir/v3/ParticipationType", "code": "CON" }] }], "status": "accepted", "actor": { "display": "Dr A. Example" } }], "start": "2026-05-01T09:00:00Z", "end": "2026-05-01T09:20:00Z" }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// A fullUrl that is not the address.
pub static ERS_FULL_URL: Rule = Rule {
    code: "ers-deviation-full-url",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS sends a fullUrl that is relative or belongs to another resource",
    explanation: "Documentation writes a placeholder for the base address, and some answers number their entries \
                  differently. Take the id from the resource, not from fullUrl.",
    bad: Example::stu3(
        r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{ "fullUrl": "Appointment/70000", "resource": { "resourceType": "Appointment", "id": "70000", "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1"] }, "status": "booked", "participant": [{ "status": "accepted" }] } }] }"#,
    ),
    good: Example::stu3(r#"{ "resourceType": "Bundle", "type": "collection" }"#),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// Another display.
pub static ERS_DISPLAY: Rule = Rule {
    code: "ers-deviation-display",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS words the display of this code differently from the code system",
    explanation: "The service is not consistent in case and wording of displays. Compare codes, never displays.",
    bad: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" }, "priority": "routine", "type": { "coding": [{ "system": "http://hl7.org/fhir/v3/ParticipationType", "code": "CON", "display": "a consultant of some kind" }] } }"#,
    )
    .against(&[REFERRAL]),
    good: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" } }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// A placeholder for the base address.
pub static ERS_PLACEHOLDER: Rule = Rule {
    code: "ers-deviation-placeholder",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "a placeholder stands for the base address of an e-RS environment",
    explanation: "Documentation writes _baseUrl_ where the service sends its own address. Replace it with the \
                  address of the environment you call.",
    bad: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" }, "specialty": { "coding": [{ "system": "_baseUrl_/STU3/CodeSystem/SPECIALTY", "code": "CARDIOLOGY" }] } }"#,
    )
    .against(&[REFERRAL]),
    good: Example::stu3(
        r#"{ "resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": { "display": "A. Jones" } }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};

/// A profile of another publisher.
pub static ERS_PROFILE_OF_OTHERS: Rule = Rule {
    code: "ers-profile-of-others",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "e-RS payloads declare a profile of another publisher",
    explanation: "e-RS regularly lists Care Connect profiles, and a page of the specification, in \
                  meta.profile. The requirements of e-RS itself are checked; conformance to the other \
                  publisher's profile is not, unless their package is loaded with --ig.",
    bad: Example::stu3(
        r#"{ "resourceType": "Appointment", "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1", "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Appointment-1"] }, "status": "booked", "participant": [{ "status": "accepted", "actor": { "display": "Dr A. Example" } }], "start": "2026-05-01T09:00:00Z", "end": "2026-05-01T09:20:00Z" }"#,
    ),
    good: Example::stu3(
        r#"{ "resourceType": "Appointment", "status": "booked", "participant": [{ "status": "accepted", "actor": { "display": "Dr A. Example" } }], "start": "2026-05-01T09:00:00Z", "end": "2026-05-01T09:20:00Z" }"#,
    ),
    source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
};
