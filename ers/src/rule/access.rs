//! Who may call what, and with which headers.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{CREATE, WORKLIST};
use crate::service::{Access, Role};

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &RULE_01, &RULE_02, &RULE_03, &RULE_04, &RULE_06, &RULE_07, &RULE_08, &RULE_12, &RULE_13, &RULE_17,
    &RULE_18, &RULE_19, &NO_BODY,
];

pub(crate) static RULE_01: Rule = rule(
    "ers-rule-01",
    Severity::Error,
    "The headers of a user are missing",
    "A call for a user names the organisation they work for and their business function, in \
     NHSD-End-User-Organisation-ODS and NHSD-eRS-Business-Function. Without the first the gateway answers 400 \
     MISSING_HEADER, without the second 403.",
    Example::stu3(CREATE).under(&const { Call::to("A011").without(&["NHSD-End-User-Organisation-ODS"]) }),
    Example::stu3(CREATE).under(&const { Call::to("A011").complete() }),
);

pub(crate) static RULE_02: Rule = rule(
    "ers-rule-02",
    Severity::Error,
    "An application sends the headers of a user",
    "The gateway already knows the organisation and function of an application. It answers 403 to \
     NHSD-End-User-Organisation-ODS, NHSD-eRS-Business-Function and NHSD-eRS-On-Behalf-Of-User-ID, and to the \
     headers that it sets inside the service: x-ers-ods-code, x-ers-business-function and x-ers-user-id.",
    Example::stu3("").under(
        &const {
            Call::to("A005").access(Access::Application).headers(&[("NHSD-End-User-Organisation-ODS", "X26")])
        },
    ),
    Example::stu3("").under(&const { Call::to("A005").access(Access::Application) }),
);

pub(crate) static RULE_03: Rule = rule(
    "ers-rule-03",
    Severity::Error,
    "A provider's admin does not name the clinician",
    "A SERVICE_PROVIDER_CLINICIAN_ADMIN acts for one clinician in each call and names them in \
     NHSD-eRS-On-Behalf-Of-User-ID, an SDS user id of twelve digits that A040 lists. Otherwise the \
     answer is 403.",
    Example::stu3("").under(
        &const {
            Call::to("A005")
                .role(Role::ServiceProviderClinicianAdmin)
                .without(&["NHSD-eRS-On-Behalf-Of-User-ID"])
        },
    ),
    Example::stu3("").under(&const { Call::to("A005").role(Role::ServiceProviderClinicianAdmin).complete() }),
);

pub(crate) static RULE_04: Rule = rule(
    "ers-rule-04",
    Severity::Error,
    "The caller acts on behalf of a clinician, but is not a provider's admin",
    "Only a SERVICE_PROVIDER_CLINICIAN_ADMIN may send NHSD-eRS-On-Behalf-Of-User-ID; anybody else gets 403.",
    Example::stu3(CREATE)
        .under(&const { Call::to("A011").headers(&[("NHSD-eRS-On-Behalf-Of-User-ID", "555000111222")]) }),
    Example::stu3(CREATE).under(&const { Call::to("A011").complete() }),
);

pub(crate) static RULE_06: Rule = rule(
    "ers-rule-06",
    Severity::Error,
    "The operation is not open to this business function",
    "Each operation is open to some business functions, which `ers-fhir endpoints` lists; the others get \
     403.",
    Example::stu3(CREATE).under(&const { Call::to("A011").role(Role::ServiceProviderClinician) }),
    Example::stu3(CREATE).under(&const { Call::to("A011").role(Role::ReferringClinician) }),
);

pub(crate) static RULE_07: Rule = rule(
    "ers-rule-07",
    Severity::Error,
    "A user claims the function of an application",
    "PROVIDER_AUTHORISED_APPLICATION and the like are set by the gateway for applications. A user who sends \
     one gets 403.",
    Example::stu3("").under(&const { Call::to("A005").role(Role::ProviderAuthorisedApplication) }),
    Example::stu3("").under(&const { Call::to("A005").role(Role::ReferringClinician) }),
);

pub(crate) static RULE_08: Rule = rule(
    "ers-rule-08",
    Severity::Error,
    "The operation is not open to applications",
    "Applications may read, and in a few cases write; `ers-fhir endpoints` shows which operations they may \
     call. The others answer 403.",
    Example::stu3(CREATE).under(&const { Call::to("A011").access(Access::Application) }),
    Example::stu3(CREATE).under(&const { Call::to("A011").access(Access::User) }),
);

pub(crate) static RULE_12: Rule = rule(
    "ers-rule-12",
    Severity::Error,
    "The worklist is not available to this caller",
    "Referrers and providers have different lists; applications see those of providers. A request for any \
     other list is answered with 403 or 422.",
    Example::stu3(WORKLIST).under(&const { Call::to("A008").role(Role::ReferringClinician) }),
    Example::stu3(WORKLIST).under(&const { Call::to("A008").role(Role::ServiceProviderClinician) }),
);

pub(crate) static RULE_13: Rule = rule(
    "ers-rule-13",
    Severity::Error,
    "The version that the change starts from is missing",
    "A change names the version it starts from: If-Match is W/\"…\" around the meta.versionId that was last \
     read. Without it the answer is 412.",
    Example::stu3("")
        .under(&const { Call::to("A013").role(Role::ServiceProviderClinician).without(&["If-Match"]) }),
    Example::stu3("").under(&const { Call::to("A013").role(Role::ServiceProviderClinician).complete() }),
);

pub(crate) static RULE_17: Rule = rule(
    "ers-rule-17",
    Severity::Error,
    "The token is not a bearer token",
    "Outside the sandbox, Authorization holds the word Bearer and an access token, either of an application or \
     of a user at level AAL2 or AAL3. Otherwise the answer is 401.",
    Example::stu3("").under(&const { Call::to("A005").headers(&[("Authorization", "Basic YTpi")]) }),
    Example::stu3("").under(&const { Call::to("A005").complete() }),
);

pub(crate) static RULE_18: Rule = rule(
    "ers-rule-18",
    Severity::Error,
    "The body is not declared as FHIR JSON",
    "Content-Type is application/fhir+json wherever a resource is sent; otherwise the answer is 415.",
    Example::stu3(CREATE).under(&const { Call::to("A011").headers(&[("Content-Type", "application/json")]) }),
    Example::stu3(CREATE).under(&const { Call::to("A011").complete() }),
);

pub(crate) static RULE_19: Rule = rule(
    "ers-rule-19",
    Severity::Information,
    "The correlation id is empty",
    "X-Correlation-ID is optional and is returned as it was sent. A value of your own, unique or not, helps \
     you and the service to find the call again.",
    Example::stu3("").under(&const { Call::to("A005").headers(&[("X-Correlation-ID", "")]) }),
    Example::stu3("").under(&const { Call::to("A005").complete() }),
);

/// A payload where none belongs.
pub(crate) static NO_BODY: Rule = rule(
    "ers-no-body",
    Severity::Error,
    "The operation carries no payload in this direction",
    "Some requests consist of path and query alone, and some answers are a file or only headers. `ers-fhir \
     endpoints` shows what each carries.",
    Example::stu3("{}").under(&const { Call::to("A013") }),
    Example::stu3("").under(&const { Call::to("A013") }),
);
