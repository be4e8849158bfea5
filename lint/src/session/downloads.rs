//! Downloads of files, compared with what was said about them.

use std::collections::BTreeMap;

use ers_fhir_report::{CallPart, Diagnostic, Message, def, text};
use serde_json::Value;

use super::facts::{Facts, objects, strings};
use crate::finding::about;
use crate::rule;

/// How long the check of a file takes, in milliseconds.
const WHILE: i64 = 5 * 60 * 1000;
/// The extension in which an answer says whether a file can be fetched.
const AVAILABILITY: &str = "/Extension-eRS-AvailabilityStatus-1";

/// What answers have said about files.
#[derive(Debug, Default)]
pub(super) struct Downloads {
    /// The files that cannot be fetched, by their id.
    unavailable: BTreeMap<String, Said>,
}

#[derive(Debug)]
struct Said {
    state: &'static str,
    /// When the call with this answer began.
    at: Option<i64>,
}

/// The state in which a file is not delivered.
const STATES: [&str; 3] = ["PENDING", "THREATS_FOUND", "VALIDATION_FAILED"];

/// Whether a file is not delivered because of its state, which is reported elsewhere.
pub(super) fn is_about_file(facts: &Facts<'_>) -> bool {
    refused(facts).is_some()
}

/// The state because of which a file is not delivered.
fn refused(facts: &Facts<'_>) -> Option<&'static str> {
    let is_refused = ["A006", "A042"].contains(&facts.endpoint.id) && facts.status == Some(422);
    let given = is_refused.then(|| strings(&facts.answer))?;
    STATES.into_iter().find(|state| given.contains(state))
}

impl Downloads {
    /// A file is fetched only when it is available.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        // If it was delivered, it was available; any other refusal has a different reason.
        if !["A006", "A042"].contains(&facts.endpoint.id) || facts.status.is_some_and(|status| status != 422)
        {
            return;
        }
        let Some(said) = facts.id.and_then(|id| self.unavailable.get(id)) else { return };
        let is_pending = said.state == "PENDING";
        let waited = facts.began.zip(said.at).map(|(now, then)| now - then);
        if is_pending && !waited.is_some_and(|waited| (0..WHILE).contains(&waited)) {
            return;
        }
        let message = text!("the file was {} in the last answer that mentions it", def(said.state));
        let mut finding = about(&rule::UNAVAILABLE_FILE, CallPart::Path, message);
        finding.suggestion = Some(Message::text(if is_pending {
            "wait five minutes, and check the status of the file again; e-RS answers 422 PENDING"
        } else {
            "ask the person who uploaded the file (AttachedBy, AttachedByOrganisation): it is never delivered"
        }));
        found.push(finding);
    }

    /// Records what the refusal of a file says about it.
    pub(super) fn learn_of_refusal(&mut self, facts: &Facts<'_>) {
        if let (Some(state), Some(id)) = (refused(facts), facts.id) {
            self.unavailable.insert(id.to_owned(), Said { state, at: facts.began });
        }
    }

    /// Records what an answer says about files.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) {
        for attachment in objects(&facts.answer) {
            let url = attachment.get("url").and_then(Value::as_str);
            let Some((_, id)) = url.and_then(|url| url.rsplit_once("Binary/")) else { continue };
            let extensions = attachment.get("extension").and_then(Value::as_array).into_iter().flatten();
            let is_status =
                |extension: &&Value| extension["url"].as_str().is_some_and(|url| url.ends_with(AVAILABILITY));
            let mut states = extensions.filter(is_status).filter_map(|it| it["valueCoding"]["code"].as_str());
            let Some(state) = states.next() else { continue };
            if let Some(state) = STATES.into_iter().find(|known| *known == state) {
                self.unavailable.insert(id.to_owned(), Said { state, at: facts.began });
            } else {
                self.unavailable.remove(id);
            }
        }
    }
}
