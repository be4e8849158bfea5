//! Whether what an answer says in one place goes with what it says in another.

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

/// A referral has a specialty once it is more than a shortlist. No description says so, but all examples agree.
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

/// The appointment that comes with a cancelled referral is one that was cancelled with it.
fn cancelled<'d>(run: &Run<'d>, root: Node<'d>) {
    let parts = root.named("parameter").filter(|part| part.child_value("name") == Some("updatedAppointment"));
    let statuses = parts.filter_map(|part| part.child("resource")?.child("status"));
    for status in statuses.filter(|status| status.value() != Some("cancelled")) {
        let message = text!(
            "{} comes only with an appointment that this call has cancelled",
            def("updatedAppointment")
        );
        run.report(Finding::new(&rules::PARTS, status, message));
    }
}

/// Slots to book say in UTC when they are, and belong to a schedule of the service that comes with them.
fn slots<'d>(run: &Run<'d>, root: Node<'d>) {
    let resources = || root.named("entry").filter_map(|entry| entry.child("resource"));
    let report = |node: Node<'d>, message: Message| run.report(Finding::new(&rules::PARTS, node, message));
    let schedules = || resources().filter(|resource| resource.resource_type() == Some("Schedule"));
    let ids: HashSet<&str> = schedules().filter_map(|schedule| schedule.child_value("id")).collect();
    let mut is_alone = schedules().next().is_none();
    for slot in resources().filter(|resource| resource.resource_type() == Some("Slot")) {
        if let Some(reference) = slot.child("schedule").and_then(|schedule| schedule.child("reference"))
            && let Some((_, id)) = reference.value().and_then(|text| text.rsplit_once('/'))
            && !ids.contains(id)
        {
            if is_alone {
                report(reference, Message::text("the schedule of the slots does not come with them"));
                is_alone = false;
            } else if !ids.is_empty() {
                report(reference, Message::text("the schedule of the slot is none of those in the answer"));
            }
        }
        for name in ["start", "end"] {
            if let Some(moment) = slot.child(name)
                && moment.value().is_some_and(|text| !text.ends_with('Z') && !text.ends_with("+00:00"))
            {
                report(moment, text!("the {} of a slot is in UTC", key(name)));
            }
        }
    }
    for schedule in schedules() {
        let Some(id) = schedule.child("id") else { continue };
        // The examples of the service disagree with themselves whose it is, so that only its form tells.
        let is_id = |text: &str| match text.split_once('-') {
            Some((service, clinician)) => is_number(service) && is_user_id(clinician),
            None => is_number(text),
        };
        if id.value().is_some_and(|text| !is_id(text)) {
            let what = "the id of a schedule is that of its service, or that and the clinician's with a hyphen between";
            report(id, Message::text(what));
        }
    }
}
