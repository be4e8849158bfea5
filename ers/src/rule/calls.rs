//! Method, path, query and headers of a call.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &METHOD,
    &ADDRESS,
    &PATH,
    &PATH_PARAMETER,
    &UNKNOWN_PARAMETER,
    &REPEATED_PARAMETER,
    &UNKNOWN_HEADER,
    &UNUSED_HEADER,
    &REPEATED_HEADER,
    &ACCEPT,
    &DEPRECATED,
];

/// A call of A005, as its headers should be.
const READ: Call = Call::to("A005").complete();

pub(crate) static METHOD: Rule = rule(
    "ers-call-method",
    Severity::Error,
    "The operation is called with the wrong method",
    "Each operation has one method: GET to read, POST or PUT to change something, and HEAD for A037.",
    Example::stu3("").under(&const { Call::to("A005").method("POST") }),
    Example::stu3("").under(&const { Call::to("A005").method("GET") }),
);

pub(crate) static ADDRESS: Rule = rule(
    "ers-call-address",
    Severity::Warning,
    "The call does not go to e-RS",
    "Environments are https://sandbox.api.service.nhs.uk, https://int.api.service.nhs.uk and \
     https://api.service.nhs.uk. A host that is almost one of these is a typing mistake, and http is an error. \
     Any other host is taken to be a simulator of the service, which is reported as information.",
    Example::stu3("").under(
        &const {
            Call::to("A005").url("https://apiservice.nhs.uk/referrals/FHIR/STU3/ReferralRequest/000049912345")
        },
    ),
    Example::stu3("").under(
        &const {
            Call::to("A005")
                .url("https://api.service.nhs.uk/referrals/FHIR/STU3/ReferralRequest/000049912345")
        },
    ),
);

pub(crate) static PATH: Rule = rule(
    "ers-call-path",
    Severity::Error,
    "The path is not that of the operation",
    "Below /referrals/FHIR, a path begins with STU3 or R4, depending on the operation. Its spelling must be \
     exact, and case matters.",
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequests/000049912345") }),
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequest/000049912345") }),
);

pub(crate) static PATH_PARAMETER: Rule = rule(
    "ers-call-path-parameter",
    Severity::Error,
    "An id in the path is malformed",
    "A UBRN has twelve digits; versions and the ids of appointments and services are numbers; a file has a \
     UUID; A004 takes the name of a list in capitals. Anything else is answered with 404.",
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequest/0000-4991-2345") }),
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequest/000049912345") }),
);

pub(crate) static UNKNOWN_PARAMETER: Rule = rule(
    "ers-call-unknown-parameter",
    Severity::Information,
    "The operation has no such query parameter",
    "The service ignores parameters that it does not know, so a misspelt one is as good as missing. Case \
     matters.",
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf&count=5") }),
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf") }),
);

pub(crate) static REPEATED_PARAMETER: Rule = rule(
    "ers-call-repeated-parameter",
    Severity::Warning,
    "A query parameter that may occur once is repeated",
    "Only _include may be repeated. It is not documented which of several values the service uses.",
    Example::stu3("")
        .under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf&_query=onBehalfOf") }),
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf") }),
);

pub(crate) static UNKNOWN_HEADER: Rule = rule(
    "ers-call-unknown-header",
    Severity::Warning,
    "The name of a header looks misspelt",
    "A misspelt header is as good as missing. Case does not matter, but every letter and hyphen does.",
    Example::stu3("")
        .under(&const { Call::to("A005").headers(&[("NHSD-eRS-BusinessFunction", "REFERRING_CLINICIAN")]) }),
    Example::stu3("").under(&READ),
);

pub(crate) static UNUSED_HEADER: Rule = rule(
    "ers-call-unused-header",
    Severity::Information,
    "The operation has no use for a header",
    "The header belongs to other operations, or is set by the gateway. It is not documented what the service \
     does with it here.",
    Example::stu3("").under(&const { Call::to("A005").headers(&[("If-Match", "W/\"4\"")]) }),
    Example::stu3("").under(&READ),
);

pub(crate) static REPEATED_HEADER: Rule = rule(
    "ers-call-repeated-header",
    Severity::Warning,
    "A header is repeated with different values",
    "It is not documented which of the values the service uses.",
    Example::stu3("").under(
        &const {
            Call::to("A005").headers(&[
                ("NHSD-End-User-Organisation-ODS", "X26"),
                ("NHSD-End-User-Organisation-ODS", "X27"),
            ])
        },
    ),
    Example::stu3("").under(&READ),
);

pub(crate) static ACCEPT: Rule = rule(
    "ers-call-accept",
    Severity::Warning,
    "The caller does not accept the format of the answer",
    "Operations answer with application/fhir+json, A007, A019 and A043 with application/pdf. If Accept \
     excludes that, the answer is 406.",
    Example::stu3("").under(&const { Call::to("A005").headers(&[("Accept", "application/fhir+xml")]) }),
    Example::stu3("").under(&READ),
);

pub(crate) static DEPRECATED: Rule = rule(
    "ers-call-deprecated",
    Severity::Information,
    "The operation is deprecated",
    "There is a replacement, and the service may remove the operation. `ers-fhir endpoints` shows what to call \
     instead, and `ers-fhir changes` since when it has been deprecated, where that is known.",
    Example::stu3("").under(&const { Call::to("A006") }),
    Example::stu3("").under(&const { Call::to("A042") }),
);
