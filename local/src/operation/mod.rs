//! The operations, one file for each area.

mod actions;
mod advice;
mod appointment;
mod asked;
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
mod reply;
mod review;
mod search;
mod shortlist;
mod slots;
mod triage;
mod worklist;

use ers_fhir_ers::service::Endpoint;

pub(crate) use asked::{Asked, Holds};
pub(crate) use reply::Reply;

use crate::call::{Call, Token};
use crate::refusal::{Outcome, Refusal};

/// Whether a call changes nothing, so that others may read at the same time.
pub(crate) fn only_looks(endpoint: &Endpoint, call: &Call) -> bool {
    match endpoint.id {
        // The number of requests of an application is remembered.
        "A008" => !matches!(call.caller, Token::Application(_)),
        "A004" | "A005" | "A006" | "A010" | "A015" | "A019" | "A023" | "A024" | "A025" | "A029" | "A030"
        | "A033" | "A035" | "A037" | "A038" | "A040" | "A041" | "A042" | "A043" => true,
        _ => false,
    }
}

/// Answers a call that changes nothing.
pub(crate) fn look(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let result = match asked.endpoint.id {
        "A004" => directory::reference_data(asked),
        "A005" => reads::referral(asked),
        "A006" => file::fetch(asked),
        "A008" => worklist::referrals(asked),
        "A010" => search::services(asked),
        "A015" => slots::search(asked),
        "A019" => document::patient_letter(asked),
        "A023" => worklist::advice(asked),
        "A024" => reads::advice(asked),
        "A025" => reads::conversation(asked),
        "A029" => actions::tasks(asked),
        "A030" => Ok(directory::roles(asked)),
        "A033" | "A037" => directory::service(asked),
        "A035" => directory::services(asked),
        "A038" => reads::appointment(asked),
        "A040" => directory::clinicians(asked),
        "A041" => reads::requests(asked),
        "A042" => file::link(asked),
        "A043" => document::advice_overview(asked),
        id => Err(Refusal::plain(500, format!("{id} is not known here"))),
    };
    result.map_err(|refusal| as_described(asked.endpoint, refusal))
}

/// Carries out a call, and answers it.
pub(crate) fn run(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let result = match asked.endpoint.id {
        "A007" => document::clinical_information(asked),
        "A008" => worklist::counted(asked),
        "A011" => create::create(asked),
        "A012" => letter::maintain(asked),
        "A013" => review::accept(asked),
        "A014" => review::reject(asked),
        "A016" => book::book_or_defer(asked),
        "A020" => file::upload(asked),
        "A021" => create::create_for_triage(asked),
        "A022" => review::cancel_action_later(asked),
        "A026" => advice::respond(asked),
        "A027" => convert::convert(asked),
        "A028" => triage::record(asked),
        "A031" => shortlist::change(asked),
        "A032" => shortlist::change_for_triage(asked),
        "A034" => appointment::update(asked),
        "A036" => cancel::referral(asked),
        "A044" => advice::create(asked),
        _ => return look(asked),
    };
    result.map_err(|refusal| as_described(asked.endpoint, refusal))
}

/// A refusal with the status that the operation documents for its code, or with another code if that one is not
/// documented.
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
