//! What is put on a shortlist, against what searches have found.

use std::collections::BTreeSet;

use ers_fhir_report::{CallPart, Diagnostic, Message};
use serde_json::Value;

use super::facts::Facts;
use crate::finding::about;
use crate::rule;

const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";

/// What searches for services have found.
#[derive(Debug, Default)]
pub(super) struct Searches {
    found: BTreeSet<String>,
    /// The patient whom the last search was for.
    patient: Option<String>,
}

impl Searches {
    /// The services on a shortlist were found by a search for the patient.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if self.found.is_empty() || !["A011", "A021", "A031", "A032", "A044"].contains(&facts.endpoint.id) {
            return;
        }
        let mut report = |what: &'static str| {
            let mut finding = about(&rule::SHORTLIST, CallPart::Body, Message::text(what));
            finding.suggestion =
                Some(Message::text("search (A010) for the patient with the criteria of the shortlist first"));
            found.push(finding);
        };
        let shortlist = parameter(&facts.request, "shortlist").map(|part| &part["resource"]);
        if shortlist.is_some_and(|list| services(list).any(|service| !self.found.contains(service))) {
            report("a service is put on the shortlist that no search before has found");
        }
        let patient =
            parameter(&facts.request, "patient").and_then(|part| part["valueIdentifier"]["value"].as_str());
        if let (Some(sent), Some(searched)) = (patient, self.patient.as_deref())
            && sent != searched
        {
            report("the services were searched for another patient");
        }
    }

    /// What a search shows to the calls after it.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) {
        if facts.endpoint.id != "A010" {
            return;
        }
        self.found.extend(services(&facts.answer).map(str::to_owned));
        let patient =
            parameter(&facts.request, "patient").and_then(|part| part["valueIdentifier"]["value"].as_str());
        self.patient = patient.map(str::to_owned);
    }
}

/// The part of Parameters of that name.
fn parameter<'v>(parameters: &'v Value, name: &str) -> Option<&'v Value> {
    parameters["parameter"].as_array()?.iter().find(|part| part["name"] == name)
}

/// The services that a list names.
fn services(list: &Value) -> impl Iterator<Item = &str> {
    let entries = list["entry"].as_array().into_iter().flatten();
    let identifiers = entries.map(|entry| &entry["item"]["identifier"]);
    identifiers
        .filter(|identifier| identifier["system"] == SERVICE)
        .filter_map(|identifier| identifier["value"].as_str())
}
