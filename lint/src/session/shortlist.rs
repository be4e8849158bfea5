//! Services put on a shortlist, compared with the results of searches.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ers_fhir_report::{CallPart, Diagnostic, Message, def, text};
use serde_json::Value;

use super::facts::{Facts, all_records, code, objects, parameter, rule_organisation};
use crate::finding::about;
use crate::rule;

pub(super) const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";

/// How many of the last searches that found a service are remembered: a capture may hold any number.
const MOST: usize = 64;

/// Criteria that decide whether a service is found.
const CRITERIA: [&str; 5] = ["priority", "specialty", "clinicType", "clinicalTerm", "namedClinician"];

/// The results of searches for services.
#[derive(Debug, Default)]
pub(super) struct Searches {
    /// All searches, in order.
    made: Vec<Search>,
    /// The positions of the searches that found each service.
    found: BTreeMap<String, VecDeque<usize>>,
    /// Referrals with a commissioning rule organisation, and how many searches there were before each was
    /// first seen.
    referrals: BTreeMap<String, usize>,
}

/// A search for services.
#[derive(Debug)]
struct Search {
    patient: Option<String>,
    criteria: BTreeMap<&'static str, String>,
    names_organisation: bool,
    /// The services that need a letter.
    needs_letter: BTreeSet<String>,
}

impl Searches {
    /// The services on a shortlist were found by a search for the patient, with the criteria of the shortlist.
    pub(super) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if self.found.is_empty() || !["A011", "A021", "A031", "A032", "A044"].contains(&facts.endpoint.id) {
            return;
        }
        let shortlist = parameter(&facts.request, "shortlist").map(|part| &part["resource"]);
        let services: Vec<&str> = shortlist.into_iter().flat_map(services).collect();
        let mut report = |message: Message, next: &'static str| {
            let mut finding = about(&rule::SHORTLIST, CallPart::Body, message);
            finding.suggestion = Some(Message::text(next));
            found.push(finding);
        };
        let next = "search (A010) for the patient with the criteria of the shortlist first";
        if services.iter().any(|service| !self.found.contains_key(*service)) {
            let what = "a service is put on the shortlist that no earlier search has found";
            report(Message::text(what), next);
        }
        if let Some(sent) = patient(&facts.request)
            && services.iter().any(|service| self.is_of_another(service, sent))
        {
            report(Message::text("the search for the services was for another patient"), next);
        }
        let criteria = shortlist.map(criteria_of).unwrap_or_default();
        if let Some(name) = services.iter().find_map(|service| self.differs(service, &criteria)) {
            report(text!("a service on the shortlist was found with a different {}", def(name)), next);
        }
        if ["A031", "A032"].contains(&facts.endpoint.id)
            && let Some(seen) = facts.id.and_then(|id| self.referrals.get(id))
            && services.iter().any(|service| self.is_without_organisation(service, *seen))
        {
            report(
                Message::text(
                    "the search for the services did not name the commissioning rule organisation of the \
                     referral",
                ),
                "give commissioningRuleOrganisation in A010, from Extension-eRS-Commissioning-Rule-Org-1 of the referral",
            );
        }
        self.letter(facts, &services, found);
    }

    /// If a service needs a letter, one is intended to be added.
    fn letter(&self, facts: &Facts<'_>, services: &[&str], found: &mut Vec<Diagnostic>) {
        let intention = parameter(&facts.request, "intentionToAddReferralLetter");
        if intention.and_then(code) != Some("NOT_INTENDING_TO_ADD") {
            return;
        }
        let needs_letter = |service: &&str| {
            let last = self.finders(service).last();
            last.is_some_and(|search| search.needs_letter.contains(*service))
        };
        if services.iter().any(needs_letter) {
            let message =
                "a service on the shortlist needs a letter (referralLetterRequired), but none is to be added";
            let mut finding = about(&rule::LETTER, CallPart::Body, Message::text(message));
            finding.suggestion = Some(Message::text("send NEED_TO_ADD_LATER, and add the letter with A012"));
            found.push(finding);
        }
    }

    /// Whether a service was only found by searches for other patients.
    fn is_of_another(&self, service: &str, patient: &str) -> bool {
        let mut searches = self.finders(service).peekable();
        searches.peek().is_some()
            && searches.all(|search| search.patient.as_deref().is_some_and(|searched| searched != patient))
    }

    /// The searches that have found a service.
    fn finders(&self, service: &str) -> impl Iterator<Item = &Search> {
        let places = self.found.get(service).into_iter().flatten();
        places.filter_map(|place| self.made.get(*place))
    }

    /// How the criteria of a shortlist differ from those of every search that found a service on it.
    fn differs(&self, service: &str, criteria: &BTreeMap<&'static str, String>) -> Option<&'static str> {
        let differs = |search: &Search| {
            let both =
                criteria.iter().filter_map(|(name, sent)| Some((*name, sent, search.criteria.get(name)?)));
            both.into_iter().find(|(_, sent, searched)| sent != searched).map(|(name, ..)| name)
        };
        let mut all = self.finders(service).map(differs);
        let first = all.next()??;
        all.all(|name| name.is_some()).then_some(first)
    }

    /// Whether a service was only found by searches without a commissioning rule organisation, after a referral with
    /// one was seen.
    fn is_without_organisation(&self, service: &str, seen: usize) -> bool {
        let Some(places) = self.found.get(service) else { return false };
        let all = || places.iter().filter_map(|place| Some((*place, self.made.get(*place)?)));
        all().all(|(place, search)| place >= seen && !search.names_organisation)
    }

    /// Records what a call shows for later ones.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) {
        for record in all_records(&facts.answer) {
            if let (Some(id), Some(_)) = (record["id"].as_str(), rule_organisation(record))
                && record["resourceType"] == "ReferralRequest"
            {
                self.referrals.entry(id.to_owned()).or_insert(self.made.len());
            }
        }
        if facts.endpoint.id != "A010" {
            return;
        }
        let entries = facts.answer["entry"].as_array().into_iter().flatten();
        let needing = entries.filter(|entry| needs_letter(entry)).filter_map(service);
        let search = Search {
            patient: patient(&facts.request).map(str::to_owned),
            criteria: parameter(&facts.request, "searchCriteria")
                .map(|part| criteria(&part["resource"]))
                .unwrap_or_default(),
            names_organisation: parameter(&facts.request, "commissioningRuleOrganisation").is_some(),
            needs_letter: needing.map(str::to_owned).collect(),
        };
        for service in services(&facts.answer) {
            let places = self.found.entry(service.to_owned()).or_default();
            places.push_back(self.made.len());
            if places.len() > MOST {
                places.pop_front();
            }
        }
        self.made.push(search);
    }
}

