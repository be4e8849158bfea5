//! The facts about one call that a session needs.

use ers_fhir_ers::service::{Endpoint, Header, Method};
use serde_json::{Map, Value};

use crate::capture::Exchange;

/// One call, taken apart as far as other calls depend on it.
#[derive(Debug)]
pub(super) struct Facts<'e> {
    pub(super) endpoint: &'static Endpoint,
    /// When the call began, in milliseconds since 1970.
    pub(super) began: Option<i64>,
    /// The status of the answer.
    pub(super) status: Option<u16>,
    /// The record in the path.
    pub(super) id: Option<&'e str>,
    /// The version in the path.
    pub(super) version: Option<u64>,
    pub(super) query: Vec<(String, String)>,
    pub(super) if_match: Option<u64>,
    pub(super) etag: Option<u64>,
    pub(super) location: Option<&'e str>,
    /// The referral that a file is uploaded for.
    pub(super) referral: Option<&'e str>,
    pub(super) file_name: Option<&'e str>,
    /// The business function of the user, where they work, and for whom.
    pub(super) organisation: Option<&'e str>,
    pub(super) function: Option<&'e str>,
    pub(super) on_behalf_of: Option<&'e str>,
    /// The organisation whose commissioning rules apply.
    pub(super) rule_organisation: Option<&'e str>,
    pub(super) request: Value,
    pub(super) answer: Value,
}

impl<'e> Facts<'e> {
    pub(super) fn of(exchange: &'e Exchange, endpoint: &'static Endpoint) -> Self {
        let call = &exchange.call;
        let answer = call.answer.as_ref();
        let came = |name: &str| answer.and_then(|answer| header(&answer.headers, name));
        let query = call.url.split_once('?').map_or("", |(_, query)| query);
        Self {
            endpoint,
            began: exchange.began,
            status: answer.map(|answer| answer.status),
            id: in_path(&call.url, endpoint.path, 0),
            version: in_path(&call.url, endpoint.path, 1).and_then(|version| version.parse().ok()),
            query: query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (plain(name), plain(value)))
                .collect(),
            if_match: header(&call.headers, Header::IF_MATCH.name).and_then(version),
            etag: came("ETag").and_then(version),
            location: came("Location"),
            referral: header(&call.headers, Header::REFERRAL.name),
            file_name: header(&call.headers, Header::FILE_NAME.name),
            organisation: header(&call.headers, Header::ORGANISATION.name),
            function: header(&call.headers, Header::FUNCTION.name),
            on_behalf_of: header(&call.headers, Header::ON_BEHALF_OF.name),
            rule_organisation: header(&call.headers, Header::COMMISSIONING_RULE_ORGANISATION.name),
            request: parsed(&call.body),
            answer: answer.map_or(Value::Null, |answer| parsed(&answer.body)),
        }
    }

    /// Whether the call changes something: searches and lists also use POST, but change nothing.
    pub(super) fn is_change(&self) -> bool {
        !matches!(self.endpoint.method, Method::Get | Method::Head) && !self.is_question()
    }

    /// Whether the call is a query although it is a POST.
    fn is_question(&self) -> bool {
        let operation = self.endpoint.operation().unwrap_or_default();
        ["fetchworklist", "searchHealthcareServicesForPatient", "generateCRI", "generatePatientLetter"]
            .iter()
            .any(|question| operation.ends_with(question))
    }
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

/// The colons and slashes of a query.
fn plain(text: &str) -> String {
    text.replace("%2F", "/").replace("%2f", "/").replace("%3A", ":").replace("%3a", ":")
}

/// The number in `W/"5"`.
fn version(etag: &str) -> Option<u64> {
    etag.strip_prefix("W/\"")?.strip_suffix('"')?.parse().ok()
}

/// The value of a path parameter of an operation, by its position.
fn in_path<'u>(url: &'u str, path: &str, number: usize) -> Option<&'u str> {
    let mut places = path.split('/').enumerate().filter(|(_, step)| step.starts_with('{'));
    let (place, _) = places.nth(number)?;
    let steps: Vec<&str> = url.split('?').next()?.trim_end_matches('/').split('/').collect();
    let wanted = path.split('/').count();
    let start = steps.len().checked_sub(wanted.saturating_sub(1))?;
    steps.get(start + place - 1).copied()
}

/// Every text in a body, to the greatest depth of a payload.
pub(super) fn strings(value: &Value) -> Vec<&str> {
    strings_without(value, &[])
}

/// Every text in a body that is not within members of these names.
pub(super) fn strings_without<'v>(value: &'v Value, left_out: &[&str]) -> Vec<&'v str> {
    let mut found = Vec::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::String(text) => found.push(text.as_str()),
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => {
                let kept = members.iter().filter(|(name, _)| !left_out.contains(&name.as_str()));
                pending.extend(kept.map(|(_, value)| value));
            }
            _ => {}
        }
    }
    found
}

