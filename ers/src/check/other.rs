//! The body of another operation.
//!
//! The profile that a request declares and its parameters show which operation it is written for. If another
//! operation is called, that is the mistake, and everything that the profile of the called operation finds
//! follows from it.

use ers_fhir_report::{Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::rule::payload::OTHER_OPERATION;
use crate::service::form::is_number;
use crate::service::{Body, Endpoint, by_area, find};

/// Operations that take an appointment.
const APPOINTMENTS: [&str; 2] = ["A016", "A034"];

/// The largest number of operations that are named.
const MOST: usize = 3;

/// The ids of the operations that a request is written for, if the called one is not among them.
pub(super) fn meant(run: &Run<'_>, endpoint: &Endpoint, root: Node<'_>) -> Option<String> {
    let mut ids: Vec<&str> = written_for(run, endpoint, root).iter().map(|endpoint| endpoint.id).collect();
    ids.dedup();
    (!ids.is_empty() && ids.len() <= MOST).then(|| ids.join(" or "))
}

/// The operations that a request is written for, if the called one is not among them.
fn written_for(run: &Run<'_>, endpoint: &Endpoint, root: Node<'_>) -> Vec<&'static Endpoint> {
    let declared: Vec<&str> =
        root.named("meta").flat_map(|meta| meta.named("profile")).filter_map(Node::value).collect();
    let names: Vec<&str> = root.named("parameter").filter_map(|node| node.child_value("name")).collect();
    let is_meant = |endpoint: &&Endpoint| profiles(endpoint).iter().any(|profile| declared.contains(profile));
    if is_meant(&endpoint) {
        return Vec::new();
    }
    let mut found: Vec<&Endpoint> = by_area().filter(is_meant).collect();
    // If the content fits no other operation, the declared profile is wrong.
    if !names.is_empty() && takes(run, endpoint, &names) {
        found.retain(|other| takes(run, other, &names));
        return found;
    }
    if let Some(id) =
        of_appointment(root).filter(|id| *id != endpoint.id && APPOINTMENTS.contains(&endpoint.id))
    {
        return find(id).collect();
    }
    if found.is_empty() && !names.is_empty() {
        found = by_area().filter(|endpoint| takes(run, endpoint, &names)).collect();
    }
    if found.is_empty() && !fits_type(run, endpoint, root) {
        found = by_area().filter(|endpoint| fits_type(run, endpoint, root)).collect();
    }
    found.retain(|other| other.release == endpoint.release);
    found
}

pub(super) fn check(run: &Run<'_>, context: &Context) {
    if !run.findings().iter().any(|found| found.severity >= Severity::Error) {
        return;
    }
    let root = run.root();
    let found = written_for(run, context.endpoint, root);
    let mut ids: Vec<&str> = found.iter().map(|endpoint| endpoint.id).collect();
    ids.dedup();
    let (Some(first), true) = (found.first(), ids.len() <= MOST) else { return };
    // For several operations, the names would be too long.
    let name = (ids.len() == 1).then(|| text!(" ({})", def(first.name)));
    let message = text!(
        "this is the body of {}{}, not of {} ({})",
        def(ids.join(" or ")),
        name,
        def(context.endpoint.id),
        def(context.endpoint.name)
    );
    let suggestion = text!(
        "call {}, or send the body that {} takes: {}",
        def(ids.join(" or ")),
        def(context.endpoint.id),
        def(profiles(context.endpoint).join(" or "))
    );
    run.report(Finding::new(&OTHER_OPERATION, root, message).at_key(root).suggest(suggestion));
}

/// What the request does with an appointment, if all parts agree: a cancellation has an id and a reason from its
/// own list, and a booking has neither.
fn of_appointment(root: Node<'_>) -> Option<&'static str> {
    const REASONS: &str = "/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON";
    let coding = root.child("reason").and_then(|reason| reason.child("coding"));
    let system = coding.and_then(|coding| coding.child_value("system"));
    let is_cancelling = system.is_some_and(|system| system.ends_with(REASONS));
    let has_id = root.child_value("id").is_some_and(is_number);
    match root.child_value("status").filter(|_| root.resource_type() == Some("Appointment"))? {
        "cancelled" if is_cancelling && has_id => Some("A034"),
        "booked" | "proposed" if !is_cancelling && !has_id => Some("A016"),
        _ => None,
    }
}

fn profiles(endpoint: &Endpoint) -> &'static [&'static str] {
    match endpoint.request {
        Body::Resource(profiles) => profiles,
        Body::None | Body::File(_) => &[],
    }
}

/// Whether these are the parameters of an operation: it knows them all, and no required one is
/// missing.
fn takes(run: &Run<'_>, endpoint: &Endpoint, names: &[&str]) -> bool {
    profiles(endpoint).iter().any(|profile| {
        let Ok(Some(structure)) = run.definitions().structure(profile) else { return false };
        let slices = structure.differential.iter().filter_map(|element| {
            let name = element.id.strip_prefix("Parameters.parameter:")?;
            (!name.contains('.')).then_some((name, element.min.unwrap_or(0)))
        });
        let slices: Vec<(&str, u32)> = slices.collect();
        names.iter().all(|name| slices.iter().any(|(slice, _)| slice == name))
            && slices.iter().all(|(slice, min)| *min == 0 || names.contains(slice))
    })
}

/// Whether an operation takes a resource of the type of the payload.
fn fits_type(run: &Run<'_>, endpoint: &Endpoint, root: Node<'_>) -> bool {
    let type_name = root.resource_type().unwrap_or_default();
    profiles(endpoint).iter().any(|profile| {
        run.definitions()
            .structure(profile)
            .is_ok_and(|found| found.is_some_and(|found| found.type_name == type_name))
    })
}
