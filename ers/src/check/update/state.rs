//! Whether the record is in a state that the operation starts from.

use ers_fhir_report::{CallPart, Severity, def, text, value};

use super::current::Current;
use crate::call::Context;
use crate::check::fault::Fault;
use crate::rule::update as rules;

/// States from which an operation starts, and what breaking that weighs: error where the service says so.
static STARTS: &[(&[&str], &[&str], Severity)] = &[
    (&["A013", "A014", "A022"], &["BOOKED"], Severity::Error),
    (&["A028"], &["AWAITING_TRIAGE", "DEFERRED_TO_PROVIDER"], Severity::Error),
    // Which states are unbooked is said nowhere in one place.
    (&["A016", "A032"], UNBOOKED, Severity::Warning),
    (&["A031"], UNBOOKED_OR_WAITING, Severity::Warning),
];

const UNBOOKED: &[&str] = &[
    "NOT_BOOKED",
    "REJECTED",
    "TRIAGE_RESPONSE",
    "APPT_CANCELLED_BY_PROVIDER",
    "APPT_CANCELLED_BY_PATIENT",
    "DID_NOT_ATTEND",
    "ASSESSMENT_RESULT",
];
const UNBOOKED_OR_WAITING: &[&str] = &[
    "NOT_BOOKED",
    "REJECTED",
    "TRIAGE_RESPONSE",
    "APPT_CANCELLED_BY_PROVIDER",
    "APPT_CANCELLED_BY_PATIENT",
    "DID_NOT_ATTEND",
    "ASSESSMENT_RESULT",
    "AWAITING_TRIAGE",
    "DEFERRED_TO_PROVIDER",
];

/// The state that a referral never leaves.
const END: &str = "CANCELLED_REFERRAL";

pub(super) fn check(context: &Context, current: &Current<'_>) -> Option<Fault> {
    match current.record.resource_type()? {
        "ReferralRequest" => referral(context, current),
        "CommunicationRequest" => advice(context, current),
        "Appointment" => appointment(current),
        _ => None,
    }
}

/// How the service answers to a state that an operation does not start from.
const REFUSAL: &str = "e-RS answers 422 INVALID_REQUEST_STATE";

fn fault(message: impl ers_fhir_report::Part) -> Fault {
    Fault::new(&rules::STATE, CallPart::Body, message).suggest(REFUSAL)
}

fn of_referral(message: impl ers_fhir_report::Part) -> Fault {
    fault(message).suggest(text!("{}; A029 lists what can be done with a referral", def(REFUSAL)))
}

fn referral(context: &Context, current: &Current<'_>) -> Option<Fault> {
    let id = context.endpoint.id;
    if current.state() == Some(END) || current.record.child_value("status") == Some("cancelled") {
        return Some(of_referral("the referral is cancelled, and nothing can be done with it any more"));
    }
    let state = current.state()?;
    let (_, states, severity) = STARTS.iter().find(|(ids, ..)| ids.contains(&id))?;
    // A state that is not known is said where the record is checked.
    let is_known =
        UNBOOKED_OR_WAITING.contains(&state) || ["BOOKED", "TRIAGED_PROVIDER_TO_ACTION"].contains(&state);
    if !is_known || states.contains(&state) {
        return None;
    }
    let message = text!(
        "{} starts from a referral that is {}, and this one is {}",
        def(id),
        def(states.join(" or ")),
        value(state)
    );
    Some(of_referral(message).severity(*severity))
}

fn advice(context: &Context, current: &Current<'_>) -> Option<Fault> {
    if let Some("completed" | "cancelled") = current.record.child_value("status") {
        return Some(fault("the conversation has ended"));
    }
    let is_refused = context.endpoint.id == "A027"
        && current.conversion().is_some_and(|said| said != "AUTHORISED_TO_CONVERT");
    is_refused
        .then(|| fault("the referrer has not authorised the provider to make a referral of the request"))
}

fn appointment(current: &Current<'_>) -> Option<Fault> {
    let status = current.record.child_value("status")?;
    let is_other = matches!(status, "cancelled" | "proposed");
    is_other.then(|| {
        fault(text!("the appointment is not booked, so it cannot be cancelled: it is {}", value(status)))
    })
}
