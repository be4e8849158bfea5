//! Rules about several parts of a payload together, for the operation that it belongs to.

use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::{Kind, Node};
use ers_fhir_validator::service::{Finding, Run};
use ers_fhir_values::suggest;

use super::request::{code, coding, criteria, extensions, first};
use super::{inline, path, reasons, reference_data};
use crate::call::url::Url;
use crate::call::{Context, Direction};
use crate::rule::{appointments, attachments, patient, review, shortlist, worklists};
use crate::service::Role;

/// Operations that name the patient, and for an admin the clinician.
const NAMING_CLINICIAN: &[&str] = &["A010", "A011", "A021", "A044"];
const REFERRER_LISTS: &[&str] = &[
    "REJECTED_TRIAGE_RESPONSE",
    "ASSESSMENT_RETURNED_CANCELLED_DNA",
    "AWAITING_BOOKING",
    "LETTERS_OUTSTANDING",
];
const PROVIDER_LISTS: &[&str] = &["REFERRALS_FOR_REVIEW", "APPOINTMENT_SLOT_ISSUES"];
const PROVIDER_ACTIONS: &[&str] = &["RECORD_REVIEW_OUTCOME", "CANCEL_REFERRAL"];
const REFERRER_ACTIONS: &[&str] = &[
    "CANCEL_DIRECTLY_BOOKED_APPOINTMENT",
    "CANCEL_REFERRAL",
    "CREATE_APPOINTMENT",
    "CHANGE_SHORTLIST",
    "CHANGE_SHORTLIST_AND_SEND_FOR_TRIAGE",
];

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    if context.direction == Direction::Request {
        clinician(run, context, root);
        search(run, context, root);
        worklist(run, context, root);
        appointment(run, context, root);
        deferral(run, context, root);
        inline::check(run);
        reasons::check(run, context, root);
    } else {
        actions(run, context, root);
        attachments_in(run);
    }
}

/// An admin, and nobody else, names the clinician.
fn clinician<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    if !context.requests(NAMING_CLINICIAN) {
        return;
    }
    let Some(role) = context.known_role() else { return };
    // For searches, only an older description says so.
    let severity = if context.endpoint.id == "A010" { Severity::Warning } else { Severity::Error };
    match (first(root, "referringClinician"), role) {
        (None, Role::ReferringClinicianAdmin) => {
            let message = text!("a {} must name the clinician in referringClinician", def(role));
            let next = "add referringClinician with the SDS user id of the clinician, in twelve digits";
            let finding = Finding::new(&patient::RULE_26, root, message).severity(severity).at_key(root);
            run.report(finding.suggest(Message::text(next)));
        }
        (Some(named), Role::ReferringClinician) => {
            let message = text!("a {} is the clinician: referringClinician is not permitted", def(role));
            let finding = Finding::new(&patient::RULE_26, named, message).severity(severity).at_key(named);
            run.report(finding.suggest(Message::text("leave referringClinician out")));
        }
        _ => {}
    }
}

/// The criteria of a search, and the shortlist that resulted from it.
fn search<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let Some(criteria) = criteria(root) else { return };
    if let Some(ignored) = first(criteria, "commissioningProvisioning") {
        let message = Message::text(
            "commissioningProvisioning has no effect: all services that can be booked are found",
        );
        run.report(Finding::new(&shortlist::RULE_35, ignored, message).at_key(ignored));
    }
    reference_data::check_clinic_type(run, criteria);
    if context.requests(&["A011", "A031"])
        && let Some(list) = first(root, "shortlist").and_then(|parameter| parameter.child("resource"))
        && list.named("entry").filter(|entry| entry.kind() != Kind::EmptyArray).count() == 1
        && let Some(priority) = code(criteria, "priority")
        && matches!(priority.value(), Some("URGENT" | "TWO_WEEK_WAIT"))
    {
        let message = Message::text(
            "the request is urgent, but offers one service only: if that is a triage service, it causes delay",
        );
        run.report(Finding::new(&shortlist::RULE_47, list, message).at_key(list));
    }
}

