//! The slot of a booking, compared with those that searches have offered.

use std::collections::BTreeMap;

use ers_fhir_report::{CallPart, Diagnostic, Message, Severity};
use ers_fhir_values::Temporal;
use serde_json::Value;

use super::facts::{Facts, all_records, participant, slots};
use crate::finding::about;
use crate::rule;

const CLINICIAN: &str = "http://fhir.nhs.net/Id/sds-user-id";
const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";
/// The parameter that names the service whose slots are searched.
const SEARCHED: &str = "schedule.actor:HealthcareService";

/// Slots that were offered.
#[derive(Debug, Default)]
pub(super) struct Slots {
    offered: BTreeMap<String, Offer>,
    has_searched: bool,
}

/// A slot.
#[derive(Debug, Clone)]
struct Offer {
    start: Option<String>,
    end: Option<String>,
    owner: Owner,
    /// The services that it may belong to: the one that was searched, and that of its schedule.
    services: Vec<String>,
}

/// The owner of a slot.
#[derive(Debug, Clone)]
enum Owner {
    /// The answer does not say.
    Unknown,
    /// The service alone.
    Nobody,
    /// This clinician.
    Clinician(String),
}

impl Slots {
    /// A slot is offered before it is booked, at its times, and with its clinician.
    pub(super) fn check(&self, request: &Value, found: &mut Vec<Diagnostic>) {
        if request["status"] != "booked" || !self.has_searched {
            return;
        }
        let mut report = |what: &'static str| {
            found.push(about(&rule::SLOT, CallPart::Body, Message::text(what)));
        };
        let mut is_of_other = false;
        for slot in slots(request) {
            let Some(offer) = slot.strip_prefix("Slot/").and_then(|id| self.offered.get(id)) else {
                report("a slot is booked that no earlier search has offered");
                continue;
            };
            let is_other = |name: &str, offered: &Option<String>| {
                request[name]
                    .as_str()
                    .zip(offered.as_deref())
                    .is_some_and(|(sent, offered)| is_apart(sent, offered))
            };
            if is_other("start", &offer.start) || is_other("end", &offer.end) {
                report("the booking has different times than the offered slot");
            }
            is_of_other |= participant(request, SERVICE).is_some_and(|sent| {
                !offer.services.is_empty() && !offer.services.iter().any(|service| service == sent)
            });
            let sent = participant(request, CLINICIAN);
            match &offer.owner {
                Owner::Nobody if sent.is_some() => {
                    report("the booking names a clinician, but the offered slot does not belong to one");
                }
                Owner::Clinician(_) if sent.is_none() => {
                    report("the offered slot belongs to a clinician whom the booking does not name");
                }
                Owner::Clinician(clinician) if sent != Some(clinician) => {
                    report("the booking names a different clinician than the one whose slot was offered");
                }
                _ => {}
            }
        }
        if is_of_other {
            let message = "the booked slot was offered by a different service than the one that the booking \
                 names";
            let mut finding = about(&rule::SLOT, CallPart::Body, Message::text(message));
            finding.severity = Severity::Error;
            finding.suggestion = Some(Message::text(
                "search the slots of the service on the shortlist, and name that service in the booking",
            ));
            found.push(finding);
        }
    }

    /// Records what a search shows, and returns how many slots there are.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) -> usize {
        self.has_searched = true;
        let of = |kind: &'static str| {
            all_records(&facts.answer).filter(move |record| record["resourceType"] == kind)
        };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let searched =
            facts.query.iter().find(|(name, _)| name == SEARCHED).map(|(_, service)| service.clone());
        let mut count = 0;
        for slot in of("Slot") {
            let Some(id) = slot["id"].as_str() else { continue };
            let reference = slot["schedule"]["reference"].as_str().unwrap_or_default();
            let schedule = of("Schedule").find(|schedule| {
                schedule["id"]
                    .as_str()
                    .is_some_and(|id| reference.strip_suffix(id).is_some_and(|rest| rest.ends_with('/')))
            });
            let services = searched.iter().cloned().chain(schedule.and_then(service_of)).collect();
            let owner = schedule.map_or(Owner::Unknown, |schedule| {
                let actors = schedule["actor"].as_array().into_iter().flatten();
                let mut identifiers = actors.map(|actor| &actor["identifier"]);
                let named = identifiers.find(|identifier| identifier["system"] == CLINICIAN);
                match named.and_then(|identifier| text(&identifier["value"])) {
                    Some(clinician) => Owner::Clinician(clinician),
                    // The id may name a clinician who is not among the actors.
                    None if reference.contains('-') => Owner::Unknown,
                    None => Owner::Nobody,
                }
            });
            let offer = Offer { start: text(&slot["start"]), end: text(&slot["end"]), owner, services };
            self.offered.insert(id.to_owned(), offer);
            count += 1;
        }
        count
    }
}

/// The service that a schedule belongs to.
fn service_of(schedule: &Value) -> Option<String> {
    let mut actors = schedule["actor"].as_array()?.iter().map(|actor| &actor["identifier"]);
    Some(actors.find(|identifier| identifier["system"] == SERVICE)?["value"].as_str()?.to_owned())
}

/// Whether two moments certainly differ.
fn is_apart(one: &str, other: &str) -> bool {
    let moments = Temporal::parse_date_time(one).zip(Temporal::parse_date_time(other));
    moments.and_then(|(one, other)| one.compare(&other)).is_some_and(std::cmp::Ordering::is_ne)
}
