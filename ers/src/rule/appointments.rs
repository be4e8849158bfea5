//! Slots, bookings, deferrals and cancelled appointments.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{ASK_TRIAGE, BOOK, CANCEL_APPOINTMENT, DEFER};

/// The rules of this section.
pub(super) static RULES: &[&Rule] =
    &[&RULE_74, &RULE_75, &RULE_79, &RULE_83, &RULE_85, &RULE_86, &RULE_87, &RULE_88, &RULE_89];

pub(crate) static RULE_74: Rule = rule(
    "ers-rule-74",
    Severity::Error,
    "The search for slots is malformed",
    "A search for slots gives schedule.actor:HealthcareService, appointmentType (ROUTINE, URGENT, \
     TWO_WEEK_WAIT), status=free, _count (1 to 100) and page (from 1).",
    Example::stu3("").under(&const { Call::to("A015").url("/STU3/Slot?schedule.actor:HealthcareService=11000&appointmentType=SOON&status=free&_count=5&page=1") }),
    Example::stu3("").under(&const { Call::to("A015").url("/STU3/Slot?schedule.actor:HealthcareService=11000&appointmentType=ROUTINE&status=free&_count=5&page=1") }),
);

pub(crate) static RULE_75: Rule = rule(
    "ers-rule-75",
    Severity::Error,
    "The search for slots names no commissioning rule organisation",
    "NHSD-eRS-Comm-Rule-Org holds the ODS code that the referral carries in \
     Extension-eRS-Commissioning-Rule-Org-1.",
    Example::stu3("").under(&const { Call::to("A015").without(&["NHSD-eRS-Comm-Rule-Org"]) }),
    Example::stu3("").under(&const { Call::to("A015").complete() }),
);

pub(crate) static RULE_79: Rule = rule(
    "ers-rule-79",
    Severity::Error,
    "The booking is not complete",
    "A booking has the status booked, the description \"e-Referral Appointment\", start, end, slot, the \
     referral in its latest version, and the service and the patient as participants. It has no reason.",
    Example::stu3(BOOK)
        .edited(
            r#""description""#,
            r#""reason": [{ "coding": [{ "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewReason-1", "code": "SLOT_NOT_AVAILABLE" }] }],
  "description""#,
        )
        .under(&const { Call::to("A016") }),
    Example::stu3(BOOK).under(&const { Call::to("A016") }),
);

pub(crate) static RULE_83: Rule = rule(
    "ers-rule-83",
    Severity::Error,
    "The deferral is not valid",
    "A deferral has the status proposed and one reason of eRS-ReviewReason-1: NO_SLOTS_AT_SERVICE, \
     SLOT_NOT_AVAILABLE or BOOKING_ATTEMPT_PROBLEM. It has neither start nor end.",
    Example::stu3(DEFER)
        .edited(
            r#""comment""#,
            r#""start": "2026-04-14T09:30:00Z",
  "end": "2026-04-14T09:50:00Z",
  "comment""#,
        )
        .under(&const { Call::to("A016") }),
    Example::stu3(DEFER).under(&const { Call::to("A016") }),
);

pub(crate) static RULE_85: Rule = rule(
    "ers-rule-85",
    Severity::Error,
    "The triage request names a slot",
    "A request for triage has the status proposed and the reason TRIAGE, and no slot: there is nothing \
     to book yet.",
    Example::stu3(ASK_TRIAGE)
        .edited(
            r#""description""#,
            r#""slot": [{ "reference": "Slot/4410027" }],
  "description""#,
        )
        .under(&const { Call::to("A016") }),
    Example::stu3(ASK_TRIAGE).under(&const { Call::to("A016") }),
);

pub(crate) static RULE_86: Rule = rule(
    "ers-rule-86",
    Severity::Error,
    "The participants do not fit an appointment",
    "An appointment has one service (ers-service), one patient (nhs-number) and at most one clinician \
     (sds-user-id, of type CON), all of them accepted.",
    Example::stu3(BOOK)
        .edited("http://fhir.nhs.net/Id/ers-service", "http://fhir.nhs.net/Id/sds-user-id")
        .under(&const { Call::to("A016") }),
    Example::stu3(BOOK).under(&const { Call::to("A016") }),
);

pub(crate) static RULE_87: Rule = rule(
    "ers-rule-87",
    Severity::Error,
    "The update does more than cancel, or concerns another appointment",
    "A034 cancels: the status is cancelled, there is one reason from the list APPOINTMENT-CANCELLATION-REASON, \
     and the id is the one in the path.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").url("/STU3/Appointment/99999") }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034").url("/STU3/Appointment/81220") }),
);

pub(crate) static RULE_88: Rule = rule(
    "ers-rule-88",
    Severity::Warning,
    "The reason is not allowed for this cancellation",
    "For each reason, the list APPOINTMENT-CANCELLATION-REASON says what it is for (usage CANCEL), who may \
     give it (businessFunction) and when it is in use.",
    Example::stu3(CANCEL_APPOINTMENT)
        .edited("PATIENT_HOLIDAY", "CLINIC_CANCELLED")
        .under(&const { Call::to("A034") }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034") }),
);

pub(crate) static RULE_89: Rule = rule(
    "ers-rule-89",
    Severity::Warning,
    "The reason requires a comment",
    "Some reasons in the list APPOINTMENT-CANCELLATION-REASON require a comment (commentIsMandatory).",
    Example::stu3(CANCEL_APPOINTMENT)
        .edited("PATIENT_HOLIDAY", "PATIENT_OTHER_ENGAGEMENT")
        .under(&const { Call::to("A034") }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::to("A034") }),
);
