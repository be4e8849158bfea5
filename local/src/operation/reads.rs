//! A005, A024, A025, A038, A041: records as they are.

use super::asked::{Asked, Holds};
use super::reply::Reply;
use crate::read::versioned;
use crate::refusal::{Outcome, Refusal};
use crate::render::{Around, Bundle, Mode, advice_request, referral_request};

/// Only the latest version can be read.
fn version_of_path(asked: &Asked<'_, impl Holds>, version: u64) -> Outcome<()> {
    if !asked.endpoint.is_versioned() || asked.in_path("version").parse() == Ok(version) {
        return Ok(());
    }
    Err(Refusal::new(404, "HISTORY_NOT_SUPPORTED", format!("only version {version} can be read")))
}

pub(super) fn referral(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let referral = asked.referral()?;
    asked.has_to_do_with(&referral)?;
    asked.patient(&referral.patient)?;
    version_of_path(asked, referral.version)?;
    Ok(Reply::versioned(referral.version, asked.pen().referral(&referral)))
}

pub(super) fn advice(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let advice = asked.advice()?;
    asked.has_to_do_with_advice(&advice)?;
    asked.patient(&advice.patient)?;
    version_of_path(asked, advice.version)?;
    Ok(Reply::versioned(advice.version, asked.pen().advice(&advice)))
}

pub(super) fn appointment(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let id = asked.in_path("id");
    let not_found = || Refusal::plain(404, format!("there is no appointment {id}"));
    let appointment = asked.state.appointments.get(id).cloned().ok_or_else(not_found)?;
    let referral = asked.referral_of(&appointment.ubrn).map_err(|_| not_found())?;
    // Only the current one can be read.
    if referral.appointment.as_deref() != Some(id) {
        return Err(not_found());
    }
    asked.has_to_do_with(&referral)?;
    asked.patient(&referral.patient)?;
    version_of_path(asked, appointment.version)?;
    Ok(Reply::versioned(appointment.version, asked.pen().appointment(&appointment)))
}

pub(super) fn conversation(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    const KNOWN: [&str; 3] = [
        "Communication:requester-practitionerrole:PractitionerRole",
        // Spelt so.
        "Communication:sender-practitionerrole:PractionerRole",
        "Communication:content-reference:DocumentReference",
    ];
    let bad = |what: String| Refusal::plain(400, what);
    let based_on = asked.call.parameter("based-on").ok_or_else(|| bad("based-on is missing".to_owned()))?;
    let (ubrn, version) = versioned(&based_on, "CommunicationRequest")
        .ok_or_else(|| bad("based-on is not CommunicationRequest/<UBRN>/_history/<version>".to_owned()))?;
    if let Some(other) = asked.call.parameters("_include").iter().find(|name| !KNOWN.contains(&name.as_str()))
    {
        return Err(bad(format!("_include: '{other}' cannot be included")));
    }
    let advice = asked.advice_of(ubrn).map_err(Refusal::about_path)?;
    asked.has_to_do_with_advice(&advice)?;
    asked.patient(&advice.patient)?;
    if version != advice.version {
        return Err(Refusal::plain(404, format!("only version {} can be read", advice.version)));
    }
    let pen = asked.pen();
    let base = &asked.call.base;
    let mut bundle =
        Bundle::stu3(asked.fleeting_uuid(0), asked.now, &asked.address()).total(advice.messages.len());
    for message in advice.messages.iter().rev() {
        let written = pen.message(&advice, message, Around::Beside);
        bundle.add(format!("{base}/STU3/Communication/{}", message.id), written, Mode::Match);
    }
    for resource in pen.beside(&advice) {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        let address = format!("{base}/STU3/{kind}/{}", resource["id"].as_str().unwrap_or_default());
        bundle.add(address, resource, Mode::Include);
    }
    Ok(Reply::resource(bundle.finish()))
}

pub(super) fn requests(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    const SYSTEM: &str = "https://fhir.nhs.uk/Id/UBRN";
    let bad = |what: &str| Refusal::plain(400, what);
    let given = asked.call.parameter("identifier").ok_or_else(|| bad("identifier is missing"))?;
    let ubrn = match given.split_once('|') {
        Some((SYSTEM, ubrn)) => ubrn,
        Some(_) => return Err(bad("identifier: the system is not that of UBRNs")),
        None => &given,
    };
    if ubrn.len() != 12 || !ubrn.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad("identifier: this is not a UBRN"));
    }
    let referral = asked.state.referrals.get(ubrn).filter(|referral| asked.has_to_do_with(referral).is_ok());
    let advice = asked.state.advice.get(ubrn).filter(|advice| asked.has_to_do_with_advice(advice).is_ok());
    let found = referral.map(referral_request).into_iter();
    let found: Vec<_> = found.chain(advice.map(advice_request)).collect();
    let mut bundle =
        Bundle::r4(asked.fleeting_uuid(0), asked.now, &asked.address()).timed().total(found.len());
    for (id, resource) in found {
        bundle.add(format!("{}/R4/ServiceRequest/{id}", asked.call.base), resource, Mode::Match);
    }
    Ok(Reply::resource(bundle.finish()))
}
