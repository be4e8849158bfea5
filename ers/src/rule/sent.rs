//! What the service refuses, although FHIR allows it or the service itself sends it.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{BOOK, CREATE};

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[&SENT_ARRAY, &SENT_SYSTEM, &SENT_PLACEHOLDER];

pub(crate) static SENT_ARRAY: Rule = rule(
    "ers-sent-array",
    Severity::Error,
    "The service expects one object here, but an array is sent",
    "In FHIR participant.type of an Appointment is an array; the service expects one object (its known issue \
     1, which will not be fixed in STU3). It sends one object as well.",
    Example::stu3(BOOK)
        .edited(
            r#""type": { "coding": [{ "system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON" }] }"#,
            r#""type": [{ "coding": [{ "system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON" }] }]"#,
        )
        .under(&const { Call::to("A016") }),
    Example::stu3(BOOK).under(&const { Call::to("A016") }),
);

pub(crate) static SENT_SYSTEM: Rule = rule(
    "ers-sent-system",
    Severity::Error,
    "The service expects the URL of a value set here, but another system is sent",
    "The type of a participant has the system http://hl7.org/fhir/ValueSet/encounter-participant-type, \
     which is a value set in FHIR (known issue 2 of the service).",
    Example::stu3(BOOK)
        .edited(
            "http://hl7.org/fhir/ValueSet/encounter-participant-type",
            "http://hl7.org/fhir/v3/ParticipationType",
        )
        .under(&const { Call::to("A016") }),
    Example::stu3(BOOK).under(&const { Call::to("A016") }),
);

pub(crate) static SENT_PLACEHOLDER: Rule = rule(
    "ers-sent-placeholder",
    Severity::Warning,
    "A placeholder from the documentation is sent",
    "Examples in the documentation write _baseUrl_ where the address of an environment belongs. Replace it \
     with that address. It is an error where no URI belongs.",
    Example::stu3(CREATE)
        .edited(
            "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY",
            "_baseUrl_/STU3/CodeSystem/SPECIALTY",
        )
        .under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);
