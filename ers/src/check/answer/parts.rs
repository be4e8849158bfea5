//! Whether the parts of an answer agree with each other.

use std::collections::HashSet;

use ers_fhir_report::{Message, Severity, def, key, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::check::request;
use crate::rule::answers as rules;
use crate::service::form::{is_number, is_user_id};

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let parts = root.named("parameter").filter_map(|parameter| parameter.child("resource"));
    for record in std::iter::once(root).chain(parts) {
        if record.resource_type() == Some("ReferralRequest") {
            specialty(run, record);
        }
    }
    match context.endpoint.id {
        "A036" => cancelled(run, root),
        "A015" => slots(run, root),
        _ => {}
    }
}

/// A referral has a specialty once it is more than a shortlist. This is not documented, but all examples agree.
fn specialty<'d>(run: &Run<'d>, referral: Node<'d>) {
    let Some(code) = request::state(referral) else { return };
    let is_shortlist = code.value() == Some("NOT_BOOKED");
    let message = match referral.child("specialty") {
        Some(_) if is_shortlist => {
            "a referral that is not booked has no specialty in the examples of the service"
        }
        None if !is_shortlist => "a referral in this state has a specialty in the examples of the service",
        _ => return,
    };
    let finding = Finding::new(&rules::PARTS, code, Message::text(message));
    run.report(finding.severity(Severity::Information));
}

/// The appointment that comes with a cancelled referral was cancelled with it.
fn cancelled<'d>(run: &Run<'d>, root: Node<'d>) {
    let parts = root.named("parameter").filter(|part| part.child_value("name") == Some("updatedAppointment"));
    let statuses = parts.filter_map(|part| part.child("resource")?.child("status"));
    for status in statuses.filter(|status| status.value() != Some("cancelled")) {
        let message = text!(
            "{} belongs only to an appointment that this call has cancelled",
            def("updatedAppointment")
        );
        let next = text!("leave {} out if the appointment is not cancelled", def("updatedAppointment"));
        run.report(Finding::new(&rules::PARTS, status, message).suggest(next));
    }
}

/// Slots to book have their times in UTC, and belong to a schedule of the service in the same answer.
fn slots<'d>(run: &Run<'d>, root: Node<'d>) {
    let resources = || root.named("entry").filter_map(|entry| entry.child("resource"));
    let report = |node: Node<'d>, message: Message, next: Message| {
        run.report(Finding::new(&rules::PARTS, node, message).suggest(next));
    };
    let schedules = || resources().filter(|resource| resource.resource_type() == Some("Schedule"));
    let ids: HashSet<&str> = schedules().filter_map(|schedule| schedule.child_value("id")).collect();
    let is_alone = schedules().next().is_none();
    // If the id of a schedule is wrong, the slots show what it should be.
    let is_known = |entry: Node<'_>| {
        let resource = entry.child("resource");
        let kind = resource.and_then(Node::resource_type);
        matches!(kind, Some("Slot" | "Schedule" | "OperationOutcome"))
    };
    let is_one_ill = root.named("entry").any(|entry| !is_known(entry))
        || schedules().filter_map(|schedule| schedule.child_value("id")).any(|id| !is_schedule(id));
    let mut said = HashSet::new();
    for slot in resources().filter(|resource| resource.resource_type() == Some("Slot")) {
        if let Some(reference) = slot.child("schedule").and_then(|schedule| schedule.child("reference"))
            && let Some((_, id)) = reference.value().and_then(|text| text.rsplit_once('/'))
            && !ids.contains(id)
            && !is_one_ill
            && (is_alone || !ids.is_empty())
            && said.insert(if is_alone { "" } else { id })
        {
            let what = if is_alone {
                "the answer lacks the schedule of the slots"
            } else {
                "the schedule of the slot is not in the answer"
            };
            let next = "add the Schedule to the answer, or refer to the one in it";
            report(reference, Message::text(what), Message::text(next));
        }
        for name in ["start", "end"] {
            if let Some(moment) = slot.child(name)
                && moment.value().is_some_and(|text| !text.ends_with('Z') && !text.ends_with("+00:00"))
            {
                let next = Message::text("write the same moment with Z or +00:00");
                report(moment, text!("the {} of a slot must be in UTC", key(name)), next);
            }
        }
    }
    for schedule in schedules() {
        let Some(id) = schedule.child("id") else { continue };
        // The examples of the service disagree on whose id it is, so only its form can be checked.
        if id.value().is_some_and(|text| !is_schedule(text)) {
            let what = "the id of a schedule must be that of its service, optionally with a hyphen and that of \
                 the clinician";
            let next = "write the id of the service in digits, followed by a hyphen and the twelve digits of a \
                 clinician, if any";
            report(id, Message::text(what), Message::text(next));
        }
    }
}

/// Whether a text has the form of the id of a schedule.
fn is_schedule(id: &str) -> bool {
    match id.split_once('-') {
        Some((service, clinician)) => is_number(service) && is_user_id(clinician),
        None => is_number(id),
    }
}
