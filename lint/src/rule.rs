//! What calls of a session may get wrong together, settings, and packages that are missing.

pub mod package;
pub mod settings;

use ers_fhir_ers::rule::declared as rule;
use ers_fhir_report::{Example, Rule, Severity};

/// Every rule of sessions.
pub static RULES: &[&Rule] = &[
    &NO_OPERATION,
    &STALE_VERSION,
    &UNKNOWN_RECORD,
    &CALLER,
    &ACTION,
    &SHORTLIST,
    &LETTER,
    &FILE,
    &UNAVAILABLE_FILE,
    &SLOT,
    &PARTICIPANT,
    &REASON,
    &REPEATED,
    &RATE,
    &ENDED,
    &TOKEN,
    &OLD_LINK,
    &NOT_CAPTURED,
    &UNUSABLE,
];

/// Every rule of this crate.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(settings::RULES).chain(package::RULES).copied()
}

/// The rule of that code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// A session with a referral that is read, changed and read, with one thing to edit in each.
const SESSION: &str = include_str!("examples/session.har");

/// A session of an admin who logs in and acts for a clinician.
const LOGIN: &str = include_str!("examples/login.har");

/// A search for services, and a referral to one of them.
const REFERRING: &str = include_str!("examples/shortlist.har");

/// A question for actions, and one of them.
const ACTING: &str = include_str!("examples/actions.har");

/// A session with a booking.
const BOOKING: &str = include_str!("examples/booking.har");

/// A referral that is cancelled, and another that is not.
const ENDING: &str = include_str!("examples/ending.har");

/// A file that is fetched from where A042 says it is.
const FETCHING: &str = include_str!("examples/fetching.har");

/// A call that is none.
pub static NO_OPERATION: Rule = rule(
    "traffic-no-operation",
    Severity::Error,
    "The call is none of e-RS",
    "Method and path are those of no operation, so the answer is 404 or 405. `ers-fhir endpoints` lists all \
     operations.",
    Example::stu3(SESSION).edited("$ers.acceptReferral", "$ers.acceptReferal"),
    Example::stu3(SESSION),
);

