//! Bookings and deferrals, compared with earlier slots, refusals and referrals.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_ers::service::Header;
use ers_fhir_report::{CallPart, Diagnostic, Message, Severity, def, text};
use serde_json::Value;

use super::facts::{self, Facts, participant, reference_version, strings};
use super::slots::Slots;
use crate::finding::about;
use crate::rule;

const PATIENT: &str = "http://fhir.nhs.net/Id/nhs-number";
const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";

/// What calls have shown about slots and bookings.
#[derive(Debug, Default)]
pub(super) struct Bookings {
    slots: Slots,
    /// The reasons that a deferral may give.
    earned: BTreeSet<&'static str>,
    /// The patient of each returned referral.
    patients: BTreeMap<String, String>,
    /// The services on its shortlist.
    shortlists: BTreeMap<String, BTreeSet<String>>,
    /// The organisations whose commissioning rules apply to them.
    organisations: BTreeSet<String>,
}

impl Bookings {
    /// A slot is offered before it is booked, patient and service are those of the referral, and the reason for a
    /// deferral did occur.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if let Some(organisation) = facts.rule_organisation
            && !self.organisations.is_empty()
            && !self.organisations.contains(organisation)
        {
            let part = CallPart::Header(Header::COMMISSIONING_RULE_ORGANISATION.name);
            let message = "no earlier referral has this commissioning rule organisation";
            let mut finding = about(&rule::PARTICIPANT, part, Message::text(message));
            finding.severity = Severity::Warning;
            found.push(finding);
        }
        if facts.endpoint.id != "A016" {
            return;
        }
        self.participants(&facts.request, found);
        self.slots.check(&facts.request, found);
        let reason = facts.request["reason"][0]["coding"][0]["code"].as_str().unwrap_or_default();
        let reasons = ["NO_SLOTS_AT_SERVICE", "SLOT_NOT_AVAILABLE", "BOOKING_ATTEMPT_PROBLEM"];
        let Some(reason) = reasons.into_iter().find(|known| *known == reason) else { return };
        if !self.earned.contains(reason) {
            let message = text!("the deferral says {}, but no earlier call shows that", def(reason));
            let mut finding = about(&rule::REASON, CallPart::Body, message);
            finding.suggestion = Some(Message::text(match reason {
                "NO_SLOTS_AT_SERVICE" => {
                    "search slots (A015) first: this reason is for a search that found \
                     none"
                }
                "SLOT_NOT_AVAILABLE" => {
                    "this reason is for a booking that was refused with SLOT_NOT_AVAILABLE or 502"
                }
                _ => "this reason is for a booking that was answered with 504",
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
            report("the patient is not that of the referral as read", "take the patient from the referral");
        }
        if let Some(shortlist) = self.shortlists.get(ubrn)
            && is_other(SERVICE, &|sent| shortlist.contains(sent))
        {
            report(
                "the service is not on the shortlist of the referral as read",
                "change the shortlist first (A031)",
            );
        }
    }

    /// Records what the call shows for later ones.
    pub(super) fn learn(&mut self, status: u16, facts: &Facts<'_>) {
        self.learn_of_attempt(status, facts);
        if status >= 300 {
            return;
        }
        for record in facts::all_records(&facts.answer) {
            self.learn_of_referral(record);
        }
        if facts.endpoint.id == "A015" {
            let count = self.slots.learn(facts);
            if count == 0 {
                self.earned.insert("NO_SLOTS_AT_SERVICE");
            }
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
        self.organisations.extend(facts::rule_organisation(record).map(str::to_owned));
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
