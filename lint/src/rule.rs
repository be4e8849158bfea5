//! Rules about the calls of a session, settings, and missing packages.

pub mod package;
pub mod settings;

use ers_fhir_ers::rule::declared as rule;
use ers_fhir_report::{Example, Rule, Severity};

/// Every rule about sessions.
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

/// The rule with that code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// A session in which a referral is read, changed and read again; one edit breaks each step.
const SESSION: &str = include_str!("examples/session.har");

/// A session of an admin who logs in and acts for a clinician.
const LOGIN: &str = include_str!("examples/login.har");

/// A search for services, and a referral to one of them.
const REFERRING: &str = include_str!("examples/shortlist.har");

/// A query for actions, and one of them.
const ACTING: &str = include_str!("examples/actions.har");

/// A session with a booking.
const BOOKING: &str = include_str!("examples/booking.har");

/// A referral that is cancelled, and another that is not.
const ENDING: &str = include_str!("examples/ending.har");

/// A file that is fetched from the address that A042 returned.
const FETCHING: &str = include_str!("examples/fetching.har");

/// A call that matches no operation.
pub static NO_OPERATION: Rule = rule(
    "traffic-no-operation",
    Severity::Error,
    "The call matches no operation of e-RS",
    "No operation has this method and path, so the answer is 404 or 405. `ers-fhir endpoints` lists all \
     operations.",
    Example::stu3(SESSION).edited("$ers.acceptReferral", "$ers.acceptReferal"),
    Example::stu3(SESSION),
);

