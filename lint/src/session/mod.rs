//! Calls against those before them.
//!
//! A capture may begin in the middle of a session, and others may change a record meanwhile. So what merely
//! was not seen before is a warning; only what contradicts what was seen is an error, and not even that where
//! the service took the call all the same.

mod actions;
mod booking;
mod caller;
mod downloads;
mod ended;
mod facts;
mod pace;
mod services;
mod shortlist;
mod slots;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ers_fhir_ers::service::{self, Access, Endpoint, Header, Method, Repeat};
use ers_fhir_report::{CallPart, Diagnostic, Message, Rule, Severity, def, text};
use serde_json::Value;

use crate::capture::Exchange;
use crate::finding::about;
use crate::rule;
use actions::Actions;
use booking::Bookings;
use caller::Callers;
use downloads::Downloads;
use ended::Ended;
use facts::{Facts, binaries, records, reference_version, strings, strings_without};
use pace::Pace;
use services::Services;
use shortlist::Searches;

/// What a session says of a call.
pub(crate) struct Said {
    pub(crate) found: Vec<Diagnostic>,
    /// The record that it changes, as it was answered last.
    pub(crate) current: Option<Arc<[u8]>>,
}

/// What the calls so far have shown.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// The version of each record that was answered last.
    versions: BTreeMap<(String, String), Version>,
    /// What was answered then.
    records: BTreeMap<(String, String), Arc<[u8]>>,
    /// Referrals and advice requests that were answered.
    ubrns: BTreeSet<String>,
    /// Appointments that were answered, or named in an answer.
    appointments: BTreeSet<String>,
    /// Files that were uploaded, with the referral that each was meant for.
    files: BTreeMap<String, Option<String>>,
    /// What each was called, in small letters.
    names: BTreeMap<String, String>,
    searches: Searches,
    services: Services,
    actions: Actions,
    bookings: Bookings,
    callers: Callers,
    ended: Ended,
    downloads: Downloads,
    pace: Pace,
    /// How each request ended that was sent before.
    sent: BTreeMap<Sent, u16>,
    /// Whether any upload was seen.
    has_uploaded: bool,
}

/// A version of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    number: u64,
    /// The record says so itself, in `ETag` or `meta.versionId`; or else something that refers to it.
    is_told: bool,
}