/// The patient that a request is about.
fn patient(request: &Value) -> Option<&str> {
    code(parameter(request, "patient")?)
}

/// The criteria that a shortlist contains.
fn criteria_of(shortlist: &Value) -> BTreeMap<&'static str, String> {
    let contained = shortlist["contained"].as_array().into_iter().flatten();
    contained.filter(|inner| inner["resourceType"] == "Parameters").flat_map(criteria).collect()
}

/// Criteria by their names.
fn criteria(parameters: &Value) -> BTreeMap<&'static str, String> {
    let value = |name| Some((name, code(parameter(parameters, name)?)?.to_owned()));
    CRITERIA.into_iter().filter_map(value).collect()
}

/// Whether an entry of an answer is a service that needs a letter.
fn needs_letter(entry: &Value) -> bool {
    let is_so = |extension: &&serde_json::Map<String, Value>| {
        extension.get("url").is_some_and(|url| url == "referralLetterRequired")
            && extension.get("valueBoolean") == Some(&Value::Bool(true))
    };
    objects(entry).iter().any(is_so)
}

/// The services that a list names.
pub(super) fn services(list: &Value) -> impl Iterator<Item = &str> {
    list["entry"].as_array().into_iter().flatten().filter_map(service)
}

/// The service that an entry of a list names.
pub(super) fn service(entry: &Value) -> Option<&str> {
    let identifier = &entry["item"]["identifier"];
    (identifier["system"] == SERVICE).then(|| identifier["value"].as_str())?
}
