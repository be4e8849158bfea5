//! The conditions before an operation that changes something, and its effects.

/// The effect of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The operation.
    pub endpoint: &'static str,
    /// The conditions before it.
    pub before: &'static str,
    /// The state after it.
    pub after: &'static str,
    /// The effect on versions.
    pub version: &'static str,
}

/// The effect of an operation; `None` if it only reads.
pub fn effect(id: &str) -> Option<&'static Effect> {
    EFFECTS.iter().find(|effect| effect.endpoint == id)
}

/// For operations that take the version of the referral in If-Match.
const NEXT: &str = "If-Match names the current version of the referral; the answer has a higher one.";

const fn of(
    endpoint: &'static str,
    before: &'static str,
    after: &'static str,
    version: &'static str,
) -> Effect {
    Effect { endpoint, before, after, version }
}

static EFFECTS: &[Effect] = &[
    of(
        "A011",
        "The patient is registered with a practice; the services on the shortlist are results of the search criteria.",
        "A new referral in the state NOT_BOOKED, without appointment, letters or specialty.",
        "The referral has its first version; take it from ETag.",
    ),
    of(
        "A012",
        "The referral is not cancelled and its appointment not past; each file was uploaded for this UBRN and \
         is not attached to anything else.",
        "The letters are exactly those of the request; the state stays.",
        NEXT,
    ),
    of(
        "A013",
        "The state is BOOKED and the referral waits for review; the appointment is today or later.",
        "The referral is accepted and leaves the list of referrals for review. State and appointment stay.",
        NEXT,
    ),
    of(
        "A014",
        "The state is BOOKED and the referral waits for review; the provider's system accepts the \
         cancellation.",
        "The state is REJECTED, with the reason and the comment; the appointment is cancelled.",
        NEXT,
    ),
    of(
        "A016",
        "The referral has no appointment and its shortlist names the service. To book: the slot is free. To \
         defer: the reason is what really happened. To ask for triage: the service does triage.",
        "Booked: the state is BOOKED and the slot taken. Deferred: DEFERRED_TO_PROVIDER. For triage: AWAITING_TRIAGE. The appointment of the last two is proposed.",
        "incomingReferral names the current version of the referral; referral and appointment then have new \
         versions.",
    ),
    of(
        "A020",
        "The file is of an allowed type and of 1 to 5242880 bytes.",
        "The file is stored, but not attached to anything. It can be fetched once it has been checked: it is \
         PENDING, then AVAILABLE or refused for good.",
        "Files have no versions.",
    ),
    of(
        "A021",
        "As A011, with one service that does triage on the shortlist.",
        "A new referral in the state AWAITING_TRIAGE with an appointment that is proposed.",
        "The referral has its first version; take it from ETag.",
    ),
    of(
        "A022",
        "The state is BOOKED and the referral waits for review.",
        "The state is TRIAGED_PROVIDER_TO_ACTION; the appointment is proposed with the reason CANCEL_APPOINTMENT_ACTION_LATER, and files of the request are attached.",
        NEXT,
    ),
    of(
        "A026",
        "The advice request is active and waits for the provider.",
        "A question in return: REFERRER_TO_SUBMIT_FURTHER_INFORMATION. Advice: REFERRER_TO_REVIEW_RESPONSE. The message and its files are part of the conversation.",
        "If-Match names the current version of the advice request; the answer has a higher one.",
    ),
    of(
        "A027",
        "The advice request is active, and the referrer allowed its conversion.",
        "The advice request is completed; a referral with the same UBRN is in the state TRIAGED_PROVIDER_TO_ACTION, with the files of the conversation.",
        "createFrom names the latest version of the advice request, else 409.",
    ),
    of(
        "A028",
        "The state is AWAITING_TRIAGE or DEFERRED_TO_PROVIDER and the referral waits for review.",
        "Accepted: TRIAGED_PROVIDER_TO_ACTION. Returned with advice: TRIAGE_RESPONSE. The appointment stays proposed and has outcome and comment.",
        NEXT,
    ),
    of(
        "A031",
        "The referral has no appointment that is booked.",
        "Shortlist and search criteria are those of the request; the state is NOT_BOOKED, without appointment and specialty. Letters stay.",
        NEXT,
    ),
    of(
        "A032",
        "As A031, with one service that does triage on the shortlist.",
        "The state is AWAITING_TRIAGE; the appointment is proposed.",
        NEXT,
    ),
    of(
        "A034",
        "The appointment is the current one of its referral, booked directly, and the provider's system \
         accepts the cancellation.",
        "The appointment is cancelled and its slot free; the state of the referral is APPT_CANCELLED_BY_PATIENT.",
        "If-Match names the current version of the appointment; appointment and referral then have new \
         versions.",
    ),
    of(
        "A036",
        "The referral is not yet cancelled; if an appointment is booked, the user may cancel that too.",
        "The state is CANCELLED_REFERRAL, which is final; a booked appointment is cancelled and is part of the \
         answer.",
        NEXT,
    ),
    of(
        "A044",
        "The service answers advice requests; the files were uploaded without naming a UBRN.",
        "A new advice request that is active and waits for the provider: PROVIDER_RESPONSE_REQUIRED.",
        "The advice request has its first version.",
    ),
];

#[cfg(test)]
mod tests {
    use super::{EFFECTS, effect};
    use crate::service::{Header, endpoints, find};

    #[test]
    fn what_an_operation_changes_is_known_of_those_that_change_something() {
        assert!(EFFECTS.is_sorted_by_key(|effect| effect.endpoint));
        assert!(EFFECTS.iter().all(|effect| find(effect.endpoint).next().is_some()));
        for endpoint in endpoints() {
            // Only operations that change a record take If-Match.
            let changes = endpoint.more_headers.contains(&Header::IF_MATCH);
            assert!(!changes || effect(endpoint.id).is_some(), "{}", endpoint.id);
        }
    }
}
