//! Whether the returned record is in the state that the operation leads to.

use ers_fhir_report::{Message, def, key, text, value};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::check::request;
use crate::rule::answers as rules;

/// The states in which changes leave a referral.
static LEADS_TO: &[(&str, &[&str])] = &[
    ("A011", &["NOT_BOOKED"]),
    ("A013", &["BOOKED"]),
    ("A014", &["REJECTED"]),
    ("A021", &["AWAITING_TRIAGE"]),
    ("A022", &["TRIAGED_PROVIDER_TO_ACTION"]),
    ("A027", &["TRIAGED_PROVIDER_TO_ACTION"]),
    ("A028", &["TRIAGED_PROVIDER_TO_ACTION", "TRIAGE_RESPONSE"]),
    ("A031", &["NOT_BOOKED"]),
    ("A032", &["AWAITING_TRIAGE"]),
    ("A036", &["CANCELLED_REFERRAL"]),
];

/// States of a referral, and the statuses that its appointment may have in each.
static APPOINTMENTS: &[(&str, &[&str])] = &[
    ("NOT_BOOKED", &[]),
    ("BOOKED", &["booked"]),
    ("DEFERRED_TO_PROVIDER", &["proposed"]),
    ("AWAITING_TRIAGE", &["proposed"]),
    ("TRIAGED_PROVIDER_TO_ACTION", &["proposed"]),
    ("TRIAGE_RESPONSE", &["proposed"]),
    ("REJECTED", &["cancelled"]),
    ("APPT_CANCELLED_BY_PATIENT", &["cancelled"]),
    ("APPT_CANCELLED_BY_PROVIDER", &["cancelled"]),
    ("CANCELLED_REFERRAL", &["cancelled", "proposed"]),
    ("ASSESSMENT_RESULT", &[]),
    ("DID_NOT_ATTEND", &[]),
];

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let parts = root.named("parameter").filter_map(|parameter| parameter.child("resource"));
    for record in std::iter::once(root).chain(parts) {
        if record.resource_type() == Some("ReferralRequest") {
            referral(run, context, record);
        }
    }
    match context.endpoint.id {
        "A012" => letters(run, root),
        "A016" if context.request_body.is_none() => {
            let status = root.child("status").filter(|status| status.value() == Some("cancelled"));
            if let Some(status) = status {
                report(run, status, Message::text("A016 makes an appointment, but this one is cancelled"));
            }
        }
        "A034" => cancelled(run, root),
        _ => {}
    }
}

fn report<'d>(run: &Run<'d>, node: Node<'d>, message: Message) {
    let suggestion = Message::text("make sure that this is the answer of this operation");
    run.report(Finding::new(&rules::STATE, node, message).suggest(suggestion));
}

/// The state is one that the operation leads to, and the appointment fits it.
fn referral<'d>(run: &Run<'d>, context: &Context, referral: Node<'d>) {
    let Some(code) = request::state(referral) else { return };
    // An unknown state is reported by its binding.
    let Some((state, statuses)) = APPOINTMENTS.iter().find(|(state, _)| code.value() == Some(*state)) else {
        return;
    };
    let wanted = LEADS_TO.iter().find(|(id, _)| *id == context.endpoint.id).map(|(_, states)| *states);
    if let Some(wanted) = wanted.filter(|wanted| !wanted.contains(state)) {
        let message = text!("{} leaves a referral {}", def(context.endpoint.id), def(wanted.join(" or ")));
        report(run, code, message.then(", but this one is ").then(value(state)));
        return;
    }
    let mut inner = referral.named("contained");
    let appointment = inner.find(|inner| inner.resource_type() == Some("Appointment"));
    if let Some(status) = appointment.and_then(|appointment| appointment.child("status"))
        && !statuses.is_empty()
        && status.value().is_some_and(|status| !statuses.contains(&status))
    {
        let expected = def(statuses.join(" or "));
        let message = text!("the appointment of a referral that is {} must be {}", def(*state), expected);
        report(run, status, message);
    }
}

/// Letters were sent, so the answer has some.
fn letters<'d>(run: &Run<'d>, referral: Node<'d>) {
    let mut inner = referral.named("contained");
    if referral.resource_type() == Some("ReferralRequest")
        && !inner.any(|inner| inner.resource_type() == Some("DocumentReference"))
    {
        let message = Message::text("A012 attaches letters, but this referral has none");
        let next = Message::text("contain the DocumentReference of each letter that was sent");
        run.report(Finding::new(&rules::STATE, referral, message).at_key(referral).suggest(next));
    }
}

/// A cancelled appointment takes up no slot.
fn cancelled<'d>(run: &Run<'d>, appointment: Node<'d>) {
    if let Some(status) = appointment.child("status")
        && matches!(status.value(), Some("booked" | "proposed"))
    {
        report(run, status, Message::text("A034 cancels an appointment, but this one is not cancelled"));
        return;
    }
    if let Some(kept) = ["slot", "start", "end"].into_iter().find_map(|name| appointment.child(name)) {
        let message = text!("an appointment that A034 has cancelled must have no {}", key(kept.name()));
        let next = text!("leave {} out: the slot is free again", key(kept.name()));
        run.report(Finding::new(&rules::STATE, kept, message).at_key(kept).suggest(next));
    }
}