/// Every object in a body.
pub(super) fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => {
                found.push(members);
                pending.extend(members.values());
            }
            _ => {}
        }
    }
    found
}

/// The values of the extensions of a record whose canonical ends in this.
pub(super) fn extensions<'v>(record: &'v Value, name: &'static str) -> impl Iterator<Item = &'v Value> {
    let all = record["extension"].as_array().into_iter().flatten();
    all.filter(move |extension| extension["url"].as_str().is_some_and(|url| url.ends_with(name)))
}

/// The records that the rows of a worklist name with their versions.
pub(super) fn listed(worklist: &Value) -> Vec<(&str, &str, u64)> {
    let entries = worklist["entry"].as_array().into_iter().flatten();
    entries.filter_map(listed_in).collect()
}

fn listed_in(row: &Value) -> Option<(&str, &str, u64)> {
    const VERSIONS: [&str; 2] = ["referralRequestVersion", "communicationRequestVersion"];
    let (kind, id) = row["item"]["reference"].as_str()?.split_once('/')?;
    let is_version = |part: &&Map<String, Value>| {
        part.get("url").and_then(Value::as_str).is_some_and(|url| VERSIONS.contains(&url))
    };
    let version = objects(row).into_iter().find(is_version)?.get("valueInteger")?.as_u64()?;
    Some((kind, id, version))
}

/// The organisation whose commissioning rules apply to a referral.
pub(super) fn rule_organisation(record: &Value) -> Option<&str> {
    extensions(record, "/Extension-eRS-Commissioning-Rule-Org-1")
        .find_map(|extension| extension["valueIdentifier"]["value"].as_str())
}

/// Type, id and version of a reference to a version of a referral or an advice request.
pub(super) fn reference_version(text: &str) -> Option<(&str, &str, u64)> {
    let steps: Vec<&str> = text.rsplitn(5, '/').collect();
    match steps.as_slice() {
        [version, "_history", id, kind @ ("ReferralRequest" | "CommunicationRequest"), ..] => {
            Some((kind, id, version.parse().ok()?))
        }
        _ => None,
    }
}

/// The UBRN in a reference, or a text that is one.
pub(super) fn referral_in(text: &str) -> Option<&str> {
    let is_ubrn = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (_, rest) = text.split_once("Request/").unwrap_or(("", text));
    rest.split('/').next().filter(is_ubrn)
}

/// The part of Parameters of that name.
pub(super) fn parameter<'v>(parameters: &'v Value, name: &str) -> Option<&'v Value> {
    parameters["parameter"].as_array()?.iter().find(|part| part["name"] == name)
}

/// The code or the identifier that a part of Parameters holds.
pub(super) fn code(part: &Value) -> Option<&str> {
    let coding = &part["valueCodeableConcept"]["coding"][0];
    let held = [&part["valueCoding"]["code"], &coding["code"], &part["valueIdentifier"]["value"]];
    held.into_iter().find_map(Value::as_str)
}

/// The records in an answer: itself, parts, entries.
pub(super) fn all_records(value: &Value) -> impl Iterator<Item = &Value> {
    let parts = value["parameter"].as_array().into_iter().flatten();
    let entries = value["entry"].as_array().into_iter().flatten();
    let inner = parts.chain(entries).map(|part| &part["resource"]);
    std::iter::once(value).chain(inner)
}

/// Type, id and version of each.
pub(super) fn records(value: &Value) -> Vec<(&str, &str, Option<u64>)> {
    let all = all_records(value);
    all.filter_map(|record| {
        let kind = record["resourceType"].as_str()?;
        let version = record["meta"]["versionId"].as_str().and_then(|version| version.parse().ok());
        Some((kind, record["id"].as_str()?, version))
    })
    .collect()
}

/// Ids of the resources of a type in a Bundle.
pub(super) fn resources<'v>(value: &'v Value, kind: &str) -> impl Iterator<Item = &'v str> {
    let entries = value["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
    entries.filter(move |record| record["resourceType"] == kind).filter_map(|record| record["id"].as_str())
}

/// Ids of the files that a request attaches.
pub(super) fn binaries(value: &Value) -> Vec<&str> {
    let texts = strings(value).into_iter();
    texts
        .filter_map(|text| text.rsplit_once("Binary/"))
        .map(|(_, id)| id)
        .filter(|id| !id.is_empty())
        .collect()
}

/// The slots that an appointment names.
pub(super) fn slots(value: &Value) -> impl Iterator<Item = &str> {
    value["slot"].as_array().into_iter().flatten().filter_map(|slot| slot["reference"].as_str())
}

/// The participant of an appointment whose identifier has that system.
pub(super) fn participant<'v>(appointment: &'v Value, system: &str) -> Option<&'v str> {
    let participants = appointment["participant"].as_array()?.iter();
    let mut identifiers = participants.map(|participant| &participant["actor"]["identifier"]);
    identifiers.find(|identifier| identifier["system"] == system)?["value"].as_str()
}

/// A body as JSON; `Null` otherwise.
fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_default()
}
