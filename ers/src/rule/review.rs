//! Review, rejection, triage and cancellation of referrals.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::{Call, Record};
use super::declare::rule;
use crate::example::payloads::{CANCEL_LATER, CANCEL_REFERRAL, REJECT, TASKS, TRIAGE};
use crate::service::Role;

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &RULE_95, &RULE_96, &RULE_97, &RULE_99, &RULE_101, &RULE_102, &RULE_103, &RULE_104, &RULE_106, &RULE_107,
    &RULE_108, &RULE_109, &RULE_111, &RULE_112,
];

pub(crate) static RULE_95: Rule = rule(
    "ers-rule-95",
    Severity::Warning,
    "The reason is not allowed for a rejection",
    "For each reason, the list APPOINTMENT-CANCELLATION-REASON says what it is for (type PROVIDER_REJECT) and \
     when it is in use.",
    Example::stu3(REJECT).edited("FURTHER_INFORMATION_REQUIRED", "PATIENT_HOLIDAY"),
    Example::stu3(REJECT),
);

pub(crate) static RULE_96: Rule = rule(
    "ers-rule-96",
    Severity::Warning,
    "The reason requires comments",
    "Some reasons in the list APPOINTMENT-CANCELLATION-REASON require rejectionComments \
     (commentIsMandatory).",
    Example::stu3(
        r#"{ "resourceType": "Parameters", "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-RejectReferral-Parameters-1"] }, "parameter": [{ "name": "rejectionReason", "valueCoding": { "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON", "code": "PRIORITY_CHANGE" } }] }"#,
    ),
    Example::stu3(REJECT),
);

pub(crate) static RULE_97: Rule = rule(
    "ers-rule-97",
    Severity::Error,
    "The comment on a rejection is empty or too long",
    "rejectionComments has 1 to 2000 characters.",
    Example::stu3(REJECT).filled("Please add the result of the last biopsy.", "x", 2001),
    Example::stu3(REJECT),
);

pub(crate) static RULE_99: Rule = rule(
    "ers-rule-99",
    Severity::Error,
    "The comment on a cancelled appointment is missing or too long",
    "comments is mandatory with A022 and has 1 to 2000 characters.",
    Example::stu3(CANCEL_LATER).filled(
        "The clinic needs a longer appointment; we will contact the patient.",
        "x",
        2001,
    ),
    Example::stu3(CANCEL_LATER),
);

pub(crate) static RULE_101: Rule = rule(
    "ers-rule-101",
    Severity::Error,
    "The outcome cannot be sent",
    "A review ends in RETURN_TO_REFERRER_WITH_ADVICE or ACCEPT_REFER_BOOK_LATER; the other codes of the list \
     occur only in answers.",
    Example::stu3(TRIAGE).edited(r#""ACCEPT_REFER_BOOK_LATER""#, r#""CANCEL_APPOINTMENT_ACTION_LATER""#),
    Example::stu3(TRIAGE),
);

pub(crate) static RULE_102: Rule = rule(
    "ers-rule-102",
    Severity::Error,
    "The comment on a review is missing or too long",
    "reviewComments is mandatory with A028 and has 1 to 2000 characters.",
    Example::stu3(TRIAGE).filled("Accepted for the rapid access clinic.", "x", 2001),
    Example::stu3(TRIAGE),
);

pub(crate) static RULE_103: Rule = rule(
    "ers-rule-103",
    Severity::Warning,
    "An accepted referral is given no priority",
    "ACCEPT_REFER_BOOK_LATER requires reviewPriority (VALUE_IS_REQUIRED).",
    Example::stu3(TRIAGE)
        .edited(
            r#"    {
      "name": "reviewPriority",
      "valueCoding": { "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1", "code": "URGENT" }
    },
"#,
            "",
        )
        .under(&const { Call::to("A028") }),
    Example::stu3(TRIAGE).under(&const { Call::to("A028") }),
);

