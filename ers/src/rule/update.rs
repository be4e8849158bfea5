//! A change, against the record as it was read last.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::{Call, Record};
use super::declare::rule;
use crate::example::payloads::{BOOK, CANCEL_APPOINTMENT};

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[&VERSION, &STATE, &CHANGE, &OTHER_RECORD, &UNUSABLE];

pub(crate) static VERSION: Rule = rule(
    "ers-update-version",
    Severity::Warning,
    "The version is not the one that was read last",
    "If-Match, or the version in a reference to the record, is meta.versionId of the record as it was read \
     last. Any other is refused with 409.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").headers(&[("If-Match", "W/\"1\"")]) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").complete() }),
);

pub(crate) static STATE: Rule = rule(
    "ers-update-state",
    Severity::Error,
    "The record is in a state that the operation does not start from",
    "Accepting, rejecting and cancelling later start from a booked referral, a review from one that waits for \
     triage or was deferred, a booking from one without an appointment (a warning: the states are listed nowhere). A \
     cancelled referral and a conversation that has ended are never changed, and A027 needs the authorisation of the \
     referrer. e-RS answers 422 INVALID_REQUEST_STATE.",
    Example::stu3(CANCEL_APPOINTMENT)
        .under(&const { Call::to("A034").against(Record::Text(CANCEL_APPOINTMENT)) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Good) }),
);

pub(crate) static CHANGE: Rule = rule(
    "ers-update-change",
    Severity::Error,
    "The request changes what it may not change",
    "A034 takes the appointment as A038 gave it, and changes status, reason, comment, slot, start and end \
     of it. What is left out is refused too. A014 and A022 say appointmentCancelledInPAS where the appointment was booked \
     indirectly, and only there (a warning). A016 books a service of the shortlist. A012 replaces all letters: it \
     changes something, and repeats what is to stay, which is information, and so is what the patient needs when A031 or \
     A032 change the services. A file is attached once.",
    Example::stu3(CANCEL_APPOINTMENT)
        .edited("2026-03-02T10:02:11Z", "2026-03-04T10:02:11Z")
        .under(&const { Call::to("A034").against(Record::Good) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Good) }),
);

pub(crate) static OTHER_RECORD: Rule = rule(
    "ers-update-other-record",
    Severity::Error,
    "The request changes another record than was read last",
    "The id in the path, in the body and in references is that of the record that was read last.",
    Example::stu3(BOOK)
        .edited("9994827162", "9434765919")
        .under(&const { Call::to("A016").against(Record::Good) }),
    Example::stu3(BOOK).under(&const { Call::to("A016").against(Record::Good) }),
);

pub(crate) static UNUSABLE: Rule = rule(
    "ers-update-not-checked",
    Severity::Warning,
    "The request could not be held against the record",
    "What --against names has to be the record that the operation changes, as it was answered when it was \
     read last: a referral for most, an advice request for A026 and A027, an appointment for A034.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Text("{}")) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Good) }),
);