/// The requested list fits the operation and the caller.
fn worklist<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    if !context.requests(&["A008", "A023"]) {
        return;
    }
    let Some(coding) = first(root, "listType").and_then(coding) else { return };
    let (selector, other) = if context.endpoint.id == "A008" {
        ("eRS-ReferralListSelector-1", "A023")
    } else {
        ("eRS-CommunicationListSelector-1", "A008")
    };
    if let Some(system) = coding.child("system")
        && system.value().is_some_and(|system| !system.ends_with(selector))
    {
        let message = text!("{} takes the lists of {}", def(&context.endpoint.id), def(selector));
        let suggestion = text!("take the list from {}, or call {}", def(selector), def(other));
        run.report(Finding::new(&worklists::RULE_118, system, message).suggest(suggestion));
    }
    let is_application = context.is_application();
    // An application that may not ask at all is only told that.
    if is_application && context.endpoint.application.is_some() && first(root, "service").is_none() {
        let message = Message::text("an application must name the service whose list it wants");
        let finding = Finding::new(&worklists::RULE_117, root, message).at_key(root);
        run.report(finding.suggest(text!("add the parameter {} with the id of the service", def("service"))));
    }
    let lists = match context.known_role() {
        _ if context.endpoint.id != "A008" => return,
        _ if is_application => PROVIDER_LISTS,
        Some(role) if role.is_referrer() => REFERRER_LISTS,
        Some(_) => PROVIDER_LISTS,
        None => return,
    };
    let Some(code) = coding.child("code") else { return };
    let is_other = |list: &str| REFERRER_LISTS.contains(&list) || PROVIDER_LISTS.contains(&list);
    if let Some(list) = code.value().filter(|list| !lists.contains(list) && is_other(list)) {
        let caller = if is_application { "an application" } else { context.function().unwrap_or_default() };
        let message = text!("{} is not a list for {}", def(list), def(caller));
        let allowed = text!("ask for {}", def(lists.join(" or ")));
        run.report(Finding::new(&crate::rule::access::RULE_12, code, message).suggest(allowed));
    }
}

/// The appointment is the one that the path names.
fn appointment<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    if !context.requests(&["A034"]) {
        return;
    }
    // A misspelt one is reported as an unknown element.
    let is_meant = |name: &str| suggest::nearest(name, ["incomingReferral"]).is_some();
    if !root.children().any(|child| is_meant(child.name())) {
        let message = Message::text("incomingReferral is missing: the appointment belongs to a referral");
        let finding = Finding::new(&appointments::RULE_87, root, message).at_key(root);
        run.report(finding.suggest(Message::text("send the appointment as A038 returned it")));
    }
    let Some(url) = context.url.as_deref().map(Url::parse) else { return };
    let parameters = path::at(context, &url).map(|endpoint| url.parameters(endpoint.path));
    let Some((_, wanted)) = parameters.into_iter().flatten().next() else { return };
    // A missing id is reported by the profile.
    if let Some(id) = root.child("id").filter(|id| id.value() != Some(wanted)) {
        let message = Message::text("the path names the appointment ")
            .value(wanted)
            .then(", but the body names another");
        run.report(Finding::new(&appointments::RULE_87, id, message));
    }
}

