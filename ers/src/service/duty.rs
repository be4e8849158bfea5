//! Business rules that cannot be checked before the call: they depend on what the service knows, or
//! concern the behaviour between calls. They say which answers to expect.

use super::endpoints::endpoints;

/// A rule that only the service can decide, or only the caller can follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// The code of the rule, in one series with the rules of the validator: `ers-rule-05`.
    pub code: &'static str,
    /// The operations that it concerns; empty for all.
    pub endpoints: &'static [&'static str],
    /// The rule, in words.
    pub says: &'static str,
    /// The answers of the service to a breach: statuses and error codes.
    pub answers: &'static [&'static str],
}

/// Every such rule, in order of its number.
pub fn duties() -> &'static [Duty] {
    DUTIES
}

/// The rules about an operation, by its id.
pub fn duties_of(id: &str) -> impl Iterator<Item = &'static Duty> {
    let exists = endpoints().iter().any(|endpoint| endpoint.id == id);
    DUTIES.iter().filter(move |duty| exists && (duty.endpoints.is_empty() || duty.endpoints.contains(&id)))
}

static DUTIES: &[Duty] = &[
    Duty {
        code: "ers-rule-05",
        endpoints: &[
            "A004", "A005", "A006", "A007", "A008", "A013", "A014", "A020", "A022", "A023", "A024", "A025",
            "A026", "A027", "A028", "A029", "A036", "A038", "A041", "A042", "A043",
        ],
        says: "The clinician named in NHSD-eRS-On-Behalf-Of-User-ID is active, and the admin may act for them: \
             A040 lists those clinicians.",
        answers: &["403"],
    },
    Duty {
        code: "ers-rule-09",
        endpoints: &["A013", "A028", "A036"],
        says: "An application may write only for an approved use; A028 and A036 only for steps that are not clinical.",
        answers: &["403"],
    },
    Duty {
        code: "ers-rule-10",
        endpoints: &["A005", "A007", "A008", "A013", "A024", "A025", "A028", "A029", "A036", "A042", "A043"],
        says: "The application belongs to a provider.",
        answers: &["403"],
    },
    Duty {
        code: "ers-rule-11",
        endpoints: &["A033", "A035", "A037"],
        says: "The application belongs to a referrer.",
        answers: &["403"],
    },
    Duty {
        code: "ers-rule-14",
        endpoints: &["A012", "A013", "A014", "A022", "A026", "A028", "A031", "A032", "A034", "A036"],
        says: "The version in If-Match is still the current one of the referral, of the advice request (A026) or of the appointment (A034).",
        answers: &["409"],
    },
    Duty {
        code: "ers-rule-15",
        endpoints: &["A005", "A016", "A024", "A025", "A027", "A029", "A038"],
        says: "The version after _history/ is the latest.",
        answers: &["404", "409", "HISTORY_NOT_SUPPORTED"],
    },
    Duty {
        code: "ers-rule-16",
        endpoints: &[
            "A011", "A012", "A013", "A014", "A016", "A020", "A021", "A022", "A026", "A027", "A028", "A031",
            "A032", "A034", "A036", "A044",
        ],
        says: "There is one write at a time for each referral: the service locks it in the meantime.",
        answers: &["423"],
    },
    Duty {
        code: "ers-rule-20",
        endpoints: &["A008"],
        says: "An application fetches the lists of a service at most twice a day.",
        answers: &["429"],
    },
    Duty {
        code: "ers-rule-21",
        endpoints: &["A008", "A023"],
        says: "A list of more than 10 MB cannot be delivered: filter by service.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-22",
        endpoints: &[],
        says: "At most ten requests a second for each application in production. After a 429, wait, and double \
             the wait each time.",
        answers: &["429"],
    },
    Duty {
        code: "ers-rule-24",
        endpoints: &["A010", "A011", "A021"],
        says: "The patient is registered with a practice.",
        answers: &["NO_REG_GP_PRACTICE"],
    },
    Duty {
        code: "ers-rule-25",
        endpoints: &[
            "A005", "A007", "A008", "A010", "A011", "A012", "A013", "A014", "A016", "A019", "A021", "A022",
            "A024", "A025", "A026", "A027", "A028", "A031", "A032", "A034", "A036", "A038", "A043", "A044",
        ],
        says: "The record of the patient can be used. If it cannot, trying again does not help.",
        answers: &["PATIENT_ERROR"],
    },
    Duty {
        code: "ers-rule-28",
        endpoints: &["A010", "A011", "A021", "A031", "A032", "A044"],
        says: "The named clinician is active and works for a provider.",
        answers: &["REFERENCED_USER_IS_NOT_ACTIVE", "REFERENCED_USER_IS_NOT_SPC"],
    },
    Duty {
        code: "ers-rule-29",
        endpoints: &["A010", "A011", "A021", "A031", "A032", "A044"],
        says: "The organisation searched for exists, is open, and provides services or is a place where they \
             are provided.",
        answers: &["REFERENCE_NOT_FOUND", "ORGANISATION_IS_CLOSED", "ORGANISATION_NOT_APPROPRIATE"],
    },
    Duty {
        code: "ers-rule-37",
        endpoints: &["A010", "A011", "A021", "A031", "A032", "A044"],
        says: "The clinical term is one of those that the service knows.",
        answers: &["SNOMED_NOT_FOUND"],
    },
    Duty {
        code: "ers-rule-38",
        endpoints: &["A010"],
        says: "A search for an existing referral names its commissioning rule organisation; without it, the \
             services found may not be shortlisted.",
        answers: &["SHORTLISTED_SERVICE_NOT_IN_RESULTS"],
    },
    Duty {
        code: "ers-rule-43",
        endpoints: &["A011", "A021", "A031", "A032", "A044"],
        says: "Every service on the shortlist is among those that A010 finds with the enclosed criteria.",
        answers: &["SHORTLISTED_SERVICE_NOT_IN_RESULTS"],
    },
    Duty {
        code: "ers-rule-44",
        endpoints: &["A011", "A031"],
        says: "Bookable and triage services may be on the same shortlist.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-45",
        endpoints: &["A016", "A021", "A032"],
        says: "The service accepts triage requests: its requestType in A010, A033 and A035 says so.",
        answers: &["INAPPROPRIATE_VALUE"],
    },
    Duty {
        code: "ers-rule-46",
        endpoints: &["A044"],
        says: "The service accepts advice requests: its requestType in A010, A033 and A035 says so.",
        answers: &["INAPPROPRIATE_VALUE"],
    },
    Duty {
        code: "ers-rule-48",
        endpoints: &["A011", "A031"],
        says: "If a service on the shortlist requires a letter, the intention is NEED_TO_ADD_LATER.",
        answers: &["INAPPROPRIATE_VALUE"],
    },
    Duty {
        code: "ers-rule-52",
        endpoints: &["A031", "A032"],
        says: "Other services may not meet an additional requirement (advocacy, interpreter, transport) that the referral carries: warn the user.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-53",
        endpoints: &["A031", "A032"],
        says: "The referral is in a state in which its shortlist may change: A029 offers CHANGE_SHORTLIST.",
        answers: &["INVALID_REQUEST_STATE", "INVALID_REQUEST_TYPE"],
    },
    Duty {
        code: "ers-rule-60",
        endpoints: &["A020", "A044"],
        says: "A file for a new advice request is uploaded without NHSD-eRS-Referral-ID: there is no UBRN yet.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-62",
        endpoints: &["A012"],
        says: "Something changes: a file, or a description.",
        answers: &["NO_CHANGES_DETECTED"],
    },
    Duty {
        code: "ers-rule-66",
        endpoints: &["A012", "A022", "A026", "A027", "A028", "A044"],
        says: "A file name occurs only once among the files of the request and those already attached.",
        answers: &["DUPLICATE_FILENAME"],
    },
    Duty {
        code: "ers-rule-67",
        endpoints: &["A012", "A022", "A026", "A027", "A028", "A044"],
        says: "A file is attached to one record only, and keeps its type.",
        answers: &["INVALID_STATE"],
    },
    Duty {
        code: "ers-rule-69",
        endpoints: &["A012"],
        says: "The referral is complete and neither cancelled, superseded nor passed on; its appointment lies \
             ahead, outside the period in which letters are frozen.",
        answers: &["INVALID_REQUEST_STATE"],
    },
    Duty {
        code: "ers-rule-72",
        endpoints: &["A042"],
        says: "Follow the 307 at once, and request a new one for each download.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-73",
        endpoints: &["A005", "A006", "A007", "A042"],
        says: "The documents of a pathway may belong to several requests: collect those that supportingInfo refers to.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-76",
        endpoints: &["A015"],
        says: "The service is directly bookable, active, published, and on the shortlist.",
        answers: &["INVALID_STATE", "SERVICE_UNAVAILABLE", "REFERENCE_NOT_FOUND"],
    },
    Duty {
        code: "ers-rule-77",
        endpoints: &["A015"],
        says: "The page exists; page 1 always does, though it may be empty.",
        answers: &["INVALID_VALUE"],
    },
    Duty {
        code: "ers-rule-78",
        endpoints: &["A015"],
        says: "The clinician is one that the service names.",
        answers: &["INVALID_VALUE"],
    },
    Duty {
        code: "ers-rule-80",
        endpoints: &["A016"],
        says: "Start and end are those of the slot, the slot belongs to the service, the service is directly \
             bookable and on the shortlist, and the referral has no booking.",
        answers: &["INAPPROPRIATE_SLOT", "INAPPROPRIATE_VALUE", "INVALID_REQUEST_STATE"],
    },
    Duty {
        code: "ers-rule-81",
        endpoints: &["A016"],
        says: "A slot of one clinician (its schedule has an actor with an SDS user id) is booked with that \
             clinician as a participant, any other slot without one.",
        answers: &["INAPPROPRIATE_SLOT", "INAPPROPRIATE_VALUE"],
    },
    Duty {
        code: "ers-rule-82",
        endpoints: &["A016"],
        says: "The service can be booked directly.",
        answers: &["INVALID_STATE"],
    },
    Duty {
        code: "ers-rule-84",
        endpoints: &["A016"],
        says: "The reason for a deferral says what happened: NO_SLOTS_AT_SERVICE after a search that found no \
             slots, SLOT_NOT_AVAILABLE after a refused booking, BOOKING_ATTEMPT_PROBLEM after a booking that \
             got no answer for two minutes.",
        answers: &["SLOTS_CURRENTLY_AVAILABLE", "THIS_SLOT_IS_AVAILABLE"],
    },
    Duty {
        code: "ers-rule-90",
        endpoints: &["A034"],
        says: "The appointment is current and was booked directly: A029 offers CANCEL_DIRECTLY_BOOKED_APPOINTMENT.",
        answers: &["INVALID_REQUEST_STATE"],
    },
    Duty {
        code: "ers-rule-91",
        endpoints: &["A014", "A034", "A036"],
        says: "The provider's system accepts the cancellation.",
        answers: &["UNABLE_TO_CANCEL_APPOINTMENT", "502", "504"],
    },
    Duty {
        code: "ers-rule-92",
        endpoints: &["A016"],
        says: "The provider contacts the patient within as many working days (Monday to Friday) after the \
             creation as deferToProviderContactDays or triageContactDays gives for the priority.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-93",
        endpoints: &["A013", "A014", "A022"],
        says: "The referral is booked at a bookable service, waits for review with its clinical information, and the appointment is today or later.",
        answers: &["INVALID_REQUEST_STATE"],
    },
    Duty {
        code: "ers-rule-94",
        endpoints: &["A013", "A014", "A022", "A028"],
        says: "The clinician belongs to a workgroup of the service.",
        answers: &["NO_RELATIONSHIP"],
    },
    Duty {
        code: "ers-rule-98",
        endpoints: &["A014", "A022"],
        says: "appointmentCancelledInPAS is given only for an indirectly booked service, and always there.",
        answers: &["VALUE_IS_REQUIRED", "FIELD_NOT_PERMITTED"],
    },
    Duty {
        code: "ers-rule-100",
        endpoints: &["A022"],
        says: "appointmentCancelledInPAS = false puts the appointment on the list of those to cancel by hand.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-105",
        endpoints: &["A028"],
        says: "The referral was sent for triage or deferred, and waits for review: A029 offers RECORD_REVIEW_OUTCOME.",
        answers: &["INVALID_REQUEST_STATE"],
    },
    Duty {
        code: "ers-rule-110",
        endpoints: &["A036"],
        says: "A cancelled referral stays cancelled, and its appointment with it.",
        answers: &[],
    },
    Duty {
        code: "ers-rule-113",
        endpoints: &["A019"],
        says: "The referral is in a state that has a letter, and the patient has an access code.",
        answers: &["INVALID_REQUEST_STATE", "NO_ACCESS_CODE"],
    },
    Duty {
        code: "ers-rule-125",
        endpoints: &["A026", "A027"],
        says: "The service accepts requests of that priority.",
        answers: &["UNSUPPORTED_PRIORITY"],
    },
    Duty {
        code: "ers-rule-126",
        endpoints: &["A026", "A027"],
        says: "The conversation has not ended.",
        answers: &["INVALID_REQUEST_STATE"],
    },
    Duty {
        code: "ers-rule-127",
        endpoints: &["A027"],
        says: "The referrer allowed the conversion: Extension-eRS-ProviderConversionAuthorisation-1 of the request (A024) says AUTHORISED_TO_CONVERT.",
        answers: &["INVALID_REQUEST_STATE"],
    },
    Duty {
        code: "ers-rule-133",
        endpoints: &["A026", "A027", "A028"],
        says: "Make sure (PDS) that the patient is alive.",
        answers: &[],
    },
];
