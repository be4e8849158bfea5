//! The codes by which the service says why it refuses a call: what each means, and what to do.

use crate::rule::{self, Rule};
use crate::service::{Duty, Endpoint, duties, endpoints};

/// A code in the OperationOutcome of a refused call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The code: `UNEXPECTED_FIELD`.
    pub code: &'static str,
    /// What is wrong.
    pub wrong: &'static str,
    /// What to do.
    pub mend: &'static str,
}

impl Refusal {
    /// The operations that may answer it, each with the statuses that it then has.
    pub fn endpoints(&self) -> impl Iterator<Item = (&'static Endpoint, Vec<u16>)> {
        endpoints().into_iter().filter_map(|endpoint| {
            let statuses: Vec<u16> = endpoint
                .failures
                .iter()
                .filter(|(_, codes)| codes.contains(&self.code))
                .map(|(status, _)| *status)
                .collect();
            (!statuses.is_empty()).then_some((endpoint, statuses))
        })
    }

    /// The rules that speak of it: who keeps them is not refused for it.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let code = self.code;
        rule::all().filter(move |rule| names(rule.explanation, code))
    }

    /// What only the service can tell that it answers with it.
    pub fn duties(&self) -> impl Iterator<Item = &'static Duty> {
        let code = self.code;
        duties().iter().filter(move |duty| duty.answers.contains(&code))
    }
}

/// Whether a text names a code, and not merely a longer one.
fn names(text: &str, code: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|word| word == code)
}

/// Every such code, in order.
pub fn refusals() -> &'static [Refusal] {
    REFUSALS
}

const fn of(code: &'static str, wrong: &'static str, mend: &'static str) -> Refusal {
    Refusal { code, wrong, mend }
}

