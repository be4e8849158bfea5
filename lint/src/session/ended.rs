//! Changes to records that have ended.

use std::collections::BTreeSet;

use ers_fhir_ers::service::Header;
use ers_fhir_report::{CallPart, Diagnostic, Message, def, text};
use serde_json::Value;

use super::facts::{Facts, all_records, reference_version, strings};
use crate::finding::about;
use crate::rule;

/// The ended records, by type and id.
#[derive(Debug, Default)]
pub(super) struct Ended {
    records: BTreeSet<(&'static str, String)>,
}

/// Types of records that can end, the message about it, and the statuses in which they have ended.
const ENDS: [(&str, &str, &[&str]); 3] = [
    ("ReferralRequest", "the referral was cancelled", &["cancelled"]),
    ("CommunicationRequest", "the conversation has ended", &["completed", "cancelled"]),
    ("Appointment", "the appointment was cancelled", &["cancelled"]),
];

impl Ended {
    /// An ended record is no longer changed.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if self.records.is_empty() || !facts.is_change() {
            return;
        }
        let of_path = facts.id.map(|id| (facts.endpoint.resource_type(), id, CallPart::Path));
        let in_body = strings(&facts.request).into_iter().filter_map(reference_version);
        let in_body = in_body.map(|(kind, id, _)| (kind, id, CallPart::Body));
        let uploaded_for =
            facts.referral.map(|id| ("ReferralRequest", id, CallPart::Header(Header::REFERRAL.name)));
        let named = of_path.into_iter().chain(in_body).chain(uploaded_for);
        for (kind, id, part) in named {
            let Some((_, what, _)) = ENDS
                .iter()
                .find(|(known, ..)| *known == kind && self.records.contains(&(*known, id.to_owned())))
            else {
                continue;
            };
            let message = text!("{} in an earlier call, but this one changes it", def(what));
            let mut finding = about(&rule::ENDED, part, message);
            finding.suggestion =
                Some(Message::text("leave the call out: e-RS answers 422 INVALID_REQUEST_STATE"));
            found.push(finding);
            return;
        }
    }

    /// Records what the call shows for later ones, if it succeeded.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) {
        let cancels = match facts.endpoint.id {
            "A036" => Some("ReferralRequest"),
            "A034" if facts.request["status"] == "cancelled" => Some("Appointment"),
            _ => None,
        };
        if let (Some(kind), Some(id)) = (cancels, facts.id) {
            self.records.insert((kind, id.to_owned()));
        }
        for record in all_records(&facts.answer) {
            self.learn_of(record);
        }
    }

    fn learn_of(&mut self, record: &Value) {
        let kind = ENDS.iter().find(|(kind, ..)| record["resourceType"] == *kind);
        let (Some((kind, _, ends)), Some(id), Some(status)) =
            (kind, record["id"].as_str(), record["status"].as_str())
        else {
            return;
        };
        let key = (*kind, id.to_owned());
        if ends.contains(&status) {
            self.records.insert(key);
        } else {
            self.records.remove(&key);
        }
    }
}