/// A deferral names a slot only if that slot could not be booked. What is no deferral gets a finding about
/// its reason.
fn deferral<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    const LONGEST_COMMENT: usize = 1000;
    if !context.requests(&["A016"]) || root.child_value("status") == Some("booked") {
        return;
    }
    let coding = root.child("reason").and_then(|reason| reason.child("coding"));
    let Some(code) = coding.and_then(|coding| coding.child("code")) else { return };
    let Some(reason) = code.value().filter(|code| {
        ["NO_SLOTS_AT_SERVICE", "SLOT_NOT_AVAILABLE", "BOOKING_ATTEMPT_PROBLEM"].contains(code)
    }) else {
        return;
    };
    // An older description says so, and the published requests agree with it.
    let report = |node: Node<'d>, message: Message, suggestion: &'static str| {
        let finding = Finding::new(&appointments::RULE_83, node, message).severity(Severity::Warning);
        run.report(finding.suggest(Message::text(suggestion)));
    };
    let slot = root.child("slot").filter(|slot| slot.kind() != Kind::EmptyArray);
    match (reason, slot) {
        ("SLOT_NOT_AVAILABLE", None) => {
            let message = text!("a deferral for {} must name the slot", def("SLOT_NOT_AVAILABLE"));
            report(
                code,
                message,
                "name the slot that could not be booked: e-RS answers MISSING_VALUE \
                 otherwise",
            );
        }
        ("NO_SLOTS_AT_SERVICE" | "BOOKING_ATTEMPT_PROBLEM", Some(slot)) => {
            let message = Message::text("only a deferral for SLOT_NOT_AVAILABLE may name a slot");
            report(slot, message, "leave the slot out: e-RS answers INAPPROPRIATE_VALUE otherwise");
        }
        _ => {}
    }
    if let Some(comment) = root.child("comment")
        && comment.value().is_some_and(|text| text.chars().count() > LONGEST_COMMENT)
    {
        let message = text!("the comment on a deferral may have at most {} characters", def(LONGEST_COMMENT));
        report(comment, message, "shorten it");
    }
    if let Some(language) = root.child("language")
        && language.value().is_some_and(|language| language != "en")
    {
        report(language, Message::text("the language of a deferral must be en"), "write en");
    }
}

/// The actions that a user is offered are meant for such users.
fn actions<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    if !context.answers(&["A029"]) {
        return;
    }
    let offered = match context.known_role() {
        _ if context.is_application() => PROVIDER_ACTIONS,
        Some(role) if role.is_referrer() => REFERRER_ACTIONS,
        Some(_) => PROVIDER_ACTIONS,
        None => return,
    };
    let tasks = root.named("entry").filter_map(|entry| entry.child("resource"));
    for task in tasks.filter(|task| task.resource_type() == Some("Task")) {
        let action =
            task.child("code").and_then(|code| code.child("coding")).and_then(|coding| coding.child("code"));
        if let Some(action) = action
            && action.value().is_some_and(|action| !offered.contains(&action))
        {
            let message = Message::text("")
                .value(action.value().unwrap_or_default())
                .then(" is not offered to this caller");
            let allowed = text!("expected {}", def(offered.join(" or ")));
            run.report(Finding::new(&review::RULE_112, action, message).suggest(allowed));
        }
    }
}

/// Files that cannot be fetched yet, or never, or not by the older operation.
fn attachments_in(run: &Run<'_>) {
    const LARGEST: u64 = 5_242_880;
    for node in run.document().nodes().filter(|node| node.name() == "attachment") {
        attachment(run, node, LARGEST);
    }
}

fn attachment<'d>(run: &Run<'d>, node: Node<'d>, largest: u64) {
    let mut held = extensions(node, "eRS-AvailabilityStatus-1");
    let status = held.next().and_then(|extension| extension.child("valueCoding")?.child("code"));
    if let Some(status) = status
        && status.value().is_some_and(|status| status != "AVAILABLE")
    {
        let message =
            Message::text("the file cannot be fetched: it is ").value(status.value().unwrap_or_default());
        run.report(Finding::new(&attachments::RULE_70, status, message).severity(Severity::Information));
    }
    if let Some(size) = node.child("size")
        && size.value().and_then(|size| size.parse::<u64>().ok()).is_some_and(|size| size > largest)
    {
        let message = text!("the file has more than {} bytes, so A006 does not deliver it", def(largest));
        run.report(
            Finding::new(&attachments::RULE_71, size, message).suggest(Message::text("fetch it with A042")),
        );
    }
}
