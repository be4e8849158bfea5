//! Whether the operation can start from the state of the record.

use ers_fhir_report::{CallPart, Severity, def, text, value};

use super::current::Current;
use crate::call::Context;
use crate::check::fault::Fault;
use crate::rule::update as rules;

/// The states from which an operation starts, and the severity of breaking that: an error if the service
/// says so.
static STARTS: &[(&[&str], &[&str], Severity)] = &[
    (&["A013", "A014", "A022"], &["BOOKED"], Severity::Error),
    (&["A028"], &["AWAITING_TRIAGE", "DEFERRED_TO_PROVIDER"], Severity::Error),
    // The unbooked states are not documented in one place.
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

/// The answer of the service if an operation cannot start from the state.
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
        return Some(of_referral("the referral is cancelled, and can no longer be changed"));
    }
    let state = current.state()?;
    let (_, states, severity) = STARTS.iter().find(|(ids, ..)| ids.contains(&id))?;
    // An unknown state is reported when the record is checked.
    let is_known =
        UNBOOKED_OR_WAITING.contains(&state) || ["BOOKED", "TRIAGED_PROVIDER_TO_ACTION"].contains(&state);
    if !is_known || states.contains(&state) {
        return None;
    }
    let message = text!(
        "{} starts from a referral that is {}, but this one is {}",
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
        .then(|| fault("the referrer has not authorised the provider to convert the request into a referral"))
}

fn appointment(current: &Current<'_>) -> Option<Fault> {
    let status = current.record.child_value("status")?;
    let is_other = matches!(status, "cancelled" | "proposed");
    is_other.then(|| {
        fault(text!("the appointment is not booked, so it cannot be cancelled: it is {}", value(status)))
    })
}