#[rustfmt::skip]
static REFUSALS: &[Refusal] = &[
    of("ACCESS_DENIED", "the caller is not known, or may not do this", "get a new token, and check role, organisation and the approval of the application"),
    of("CONFLICTING_VALUES", "two values contradict each other, such as the ending of a file name and its content type", "compare what the request says twice"),
    of("DUPLICATE_FILENAME", "a file of that name is attached already, or twice in the request", "give each file a name of its own"),
    of("DUPLICATE_SERVICE", "a service stands twice on the shortlist", "list each service once"),
    of("FIELD_NOT_PERMITTED", "a field is given that the other values rule out", "leave it out, or change what rules it out"),
    of("FILE_SIZE_ERROR", "the file is empty or larger than 5 MB", "send a smaller one"),
    of("FORBIDDEN", "the caller may not call this operation", "check role, organisation and the approval of the application"),
    of("HISTORY_NOT_SUPPORTED", "an older version is asked for", "ask for the latest version"),
    of("INAPPROPRIATE_SLOT", "the slot is not one of the service or does not suit the request", "look for slots with A015 and take one of them"),
    of("INAPPROPRIATE_VALUE", "a value is allowed in general, but not here", "compare it with what the operation and the other values of the request allow"),
    of("INVALID_CODE", "a code is not in its list", "take one of the list that system names; A004 reads the reference data"),
    of("INVALID_FHIR_STRUCTURE", "the body is not built as FHIR has it, such as an array where there is one value", "validate the body: the findings say where"),
    of("INVALID_REQUEST_STATE", "the referral or advice request is in a state that does not allow this", "read it again: its state says what can be done"),
    of("INVALID_REQUEST_TYPE", "the UBRN is that of another kind of request", "use the operation for that kind, or correct the UBRN"),
    of("INVALID_STATE", "something that is referred to, a file or a service, is in a state that does not allow this", "read it again, and wait or choose another"),
    of("INVALID_VALUE", "a value has the wrong type or form", "validate the body: the findings say where"),
    of("MISSING_HEADER", "a header that must be there is absent or empty", "send it; `ers-fhir endpoints ID` lists the headers of an operation"),
    of("MISSING_PARAMETER", "a query parameter that must be there is absent", "send it; `ers-fhir endpoints ID` lists the parameters of an operation"),
    of("MISSING_VALUE", "an element or parameter that must always be there is absent", "add it: validating the body says which"),
    of("NO_ACCESS", "the caller is not known, or the organisation is not on the list of those allowed", "get a new token, and check the organisation"),
    of("NO_ACCESS_CODE", "the patient has no access code for booking", "nothing can be sent until the patient has one"),
    of("NO_CHANGES_DETECTED", "the request would change nothing", "send it only where something changes"),
    of("NO_REG_GP_PRACTICE", "the patient is not registered with a practice", "have the registration put right before referring"),
    of("NO_RELATIONSHIP", "the organisation of the caller has nothing to do with the request or service", "call for an organisation that has"),
    of("ORGANISATION_IS_CLOSED", "an organisation that is named is closed", "name one that is open"),
    of("ORGANISATION_NOT_APPROPRIATE", "an organisation that is named is of a kind that does not fit", "name one that fits the request"),
    of("PAS_NOT_RESPONDING", "the system of the provider does not answer in time", "try again later"),
    of("PAS_RESPONDED_WITH_ERROR", "the system of the provider answers with an error", "try again later, or take another slot"),
    of("PATIENT_ERROR", "the record of the patient cannot be used", "do not try again: have the record put right first"),
    of("PENDING", "the file is still being scanned", "ask again after five minutes or more"),
    of("PRIORITY_NOT_CURRENT", "the priority is changed with an outcome that does not allow it", "leave the priority as it is"),
    of("REC_BAD_REQUEST", "the request cannot be understood", "check query, headers and body"),
    of("REC_FORBIDDEN", "the caller may not call this operation", "check role, organisation and the approval of the application"),
    of("REC_NOT_ACCEPTABLE", "no answer in the form that Accept asks for", "accept application/fhir+json"),
    of("REC_NOT_FOUND", "there is no such record", "check the id in the URL"),
    of("REC_SERVER_ERROR", "the service failed", "try again later, and report it with X-Request-ID if it stays"),
    of("REC_UNAVAILABLE", "the service is not available", "try again later"),
    of("REC_UNSUPPORTED_MEDIA_TYPE", "the body is not of a type that the operation reads", "send application/fhir+json"),
    of("REFERENCED_USER_IS_NOT_ACTIVE", "a user who is named is not active", "name one who is"),
    of("REFERENCED_USER_IS_NOT_RC", "a user who is named is no referring clinician", "name one who is"),
    of("REFERENCED_USER_IS_NOT_RC_AT_ORG", "a user who is named is no referring clinician at that organisation", "name one who is, or the other organisation"),
    of("REFERENCED_USER_IS_NOT_SPC", "a user who is named is no clinician of a provider", "name one who is"),
    of("REFERENCED_USER_NOT_IN_ORG", "a user who is named does not belong to the organisation", "name one who does"),
    of("REFERENCE_NOT_FOUND", "something that is referred to is not there", "check the id, and that it was created before"),
    of("SERVICE_ERROR", "the gateway failed", "try again later"),
    of("SERVICE_UNAVAILABLE", "the service to refer to is no longer offered", "search for services again"),
    of("SHORTLISTED_SERVICE_NOT_IN_RESULTS", "a service on the shortlist does not meet the search criteria", "search with the same criteria and list services of the result"),
    of("SLOTS_CURRENTLY_AVAILABLE", "a deferral is sent though there are slots", "book one of them"),
    of("SLOT_NOT_AVAILABLE", "the slot has been taken", "look for slots again and take another"),
    of("SNOMED_NOT_FOUND", "the clinical term is not known to e-RS", "check the SNOMED CT code"),
    of("SYSTEM_UNAVAILABLE", "the service is not available", "try again later"),
    of("THIS_SLOT_IS_AVAILABLE", "a deferral names a slot that is free", "book that slot"),
    of("THREATS_FOUND", "the file holds something harmful and was locked away", "do not use it; attach a clean one"),
    of("TOO_MANY_ITEMS", "a list is longer than it may be", "shorten it; the notes of the operation give the limit"),
    of("TOO_MANY_REQUESTS", "more calls are sent than are allowed", "wait, and send fewer in a minute"),
    of("UNABLE_TO_CANCEL_APPOINTMENT", "the system of the provider does not cancel the appointment", "try again, or ask the provider"),
    of("UNABLE_TO_CONFIRM_APPOINTMENT", "the system of the provider does not confirm the booking", "take another slot"),
    of("UNEXPECTED_FIELD", "an element or parameter is there that the operation does not know, or not in this situation", "leave it out, or write its name as the profile has it"),
    of("UNSUPPORTED_PRIORITY", "the service does not take requests of that priority", "choose another service or priority"),
    of("VALIDATION_FAILED", "the file is not what its type says", "attach a sound file"),
    of("VALUE_IS_REQUIRED", "a value is absent that the other values ask for", "add it, or change what asks for it"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_the_table_of_operations_names_is_explained() {
        let all: Vec<&str> = REFUSALS.iter().map(|refusal| refusal.code).collect();
        assert!(all.is_sorted(), "{all:?}");
        let of_operations =
            endpoints().into_iter().flat_map(|endpoint| endpoint.failures).flat_map(|(_, codes)| *codes);
        let is_code = |answer: &&&str| answer.contains(|letter: char| letter.is_ascii_alphabetic());
        let of_duties = duties().iter().flat_map(|duty| duty.answers).filter(is_code);
        for code in of_operations.chain(of_duties) {
            assert!(all.contains(code), "{code} is not explained");
        }
    }

    #[test]
    fn a_code_leads_to_operations_and_rules() {
        let find = |code: &str| REFUSALS.iter().find(|refusal| refusal.code == code).expect("it is there");
        let unexpected = find("UNEXPECTED_FIELD");
        assert!(
            unexpected.endpoints().any(|(endpoint, statuses)| endpoint.id == "A011" && statuses == [422])
        );
        assert!(unexpected.rules().any(|rule| rule.code == "ers-rule-36"));
        assert!(find("DUPLICATE_FILENAME").duties().next().is_some());
        assert!(names("refused (A_B).", "A_B") && !names("refused (A_BC).", "A_B"));
    }
}
