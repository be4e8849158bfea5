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
    "The operation is called with another method",
    "Each operation has one method: reads GET, what changes something POST or PUT, and A037 HEAD.",
    Example::stu3("").under(&const { Call::to("A005").method("POST") }),
    Example::stu3("").under(&const { Call::to("A005").method("GET") }),
);

pub(crate) static ADDRESS: Rule = rule(
    "ers-call-address",
    Severity::Warning,
    "The call goes elsewhere than to e-RS",
    "Environments are https://sandbox.api.service.nhs.uk, https://int.api.service.nhs.uk and \
     https://api.service.nhs.uk. A name that is almost one of these is a slip; http is an error; any other host is \
     taken for a simulator of the service, which is information.",
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
    "Below /referrals/FHIR a path begins with STU3 or R4, as the operation has it, and is spelt exactly, \
     capitals included.",
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequests/000049912345") }),
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequest/000049912345") }),
);

pub(crate) static PATH_PARAMETER: Rule = rule(
    "ers-call-path-parameter",
    Severity::Error,
    "An id in the path has not the form of one",
    "A UBRN has twelve digits, a version is a number, and so are the ids of appointments and services; a \
     file has a UUID, and A004 takes the name of a list in capitals. Anything else is answered with 404.",
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequest/0000-4991-2345") }),
    Example::stu3("").under(&const { Call::to("A005").url("/STU3/ReferralRequest/000049912345") }),
);

pub(crate) static UNKNOWN_PARAMETER: Rule = rule(
    "ers-call-unknown-parameter",
    Severity::Information,
    "The operation has no such query parameter",
    "The service passes over what it does not know, so a misspelt parameter is as good as missing. \
     Capitals count.",
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf&count=5") }),
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf") }),
);

pub(crate) static REPEATED_PARAMETER: Rule = rule(
    "ers-call-repeated-parameter",
    Severity::Warning,
    "A query parameter that is read once is there several times",
    "Only _include may be repeated. Which of several values the service takes is not described.",
    Example::stu3("")
        .under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf&_query=onBehalfOf") }),
    Example::stu3("").under(&const { Call::to("A040").url("/R4/Practitioner?_query=onBehalfOf") }),
);

pub(crate) static UNKNOWN_HEADER: Rule = rule(
    "ers-call-unknown-header",
    Severity::Warning,
    "A header is almost one of the service",
    "A misspelt header is as good as missing. Its name may be in any case, but each letter and hyphen \
     counts.",
    Example::stu3("")
        .under(&const { Call::to("A005").headers(&[("NHSD-eRS-BusinessFunction", "REFERRING_CLINICIAN")]) }),
    Example::stu3("").under(&READ),
);

pub(crate) static UNUSED_HEADER: Rule = rule(
    "ers-call-unused-header",
    Severity::Information,
    "The operation has no use for a header",
    "The header belongs to other operations, or is one that the gateway sets. Nothing says what the service \
     makes of it here.",
    Example::stu3("").under(&const { Call::to("A005").headers(&[("If-Match", "W/\"4\"")]) }),
    Example::stu3("").under(&READ),
);

pub(crate) static REPEATED_HEADER: Rule = rule(
    "ers-call-repeated-header",
    Severity::Warning,
    "A header is there several times, with different values",
    "Which of the values the service takes is not described.",
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
    "The caller does not accept what the operation answers with",
    "Operations answer with application/fhir+json, A007, A019 and A043 with application/pdf. Where Accept \
     excludes that, the answer is 406.",
    Example::stu3("").under(&const { Call::to("A005").headers(&[("Accept", "application/fhir+xml")]) }),
    Example::stu3("").under(&READ),
);

pub(crate) static DEPRECATED: Rule = rule(
    "ers-call-deprecated",
    Severity::Information,
    "The operation is deprecated",
    "Something else is there for it, and the service may take it away: `ers-fhir endpoints` says what to call instead, \
     and `ers-fhir changes` since when, where that is known.",
    Example::stu3("").under(&const { Call::to("A006") }),
    Example::stu3("").under(&const { Call::to("A042") }),
);
