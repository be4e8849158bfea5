//! The error codes of the service: what each means, and what to do next.

use super::endpoint::Endpoint;
use super::endpoints::endpoints;
use super::status::{Repeat, codes};

/// An error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code.
    pub code: &'static str,
    /// What it means.
    pub cause: &'static str,
    /// What to do next.
    pub next: &'static str,
    /// Whether the same call may be sent again.
    pub repeat: Repeat,
}

impl ErrorCode {
    /// The operations that answer with it, and under which status.
    pub fn answered_by(&self) -> Vec<(u16, &'static Endpoint)> {
        let mut found = Vec::new();
        for endpoint in endpoints().into_iter().filter(|endpoint| !endpoint.is_versioned()) {
            for (status, _) in endpoint.failures {
                if codes(endpoint, Some(*status)).contains(&self.code) {
                    found.push((*status, endpoint));
                }
            }
        }
        found.sort_by_key(|(status, endpoint)| (*status, endpoint.id));
        found
    }
}

/// The error code with that name, in any case.
pub fn error(code: &str) -> Option<&'static ErrorCode> {
    ERRORS.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}

/// Every error code.
pub fn errors() -> &'static [ErrorCode] {
    ERRORS
}

const fn code(code: &'static str, repeat: Repeat, cause: &'static str, next: &'static str) -> ErrorCode {
    ErrorCode { code, cause, next, repeat }
}

