//! Calls compared with earlier ones.
//!
//! A capture may begin in the middle of a session, and others may change a record in the meantime. So
//! something that was merely not seen before is a warning; only a contradiction to what was seen is an error,
//! and not even that if the service accepted the call nevertheless.

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

/// The findings of a session about a call.
pub(crate) struct Said {
    pub(crate) found: Vec<Diagnostic>,
    /// The record that it changes, as last returned.
    pub(crate) current: Option<Arc<[u8]>>,
}

/// What the calls have shown so far.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// The last returned version of each record.
    versions: BTreeMap<(String, String), Version>,
    /// The record in that answer.
    records: BTreeMap<(String, String), Arc<[u8]>>,
    /// Returned referrals and advice requests.
    ubrns: BTreeSet<String>,
    /// Appointments that were returned, or named in an answer.
    appointments: BTreeSet<String>,
    /// Uploaded files, with the referral that each was meant for.
    files: BTreeMap<String, Option<String>>,
    /// The name of each file, in lower case.
    names: BTreeMap<String, String>,
    searches: Searches,
    services: Services,
    actions: Actions,
    bookings: Bookings,
    callers: Callers,
    ended: Ended,
    downloads: Downloads,
    pace: Pace,
    /// The outcome of each earlier request.
    sent: BTreeMap<Sent, u16>,
    /// Whether any upload has been seen.
    has_uploaded: bool,
}

/// A version of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    number: u64,
    /// Whether the record itself says so, in `ETag` or `meta.versionId`, rather than a reference to
    /// it.
    is_told: bool,
}

impl Session {
    /// Compares the next call with the earlier ones, and records what it shows for later ones.
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
            // The call was accepted, or refused for another reason: calls outside the capture may
            // have made it valid.
            for finding in found.iter_mut().filter(|finding| !refuses(finding.rule, answer.status)) {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
        let is_taken = exchange.call.answer.as_ref().is_some_and(|answer| answer.status < 300);
        let current = self.current(&facts).filter(|_| !is_taken && !is_over);
        if current.is_some() {
            // The comparison of the booking with the referral reports the place of the fault.
            found.retain(|finding| {
                !(finding.rule.is(&rule::PARTICIPANT) && finding.part == Some(CallPart::Body))
            });
        }
        self.learn(exchange, &facts);
        Said { found, current }
    }

    /// Whether an ended record is changed, which is reported once: a wrong version or a repeated call is then not a
    /// second fault.
    fn over(is_replay: bool, again: &mut Vec<Diagnostic>, found: &mut Vec<Diagnostic>) -> bool {
        let has =
            |rule: &'static Rule, found: &[Diagnostic]| found.iter().any(|finding| finding.rule.is(rule));
        let is_over = has(&rule::ENDED, found);
        if is_over || is_replay && !again.is_empty() {
            found.retain(|finding| !finding.rule.is(&rule::STALE_VERSION));
        } else if has(&rule::STALE_VERSION, found) {
            // A call that failed fails again for the same reason.
            again.clear();
        }
        if !again.is_empty() {
            found.retain(|finding| !finding.rule.is(&rule::ENDED));
        }
        found.append(again);
        is_over
    }

    /// The record that a call changes, if the call names the last returned version. A call that the service
    /// accepted needs no comparison.
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

    /// Keeps a record for later changes to it.
    fn keep(&mut self, record: &Value) {
        let kind = record["resourceType"].as_str().filter(|kind| CHANGEABLE.contains(kind));
        if let (Some(kind), Some(id), Ok(text)) = (kind, record["id"].as_str(), serde_json::to_vec(record)) {
            self.records.insert((kind.to_owned(), id.to_owned()), text.into());
        }
    }

