//! Search criteria and shortlists.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{CREATE, CREATE_FOR_TRIAGE, SEARCH};

/// The service on a shortlist of one, and one more than there may be.
const ONE: &str =
    r#"{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } } }"#;
const TWO: &str = r#"{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20583" } } }"#;
const TWICE: &str = r#"{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } } }"#;
/// The same in a triage request.
const ALONE: &str =
    r#"{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "31006" } } }"#;
const TOO_MANY: &str = r#"{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20418" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20419" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20420" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20421" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20422" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20423" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20424" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20425" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20426" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20427" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20428" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20429" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20430" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20431" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20432" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20433" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20434" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20435" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20436" } } },
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20437" } } }"#;

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &RULE_30, &RULE_31, &RULE_32, &RULE_33, &RULE_34, &RULE_35, &RULE_36, &RULE_39, &RULE_40, &RULE_41,
    &RULE_42, &RULE_47, &RULE_49, &RULE_50, &RULE_51, &RULE_54,
];

pub(crate) static RULE_30: Rule = rule(
    "ers-rule-30",
    Severity::Warning,
    "A distance limit is given without a postcode",
    "distanceLimit is measured from postcode, and is refused without it (FIELD_NOT_PERMITTED).",
    Example::stu3(SEARCH).edited(r#"{ "name": "postcode", "valueString": "LS1 4AP" },"#, ""),
    Example::stu3(SEARCH),
);

pub(crate) static RULE_31: Rule = rule(
    "ers-rule-31",
    Severity::Warning,
    "The wait is limited for a two week wait",
    "With the priority TWO_WEEK_WAIT there is no indicativeAppointmentWaitTimeLimit: the priority is \
     the limit.",
    Example::stu3(SEARCH).edited(r#""valueCoding": { "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1", "code": "ROUTINE" }
          },"#, r#""valueCoding": { "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1", "code": "TWO_WEEK_WAIT" }
          },
          { "name": "indicativeAppointmentWaitTimeLimit", "valueUnsignedInt": 30 },"#),
    Example::stu3(SEARCH),
);

pub(crate) static RULE_32: Rule = rule(
    "ers-rule-32",
    Severity::Warning,
    "A clinic type is given without its specialty",
    "clinicType narrows a specialty and is refused without one.",
    Example::stu3(SEARCH)
        .edited(
            r#"            "name": "specialty",
            "valueCoding": {
              "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY",
              "code": "DERMATOLOGY"
            }"#,
            r#"            "name": "namedClinician",
            "valueIdentifier": { "system": "http://fhir.nhs.net/Id/sds-user-id", "value": "555000333444" }"#,
        )
        .under(&const { Call::to("A010") }),
    Example::stu3(SEARCH).under(&const { Call::to("A010") }),
);

pub(crate) static RULE_33: Rule = rule(
    "ers-rule-33",
    Severity::Warning,
    "The search says too little",
    "A search needs a specialty with a clinic type, or a clinical term, or a named clinician.",
    Example::stu3(SEARCH)
        .edited(
            r#"          {
            "name": "clinicType",
            "valueCoding": {
              "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ClinicType-1",
              "code": "ECZEMA_AND_DERMATITIS"
            }
          },
"#,
            "",
        )
        .under(&const { Call::to("A010") }),
    Example::stu3(SEARCH).under(&const { Call::to("A010") }),
);