impl Session {
    /// Looks at the next call: what is wrong with it after those before, and what it shows to those after.
    pub(crate) fn follow(
        &mut self,
        exchange: &Exchange,
        endpoint: &'static Endpoint,
        access: Option<Access>,
    ) -> Said {
        let facts = Facts::of(exchange, endpoint);
        let mut found = Vec::new();
        self.version(&facts, &mut found);
        self.referral(&facts, &mut found);
        self.files(&facts, &mut found);
        self.searches.check(&facts, &mut found);
        self.services.check(&facts, &mut found);
        let version_of = |ubrn: &str| {
            self.versions.get(&("ReferralRequest".to_owned(), ubrn.to_owned())).map(|known| known.number)
        };
        self.actions.check(&facts, version_of, &mut found);
        self.bookings.check(&facts, &mut found);
        self.callers.check(&facts, &mut found);
        self.ended.check(&facts, &mut found);
        self.downloads.check(&facts, &mut found);
        self.pace.check(&exchange.call.url, access, &facts, &mut found);
        let mut again = Vec::new();
        self.repeats(exchange, &facts, &mut again);
        let is_replay = self.sent.get(&key(exchange)).is_some_and(|status| *status < 300);
        let is_over = Self::over(is_replay, &mut again, &mut found);
        if let Some(answer) = &exchange.call.answer {
            // Taken, or refused for something else: what is not shown may have made it right.
            for finding in found.iter_mut().filter(|finding| !refuses(finding.rule, answer.status)) {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
        let is_taken = exchange.call.answer.as_ref().is_some_and(|answer| answer.status < 300);
        let current = self.current(&facts).filter(|_| !is_taken && !is_over);
        if current.is_some() {
            // Whoever holds the booking against the referral says where in it the fault is.
            found.retain(|finding| {
                !(finding.rule.is(&rule::PARTICIPANT) && finding.part == Some(CallPart::Body))
            });
        }
        self.learn(exchange, &facts);
        Said { found, current }
    }

    /// Whether a record is changed that has ended, which is said once: what else is wrong with the version, or with the
    /// same call sent again, is no second fault.
    fn over(is_replay: bool, again: &mut Vec<Diagnostic>, found: &mut Vec<Diagnostic>) -> bool {
        let has =
            |rule: &'static Rule, found: &[Diagnostic]| found.iter().any(|finding| finding.rule.is(rule));
        let is_over = has(&rule::ENDED, found);
        if is_over || is_replay && !again.is_empty() {
            found.retain(|finding| !finding.rule.is(&rule::STALE_VERSION));
        } else if has(&rule::STALE_VERSION, found) {
            // What failed fails for the same reason.
            again.clear();
        }
        if !again.is_empty() {
            found.retain(|finding| !finding.rule.is(&rule::ENDED));
        }
        found.append(again);
        is_over
    }

    /// The record that a call changes, where it names the version that was answered last. What the service took
    /// needs no comparison.
    fn current(&self, facts: &Facts<'_>) -> Option<Arc<[u8]>> {
        let named = match facts.endpoint.id {
            "A016" | "A027" => strings(&facts.request).into_iter().find_map(reference_version),
            _ => facts
                .id
                .zip(facts.if_match)
                .map(|(id, version)| (facts.endpoint.resource_type(), id, version)),
        };
        let (kind, id, version) = named?;
        let key = (kind.to_owned(), id.to_owned());
        let is_last = self.versions.get(&key).is_some_and(|last| last.number == version);
        self.records.get(&key).filter(|_| is_last).cloned()
    }

    /// Keeps a record for the changes of it.
    fn keep(&mut self, record: &Value) {
        let kind = record["resourceType"].as_str().filter(|kind| CHANGEABLE.contains(kind));
        if let (Some(kind), Some(id), Ok(text)) = (kind, record["id"].as_str(), serde_json::to_vec(record)) {
            self.records.insert((kind.to_owned(), id.to_owned()), text.into());
        }
    }

    /// A change starts from the version that was read last.
    fn version(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        let mut check = |kind: &str, id: &str, sent: u64, part: CallPart| {
            let Some(last) = self.versions.get(&(kind.to_owned(), id.to_owned())) else { return };
            if sent == last.number {
                return;
            }
            let (next, message) = if last.is_told {
                let next = "send the version in ETag or meta.versionId of the last answer";
                (next, text!("version {} is sent, and {} was answered last", sent, last.number))
            } else {
                let next = "read the record and send the version in its ETag or meta.versionId";
                (next, text!("version {} is sent, and an answer has referred to {} since", sent, last.number))
            };
            let mut finding = about(&rule::STALE_VERSION, part, message);
            // A newer one may have been read elsewhere, and what is referred to is said of another record.
            if sent > last.number || !last.is_told {
                finding.severity = Severity::Warning;
            }
            let refusal = match facts.endpoint.method {
                Method::Get if facts.endpoint.id == "A029" => "400 HISTORY_NOT_SUPPORTED",
                Method::Get => "404: only the latest version can be read",
                _ => "409",
            };
            finding.suggestion = Some(text!("{}; e-RS answers {}", def(next), def(refusal)));
            found.push(finding);
        };
        if let (Some(id), Some(version)) = (facts.id, facts.if_match) {
            check(facts.endpoint.resource_type(), id, version, CallPart::Header(Header::IF_MATCH.name));
        }
        if let (Some(id), Some(version)) = (facts.id, facts.version) {
            check(facts.endpoint.resource_type(), id, version, CallPart::Path);
        }
        for text in strings(&facts.request) {
            // An appointment goes back as it was read, and so does the referral that it names.
            if let Some((kind, id, version)) = reference_version(text).filter(|_| facts.endpoint.id != "A034")
            {
                check(kind, id, version, CallPart::Body);
            }
        }
        for parameter in facts.endpoint.query {
            for text in facts.query.iter().filter(|(name, _)| name == parameter.name).map(|(_, value)| value)
            {
                if let Some((kind, id, version)) = reference_version(text) {
                    check(kind, id, version, CallPart::Query(parameter.name));
                }
            }
        }
    }

    /// A change, or a question about a version, is of a record that was seen before.
    fn referral(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        let is_change = facts.endpoint.more_headers.contains(&Header::IF_MATCH);
        let of_path =
            facts.id.filter(|_| is_change).map(|id| (facts.endpoint.resource_type(), id, CallPart::Path));
        let in_body = strings(&facts.request).into_iter().filter_map(reference_version);
        let in_body = in_body.map(|(kind, id, _)| (kind, id, CallPart::Body));
        let in_query = facts.endpoint.query.iter().flat_map(|parameter| {
            let given = facts.query.iter().filter(|(name, _)| name == parameter.name);
            let named = given.filter_map(|(_, value)| reference_version(value));
            named.map(|(kind, id, _)| (kind, id, CallPart::Query(parameter.name)))
        });
        for (kind, id, part) in of_path.into_iter().chain(in_body).chain(in_query) {
            let is_appointment = kind == "Appointment";
            let has_seen_any =
                if is_appointment { !self.appointments.is_empty() } else { !self.ubrns.is_empty() };
            let is_seen =
                if is_appointment { self.appointments.contains(id) } else { self.ubrns.contains(id) };
            if is_seen || !has_seen_any {
                continue;
            }
            let message = if is_appointment {
                "the appointment was in no answer before this call"
            } else {
                "the UBRN was in no answer before this call"
            };
            let mut finding = about(&rule::UNKNOWN_RECORD, part, Message::text(message));
            finding.suggestion = Some(Message::text("carry the id on from the answer that named it"));
            found.push(finding);
            return;
        }
    }

    /// A file is uploaded before it is attached, and for that referral.
    fn files(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if facts.endpoint.method == Method::Get {
            return;
        }
        let owner = facts.id.or_else(|| {
            strings(&facts.request).into_iter().filter_map(reference_version).map(|(_, id, _)| id).next()
        });
        let (mut met, mut called) = (BTreeSet::new(), BTreeSet::new());
        for file in binaries(&facts.request) {
            // The same file twice is a fault of the request alone.
            if met.insert(file) && self.names.get(file).is_some_and(|name| !called.insert(name)) {
                let message = "two files of one name are attached, and each needs a name of its own";
                let mut finding = about(&rule::FILE, CallPart::Body, Message::text(message));
                finding.suggestion = Some(Message::text(
                    "upload one of them under another name: e-RS answers 422 DUPLICATE_FILENAME",
                ));
                found.push(finding);
            }
            let message = match (self.files.get(file), owner) {
                (None, _) if !self.has_uploaded => continue,
                (None, _) => "a file is attached that was not uploaded before",
                (Some(Some(meant)), Some(owner)) if meant != owner => {
                    "a file is attached that was uploaded for another referral"
                }
                (Some(None), Some(_)) => {
                    "a file is attached to a request that exists, and was uploaded without NHSD-eRS-Referral-ID"
                }
                (Some(Some(_)), None) if facts.endpoint.id == "A044" => {
                    "a file is attached to a new request, and was uploaded for one that exists"
                }
                _ => continue,
            };
            let is_contradiction = self.files.contains_key(file);
            let mut finding = about(&rule::FILE, CallPart::Body, Message::text(message));
            if !is_contradiction {
                finding.severity = Severity::Warning;
            }
            finding.suggestion = Some(Message::text(
                "upload it with A020 first, with the UBRN in NHSD-eRS-Referral-ID where the request exists",
            ));
            found.push(finding);
        }
    }

    /// A call is repeated only where that may help.
    fn repeats(&self, exchange: &Exchange, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        // What is not in the capture may differ.
        let Some(status) = self.sent.get(&key(exchange)).copied().filter(|_| exchange.has_request) else {
            return;
        };
        let again = exchange.call.answer.as_ref().map(|answer| answer.status);
        let is_change = facts.is_change();
        let repeat = service::status(status).map(|known| known.repeat);
        let (message, next) = match (status, repeat) {
            (200..300, _) if is_change => (
                "the same change was sent before, and succeeded",
                "send a change once, and read the record where it is not known what became of it",
            ),
            (502 | 504, _) | (_, Some(Repeat::ReadFirst)) if is_change => (
                "the same change is sent again, and the record was not read in between",
                "read the record first, and send the change only where it was not made",
            ),
            // What is said of a file may change.
            (422, _) if downloads::is_about_file(facts) => return,
            // Another token, role or hour may let it pass.
            (_, Some(Repeat::Never | Repeat::Corrected)) | (422, _) if again == Some(status) => (
                "the same call failed before, and fails again in the same way",
                "put right what the first answer says before the call is made again",
            ),
            _ => return,
        };
        let mut finding = about(&rule::REPEATED, CallPart::Method, Message::text(message));
        finding.suggestion = Some(Message::text(next));
        found.push(finding);
    }

    /// What the call shows to those after it.
    fn learn(&mut self, exchange: &Exchange, facts: &Facts<'_>) {
        let Some(answer) = &exchange.call.answer else { return };
        if answer.status < 300 && !facts.is_change() {
            // A read in between: changes may be sent again.
            self.sent.retain(|_, status| (200..300).contains(status));
        }
        self.sent.insert(key(exchange), answer.status);
        self.bookings.learn(answer.status, facts);
        self.downloads.learn_of_refusal(facts);
        if answer.status >= 300 {
            return;
        }
        self.callers.learn(facts);
        self.ended.learn(facts);
        self.searches.learn(facts);
        self.services.learn(facts);
        self.actions.learn(facts);
        self.downloads.learn(facts);
        for (kind, id, version) in records(&facts.answer) {
            let seen = if kind == "Appointment" { &mut self.appointments } else { &mut self.ubrns };
            seen.insert(id.to_owned());
            if let Some(version) = version {
                let version = Version { number: version, is_told: true };
                self.versions.insert((kind.to_owned(), id.to_owned()), version);
            }
        }
        if let (Some(id), Some(version)) = (facts.id, facts.etag) {
            let key = (facts.endpoint.resource_type().to_owned(), id.to_owned());
            self.versions.insert(key, Version { number: version, is_told: true });
        }
        if facts.endpoint.id == "A020"
            && let Some(file) = facts.location.and_then(|location| location.rsplit_once("Binary/"))
        {
            self.has_uploaded = true;
            self.files.insert(file.1.to_owned(), facts.referral.map(str::to_owned));
            let name = facts.file_name.map(str::to_lowercase);
            self.names.extend(name.map(|name| (file.1.to_owned(), name)));
        }
        for (kind, id, version) in facts::listed(&facts.answer) {
            let key = (kind.to_owned(), id.to_owned());
            if self.versions.get(&key).is_some_and(|known| known.number < version) {
                self.versions.insert(key.clone(), Version { number: version, is_told: true });
                self.records.remove(&key);
            }
        }
        for record in facts::all_records(&facts.answer) {
            self.keep(record);
            // What is attached to a record may stay so.
            let Some(id) = record["id"].as_str() else { continue };
            for file in binaries(record) {
                self.files.entry(file.to_owned()).or_insert_with(|| Some(id.to_owned()));
            }
        }
        self.learn_of_references(facts);
        for text in strings(&facts.answer) {
            // Lists name referrals by reference, with or without their version.
            if let Some(id) = facts::referral_in(text) {
                self.ubrns.insert(id.to_owned());
            }
            if let Some(id) = text.strip_prefix("Appointment/") {
                self.appointments.insert(id.to_owned());
            }
        }
    }

    /// What an answer refers to by its version has that version now: a booking answers so for its referral. Not so
    /// the appointment that a referral contains, or that is only read: it may be of another version.
    fn learn_of_references(&mut self, facts: &Facts<'_>) {
        let left_out: &[&str] =
            if facts.is_change() { &["contained"] } else { &["contained", "incomingReferral"] };
        let own = records(&facts.answer);
        for text in strings_without(&facts.answer, left_out) {
            let Some((kind, id, number)) = reference_version(text) else { continue };
            if own.iter().any(|(own, known, version)| (*own, *known) == (kind, id) && version.is_some()) {
                continue;
            }
            let key = (kind.to_owned(), id.to_owned());
            if self.versions.get(&key).is_some_and(|known| known.number < number) {
                self.versions.insert(key.clone(), Version { number, is_told: false });
                self.records.remove(&key);
            }
        }
    }
}

/// Types of records that operations change.
const CHANGEABLE: [&str; 3] = ["ReferralRequest", "CommunicationRequest", "Appointment"];

/// Whether that is how the service answers to a breach of a rule.
fn refuses(rule: &'static Rule, status: u16) -> bool {
    if rule.is(&rule::STALE_VERSION) { matches!(status, 400 | 404 | 409) } else { status == 422 }
}

/// What makes two requests the same: method, address, what headers say of the record or the file, body.
type Sent = (String, String, Vec<Option<String>>, Vec<u8>);

fn key(exchange: &Exchange) -> Sent {
    let call = &exchange.call;
    let said = [Header::FILE_NAME, Header::REFERRAL, Header::IF_MATCH].map(|header| {
        let mut given = call.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(header.name));
        given.next().map(|(_, value)| value.clone())
    });
    (call.method.clone(), call.url.clone(), said.into(), call.body.clone())
}
