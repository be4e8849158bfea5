//! Answers of the service, compared with their requests.

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
    "The status is not documented for this operation",
    "`ers-fhir endpoints` lists the statuses of each operation. A success status other than the documented one \
     is an error; an undocumented failure may come from a gateway or proxy on the way.",
    Example::stu3("").under(&const { Call::answer("A020").status(200) }),
    Example::stu3("").under(&const { Call::answer("A020").status(201) }),
);

pub(crate) static BODY: Rule = rule(
    "ers-answer-body",
    Severity::Error,
    "The body of the answer does not match its status",
    "A successful call is answered with what it asked for, a failed one with an OperationOutcome or without a \
     body.",
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(200) }),
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(422) }),
);

pub(crate) static GATEWAY: Rule = rule(
    "ers-answer-gateway",
    Severity::Information,
    "The answer is not from e-RS",
    "When a call does not reach e-RS, the NHS gateway, a firewall or your own proxy answers instead, in HTML, \
     plain text or JSON of its own. The caller did nothing wrong, but a client must be able to handle such an \
     answer: it has no OperationOutcome. A redirect is a warning. Nothing else in the answer is checked.",
    Example::stu3("<html><body><h1>503 Service Unavailable</h1></body></html>")
        .under(&const { Call::answer("A005").status(503) }),
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(422) }),
);

pub(crate) static HEADER: Rule = rule(
    "ers-answer-header",
    Severity::Warning,
    "A header of the answer is missing or wrong",
    "Every answer carries X-Request-ID. Most answers to reading or changing a record carry its version in \
     ETag, and the answer to an upload carries the id of the file in Location. X-Correlation-ID is returned as \
     it was sent.",
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
    "The version in ETag is that of the record in the body. A change that starts from another version is \
     refused with 409. In the sandbox the two sometimes differ, which is reported as information, or as a \
     warning where it is not known which environment answered.",
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
    "The error code is not documented for this operation",
    "Each operation has its error codes for each status; `ers-fhir explain 422 NO_RELATIONSHIP` says what one \
     means. Undocumented codes may be new, or come from a simulator.",
    Example::stu3(REFUSED)
        .edited("NO_RELATIONSHIP", "SLOT_NOT_AVAILABLE")
        .under(&const { Call::answer("A005").status(422) }),
    Example::stu3(REFUSED).under(&const { Call::answer("A005").status(422) }),
);

pub(crate) static RECORD: Rule = rule(
    "ers-answer-record",
    Severity::Error,
    "The answer is about a different record than the one requested",
    "The id in the answer is the one in the path, the version is the one requested, and the focus of a Task is \
     the referral in the query.",
    Example::stu3(ADVICE_REQUEST)
        .under(&const { Call::answer("A024").url("/STU3/CommunicationRequest/000049954322") }),
    Example::stu3(ADVICE_REQUEST)
        .under(&const { Call::answer("A024").url("/STU3/CommunicationRequest/000049954321") }),
);

pub(crate) static PAGE: Rule = rule(
    "ers-answer-page",
    Severity::Warning,
    "The page is not the one requested",
    "The self link repeats the query. A page has at most _count slots, and links to the previous and the next \
     page where they exist.",
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
    "Parts of the answer contradict each other",
    "The appointment in the answer of A036 has been cancelled by the call. Slots are in UTC and belong to a \
     schedule in the same answer, whose id is that of its service, with or without that of the clinician. A \
     booked referral has a specialty (reported as information, since only the examples of the service show \
     it).",
    Example::stu3(SLOTS)
        .edited("2026-04-14T09:30:00.000Z", "2026-04-14T10:30:00.000+01:00")
        .under(&const { Call::answer("A015") }),
    Example::stu3(SLOTS).under(&const { Call::answer("A015") }),
);

pub(crate) static STATE: Rule = rule(
    "ers-answer-state",
    Severity::Warning,
    "The state in the answer is not the one that the operation leads to",
    "The page of an operation in `ers-fhir docs` shows the state that it leads to: A014 leaves a referral \
     REJECTED, and its appointment cancelled. A cancelled appointment has neither slot nor times. This comes \
     from the descriptions and examples of the service, not from its schemas.",
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
    "A row does not belong to the list",
    "All rows of a worklist belong to the requested list, as their extension shows. A008 lists referrals, A023 \
     advice requests.",
    Example::stu3(REJECTED)
        .under(&const { Call::answer("A008").role(Role::ReferringClinician).asked(REFERRER_LIST) }),
    Example::stu3(LETTERS_OUTSTANDING)
        .under(&const { Call::answer("A008").role(Role::ReferringClinician).asked(REFERRER_LIST) }),
);

pub(crate) static RELEASE: Rule = rule(
    "ers-answer-release",
    Severity::Error,
    "The OperationOutcome belongs to the other FHIR release",
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
    "The answer could not be compared with the request",
    "--request must name the body of the request that this is the answer to.",
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::answer("A034").asked("{}") }),
    Example::stu3(CANCEL_APPOINTMENT).under(&const { Call::answer("A034").asked(CANCEL_APPOINTMENT) }),
);