static ERRORS: &[ErrorCode] = &[
    code(
        "ACCESS_DENIED",
        Repeat::Corrected,
        "The token is not valid or not strong enough (401), or the organisation is not one that the application may act for (403).",
        "Get a new token; check NHSD-End-User-Organisation-ODS and the assurance level of the login.",
    ),
    code(
        "CONFLICTING_VALUES",
        Repeat::Corrected,
        "Two parts of the request contradict each other; for an upload, the extension of the file name and \
         Content-Type.",
        "Make them agree: `ers-fhir explain ers-rule-57` lists the extensions of each type.",
    ),
    code(
        "DUPLICATE_FILENAME",
        Repeat::Corrected,
        "A file with that name is already attached, or is named twice in the request.",
        "Give each file a unique name when you upload it (NHSD-eRS-File-Name).",
    ),
    code(
        "DUPLICATE_SERVICE",
        Repeat::Corrected,
        "A service is on the shortlist twice.",
        "Send each service once.",
    ),
    code(
        "FIELD_NOT_PERMITTED",
        Repeat::Corrected,
        "Something was sent that does not fit the rest of the request, such as referringClinician from a \
         clinician, or a distance without a postcode.",
        "Leave it out; validate the request with --endpoint and --role to see which rule is meant.",
    ),
    code(
        "FILE_SIZE_ERROR",
        Repeat::Corrected,
        "The file is empty or larger than 5242880 bytes.",
        "Upload a smaller file; to fetch a larger one use A042 instead of A006.",
    ),
    code(
        "FORBIDDEN",
        Repeat::Never,
        "The business function may not call this operation, or may not send the On-Behalf-Of header. The \
         diagnostics name the user and the function.",
        "Call with a business function that `ers-fhir endpoints` lists. Only a SERVICE_PROVIDER_CLINICIAN_ADMIN acts on behalf.",
    ),
    code(
        "HISTORY_NOT_SUPPORTED",
        Repeat::Corrected,
        "The requested version is not the latest.",
        "Read the referral again and request its version.",
    ),
    code(
        "INAPPROPRIATE_SLOT",
        Repeat::Corrected,
        "The slot does not match the service or the request: most often it belongs to a clinician whom the \
         booking does not name, or the reverse.",
        "If the schedule of the slot names a clinician, send the clinician as a participant of type CON; \
         otherwise send none.",
    ),
    code(
        "INAPPROPRIATE_VALUE",
        Repeat::Corrected,
        "A value is well formed, but wrong here: a service that is not on the shortlist, a different patient \
         than that of the referral, a file that was uploaded for another referral or for none.",
        "Compare the request with the record as last read (`ers-fhir validate --against`). Upload a file for \
         an existing request with NHSD-eRS-Referral-ID.",
    ),
    code(
        "INVALID_CODE",
        Repeat::Corrected,
        "A code is not in its list.",
        "Take codes of reference data from A004; the lists change.",
    ),
    code(
        "INVALID_FHIR_STRUCTURE",
        Repeat::Corrected,
        "There is an array where one value belongs, or the reverse, or the JSON is not well formed.",
        "Validate the request with --endpoint. participant.type is one object for e-RS.",
    ),
    code(
        "INVALID_REQUEST_STATE",
        Repeat::ReadFirst,
        "The referral or advice request is not in a state that allows this.",
        "Read it again; A029 lists what may currently be done with a referral.",
    ),
    code(
        "INVALID_REQUEST_TYPE",
        Repeat::Never,
        "The UBRN exists, but belongs to another kind of request.",
        "Call the operation for that kind: A005 for referrals, A024 for advice requests.",
    ),
    code(
        "INVALID_STATE",
        Repeat::Corrected,
        "A file or service that the request names is not in the right state: a file that is already attached, \
         a service that cannot be booked directly.",
        "Upload the file again; choose a service that A010 finds as bookable.",
    ),
    code(
        "INVALID_VALUE",
        Repeat::Corrected,
        "A value has the wrong type or format, or is out of range, such as an instant without a time or time \
         zone.",
        "Validate the request with --endpoint: the finding says what is expected.",
    ),
    code(
        "MISSING_HEADER",
        Repeat::Corrected,
        "A mandatory header is missing or empty: NHSD-End-User-Organisation-ODS, or NHSD-eRS-Comm-Rule-Org for \
         A015.",
        "Send it; `ers-fhir endpoints` lists the headers of an operation.",
    ),
    code(
        "MISSING_PARAMETER",
        Repeat::Corrected,
        "A mandatory query parameter is missing.",
        "Send it; `ers-fhir endpoints` lists the query parameters of an operation.",
    ),
    code(
        "MISSING_VALUE",
        Repeat::Corrected,
        "A mandatory element or parameter is missing, or a comment that the reason requires. For A034 it may \
         be a participant.",
        "Validate the request with --endpoint. Send an appointment as read, with all participants.",
    ),
    code(
        "NO_ACCESS",
        Repeat::Corrected,
        "The token is missing or insufficient (401), or the organisation is not on the partner's list (403).",
        "Get a new token; check NHSD-End-User-Organisation-ODS.",
    ),
    code(
        "NO_ACCESS_CODE",
        Repeat::Never,
        "The patient has no code for managing the booking.",
        "Inform the patient in another way.",
    ),
    code(
        "NO_CHANGES_DETECTED",
        Repeat::Never,
        "The request would change nothing.",
        "There is nothing to do: the referral already has exactly these letters.",
    ),
    code(
        "NO_REG_GP_PRACTICE",
        Repeat::Never,
        "The patient is not registered with a practice.",
        "Have the registration corrected in PDS first.",
    ),
    code(
        "NO_RELATIONSHIP",
        Repeat::Never,
        "The user or the organisation has no relationship to this request or service. For A042, the \
         organisation in the header is not that of the referral.",
        "Check organisation, business function and On-Behalf-Of header against the referral.",
    ),
    code(
        "ORGANISATION_IS_CLOSED",
        Repeat::Corrected,
        "The organisation in the search has been closed.",
        "Choose another one.",
    ),
    code(
        "ORGANISATION_NOT_APPROPRIATE",
        Repeat::Corrected,
        "The organisation in the search neither provides services nor is a place where they are provided.",
        "Name a provider or a service location.",
    ),
    code(
        "PAS_NOT_RESPONDING",
        Repeat::ReadFirst,
        "The provider's system did not answer within two minutes.",
        "Read the referral to see whether the booking happened. If not, offer another slot or defer with BOOKING_ATTEMPT_PROBLEM.",
    ),
    code(
        "PAS_RESPONDED_WITH_ERROR",
        Repeat::ReadFirst,
        "The provider's system refused.",
        "Read the referral; search slots again, or defer with SLOT_NOT_AVAILABLE.",
    ),
    code(
        "PATIENT_ERROR",
        Repeat::Never,
        "The patient's record cannot be used: it is unknown, sensitive, or no longer valid.",
        "Do not repeat it. Check the patient in PDS, and refer in another way.",
    ),
    code(
        "PENDING",
        Repeat::Later,
        "The file is still being checked for threats.",
        "Wait at least five minutes, and try again.",
    ),
    code(
        "PRIORITY_NOT_CURRENT",
        Repeat::Corrected,
        "The outcome of the triage keeps the priority, but a different one was sent.",
        "Send the priority of the referral, or leave it out.",
    ),
    code(
        "REC_BAD_REQUEST",
        Repeat::Corrected,
        "A header or a query parameter is missing or malformed.",
        "Validate the call with --endpoint and --url.",
    ),
    code(
        "REC_FORBIDDEN",
        Repeat::Never,
        "The business function or the kind of access may not call this operation.",
        "Call with a business function that `ers-fhir endpoints` lists.",
    ),
    code(
        "REC_NOT_ACCEPTABLE",
        Repeat::Corrected,
        "Accept excludes the format of the answer.",
        "Send Accept: application/fhir+json, or leave it out.",
    ),
    code("REC_NOT_FOUND", Repeat::Never, "There is no record with that id.", "Check the id and the path."),
    code(
        "REC_SERVER_ERROR",
        Repeat::ReadFirst,
        "Something went wrong in the service.",
        "Repeat a read later; report it with X-Request-ID if it persists.",
    ),
    code(
        "REC_UNAVAILABLE",
        Repeat::Later,
        "The service is not available.",
        "Wait as long as Retry-After says, if it is present, and try again.",
    ),
    code(
        "REC_UNSUPPORTED_MEDIA_TYPE",
        Repeat::Corrected,
        "Content-Type is missing or wrong.",
        "Send Content-Type: application/fhir+json.",
    ),
    code(
        "REFERENCED_USER_IS_NOT_ACTIVE",
        Repeat::Corrected,
        "A clinician that the request names is not active.",
        "Name another one.",
    ),
    code(
        "REFERENCED_USER_IS_NOT_RC",
        Repeat::Corrected,
        "The user named as referring clinician is not one.",
        "Name a user who works as REFERRING_CLINICIAN.",
    ),
    code(
        "REFERENCED_USER_IS_NOT_RC_AT_ORG",
        Repeat::Corrected,
        "The user named as referring clinician is not one at the caller's organisation.",
        "Name one of the organisation in NHSD-End-User-Organisation-ODS.",
    ),
    code(
        "REFERENCED_USER_IS_NOT_SPC",
        Repeat::Corrected,
        "The named clinician does not work for a provider.",
        "Name a user who works as SERVICE_PROVIDER_CLINICIAN.",
    ),
    code(
        "REFERENCED_USER_NOT_IN_ORG",
        Repeat::Corrected,
        "The clinician does not belong to the caller's organisation.",
        "Name one of the organisation in NHSD-End-User-Organisation-ODS.",
    ),
    code(
        "REFERENCE_NOT_FOUND",
        Repeat::Corrected,
        "Something that the request refers to does not exist: a patient, a service, a file, a slot.",
        "Check the id; a file is named as in Location when it was uploaded.",
    ),
    code(
        "SERVICE_UNAVAILABLE",
        Repeat::Never,
        "The chosen service is no longer active or published. (If e-RS itself is unavailable, the code is \
         SYSTEM_UNAVAILABLE.)",
        "Search again and choose another service.",
    ),
    code(
        "SHORTLISTED_SERVICE_NOT_IN_RESULTS",
        Repeat::Corrected,
        "A service on the shortlist is not found with the search criteria that are sent with it.",
        "Search with these criteria (A010), and choose the shortlist from the results.",
    ),
    code(
        "SLOTS_CURRENTLY_AVAILABLE",
        Repeat::Corrected,
        "A deferral says that there are no slots, but there are.",
        "Search slots again and book one.",
    ),
    code(
        "SLOT_NOT_AVAILABLE",
        Repeat::Never,
        "Somebody else has booked the slot.",
        "Search slots again (A015) and offer another one; if the patient accepts none, defer with \
         SLOT_NOT_AVAILABLE and this slot.",
    ),
    code(
        "SNOMED_NOT_FOUND",
        Repeat::Corrected,
        "The service does not know the clinical term.",
        "Search with another term, or with specialty and clinic type.",
    ),
    code(
        "SYSTEM_UNAVAILABLE",
        Repeat::Later,
        "The service is not available.",
        "Wait as long as Retry-After says, if it is present, and try again.",
    ),
    code(
        "THIS_SLOT_IS_AVAILABLE",
        Repeat::Corrected,
        "A deferral says that the slot is taken, but it is free.",
        "Book it.",
    ),
    code(
        "THREATS_FOUND",
        Repeat::Never,
        "The file contains a threat and has been quarantined.",
        "Ask the person who attached it (their user and organisation are on the attachment) for another one.",
    ),
    code(
        "TOO_MANY_ITEMS",
        Repeat::Corrected,
        "A list is too long: a shortlist has at most 20 services, and for triage and advice exactly one.",
        "Send fewer.",
    ),
    code(
        "TOO_MANY_REQUESTS",
        Repeat::Later,
        "The application calls too often.",
        "Wait one second, then two, then four and so on, and continue when calls succeed again.",
    ),
    code(
        "UNABLE_TO_CANCEL_APPOINTMENT",
        Repeat::ReadFirst,
        "The provider's system did not cancel the appointment.",
        "Read the referral again; have the provider cancel it.",
    ),
    code(
        "UNABLE_TO_CONFIRM_APPOINTMENT",
        Repeat::ReadFirst,
        "The provider's system did not confirm the booking.",
        "Read the referral; search slots again, or defer with SLOT_NOT_AVAILABLE.",
    ),
    code(
        "UNEXPECTED_FIELD",
        Repeat::Corrected,
        "The request has an element or a parameter that the operation does not know.",
        "Leave it out; validate the request with --endpoint to see which.",
    ),
    code(
        "UNSUPPORTED_PRIORITY",
        Repeat::Corrected,
        "The service does not accept requests of that priority.",
        "Choose a priority that the service has (A033).",
    ),
    code(
        "VALIDATION_FAILED",
        Repeat::Never,
        "The file does not have the type that it was uploaded as, or is damaged.",
        "Ask the person who attached it (their user and organisation are on the attachment) for another one.",
    ),
    code(
        "VALUE_IS_REQUIRED",
        Repeat::Corrected,
        "Given the rest of the request, something is missing, such as referringClinician from an admin.",
        "Validate the request with --endpoint and --role to see which rule is meant.",
    ),
];

#[cfg(test)]
mod tests {
    use super::errors;
    use crate::service::STATUSES;
    use crate::service::endpoints;

    /// Every code that an operation, or a status of any operation, names.
    fn named() -> Vec<&'static str> {
        let own = endpoints()
            .into_iter()
            .flat_map(|endpoint| endpoint.failures)
            .flat_map(|(_, codes)| codes.iter());
        let general = STATUSES.iter().flat_map(|status| status.stu3.iter().chain(status.r4));
        let mut names: Vec<&str> = own.chain(general).copied().collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn every_code_that_is_answered_is_explained() {
        let explained: Vec<&str> = errors().iter().map(|error| error.code).collect();
        assert_eq!(explained, named());
    }
}
