//! What the service answers, against what it was asked.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{
    ADVICE_REQUEST, CANCEL_APPOINTMENT, LETTERS_OUTSTANDING, REFERRER_LIST, REJECTED, SLOTS, TASKS,
};
use crate::service::Role;

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &STATUS,
    &BODY,
    &GATEWAY,
    &HEADER,
    &VERSION,
    &CODE,
    &RECORD,
    &PAGE,
    &PARTS,
    &STATE,
    &LIST,
    &RELEASE,
    &NOT_CHECKED,
];

const REFUSED: &str = r#"{
  "resourceType": "OperationOutcome",
  "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-OperationOutcome-1"] },
  "issue": [
    {
      "severity": "error",
      "code": "business-rule",
      "details": {
        "coding": [
          { "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1", "code": "NO_RELATIONSHIP" }
        ]
      }
    }
  ]
}"#;

pub(crate) static STATUS: Rule = rule(
    "ers-answer-status",
    Severity::Warning,
    "The operation is not described to answer with this status",
    "`ers-fhir endpoints` lists the statuses of each operation. One of success that is not that of the \
     operation is an error; other failures may come from what stands between.",
    Example::stu3("").under(&const { Call::answer("A020").status(200) }),
    Example::stu3("").under(&const { Call::answer("A020").status(201) }),
);

pub(crate) static BODY: Rule = rule(
    "ers-answer-body",
    Severity::Error,
    "Body and status of the answer do not go together",
    "A call that succeeds is answered with what it asked for, one that fails with an OperationOutcome or \
     without a body.",
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(200) }),
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(422) }),
);

pub(crate) static GATEWAY: Rule = rule(
    "ers-answer-gateway",
    Severity::Information,
    "The answer is not from e-RS",
    "What stands before e-RS, the gateway of the NHS, a firewall or a proxy of one's own, answers in HTML, in plain \
     text or in JSON of its own when a call does not get through. That is no mistake of the caller's, but a client has to \
     be ready for it: there is no OperationOutcome to read. A redirection is a warning. Nothing else of such an answer \
     is checked.",
    Example::stu3("<html><body><h1>503 Service Unavailable</h1></body></html>")
        .under(&const { Call::answer("A005").status(503) }),
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(422) }),
);

pub(crate) static HEADER: Rule = rule(
    "ers-answer-header",
    Severity::Warning,
    "A header of the answer is missing, or not what it should be",
    "Answers carry X-Request-ID; those that change a record, or read one, mostly the version in ETag; an \
     upload the id of the file in Location. X-Correlation-ID comes back as it was sent.",
    Example::stu3("")
        .under(&const { Call::answer("A020").status(201).answer_headers(&[("X-Request-ID", "a-1")]) }),
    Example::stu3("").under(
        &const {
            Call::answer("A020").status(201).answer_headers(&[
                ("X-Request-ID", "a-1"),
                ("Location", "Binary/9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11"),
            ])
        },
    ),
);

pub(crate) static VERSION: Rule = rule(
    "ers-answer-version",
    Severity::Error,
    "ETag and meta.versionId differ",
    "The version in ETag is that of the record in the body. A change that starts from another one is \
     refused with 409. In the sandbox the two differ now and then, which is information, and a warning where it is \
     not known which environment answered.",
    Example::stu3(ADVICE_REQUEST).under(
        &const {
            Call::answer("A024").status(200).answer_headers(&[
                ("X-Request-ID", "a-1"),
                ("Content-Type", "application/fhir+json"),
                ("ETag", "W/\"3\""),
                ("X-Correlation-ID", "11d46f5f-cdef-4865-94b2-0ee0edcc26da"),
            ])
        },
    ),
    Example::stu3(ADVICE_REQUEST).under(
        &const {
            Call::answer("A024").status(200).answer_headers(&[
                ("X-Request-ID", "a-1"),
                ("Content-Type", "application/fhir+json"),
                ("ETag", "W/\"2\""),
            ])
        },
    ),
);

pub(crate) static CODE: Rule = rule(
    "ers-answer-code",
    Severity::Warning,
    "The operation is not described to answer with this error code",
    "Each operation has its error codes for each status; `ers-fhir explain 422 NO_RELATIONSHIP` says what \
     one means. Codes that are described nowhere may be new, or come from a simulator.",
    Example::stu3(REFUSED)
        .edited("NO_RELATIONSHIP", "SLOT_NOT_AVAILABLE")
        .under(&const { Call::answer("A005").status(422) }),
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(422) }),
);