pub(crate) static RULE_34: Rule = rule(
    "ers-rule-34",
    Severity::Warning,
    "The clinic type does not belong to the specialty",
    "The list of clinic types (A004) says which specialties each belongs to, and when it is in use. The \
     packages hold a snapshot of that list; pass a newer one with --ig.",
    Example::stu3(CREATE).edited(r#""ECZEMA_AND_DERMATITIS""#, r#""2WW_BONE""#),
    Example::stu3(CREATE),
);

pub(crate) static RULE_35: Rule = rule(
    "ers-rule-35",
    Severity::Information,
    "The criterion has no effect",
    "commissioningProvisioning is ignored in a request: the search is for all services that can be booked. \
     Leave it out.",
    Example::stu3(CREATE).edited(r#"{ "name": "postcode", "valueString": "LS1 4AP" },"#, r#"{ "name": "postcode", "valueString": "LS1 4AP" },
              { "name": "commissioningProvisioning", "valueCoding": { "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-CommissioningProvisioning-1", "code": "ALL_AVAILABLE_FOR_BOOKING" } },"#),
    Example::stu3(CREATE),
);

pub(crate) static RULE_36: Rule = rule(
    "ers-rule-36",
    Severity::Error,
    "The search is by place",
    "Search by place is no longer possible: the criterion place is answered with UNEXPECTED_FIELD.",
    Example::stu3(CREATE).edited(
        r#"{ "name": "postcode", "valueString": "LS1 4AP" },"#,
        r#"{ "name": "place", "valueString": "Leeds" },
              { "name": "postcode", "valueString": "LS1 4AP" },"#,
    ),
    Example::stu3(CREATE),
);

pub(crate) static RULE_39: Rule = rule(
    "ers-rule-39",
    Severity::Error,
    "A search for advice names a commissioning rule organisation",
    "commissioningRuleOrganisation is for referrals. With requestType ADVICE_AND_GUIDANCE_REQUEST it is \
     refused.",
    Example::stu3(SEARCH).edited("APPOINTMENT_REQUEST", "ADVICE_AND_GUIDANCE_REQUEST"),
    Example::stu3(SEARCH),
);

pub(crate) static RULE_40: Rule = rule(
    "ers-rule-40",
    Severity::Error,
    "The shortlist has no service, or too many",
    "A shortlist to choose from has one to twenty services (TOO_MANY_ITEMS).",
    Example::stu3(CREATE).edited(ONE, TOO_MANY).under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_41: Rule = rule(
    "ers-rule-41",
    Severity::Error,
    "The shortlist holds more than one service",
    "For triage (A021, A032) and for advice (A044) the shortlist holds exactly one service.",
    Example::stu3(CREATE_FOR_TRIAGE).edited(ALONE, TWO).under(&const { Call::to("A021") }),
    Example::stu3(CREATE_FOR_TRIAGE).under(&const { Call::to("A021") }),
);

pub(crate) static RULE_42: Rule = rule(
    "ers-rule-42",
    Severity::Error,
    "A service is on the shortlist twice",
    "Each service id occurs at most once on a shortlist (DUPLICATE_SERVICE).",
    Example::stu3(CREATE).edited(ONE, TWICE).under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_47: Rule = rule(
    "ers-rule-47",
    Severity::Information,
    "An urgent request has a single service",
    "If the one service of the shortlist is a triage service, no appointment can be booked until it has \
     answered. For urgent requests, offer services that can be booked directly.",
    Example::stu3(CREATE).edited(r#""ROUTINE""#, r#""URGENT""#).under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_49: Rule = rule(
    "ers-rule-49",
    Severity::Error,
    "A triage request says that no letter will follow",
    "With A021 the letter is always to follow: intentionToAddReferralLetter is NEED_TO_ADD_LATER.",
    Example::stu3(CREATE_FOR_TRIAGE).edited("NEED_TO_ADD_LATER", "NOT_INTENDING_TO_ADD"),
    Example::stu3(CREATE_FOR_TRIAGE),
);

pub(crate) static RULE_50: Rule = rule(
    "ers-rule-50",
    Severity::Error,
    "A triage request asks for a reminder",
    "With A021 and A032 firstReminderLetterFollowUpDays is 0.",
    Example::stu3(CREATE_FOR_TRIAGE).edited(r#""valueUnsignedInt": 0"#, r#""valueUnsignedInt": 7"#),
    Example::stu3(CREATE_FOR_TRIAGE),
);

pub(crate) static RULE_51: Rule = rule(
    "ers-rule-51",
    Severity::Error,
    "The pathway does not start within the past year",
    "eReferralPathwayStart must lie before the call, and at most 365 days before it. A later start is an \
     error, an earlier one only a warning, since payloads are kept and checked again later. The service \
     answers INAPPROPRIATE_VALUE to either. `--now` sets the time that it is compared with.",
    Example::stu3(CREATE)
        .edited(
            r#""valueUnsignedInt": 7 }"#,
            r#""valueUnsignedInt": 7 },
    { "name": "eReferralPathwayStart", "valueInstant": "2099-03-20T09:00:00Z" }"#,
        )
        .under(&const { Call::to("A011") }),
    Example::stu3(CREATE)
        .edited(
            r#""valueUnsignedInt": 7 }"#,
            r#""valueUnsignedInt": 7 },
    { "name": "eReferralPathwayStart", "valueInstant": "2026-02-20T09:00:00Z" }"#,
        )
        .under(&const { Call::to("A011") })
        .at("2026-03-01T09:30:00Z"),
);

pub(crate) static RULE_54: Rule = rule(
    "ers-rule-54",
    Severity::Error,
    "The ids of the services are malformed",
    "_id holds one to twenty numeric service ids, separated by commas (400 REC_BAD_REQUEST).",
    Example::stu3("").under(&const { Call::to("A035").url("/R4/HealthcareService?_id=20417,abc") }),
    Example::stu3("").under(&const { Call::to("A035").url("/R4/HealthcareService?_id=20417,20583") }),
);
