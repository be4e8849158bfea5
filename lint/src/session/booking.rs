//! Bookings and deferrals, against the slots, refusals and referrals before them.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_report::{CallPart, Diagnostic, Message, def, text};
use serde_json::Value;

use super::facts::{self, Facts, reference_version, slots, strings};
use crate::rule;
use crate::traffic::about;

const PATIENT: &str = "http://fhir.nhs.net/Id/nhs-number";
const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";

/// What calls have shown of slots, and of what may be booked.
#[derive(Debug, Default)]
pub(super) struct Bookings {
    /// Slots that were offered.
    slots: BTreeSet<String>,
    has_searched: bool,
    /// What a deferral may give as its reason.
    earned: BTreeSet<&'static str>,
    /// The patient of each referral that was answered.
    patients: BTreeMap<String, String>,
    /// The services on its shortlist.
    shortlists: BTreeMap<String, BTreeSet<String>>,
}

impl Bookings {
    /// A slot is offered before it is booked, patient and service are those of the referral, and a deferral has the
    /// reason that was met with.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if facts.endpoint.id != "A016" {
            return;
        }
        self.participants(&facts.request, found);
        if facts.request["status"] == "booked" && self.has_searched {
            for slot in slots(&facts.request) {
                if !self.slots.contains(slot) {
                    let message = Message::text("a slot is booked that no search before has offered");
                    found.push(about(&rule::SLOT, CallPart::Body, message));
                }
            }
        }
        let reason = facts.request["reason"][0]["coding"][0]["code"].as_str().unwrap_or_default();
        let reasons = ["NO_SLOTS_AT_SERVICE", "SLOT_NOT_AVAILABLE", "BOOKING_ATTEMPT_PROBLEM"];
        let Some(reason) = reasons.into_iter().find(|known| *known == reason) else { return };
        if !self.earned.contains(reason) {
            let message = text!("the deferral says {}, and no call before shows that", def(reason));
            let mut finding = about(&rule::REASON, CallPart::Body, message);
            finding.suggestion = Some(Message::text(match reason {
                "NO_SLOTS_AT_SERVICE" => "search slots (A015) first: this is the reason where there are none",
                "SLOT_NOT_AVAILABLE" => {
                    "this is the reason where a booking was refused with SLOT_NOT_AVAILABLE or 502"
                }
                _ => "this is the reason where a booking was answered with 504",
            }));
            found.push(finding);
        }
    }

    fn participants(&self, request: &Value, found: &mut Vec<Diagnostic>) {
        let mut texts = strings(&request["incomingReferral"]).into_iter();
        let Some((_, ubrn, _)) = texts.find_map(reference_version) else { return };
        let is_other = |system: &str, is_known: &dyn Fn(&str) -> bool| {
            participant(request, system).is_some_and(|sent| !is_known(sent))
        };
        let mut report = |what: &'static str, next: &'static str| {
            let mut finding = about(&rule::PARTICIPANT, CallPart::Body, Message::text(what));
            finding.suggestion = Some(Message::text(next));
            found.push(finding);
        };
        if let Some(patient) = self.patients.get(ubrn)
            && is_other(PATIENT, &|sent| sent == patient)
        {
            report(
                "the patient is not that of the referral that was read",
                "carry the patient on from the referral",
            );
        }
        if let Some(shortlist) = self.shortlists.get(ubrn)
            && is_other(SERVICE, &|sent| shortlist.contains(sent))
        {
            report(
                "the service is not on the shortlist of the referral that was read",
                "change the shortlist first (A031)",
            );
        }
    }

    /// What the call shows to those after it.
    pub(super) fn learn(&mut self, status: u16, facts: &Facts<'_>) {
        self.learn_of_attempt(status, facts);
        if status >= 300 {
            return;
        }
        for record in facts::all_records(&facts.answer) {
            self.learn_of_referral(record);
        }
        if facts.endpoint.id == "A015" {
            self.has_searched = true;
            let offered: Vec<String> = facts::resources(&facts.answer, "Slot").map(str::to_owned).collect();
            if offered.is_empty() {
                self.earned.insert("NO_SLOTS_AT_SERVICE");
            }
            self.slots.extend(offered.into_iter().map(|id| format!("Slot/{id}")));
        }
    }

    fn learn_of_referral(&mut self, record: &Value) {
        let (Some("ReferralRequest"), Some(id)) = (record["resourceType"].as_str(), record["id"].as_str())
        else {
            return;
        };
        if let Some(patient) = record["subject"]["identifier"]["value"].as_str() {
            self.patients.insert(id.to_owned(), patient.to_owned());
        }
        let contained = record["contained"].as_array().into_iter().flatten();
        let lists = contained.filter(|inner| inner["resourceType"] == "List");
        let entries = lists.flat_map(|list| list["entry"].as_array().into_iter().flatten());
        let services: BTreeSet<String> = entries
            .map(|entry| &entry["item"]["identifier"])
            .filter(|identifier| identifier["system"] == SERVICE)
            .filter_map(|identifier| identifier["value"].as_str())
            .map(str::to_owned)
            .collect();
        if !services.is_empty() {
            self.shortlists.insert(id.to_owned(), services);
        }
    }

    fn learn_of_attempt(&mut self, status: u16, facts: &Facts<'_>) {
        if facts.endpoint.id != "A016" || facts.request["status"] != "booked" {
            return;
        }
        match status {
            422 if strings(&facts.answer).iter().any(|code| {
                ["SLOT_NOT_AVAILABLE", "UNABLE_TO_CONFIRM_APPOINTMENT", "INAPPROPRIATE_SLOT"].contains(code)
            }) =>
            {
                self.earned.insert("SLOT_NOT_AVAILABLE");
            }
            502 => {
                self.earned.insert("SLOT_NOT_AVAILABLE");
            }
            504 => {
                self.earned.insert("BOOKING_ATTEMPT_PROBLEM");
            }
            _ => {}
        }
    }
}

/// The participant of an appointment whose identifier has that system.
fn participant<'v>(appointment: &'v Value, system: &str) -> Option<&'v str> {
    let participants = appointment["participant"].as_array()?.iter();
    let mut identifiers = participants.map(|participant| &participant["actor"]["identifier"]);
    identifiers.find(|identifier| identifier["system"] == system)?["value"].as_str()
}