pub(crate) static RECORD: Rule = rule(
    "ers-answer-record",
    Severity::Error,
    "The answer is about another record than was asked for",
    "The id in the answer is the one in the path, the version the one that was asked for, and the focus of \
     a Task the referral in the query.",
    Example::stu3(ADVICE_REQUEST)
        .under(&const { Call::answer("A024").url("/STU3/CommunicationRequest/000049954322") }),
    Example::stu3(ADVICE_REQUEST)
        .under(&const { Call::answer("A024").url("/STU3/CommunicationRequest/000049954321") }),
);

pub(crate) static PAGE: Rule = rule(
    "ers-answer-page",
    Severity::Warning,
    "The page is not the one that was asked for",
    "The link to the answer itself repeats the query; a page has no more than _count slots, and links to \
     those before and after it where there are any.",
    Example::stu3(TASKS).edited("intent=proposal", "intent=order").under(
        &const {
            Call::answer("A029")
                .url("/STU3/Task?focus=ReferralRequest/000049912345/_history/4&intent=proposal&status=ready")
        },
    ),
    Example::stu3(TASKS).under(
        &const {
            Call::answer("A029")
                .url("/STU3/Task?focus=ReferralRequest/000049912345/_history/4&intent=proposal&status=ready")
        },
    ),
);

pub(crate) static PARTS: Rule = rule(
    "ers-answer-parts",
    Severity::Warning,
    "Parts of the answer do not go together",
    "The appointment in the answer of A036 is one that the call has cancelled. Slots are in UTC, and of a \
     schedule that comes with them and has the id of its service, or that and the clinician's. A referral has a specialty unless it is \
     not booked, which is information: no more than the examples of the service say so.",
    Example::stu3(SLOTS)
        .edited("2026-04-14T09:30:00.000Z", "2026-04-14T10:30:00.000+01:00")
        .under(&const { Call::answer("A015") }),
    Example::stu3(SLOTS).under(&const { Call::answer("A015") }),
);

pub(crate) static STATE: Rule = rule(
    "ers-answer-state",
    Severity::Warning,
    "The answer is in another state than the operation leads to",
    "What is so after an operation is on its page of `ers-fhir docs`: A014 leaves a referral REJECTED, and its appointment \
     cancelled. An appointment that was cancelled has neither slot nor times. Descriptions and examples of the service \
     say so, not its schemas.",
    Example::stu3(CANCEL_APPOINTMENT)
        .edited(
            r#""description""#,
            r#""slot": [{ "reference": "Slot/4410027" }],
  "description""#,
        )
        .under(&const { Call::answer("A034") }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::answer("A034") }),
);

pub(crate) static LIST: Rule = rule(
    "ers-answer-list",
    Severity::Warning,
    "A row is not one of the list",
    "All rows of a worklist are of the list that was asked for, which their extension tells. A008 lists referrals, \
     A023 advice requests.",
    Example::stu3(REJECTED)
        .under(&const { Call::answer("A008").role(Role::ReferringClinician).asked(REFERRER_LIST) }),
    Example::stu3(LETTERS_OUTSTANDING)
        .under(&const { Call::answer("A008").role(Role::ReferringClinician).asked(REFERRER_LIST) }),
);

pub(crate) static RELEASE: Rule = rule(
    "ers-answer-release",
    Severity::Error,
    "The OperationOutcome is one of the other release",
    "STU3 operations say what went wrong with codes of eRS-APIErrorCode-1, R4 operations with those of \
     http-error-codes and ers-error-codes.",
    Example::stu3(REFUSED)
        .edited(
            "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1",
            "https://fhir.nhs.uk/CodeSystem/ers-error-codes",
        )
        .under(&const { Call::answer("A005").status(422) }),
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(422) }),
);

pub(crate) static NOT_CHECKED: Rule = rule(
    "ers-answer-not-checked",
    Severity::Warning,
    "The answer could not be held against the request",
    "What --request names has to be the body of the request that was answered so.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::answer("A034").asked("{}") }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::answer("A034").asked(CANCEL_APPOINTMENT) }),
);