/// An old version.
pub static STALE_VERSION: Rule = rule(
    "traffic-stale-version",
    Severity::Error,
    "A change does not start from the latest version",
    "The version in If-Match, or in a reference to a record, is that of the last answer about it. An older one \
     is refused with 409, or with 404 if it is only read (A029: 400). It is only a warning if the version is \
     newer, since it may have been read elsewhere, if the service accepted it, or if only another record \
     refers to the version.",
    Example::stu3(SESSION).edited(r#""If-Match", "value": "W/\"4\"""#, r#""If-Match", "value": "W/\"3\"""#),
    Example::stu3(SESSION),
);

/// A UBRN of unknown origin.
pub static UNKNOWN_RECORD: Rule = rule(
    "traffic-unknown-record",
    Severity::Warning,
    "A change concerns a referral that no earlier answer contains",
    "A session takes the UBRN from the answer that created, listed or read the referral.",
    Example::stu3(SESSION).edited("000049912345/$ers.acceptReferral", "000049912346/$ers.acceptReferral"),
    Example::stu3(SESSION),
);

/// Another user.
pub static CALLER: Rule = rule(
    "traffic-caller",
    Severity::Warning,
    "The user calls with a role or for a clinician that the service has not listed",
    "A030 lists the organisations and business functions of a user, and A040 the clinicians whom an admin may \
     act for. Later calls name one of these.",
    Example::stu3(LOGIN).edited(
        r#""NHSD-eRS-On-Behalf-Of-User-ID", "value": "555000333444""#,
        r#""NHSD-eRS-On-Behalf-Of-User-ID", "value": "555000333445""#,
    ),
    Example::stu3(LOGIN),
);

/// A session with many calls in a second.
const HURRY: &str = include_str!("examples/hurry.har");

/// A file that is fetched some time after it was found to be unavailable.
const WAITING: &str = include_str!("examples/waiting.har");

/// An action that was not offered.
pub static ACTION: Rule = rule(
    "traffic-action",
    Severity::Warning,
    "An action is taken that A029 has not listed",
    "A029 lists what a user may do with a version of a referral. After such a call, the next action is one of \
     those listed; otherwise the answer is 422 INVALID_REQUEST_STATE.",
    Example::stu3(ACTING).edited("CANCEL_REFERRAL", "CREATE_APPOINTMENT"),
    Example::stu3(ACTING),
);

/// A service that was not found.
pub static SHORTLIST: Rule = rule(
    "traffic-shortlist",
    Severity::Warning,
    "A service is put on a shortlist that no search has found",
    "The services on a shortlist are among those that A010 finds for the patient with its criteria and, for an \
     existing referral, with its commissioning rule organisation. Others are refused with 422 \
     SHORTLISTED_SERVICE_NOT_IN_RESULTS. A request for triage or advice goes to a service that accepts such \
     requests.",
    Example::stu3(REFERRING).edited("20583", "20584"),
    Example::stu3(REFERRING),
);

/// A missing letter.
pub static LETTER: Rule = rule(
    "traffic-letter",
    Severity::Warning,
    "A service needs a letter, but none is to be added",
    "A010 says whether a service needs a referral letter (referralLetterRequired). A shortlist with such a \
     service requires the intention NEED_TO_ADD_LATER; otherwise the answer is 422 INAPPROPRIATE_VALUE.",
    Example::stu3(REFERRING).edited("NEED_TO_ADD_LATER", "NOT_INTENDING_TO_ADD"),
    Example::stu3(REFERRING),
);

/// A file for another referral.
pub static FILE: Rule = rule(
    "traffic-file",
    Severity::Error,
    "A file is attached that was not uploaded for this referral",
    "A file is uploaded first (A020): with the UBRN in NHSD-eRS-Referral-ID if it will be attached to an \
     existing request, and without if A044 will create the request. Files of one request have different \
     names.",
    Example::stu3(SESSION).edited(
        r#""name": "NHSD-eRS-Referral-ID", "value": "000049912345""#,
        r#""name": "NHSD-eRS-Referral-ID", "value": "000049912346""#,
    ),
    Example::stu3(SESSION),
);

/// A file that is not available yet, or never.
pub static UNAVAILABLE_FILE: Rule = rule(
    "traffic-unavailable-file",
    Severity::Warning,
    "A file is fetched that is not available",
    "Answers say whether each file can be fetched (Extension-eRS-AvailabilityStatus-1). After PENDING, wait \
     five minutes; files with THREATS_FOUND or VALIDATION_FAILED are never delivered. Until then, A042 and \
     A006 answer 422 with that code.",
    Example::stu3(WAITING).edited("2026-03-02T09:10:00Z", "2026-03-02T09:00:02Z"),
    Example::stu3(WAITING),
);

/// A slot of unknown origin.
pub static SLOT: Rule = rule(
    "traffic-slot",
    Severity::Warning,
    "A slot is booked that was not offered",
    "A booking names a slot from an earlier search (A015), with its times and the clinician of its schedule, \
     if any, at a service that accepts bookings. Otherwise the answer is 422 INAPPROPRIATE_SLOT or \
     INAPPROPRIATE_VALUE.",
    Example::stu3(SESSION).edited("Slot/4410027", "Slot/4410028"),
    Example::stu3(SESSION),
);

/// Somebody else's appointment.
pub static PARTICIPANT: Rule = rule(
    "traffic-participant",
    Severity::Error,
    "The booking is for a different patient or service than the referral",
    "A booking names the patient of the referral that was read, and a service on its shortlist. Otherwise the \
     answer is 422 INAPPROPRIATE_VALUE.",
    Example::stu3(BOOKING).edited(
        r#"nhs-number\", \"value\": \"9994827162\"}}, \"status\""#,
        r#"nhs-number\", \"value\": \"9434765919\"}}, \"status\""#,
    ),
    Example::stu3(BOOKING),
);

/// A reason that did not occur.
pub static REASON: Rule = rule(
    "traffic-reason",
    Severity::Warning,
    "The reason for a deferral did not occur",
    "NO_SLOTS_AT_SERVICE follows a search that found no slots, SLOT_NOT_AVAILABLE a booking that was refused \
     with this code or 502, and BOOKING_ATTEMPT_PROBLEM a booking that was answered with 504.",
    Example::stu3(SESSION).edited("BOOKING_ATTEMPT_PROBLEM", "SLOT_NOT_AVAILABLE"),
    Example::stu3(SESSION),
);

/// A repeated call.
pub static REPEATED: Rule = rule(
    "traffic-repeated",
    Severity::Warning,
    "A call is repeated that should not be",
    "Do not repeat a change that succeeded, or that failed because of its content. After 423, 500, 502 and \
     504, read the record first; after 429, wait one second, then two, then four. An application may fetch a \
     list of a service (A008) at most twice a day.",
    Example::stu3(SESSION).edited("2026-03-02T09:00:09Z", "2026-03-02T09:00:07.100Z"),
    Example::stu3(SESSION),
);

/// Calls in too quick succession.
pub static RATE: Rule = rule(
    "traffic-rate",
    Severity::Warning,
    "More calls are made in a second than the service accepts",
    "Production accepts ten calls a second from an application, and other environments fewer; further calls \
     are answered with 429. Calls to other hosts, such as simulators, are not counted. A series of such calls \
     is reported once.",
    Example::stu3(HURRY).edited("2026-03-02T09:00:02.000Z", "2026-03-02T09:00:01.950Z"),
    Example::stu3(HURRY),
);

/// A record that has ended.
pub static ENDED: Rule = rule(
    "traffic-ended",
    Severity::Error,
    "A record is changed that has ended",
    "Cancelled referrals, cancelled appointments and completed conversations can be read, but no longer \
     changed: the answer is 422 INVALID_REQUEST_STATE.",
    Example::stu3(ENDING).edited("000049912346/$ers.acceptReferral", "000049912345/$ers.acceptReferral"),
    Example::stu3(ENDING),
);

/// A token sent to another host.
pub static TOKEN: Rule = rule(
    "traffic-token-forwarded",
    Severity::Error,
    "The access token is sent to the file store",
    "A042 answers with the address of the file in Location, on another host. Follow it at once, without \
     Authorization: the address itself grants access, the store may refuse a call that also has a token, and \
     the token must not reach another host. Many HTTP clients follow redirects with all headers unless \
     configured otherwise.",
    Example::stu3(FETCHING).edited(
        r#""Accept", "value": "*/*"}]}, "response": {"status": 200"#,
        r#""Authorization", "value": "Bearer token"}]}, "response": {"status": 200"#,
    ),
    Example::stu3(FETCHING),
);

/// An address that was kept.
pub static OLD_LINK: Rule = rule(
    "traffic-old-link",
    Severity::Warning,
    "The address of a file is used long after it was returned",
    "The address that A042 returns in Location is valid for a short time. Follow it at once and never keep it: \
     each download begins with a new call of A042. A download more than five minutes later is reported.",
    Example::stu3(FETCHING).edited("2026-03-02T09:00:02Z", "2026-03-02T09:50:02Z"),
    Example::stu3(FETCHING),
);

/// A missing part.
pub static NOT_CAPTURED: Rule = rule(
    "traffic-not-captured",
    Severity::Information,
    "The capture lacks a part of the call",
    "The body was left out when the capture was made, so the payload is not checked. Browsers write bodies \
     where the capture is exported with content. Variables of a Postman collection that come from an \
     environment are not checked either; a recorded run has their values.",
    Example::stu3(SESSION).edited(r#""bodySize": 0"#, r#""bodySize": 120"#),
    Example::stu3(SESSION),
);

/// An unreadable body.
pub static UNUSABLE: Rule = rule(
    "traffic-unusable-body",
    Severity::Warning,
    "A body in the capture cannot be read",
    "Bodies in base64, gzip, deflate and chunked transfer encoding are decoded. If that fails because the body \
     was damaged or truncated in the capture, the payload is not checked.",
    Example::stu3(SESSION)
        .edited(r#""content": {"size": 85, "#, r#""content": {"size": 85, "encoding": "base64", "#),
    Example::stu3(SESSION),
);
