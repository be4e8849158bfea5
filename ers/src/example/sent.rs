//! The bodies of valid calls.

use super::caller::Caller;
use super::payloads;
use crate::service::{Endpoint, Role};

/// The file that A020 uploads.
pub(super) const FILE: &str = "A referral letter.\n";

/// The parameter after which the clinician is named.
const PATIENT: &str = r#"    {
      "name": "patient",
      "valueIdentifier": { "system": "http://fhir.nhs.net/Id/nhs-number", "value": "9994827162" }
    },
"#;
const CLINICIAN: &str = r#"    {
      "name": "referringClinician",
      "valueIdentifier": { "system": "http://fhir.nhs.net/Id/sds-user-id", "value": "555000111222" }
    },
"#;

/// The body of a valid call; empty if the operation has none.
pub(super) fn body(endpoint: &Endpoint, caller: Caller) -> String {
    let text = match endpoint.id {
        "A008" if caller.role().is_some_and(Role::is_referrer) => payloads::REFERRER_LIST,
        "A008" => payloads::WORKLIST,
        "A010" => payloads::SEARCH,
        "A011" => payloads::CREATE,
        "A012" => payloads::LETTER,
        "A014" => payloads::REJECT,
        "A016" => payloads::BOOK,
        "A020" => FILE,
        "A021" => payloads::CREATE_FOR_TRIAGE,
        "A022" => payloads::CANCEL_LATER,
        "A023" => payloads::ADVICE_WORKLIST,
        "A026" => payloads::ANSWER_ADVICE,
        "A027" => payloads::CONVERT,
        "A028" => payloads::TRIAGE,
        "A031" => payloads::CHANGE_SHORTLIST,
        "A032" => payloads::CHANGE_SHORTLIST_FOR_TRIAGE,
        "A034" => payloads::CANCEL_APPOINTMENT,
        "A036" => payloads::CANCEL_REFERRAL,
        "A044" => payloads::ASK,
        _ => "",
    };
    if caller.role() == Some(Role::ReferringClinicianAdmin) {
        return naming_clinician(text);
    }
    text.to_owned()
}

/// The same for an admin, who names the clinician after the patient.
fn naming_clinician(text: &str) -> String {
    text.replacen(PATIENT, &[PATIENT, CLINICIAN].concat(), 1)
}