/// An old version.
pub static STALE_VERSION: Rule = rule(
    "traffic-stale-version",
    Severity::Error,
    "A change starts from a version that is not the last",
    "The version in If-Match, or in a reference to a record, is that of the last answer about it. An older one \
     is refused with 409, or with 404 where it is only read (A029: 400); a newer one may have been read elsewhere, and \
     is a warning, and so is one that the service took, and one that only something else refers to.",
    Example::stu3(SESSION).edited(r#""If-Match", "value": "W/\"4\"""#, r#""If-Match", "value": "W/\"3\"""#),
    Example::stu3(SESSION),
);

/// A UBRN from nowhere.
pub static UNKNOWN_RECORD: Rule = rule(
    "traffic-unknown-record",
    Severity::Warning,
    "A change is of a referral that was in no answer before",
    "A session carries the UBRN on from the answer that created, listed or read the referral.",
    Example::stu3(SESSION).edited("000049912345/$ers.acceptReferral", "000049912346/$ers.acceptReferral"),
    Example::stu3(SESSION),
);

/// Another user.
pub static CALLER: Rule = rule(
    "traffic-caller",
    Severity::Warning,
    "The user calls as somebody whom the service has not listed",
    "A030 lists the organisations and business functions of a user, and A040 the clinicians whom an admin may act \
     for. Calls after them name one of these.",
    Example::stu3(LOGIN).edited(
        r#""NHSD-eRS-On-Behalf-Of-User-ID", "value": "555000333444""#,
        r#""NHSD-eRS-On-Behalf-Of-User-ID", "value": "555000333445""#,
    ),
    Example::stu3(LOGIN),
);

/// A session with many calls in a second.
const HURRY: &str = include_str!("examples/hurry.har");

/// A file that is fetched some time after it was not available.
const WAITING: &str = include_str!("examples/waiting.har");

/// What was not offered.
pub static ACTION: Rule = rule(
    "traffic-action",
    Severity::Warning,
    "Something is done that A029 has not listed",
    "A029 lists what a user may do with a version of a referral. Where it was asked, what is done next is one of \
     that; otherwise the answer is 422 INVALID_REQUEST_STATE.",
    Example::stu3(ACTING).edited("CANCEL_REFERRAL", "CREATE_APPOINTMENT"),
    Example::stu3(ACTING),
);

/// What was not found.
pub static SHORTLIST: Rule = rule(
    "traffic-shortlist",
    Severity::Warning,
    "A service is put on a shortlist that no search has found",
    "The services of a shortlist are those that A010 finds for the patient with its criteria, and for a referral that \
     exists with its commissioning rule organisation. Others are refused with 422 \
     SHORTLISTED_SERVICE_NOT_IN_RESULTS. What is sent for triage or advice goes to a service that takes it.",
    Example::stu3(REFERRING).edited("20583", "20584"),
    Example::stu3(REFERRING),
);

/// No letter.
pub static LETTER: Rule = rule(
    "traffic-letter",
    Severity::Warning,
    "A service needs a letter, and none is to be added",
    "A010 says of a service whether it needs a referral letter (referralLetterRequired). A shortlist with such a service \
     goes with the intention NEED_TO_ADD_LATER; otherwise the answer is 422 INAPPROPRIATE_VALUE.",
    Example::stu3(REFERRING).edited("NEED_TO_ADD_LATER", "NOT_INTENDING_TO_ADD"),
    Example::stu3(REFERRING),
);

/// A file of another.
pub static FILE: Rule = rule(
    "traffic-file",
    Severity::Error,
    "A file is attached that was not uploaded for this referral",
    "A file is uploaded first (A020), with the UBRN in NHSD-eRS-Referral-ID where the request exists that it \
     will be attached to, and without where A044 will create it. Files that go together have different names.",
    Example::stu3(SESSION).edited(
        r#""name": "NHSD-eRS-Referral-ID", "value": "000049912345""#,
        r#""name": "NHSD-eRS-Referral-ID", "value": "000049912346""#,
    ),
    Example::stu3(SESSION),
);

/// Not yet, or never.
pub static UNAVAILABLE_FILE: Rule = rule(
    "traffic-unavailable-file",
    Severity::Warning,
    "A file is fetched that cannot be",
    "Answers say of each file whether it can be fetched (Extension-eRS-AvailabilityStatus-1). After PENDING wait for five \
     minutes; what is THREATS_FOUND or VALIDATION_FAILED is never delivered. The answer to A042 and A006 is 422 with \
     that code.",
    Example::stu3(WAITING).edited("2026-03-02T09:10:00Z", "2026-03-02T09:00:02Z"),
    Example::stu3(WAITING),
);

/// A slot from nowhere.
pub static SLOT: Rule = rule(
    "traffic-slot",
    Severity::Warning,
    "A slot is booked that was not offered",
    "A booking names a slot of the search before it (A015), with its times, and with the clinician of its schedule \
     where it has one, at a service that takes bookings. Otherwise the answer is 422 INAPPROPRIATE_SLOT or \
     INAPPROPRIATE_VALUE.",
    Example::stu3(SESSION).edited("Slot/4410027", "Slot/4410028"),
    Example::stu3(SESSION),
);

/// Somebody else's appointment.
pub static PARTICIPANT: Rule = rule(
    "traffic-participant",
    Severity::Error,
    "The booking is for another patient or service than the referral",
    "Patient and service of a booking are those of the referral that was read: the service is on its shortlist. \
     Otherwise the answer is 422 INAPPROPRIATE_VALUE.",
    Example::stu3(BOOKING).edited(
        r#"nhs-number\", \"value\": \"9994827162\"}}, \"status\""#,
        r#"nhs-number\", \"value\": \"9434765919\"}}, \"status\""#,
    ),
    Example::stu3(BOOKING),
);

/// A reason that was not met with.
pub static REASON: Rule = rule(
    "traffic-reason",
    Severity::Warning,
    "The reason of a deferral was not met with",
    "NO_SLOTS_AT_SERVICE follows a search for slots that found none, SLOT_NOT_AVAILABLE a booking that was \
     refused so or with 502, and BOOKING_ATTEMPT_PROBLEM one that was answered with 504.",
    Example::stu3(SESSION).edited("BOOKING_ATTEMPT_PROBLEM", "SLOT_NOT_AVAILABLE"),
    Example::stu3(SESSION),
);

/// Again.
pub static REPEATED: Rule = rule(
    "traffic-repeated",
    Severity::Warning,
    "A call is repeated that should not be",
    "A change that succeeded is not sent again, nor one that failed for what is in it. After 423, 500, 502 and \
     504 read the record first; after 429 wait one second, then two, then four. An application fetches a list of a \
     service (A008) twice a day at most.",
    Example::stu3(SESSION).edited("2026-03-02T09:00:09Z", "2026-03-02T09:00:07.100Z"),
    Example::stu3(SESSION),
);

/// Too fast.
pub static RATE: Rule = rule(
    "traffic-rate",
    Severity::Warning,
    "More calls are made in a second than the service takes",
    "Production takes ten calls a second of an application, and other environments fewer: the answer to others is 429. \
     Calls to other hosts, such as simulators, are not counted. It is said once for all calls that go out so fast.",
    Example::stu3(HURRY).edited("2026-03-02T09:00:02.000Z", "2026-03-02T09:00:01.950Z"),
    Example::stu3(HURRY),
);

/// Over.
pub static ENDED: Rule = rule(
    "traffic-ended",
    Severity::Error,
    "A record is changed that has come to an end",
    "A referral that was cancelled, an appointment that was, and a conversation that was completed are not changed any \
     more: the answer is 422 INVALID_REQUEST_STATE. They may still be read.",
    Example::stu3(ENDING).edited("000049912346/$ers.acceptReferral", "000049912345/$ers.acceptReferral"),
    Example::stu3(ENDING),
);

/// Given away.
pub static TOKEN: Rule = rule(
    "traffic-token-forwarded",
    Severity::Error,
    "The access token is sent to the store of a file",
    "A042 answers with the address of the file in Location, on another host. It is followed at once, without \
     Authorization: the address is a permit by itself, the store may refuse a call with two, and the token is no \
     business of that host. Many HTTP clients follow redirections with all headers unless they are told not to.",
    Example::stu3(FETCHING).edited(
        r#""Accept", "value": "*/*"}]}, "response": {"status": 200"#,
        r#""Authorization", "value": "Bearer token"}]}, "response": {"status": 200"#,
    ),
    Example::stu3(FETCHING),
);

/// Kept.
pub static OLD_LINK: Rule = rule(
    "traffic-old-link",
    Severity::Warning,
    "The address of a file is used long after it was given",
    "The address that A042 answers with in Location is good for a short time. It is followed at once and never kept: \
     each download begins with a new call of A042. What is fetched from it more than five minutes later is said to be late.",
    Example::stu3(FETCHING).edited("2026-03-02T09:00:02Z", "2026-03-02T09:50:02Z"),
    Example::stu3(FETCHING),
);

/// Not there.
pub static NOT_CAPTURED: Rule = rule(
    "traffic-not-captured",
    Severity::Information,
    "The capture lacks a part of the call",
    "The body was left out when the capture was made, so the payload is not checked. Browsers write bodies where \
     the capture is exported with content. Variables of a Postman collection that come from an environment are not \
     checked either: a run that is recorded has their values.",
    Example::stu3(SESSION).edited(r#""bodySize": 0"#, r#""bodySize": 120"#),
    Example::stu3(SESSION),
);

/// There, and of no use.
pub static UNUSABLE: Rule = rule(
    "traffic-unusable-body",
    Severity::Warning,
    "A body in the capture cannot be read",
    "Bodies may be base64, compressed with gzip or deflate, and in chunks as they went over the wire: all that is \
     undone. Where it cannot be, because the capture has damaged the body or has cut it off, the payload is not \
     checked.",
    Example::stu3(SESSION)
        .edited(r#""content": {"size": 85, "#, r#""content": {"size": 85, "encoding": "base64", "#),
    Example::stu3(SESSION),
);
