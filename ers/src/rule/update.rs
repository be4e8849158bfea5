//! A change, against the record as it was read last.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use super::examples::CANCEL_APPOINTMENT;

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[&VERSION, &CHANGE, &OTHER_RECORD, &UNUSABLE];

pub(crate) static VERSION: Rule = rule(
    "ers-update-version",
    Severity::Warning,
    "The version is not the one that was read last",
    "If-Match, or the version in a reference to the record, is meta.versionId of the record as it was read \
     last. Any other is refused with 409.",
    Example::stu3(CANCEL_APPOINTMENT).under(
        &const {
            Call::to("A034").headers(&[
                ("NHSD-End-User-Organisation-ODS", "X26"),
                ("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN"),
                ("Content-Type", "application/fhir+json"),
                ("If-Match", "W/\"1\""),
            ])
        },
    ),
    Example::stu3(CANCEL_APPOINTMENT).under(
        &const {
            Call::to("A034").headers(&[
                ("NHSD-End-User-Organisation-ODS", "X26"),
                ("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN"),
                ("Content-Type", "application/fhir+json"),
                ("If-Match", "W/\"2\""),
            ])
        },
    ),
);

pub(crate) static CHANGE: Rule = rule(
    "ers-update-change",
    Severity::Error,
    "The request changes what it may not change",
    "A034 takes the appointment as A038 gave it, and changes status, reason, comment, slot, start and end \
     of it. What is left out is refused too. A016 books a service of the shortlist.",
    Example::stu3(CANCEL_APPOINTMENT)
        .edited("e-Referral Appointment", "Appointment")
        .under(&const { Call::to("A034").against(CANCEL_APPOINTMENT) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(CANCEL_APPOINTMENT) }),
);

pub(crate) static OTHER_RECORD: Rule = rule(
    "ers-update-other-record",
    Severity::Error,
    "The request changes another record than was read last",
    "The id in the path, in the body and in references is that of the record that was read last.",
    Example::stu3(CANCEL_APPOINTMENT)
        .edited("\"81220\"", "\"81221\"")
        .under(&const { Call::to("A034").against(CANCEL_APPOINTMENT) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(CANCEL_APPOINTMENT) }),
);

pub(crate) static UNUSABLE: Rule = rule(
    "ers-update-not-checked",
    Severity::Warning,
    "The request could not be held against the record",
    "What --against names has to be the record that the operation changes, as it was answered when it was \
     read last: a referral for most, an advice request for A026 and A027, an appointment for A034.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against("{}") }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(CANCEL_APPOINTMENT) }),
);
