//! The operations, one file an area.

mod actions;
mod advice;
mod appointment;
mod attach;
mod book;
mod cancel;
mod common;
mod convert;
mod create;
mod directory;
mod document;
mod file;
mod letter;
mod reads;
mod review;
mod search;
mod shortlist;
mod slots;
mod triage;
mod worklist;

use ers_fhir_ers::service::Endpoint;
use serde_json::Value;

use crate::call::{Answer, Call};
use crate::gate::Caller;
use crate::local::Local;
use crate::moment::Moment;
use crate::refusal::{Outcome, Refusal};
use crate::render::{Pen, text};
use crate::state::State;
use crate::world::World;

/// A call that was let in, and what it is about.
pub(crate) struct Asked<'a> {
    pub(crate) local: &'a Local,
    pub(crate) state: &'a mut State,
    pub(crate) call: &'a Call,
    pub(crate) caller: Caller,
    pub(crate) now: Moment,
    pub(crate) endpoint: &'static Endpoint,
}

/// What an operation answers.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    /// The version that `ETag` holds.
    version: Option<u64>,
    location: Option<String>,
    body: Content,
}

#[derive(Debug, Default)]
enum Content {
    #[default]
    None,
    Resource(Value),
    File {
        media_type: String,
        name: String,
        bytes: Vec<u8>,
    },
}

impl Reply {
    fn resource(resource: Value) -> Self {
        Self { body: Content::Resource(resource), ..Self::default() }
    }

    fn versioned(version: u64, resource: Value) -> Self {
        Self { version: Some(version), ..Self::resource(resource) }
    }

    fn file(media_type: &str, name: String, bytes: Vec<u8>) -> Self {
        Self { body: Content::File { media_type: media_type.to_owned(), name, bytes }, ..Self::default() }
    }

    fn at(location: String) -> Self {
        Self { location: Some(location), ..Self::default() }
    }

    /// The answer that it makes.
    pub(crate) fn answer(self, endpoint: Option<&Endpoint>) -> Answer {
        let mut headers: Vec<(&'static str, String)> = Vec::new();
        let status = endpoint.map_or(200, |endpoint| endpoint.success);
        if let Some(version) = self.version.filter(|_| endpoint.is_some_and(|endpoint| endpoint.etag)) {
            headers.push(("ETag", format!("W/\"{version}\"")));
        }
        headers.extend(self.location.map(|location| ("Location", location)));
        if endpoint.is_some_and(|endpoint| endpoint.path.starts_with("/R4/HealthcareService/")) {
            headers.push(("Cache-Control", "no-cache".to_owned()));
        }
        let body = match self.body {
            Content::None => Vec::new(),
            Content::Resource(resource) => {
                headers.push(("Content-Type", "application/fhir+json".to_owned()));
                text(&resource)
            }
            Content::File { media_type, name, bytes } => {
                headers.push(("Content-Type", media_type));
                let name: String = name.chars().filter(|letter| !matches!(letter, '"' | '\\') && !letter.is_control()).collect();
                headers.push(("Content-Disposition", format!("attachment; filename=\"{name}\"")));
                bytes
            }
        };
        Answer { status, headers, body, ..Answer::default() }
    }
}

/// Does what is asked, and answers.
pub(crate) fn run(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let result = match asked.endpoint.id {
        "A004" => directory::reference_data(asked),
        "A005" => reads::referral(asked),
        "A006" => file::fetch(asked),
        "A007" => document::clinical_information(asked),
        "A008" => worklist::referrals(asked),
        "A010" => search::services(asked),
        "A011" => create::create(asked),
        "A012" => letter::maintain(asked),
        "A013" => review::accept(asked),
        "A014" => review::reject(asked),
        "A015" => slots::search(asked),
        "A016" => book::book_or_defer(asked),
        "A019" => document::patient_letter(asked),
        "A020" => file::upload(asked),
        "A021" => create::create_for_triage(asked),
        "A022" => review::cancel_action_later(asked),
        "A023" => worklist::advice(asked),
        "A024" => reads::advice(asked),
        "A025" => reads::conversation(asked),
        "A026" => advice::respond(asked),
        "A027" => convert::convert(asked),
        "A028" => triage::record(asked),
        "A029" => actions::tasks(asked),
        "A030" => directory::roles(asked),
        "A031" => shortlist::change(asked),
        "A032" => shortlist::change_for_triage(asked),
        "A033" | "A037" => directory::service(asked),
        "A034" => appointment::update(asked),
        "A035" => directory::services(asked),
        "A036" => cancel::referral(asked),
        "A038" => reads::appointment(asked),
        "A040" => directory::clinicians(asked),
        "A041" => reads::requests(asked),
        "A042" => file::link(asked),
        "A043" => document::advice_overview(asked),
        "A044" => advice::create(asked),
        id => Err(Refusal::plain(500, format!("{id} is not known here"))),
    };
    result.map_err(|refusal| as_described(asked.endpoint, refusal))
}

/// A refusal under the status that the operation describes for its code; under another code where it does not describe that.
fn as_described(endpoint: &Endpoint, refusal: Refusal) -> Refusal {
    let Some(code) = refusal.code.filter(|_| refusal.status == 422) else { return refusal };
    let status_of = |code: &str| {
        endpoint.failures.iter().find(|(_, codes)| codes.contains(&code)).map(|(status, _)| *status)
    };
    if let Some(status) = status_of(code) {
        return refusal.with_status(status);
    }
    let others = match code {
        "INVALID_REQUEST_TYPE" if refusal.is_about_path => {
            return Refusal::plain(404, refusal.diagnostics);
        }
        "NO_RELATIONSHIP" => return refusal.with_status(403),
        _ => ["INAPPROPRIATE_VALUE", "INVALID_VALUE", "INVALID_REQUEST_STATE"],
    };
    let other = others.into_iter().find_map(|other| Some((other, status_of(other)?)));
    match other {
        Some((code, status)) => Refusal { status, code: Some(code), ..refusal },
        None => refusal,
    }
}

impl<'a> Asked<'a> {
    fn world(&self) -> &'a World {
        &self.local.world
    }

    fn pen(&self) -> Pen<'_> {
        Pen { world: &self.local.world, state: self.state, base: &self.call.base, now: self.now }
    }

    /// The body of the request.
    fn body(&self) -> Outcome<Value> {
        let read = serde_json::from_slice(&self.call.body);
        read.map_err(|_| Refusal::of("INVALID_FHIR_STRUCTURE", "the body is no JSON"))
    }

    /// A parameter of the path.
    fn in_path(&self, name: &str) -> &'a str {
        let wanted = self.endpoint.path.split('/');
        let given = self.call.path().split('/');
        let found = wanted.zip(given).find(|(step, _)| step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) == Some(name));
        found.map(|(_, value)| value).unwrap_or_default()
    }

    /// A UUID for what is made for this answer alone; the same call at the same time gets the same.
    fn fleeting_uuid(&self, number: u64) -> String {
        let seed = self.call.target.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        crate::state::uuid(seed.wrapping_add(self.now.millis().unsigned_abs()).wrapping_add(number))
    }

    /// The address at which it was asked.
    fn address(&self) -> String {
        format!("{}{}", self.call.base, self.call.target)
    }
}