pub(crate) static RULE_104: Rule = rule(
    "ers-rule-104",
    Severity::Information,
    "A returned referral names a priority",
    "With RETURN_TO_REFERRER_WITH_ADVICE the priority stays the same: leave reviewPriority out, or repeat the \
     current one (PRIORITY_NOT_CURRENT).",
    Example::stu3(TRIAGE).edited(r#""ACCEPT_REFER_BOOK_LATER""#, r#""RETURN_TO_REFERRER_WITH_ADVICE""#),
    Example::stu3(TRIAGE),
);

pub(crate) static RULE_106: Rule = rule(
    "ers-rule-106",
    Severity::Warning,
    "The reason is not allowed for cancelling a referral",
    "For each reason, the list REFERRAL-CANCELLATION-REASON says what it is for (referrerUsage \
     CANCEL_REFERRAL), who may give it (businessFunction) and when it is in use.",
    Example::stu3(CANCEL_REFERRAL)
        .edited("PATIENT_REQUEST_CANCELLATION_OTHER", "TRIAGE_ENDED")
        .under(&const { Call::to("A036").role(Role::ReferringClinician) }),
    Example::stu3(CANCEL_REFERRAL).under(&const { Call::to("A036").role(Role::ReferringClinician) }),
);

pub(crate) static RULE_107: Rule = rule(
    "ers-rule-107",
    Severity::Information,
    "The reason cannot cancel an appointment",
    "While the referral has an appointment at a bookable service, the reason must be one with \
     canCancelAppointment.",
    Example::stu3(CANCEL_REFERRAL)
        .edited("PATIENT_REQUEST_CANCELLATION_OTHER", "STRAIGHT_TO_TEST")
        .under(&const { Call::to("A036").role(Role::ServiceProviderClinician) }),
    Example::stu3(CANCEL_REFERRAL).under(&const { Call::to("A036").role(Role::ServiceProviderClinician) }),
);

pub(crate) static RULE_108: Rule = rule(
    "ers-rule-108",
    Severity::Warning,
    "The reason is not one that a provider gives",
    "A provider gives reasons of the type PROVIDER_TRIAGE while it is triaging the referral, and otherwise of \
     the type PROVIDER or PATIENT.",
    Example::stu3(CANCEL_REFERRAL)
        .edited("PATIENT_REQUEST_CANCELLATION_OTHER", "TRIAGE_ENDED")
        .under(&const { Call::to("A036").role(Role::ServiceProviderClinician).against(Record::Of("A028")) }),
    Example::stu3(CANCEL_REFERRAL)
        .under(&const { Call::to("A036").role(Role::ServiceProviderClinician).against(Record::Of("A028")) }),
);

pub(crate) static RULE_109: Rule = rule(
    "ers-rule-109",
    Severity::Error,
    "The comment on a cancelled referral is missing or too long",
    "Some reasons in the list REFERRAL-CANCELLATION-REASON require cancellationComments (commentIsMandatory), \
     of at most 2000 characters.",
    Example::stu3(CANCEL_REFERRAL)
        .filled("The patient has moved abroad.", "x", 2001)
        .under(&const { Call::to("A036") }),
    Example::stu3(CANCEL_REFERRAL).under(&const { Call::to("A036") }),
);

pub(crate) static RULE_111: Rule = rule(
    "ers-rule-111",
    Severity::Error,
    "The query for actions is malformed",
    "A029 takes focus=ReferralRequest/<UBRN>/_history/<version>, intent=proposal and status=ready, and \
     requires all three. Do not cache the answer.",
    Example::stu3("").under(
        &const {
            Call::to("A029").url("/STU3/Task?focus=ReferralRequest/000049912345&intent=proposal&status=ready")
        },
    ),
    Example::stu3("").under(
        &const {
            Call::to("A029")
                .url("/STU3/Task?focus=ReferralRequest/000049912345/_history/4&intent=proposal&status=ready")
        },
    ),
);

pub(crate) static RULE_112: Rule = rule(
    "ers-rule-112",
    Severity::Warning,
    "The action is not offered to this caller",
    "Referrers are offered CANCEL_DIRECTLY_BOOKED_APPOINTMENT, CANCEL_REFERRAL, CREATE_APPOINTMENT, \
     CHANGE_SHORTLIST and CHANGE_SHORTLIST_AND_SEND_FOR_TRIAGE; providers RECORD_REVIEW_OUTCOME and \
     CANCEL_REFERRAL.",
    Example::stu3(TASKS).under(&const { Call::answer("A029").role(Role::ServiceProviderClinician) }),
    Example::stu3(TASKS).under(&const { Call::answer("A029").role(Role::ReferringClinician) }),
);
