//! The caller, compared with what the service has said about the user.

use std::collections::BTreeSet;

use ers_fhir_ers::service::Header;
use ers_fhir_report::{CallPart, Diagnostic, Message, Severity};
use serde_json::Value;

use super::facts::{self, Facts};
use crate::finding::about;
use crate::rule;

/// What calls have shown about the user.
#[derive(Debug, Default)]
pub(super) struct Callers {
    /// Organisations and business functions that A030 listed.
    functions: BTreeSet<(String, String)>,
    /// Clinicians that A040 listed.
    clinicians: BTreeSet<String>,
}

impl Callers {
    /// The user has a business function that A030 has listed, and acts for a clinician that A040
    /// has listed.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if let (Some(organisation), Some(function)) = (facts.organisation, facts.function)
            && !self.functions.is_empty()
            && !self.functions.contains(&(organisation.to_owned(), function.to_owned()))
        {
            let message = "A030 has not listed this business function at this organisation for the user";
            found.push(finding(Header::FUNCTION.name, message));
        }
        if let Some(clinician) = facts.on_behalf_of
            && !self.clinicians.is_empty()
            && !self.clinicians.contains(clinician)
        {
            let message = "A040 has not listed this clinician as one whom the admin may act for";
            found.push(finding(Header::ON_BEHALF_OF.name, message));
        }
    }

    /// Records what the call shows for later ones.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) {
        let value = |record: &Value, of: &str| record[of]["identifier"]["value"].as_str().map(str::to_owned);
        match facts.endpoint.id {
            "A030" => {
                let mut listed = BTreeSet::new();
                for record in facts::all_records(&facts.answer) {
                    let Some(organisation) = value(record, "organization") else { continue };
                    let codings = record["code"].as_array().into_iter().flatten();
                    let codings = codings.flat_map(|code| code["coding"].as_array().into_iter().flatten());
                    let codes = codings.filter_map(|coding| coding["code"].as_str());
                    listed.extend(codes.map(|code| (organisation.clone(), code.to_owned())));
                }
                // Another user may have logged in.
                self.functions = listed;
                self.clinicians.clear();
            }
            "A040" => {
                let ids = facts::resources(&facts.answer, "Practitioner").map(str::to_owned);
                self.clinicians = ids.collect();
            }
            _ => {}
        }
    }
}

fn finding(header: &'static str, message: &'static str) -> Diagnostic {
    let mut finding = about(&rule::CALLER, CallPart::Header(header), Message::text(message));
    // Lists change, and several users may be in one capture.
    finding.severity = Severity::Warning;
    finding.suggestion = Some(Message::text("choose from the last answer of A030, or of A040 for an admin"));
    finding
}
