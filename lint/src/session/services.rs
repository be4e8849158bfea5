//! The requests that services accept, as searches have shown.

use std::collections::BTreeMap;

use ers_fhir_report::{CallPart, Diagnostic, Message, Rule};
use serde_json::Value;

use super::facts::{Facts, objects, parameter, participant};
use super::shortlist::{SERVICE, service, services};
use crate::finding::about;
use crate::rule;

const TRIAGE: &str = "TRIAGE_REQUEST";
const ADVICE: &str = "ADVICE_AND_GUIDANCE_REQUEST";
const APPOINTMENT: &str = "APPOINTMENT_REQUEST";
const INDIRECTLY: &str = "INDIRECTLY_BOOKABLE";

/// What answers of A010 have said about services.
#[derive(Debug, Default)]
pub(super) struct Services(BTreeMap<String, Kind>);

/// A service.
#[derive(Debug)]
struct Kind {
    /// The kinds of requests that it accepts; empty if unknown.
    flows: Vec<String>,
    is_indirect: bool,
}

impl Kind {
    /// Whether it accepts requests of that kind, as far as is known.
    fn takes(&self, flow: &str) -> bool {
        self.flows.is_empty() || self.flows.iter().any(|known| known == flow)
    }
}

impl Services {
    /// A service gets only requests that it accepts.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if self.0.is_empty() {
            return;
        }
        match facts.endpoint.id {
            "A021" | "A032" => self.shortlist(facts, TRIAGE, found),
            "A044" => self.shortlist(facts, ADVICE, found),
            "A016" => self.appointment(&facts.request, found),
            _ => {}
        }
    }

    fn shortlist(&self, facts: &Facts<'_>, flow: &str, found: &mut Vec<Diagnostic>) {
        let list = parameter(&facts.request, "shortlist").map(|part| &part["resource"]);
        let is_other = |service: &str| self.0.get(service).is_some_and(|kind| !kind.takes(flow));
        if list.into_iter().flat_map(services).any(is_other) {
            let (what, next) = if flow == TRIAGE {
                (
                    "the service does not accept requests for triage, as the earlier search shows",
                    "choose a service whose supportedRequestFlowType is TRIAGE_REQUEST",
                )
            } else {
                (
                    "the service does not give advice, as the earlier search shows",
                    "choose a service whose supportedRequestFlowType is ADVICE_AND_GUIDANCE_REQUEST",
                )
            };
            report(&rule::SHORTLIST, what, next, found);
        }
    }

    fn appointment(&self, request: &Value, found: &mut Vec<Diagnostic>) {
        let Some(kind) = participant(request, SERVICE).and_then(|service| self.0.get(service)) else {
            return;
        };
        let is_triage = request["reason"][0]["coding"][0]["code"] == "TRIAGE";
        let (what, next) = match request["status"].as_str() {
            Some("booked") if kind.is_indirect => (
                "the service is booked indirectly, as the earlier search shows: A016 cannot book a slot there",
                "have the patient or the provider book, or choose a service that is DIRECTLY_BOOKABLE",
            ),
            Some("booked") if !kind.takes(APPOINTMENT) => (
                "the service does not accept bookings, as the earlier search shows",
                "send the referral for triage: the status proposed, with the reason TRIAGE",
            ),
            Some("proposed") if is_triage && !kind.takes(TRIAGE) => (
                "the service does not accept requests for triage, as the earlier search shows",
                "book a slot of the service, or choose one that accepts TRIAGE_REQUEST",
            ),
            _ => return,
        };
        report(&rule::SLOT, what, next, found);
    }

    /// Records what an answer of A010 says.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) {
        if facts.endpoint.id != "A010" {
            return;
        }
        for entry in facts.answer["entry"].as_array().into_iter().flatten() {
            let Some(service) = service(entry) else { continue };
            let parts = objects(&entry["item"]);
            let codes = |name: &'static str| {
                let named = parts.iter().filter(move |part| part.get("url").is_some_and(|url| url == name));
                let concepts = named.filter_map(|part| part.get("valueCodeableConcept"));
                concepts.filter_map(|concept| concept["coding"][0]["code"].as_str())
            };
            let flows = codes("supportedRequestFlowType").map(str::to_owned).collect();
            let is_indirect = codes("bookableType").any(|code| code == INDIRECTLY);
            self.0.insert(service.to_owned(), Kind { flows, is_indirect });
        }
    }
}

fn report(rule: &'static Rule, what: &'static str, next: &'static str, found: &mut Vec<Diagnostic>) {
    let mut finding = about(rule, CallPart::Body, Message::text(what));
    finding.suggestion = Some(Message::text(next));
    found.push(finding);
}
