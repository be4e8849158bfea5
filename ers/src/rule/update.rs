//! A change, compared with the record as last read.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::{Call, Record};
use super::declare::rule;
use crate::example::payloads::{BOOK, CANCEL_APPOINTMENT};

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[&VERSION, &STATE, &CHANGE, &OTHER_RECORD, &UNUSABLE];

pub(crate) static VERSION: Rule = rule(
    "ers-update-version",
    Severity::Warning,
    "The version is not the one last read",
    "If-Match, or the version in a reference to the record, is meta.versionId of the record as last read. Any \
     other is refused with 409.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").headers(&[("If-Match", "W/\"1\"")]) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").complete() }),
);

pub(crate) static STATE: Rule = rule(
    "ers-update-state",
    Severity::Error,
    "The operation cannot start from the state of the record",
    "Accepting, rejecting and later cancelling start from a booked referral; a review from one that awaits \
     triage or was deferred; a booking from one without an appointment (a warning, since these states are not \
     documented). A cancelled referral and a finished conversation never change, and A027 needs the \
     authorisation of the referrer. e-RS answers 422 INVALID_REQUEST_STATE.",
    Example::stu3(CANCEL_APPOINTMENT)
        .under(&const { Call::to("A034").against(Record::Text(CANCEL_APPOINTMENT)) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Good) }),
);

pub(crate) static CHANGE: Rule = rule(
    "ers-update-change",
    Severity::Error,
    "The request changes something that it may not change",
    "A034 takes the appointment as A038 returned it, and may change only its status, reason, comment, slot, \
     start and end; leaving other elements out is refused too. A014 and A022 give appointmentCancelledInPAS \
     if, and only if, the appointment was booked indirectly (a warning). A016 books a service on the \
     shortlist. A012 replaces all letters, so it must change something and repeat the letters to keep \
     (reported as information); likewise A031 and A032 must repeat the patient's additional requirements. A \
     file is attached once.",
    Example::stu3(CANCEL_APPOINTMENT)
        .edited("2026-03-02T10:02:11Z", "2026-03-04T10:02:11Z")
        .under(&const { Call::to("A034").against(Record::Good) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Good) }),
);

pub(crate) static OTHER_RECORD: Rule = rule(
    "ers-update-other-record",
    Severity::Error,
    "The request changes a different record than the one last read",
    "The ids in the path, in the body and in references are that of the record last read.",
    Example::stu3(BOOK)
        .edited("9994827162", "9434765919")
        .under(&const { Call::to("A016").against(Record::Good) }),
    Example::stu3(BOOK).under(&const { Call::to("A016").against(Record::Good) }),
);

pub(crate) static UNUSABLE: Rule = rule(
    "ers-update-not-checked",
    Severity::Warning,
    "The request could not be compared with the record",
    "--against must name the record that the operation changes, as it was last read: an advice request for \
     A026 and A027, an appointment for A034, a referral for the others.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Text("{}")) }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").against(Record::Good) }),
);
