//! Rules that hold for every payload.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{ADVICE_REQUEST, CREATE};

/// The service on the shortlist of an advice request.
const SERVICE: &str = r#"        {
          "item": {
            "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" },
            "display": "Leeds North Dermatology"
          }
        }"#;

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &RULE_136,
    &RULE_137,
    &RULE_138,
    &RULE_139,
    &RULE_140,
    &RULE_141,
    &RULE_142,
    &RULE_143,
    &OTHER_OPERATION,
];

pub(crate) static RULE_136: Rule = rule(
    "ers-rule-136",
    Severity::Warning,
    "The answer holds more than the service sends",
    "A shortlist has at most twenty services, a referral at most three additional requirements, and an \
     attachment two to four extensions.",
    Example::stu3(ADVICE_REQUEST)
        .edited(
            SERVICE,
            r#"{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } } },
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
          { "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20437" } } }"#,
        )
        .under(&const { Call::answer("A024") }),
    Example::stu3(ADVICE_REQUEST).under(&const { Call::answer("A024") }),
);

pub(crate) static RULE_137: Rule = rule(
    "ers-rule-137",
    Severity::Information,
    "e-RS refuses elements that it does not know",
    "Unknown parameters and elements are answered with 422 UNEXPECTED_FIELD. The finding at the same place \
     names them.",
    Example::stu3(CREATE)
        .edited(r#""name": "patient""#, r#""name": "patients""#)
        .under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_138: Rule = rule(
    "ers-rule-138",
    Severity::Information,
    "e-RS refuses an array or an object in the wrong place",
    "An array instead of a single value, or the other way round, is answered with 422 INVALID_FHIR_STRUCTURE. \
     Only participant.type is an object where FHIR has an array.",
    Example::stu3(CREATE)
        .edited(r#""valueUnsignedInt": 7"#, r#""valueUnsignedInt": [7]"#)
        .under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_139: Rule = rule(
    "ers-rule-139",
    Severity::Information,
    "e-RS refuses values of the wrong type or format",
    "Values of the wrong type or format are answered with 422 INVALID_VALUE. The finding at the same place \
     says what is expected. Instants without a time have been refused since January 2025, and those without a \
     time zone are announced to be.",
    Example::stu3(CREATE)
        .edited(r#""valueUnsignedInt": 7"#, r#""valueUnsignedInt": "seven""#)
        .under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_140: Rule = rule(
    "ers-rule-140",
    Severity::Warning,
    "The code is not in its list",
    "Codes outside their list are answered with 422 INVALID_CODE. The packages hold a snapshot of the lists \
     that the service changes (A004): a code that is missing there may be newer. Pass the newer list with \
     --ig.",
    Example::stu3(CREATE).edited(r#""DERMATOLOGY""#, r#""DERMATOLOGIE""#).under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_141: Rule = rule(
    "ers-rule-141",
    Severity::Information,
    "e-RS requires a value that is missing",
    "A missing mandatory element is answered with 422 MISSING_VALUE. The finding at the same place names it.",
    Example::stu3(CREATE)
        .edited(
            r#""firstReminderLetterFollowUpDays", "valueUnsignedInt": 7"#,
            r#""firstReminderLetterFollowUpDays""#,
        )
        .under(&const { Call::to("A011") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);

pub(crate) static RULE_142: Rule = rule(
    "ers-rule-142",
    Severity::Warning,
    "The shortlist does not refer to its search criteria",
    "A shortlist contains the search criteria with which its services were found, and refers to them by #id in \
     Extension-eRS-Shortlist-SearchCriteria-1.",
    Example::stu3(CREATE).edited(r##""#searchCriteria""##, r##""#criteria""##),
    Example::stu3(CREATE),
);

pub(crate) static RULE_143: Rule = rule(
    "ers-rule-143",
    Severity::Error,
    "The code comes from the wrong list of reference data",
    "A code from reference data has the system <address of the service>/STU3/CodeSystem/<NAME>, where NAME is \
     the list that the element takes.",
    Example::stu3(CREATE).edited("/CodeSystem/SPECIALTY", "/CodeSystem/PRIORITY"),
    Example::stu3(CREATE),
);

/// A body that belongs to another operation.
pub(crate) static OTHER_OPERATION: Rule = rule(
    "ers-other-operation",
    Severity::Error,
    "The payload is the body of another operation",
    "The profile that a request declares, or its parameters, show which operation it is written for. If \
     another operation is called, the other findings follow from that: call the operation that the body is \
     for, or send the body that the operation takes.",
    Example::stu3(CREATE).under(&const { Call::to("A036") }),
    Example::stu3(CREATE).under(&const { Call::to("A011") }),
);