    /// A change starts from the version last read.
    fn version(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        let mut check = |kind: &str, id: &str, sent: u64, part: CallPart| {
            let Some(last) = self.versions.get(&(kind.to_owned(), id.to_owned())) else { return };
            if sent == last.number {
                return;
            }
            let (next, message) = if last.is_told {
                let next = "send the version in ETag or meta.versionId of the last answer";
                (next, text!("version {} is sent, but {} was returned last", sent, last.number))
            } else {
                let next = "read the record and send the version in its ETag or meta.versionId";
                (next, text!("version {} is sent, but an answer has since referred to {}", sent, last.number))
            };
            let mut finding = about(&rule::STALE_VERSION, part, message);
            // A newer version may have been read elsewhere, and a reference may be about another record.
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
            // An appointment is sent as it was read, and so is the referral that it names.
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

    /// A change, or a query about a version, concerns a record that was seen before.
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
                "no earlier answer contains the appointment"
            } else {
                "no earlier answer contains the UBRN"
            };
            let mut finding = about(&rule::UNKNOWN_RECORD, part, Message::text(message));
            finding.suggestion = Some(Message::text("take the id from the answer that named it"));
            found.push(finding);
            return;
        }
    }

    /// A file is uploaded before it is attached, and for the same referral.
    fn files(&self, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        if facts.endpoint.method == Method::Get {
            return;
        }
        let owner = facts.id.or_else(|| {
            strings(&facts.request).into_iter().filter_map(reference_version).map(|(_, id, _)| id).next()
        });
        let (mut met, mut called) = (BTreeSet::new(), BTreeSet::new());
        for file in binaries(&facts.request) {
            // The same file twice is a fault of the request itself.
            if met.insert(file) && self.names.get(file).is_some_and(|name| !called.insert(name)) {
                let message = "two files with the same name are attached, but each needs a unique name";
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
                    "a file is attached to an existing request, but was uploaded without NHSD-eRS-Referral-ID"
                }
                (Some(Some(_)), None) if facts.endpoint.id == "A044" => {
                    "a file is attached to a new request, but was uploaded for an existing one"
                }
                _ => continue,
            };
            let is_contradiction = self.files.contains_key(file);
            let mut finding = about(&rule::FILE, CallPart::Body, Message::text(message));
            if !is_contradiction {
                finding.severity = Severity::Warning;
            }
            finding.suggestion = Some(Message::text(
                "upload it with A020 first, with the UBRN in NHSD-eRS-Referral-ID if the request exists",
            ));
            found.push(finding);
        }
    }

    /// A call is repeated only if that may help.
    fn repeats(&self, exchange: &Exchange, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        // Parts that are not in the capture may differ.
        let Some(status) = self.sent.get(&key(exchange)).copied().filter(|_| exchange.has_request) else {
            return;
        };
        let again = exchange.call.answer.as_ref().map(|answer| answer.status);
        let is_change = facts.is_change();
        let repeat = service::status(status).map(|known| known.repeat);
        let (message, next) = match (status, repeat) {
            (200..300, _) if is_change => (
                "the same change was already sent, and succeeded",
                "send a change once, and read the record if the outcome is unknown",
            ),
            (502 | 504, _) | (_, Some(Repeat::ReadFirst)) if is_change => (
                "the same change is sent again, but the record was not read in between",
                "read the record first, and repeat the change only if it was not made",
            ),
            // The state of a file may change.
            (422, _) if downloads::is_about_file(facts) => return,
            // It may succeed with another token or role, or at another time.
            (_, Some(Repeat::Never | Repeat::Corrected)) | (422, _) if again == Some(status) => (
                "the same call failed before, and fails again in the same way",
                "correct what the first answer reports before repeating the call",
            ),
            _ => return,
        };
        let mut finding = about(&rule::REPEATED, CallPart::Method, Message::text(message));
        finding.suggestion = Some(Message::text(next));
        found.push(finding);
    }

    /// Records what the call shows for later ones.
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
            // A file that is attached to a record may stay attached.
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

    /// A record that an answer references with a version has that version now, such as the referral of a booking.
    /// This does not apply to an appointment that a referral contains, or that is only read: its reference may be
    /// to an older version.
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

/// Whether this is the answer of the service to a breach of a rule.
fn refuses(rule: &'static Rule, status: u16) -> bool {
    if rule.is(&rule::STALE_VERSION) { matches!(status, 400 | 404 | 409) } else { status == 422 }
}

/// The identity of a request: method, address, the headers about the record or the file, and the body.
type Sent = (String, String, Vec<Option<String>>, Vec<u8>);

fn key(exchange: &Exchange) -> Sent {
    let call = &exchange.call;
    let said = [Header::FILE_NAME, Header::REFERRAL, Header::IF_MATCH].map(|header| {
        let mut given = call.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(header.name));
        given.next().map(|(_, value)| value.clone())
    });
    (call.method.clone(), call.url.clone(), said.into(), call.body.clone())
}
