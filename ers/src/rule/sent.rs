//! What the service does not take, although FHIR allows it or the service itself sends it.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{BOOK, CREATE};

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[&SENT_ARRAY, &SENT_SYSTEM, &SENT_PLACEHOLDER];

pub(crate) static SENT_ARRAY: Rule = rule(
    "ers-sent-array",
    Severity::Error,
    "The service takes one object here, and an array is sent",
    "In FHIR participant.type of an Appointment is an array; the service takes one object (its known issue \
     1, which will not be put right in STU3). It sends one object as well.",
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
    "The service takes the URL of a value set here, and another system is sent",
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
    "A placeholder of the documentation is sent",
    "Examples in the documentation write _baseUrl_ where the address of an environment belongs. A client \
     fills it in. Where no URI belongs, it is an error.",
    Example::stu3(CREATE)
        .edited(
            "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY",
            "_baseUrl_/STU3/CodeSystem/SPECIALTY",
        )
        .under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);
