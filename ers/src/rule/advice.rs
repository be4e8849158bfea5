//! Advice and guidance.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{ADVICE_REQUEST, ANSWER_ADVICE, ASK, CONVERT};

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &RULE_121, &RULE_122, &RULE_123, &RULE_124, &RULE_128, &RULE_129, &RULE_130, &RULE_131, &RULE_132,
    &RULE_134, &RULE_135,
];

pub(crate) static RULE_121: Rule = rule(
    "ers-rule-121",
    Severity::Error,
    "Recommendation and outcome disagree",
    "guidanceIntendedRecommendation is given if, and only if, guidanceOutcome is \
     RETURN_TO_REFERRER_WITH_ADVICE.",
    Example::stu3(ANSWER_ADVICE)
        .edited(
            r#"    {
      "name": "guidanceIntendedRecommendation",
      "valueCoding": {
        "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-GuidanceIntendedRecommendation-1",
        "code": "ADVICE_FOLLOWED_BY_REFERRAL_IF_REQUIRED"
      }
    },
"#,
            "",
        )
        .under(&const { Call::to("A026") }),
    Example::stu3(ANSWER_ADVICE).under(&const { Call::to("A026") }),
);

pub(crate) static RULE_122: Rule = rule(
    "ers-rule-122",
    Severity::Error,
    "The priority is missing",
    "An answer gives updatedPriority, changed or not.",
    Example::stu3(ANSWER_ADVICE)
        .edited(
            r#"    {
      "name": "updatedPriority",
      "valueCoding": { "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1", "code": "ROUTINE" }
    },
"#,
            "",
        )
        .under(&const { Call::to("A026") }),
    Example::stu3(ANSWER_ADVICE).under(&const { Call::to("A026") }),
);

pub(crate) static RULE_123: Rule = rule(
    "ers-rule-123",
    Severity::Error,
    "The text is empty or too long",
    "A question (request) and advice (guidance) have 1 to 8000 characters.",
    Example::stu3(ASK).filled("Is a patch test worthwhile before the rash has settled?", "x", 8001),
    Example::stu3(ASK),
);

pub(crate) static RULE_124: Rule = rule(
    "ers-rule-124",
    Severity::Warning,
    "The advice holds markup",
    "The only markup in advice is <a href=\"…\" target=\"_blank\">…</a>. Sanitise advice before you display \
     it.",
    Example::stu3(ANSWER_ADVICE).edited("Continue the emollient;", "Continue the <b>emollient</b>;"),
    Example::stu3(ANSWER_ADVICE),
);

pub(crate) static RULE_128: Rule = rule(
    "ers-rule-128",
    Severity::Error,
    "The reference to the request to convert is malformed",
    "createFrom is CommunicationRequest/<UBRN>/_history/<version>, in the latest version (409 \
     otherwise).",
    Example::stu3(CONVERT).edited("/_history/2", ""),
    Example::stu3(CONVERT),
);

pub(crate) static RULE_129: Rule = rule(
    "ers-rule-129",
    Severity::Warning,
    "The comment on a conversion is too long",
    "reviewComments has 1 to 2000 characters.",
    Example::stu3(CONVERT).filled("Converted: lesion needs dermoscopy.", "x", 2001),
    Example::stu3(CONVERT),
);

pub(crate) static RULE_130: Rule = rule(
    "ers-rule-130",
    Severity::Error,
    "The query for the conversation is malformed",
    "A025 takes based-on=CommunicationRequest/<UBRN>/_history/<version>, in the latest version, and only three \
     values of _include. Without _include (reported as information) the service chooses what to include, and \
     may choose differently in future.",
    Example::stu3("").under(
        &const { Call::to("A025").url("/STU3/Communication?based-on=CommunicationRequest/000049954321&_include=Communication:content-reference:DocumentReference") },
    ),
    Example::stu3("").under(
        &const {
            Call::to("A025").url("/STU3/Communication?based-on=CommunicationRequest/000049954321/_history/2&_include=Communication:content-reference:DocumentReference")
        },
    ),
);

pub(crate) static RULE_131: Rule = rule(
    "ers-rule-131",
    Severity::Warning,
    "Status, category and recipient disagree",
    "A request is active while somebody still has to act, and completed or cancelled once the conversation has \
     ended. A message from the referrer goes to a service, and one from the provider to an organisation.",
    Example::stu3(ADVICE_REQUEST).edited(
        r#""status": "active",
  "category""#,
        r#""status": "completed",
  "category""#,
    ),
    Example::stu3(ADVICE_REQUEST),
);

pub(crate) static RULE_132: Rule = rule(
    "ers-rule-132",
    Severity::Error,
    "The right to convert is not decided",
    "A question states in providerConversionAuthorisation whether the provider may convert it into a referral.",
    Example::stu3(ASK)
        .edited(
            r#"    {
      "name": "providerConversionAuthorisation",
      "valueCoding": {
        "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ProviderConversionAuthorisation-1",
        "code": "AUTHORISED_TO_CONVERT"
      }
    },
"#,
            "",
        )
        .under(&const { Call::to("A044") }),
    Example::stu3(ASK).under(&const { Call::to("A044") }),
);

pub(crate) static RULE_134: Rule =
    rule(
        "ers-rule-134",
        Severity::Error,
        "The query for the UBRN is malformed",
        "A041 takes identifier=<UBRN>, optionally with https://fhir.nhs.uk/Id/UBRN| in front, the bar written \
         as %7C.",
        Example::stu3("").under(&const { Call::to("A041").url("/R4/ServiceRequest?identifier=49912345") }),
        Example::stu3("").under(
            &const {
                Call::to("A041")
                    .url("/R4/ServiceRequest?identifier=https://fhir.nhs.uk/Id/UBRN%7C000049912345")
            },
        ),
    );

pub(crate) static RULE_135: Rule = rule(
    "ers-rule-135",
    Severity::Error,
    "The query of A040 has no name",
    "A040 takes _query=onBehalfOf, from a SERVICE_PROVIDER_CLINICIAN_ADMIN.",
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner") }),
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf") }),
);
