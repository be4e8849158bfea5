//! Statuses that any operation may answer with, and their error codes.

use ers_fhir_profiles::FhirVersion;

use super::endpoint::Endpoint;

/// A status of failure, whatever the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The status.
    pub status: u16,
    /// Codes of STU3 operations; none if the body is not an OperationOutcome.
    pub stu3: &'static [&'static str],
    /// Codes of R4 operations.
    pub r4: &'static [&'static str],
    /// What it means.
    pub cause: &'static str,
    /// What to do next.
    pub next: &'static str,
    /// Whether the same call may be sent again.
    pub repeat: Repeat,
}

/// Whether to repeat a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// No: it would fail again.
    Never,
    /// Once the mistake has been corrected.
    Corrected,
    /// Later, unchanged, after a wait that grows with each attempt.
    Later,
    /// A read later, unchanged; before a write, read the record to see whether the write happened.
    ReadFirst,
}

/// The general statuses, in order.
pub static STATUSES: &[Status] = &[
    Status {
        status: 400,
        stu3: &["MISSING_HEADER"],
        r4: &["REC_BAD_REQUEST", "MISSING_HEADER"],
        cause: "A header or a parameter is missing or malformed.",
        next: "Check URL and headers with `ers-fhir validate --endpoint`. For STU3 operations other than \
             searches, no body is documented for this status.",
        repeat: Repeat::Corrected,
    },
    Status {
        status: 401,
        stu3: &["NO_ACCESS"],
        r4: &["ACCESS_DENIED"],
        cause: "The token is missing, invalid or expired, or the login is not strong enough.",
        next: "Get a new token. A user needs identity assurance level 3 and authenticator level AAL2 or AAL3.",
        repeat: Repeat::Corrected,
    },
    Status {
        status: 403,
        stu3: &["FORBIDDEN", "NO_ACCESS", "NO_RELATIONSHIP"],
        r4: &["REC_FORBIDDEN", "ACCESS_DENIED", "NO_RELATIONSHIP"],
        cause: "The business function, the organisation or the way of access is not allowed here.",
        next: "Check the role, organisation and On-Behalf-Of headers; an application sends none of them. The \
             organisation must be on the partner's list.",
        repeat: Repeat::Never,
    },
    Status {
        status: 404,
        stu3: &["HISTORY_NOT_SUPPORTED"],
        r4: &["REC_NOT_FOUND"],
        cause: "There is no such record, the path is wrong, or the version is not the latest.",
        next: "Check the id and the path. Only the latest version of a record can be read.",
        repeat: Repeat::Never,
    },
    Status {
        status: 406,
        stu3: &[],
        r4: &["REC_NOT_ACCEPTABLE"],
        cause: "Accept excludes the format of the answer.",
        next: "Send Accept: application/fhir+json (application/pdf for A007, A019 and A043), or leave it out.",
        repeat: Repeat::Corrected,
    },
    Status {
        status: 409,
        stu3: &[],
        r4: &[],
        cause: "The version that was sent is not the latest: the record has changed since it was read.",
        next: "Read the record again, reconsider the change, and send the new version.",
        repeat: Repeat::Corrected,
    },
    Status {
        status: 412,
        stu3: &[],
        r4: &[],
        cause: "If-Match is missing.",
        next: "Send If-Match: W/\"<meta.versionId>\" of the record as last read.",
        repeat: Repeat::Corrected,
    },
    Status {
        status: 415,
        stu3: &[],
        r4: &["REC_UNSUPPORTED_MEDIA_TYPE"],
        cause: "Content-Type is missing or wrong.",
        next: "Send Content-Type: application/fhir+json; for A020 the type of the file.",
        repeat: Repeat::Corrected,
    },
    Status {
        status: 423,
        stu3: &[],
        r4: &[],
        cause: "Somebody else is changing the record at this moment.",
        next: "Wait, read the record again and then decide. Do not send changes to one referral in parallel.",
        repeat: Repeat::ReadFirst,
    },
    Status {
        status: 429,
        stu3: &[],
        r4: &["TOO_MANY_REQUESTS"],
        cause: "Too many calls: production allows ten a second for each application, other environments fewer.",
        next: "Wait one second, then two, then four and so on, and continue when calls succeed again.",
        repeat: Repeat::Later,
    },
    Status {
        status: 500,
        stu3: &[],
        r4: &["REC_SERVER_ERROR"],
        cause: "Something went wrong in the service, or the application was registered without its ODS code.",
        next: "Repeat a read. Before repeating a change, read the record: it may have happened. Report it with \
             X-Request-ID if it persists.",
        repeat: Repeat::ReadFirst,
    },
    Status {
        status: 503,
        stu3: &["SYSTEM_UNAVAILABLE"],
        r4: &["REC_UNAVAILABLE"],
        cause: "The service is not available.",
        next: "Wait as long as Retry-After says, if it is present, and try again.",
        repeat: Repeat::Later,
    },
];

/// The entry of a status that any operation may answer with.
pub fn status(status: u16) -> Option<&'static Status> {
    STATUSES.iter().find(|known| known.status == status)
}

/// The error codes that an operation may answer with under a status, or under any status if none is
/// given.
pub fn codes(endpoint: &Endpoint, status: Option<u16>) -> Vec<&'static str> {
    let is_meant = |of: u16| status.is_none_or(|status| status == of);
    let own = endpoint.failures.iter().filter(|(of, _)| is_meant(*of)).flat_map(|(_, codes)| codes.iter());
    let is_described = |of: u16| endpoint.failures.iter().any(|(described, _)| *described == of);
    let general = STATUSES.iter().filter(|known| is_meant(known.status) && is_described(known.status));
    let general = general.flat_map(|known| match endpoint.release {
        FhirVersion::Stu3 => known.stu3,
        FhirVersion::R4 => known.r4,
    });
    let mut codes: Vec<&str> = own.chain(general).copied().collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
