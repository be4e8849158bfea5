//! A request that changes a record, compared with the record as last read.

mod current;
mod files;
mod state;

pub(super) use current::with;

use std::cmp::Ordering;

use ers_fhir_report::{CallPart, Message, Severity, def, key, text, value};
use ers_fhir_tree::{Document, Node};
use ers_fhir_validator::service::{Finding, Run};
use ers_fhir_values::Temporal;

use super::fault::Fault;
use super::request::first;
use crate::call::Context;
use crate::call::url::Url;
use crate::rule::update as rules;
use crate::service::{Header, form};
use current::{Current, changed};

/// The elements of an appointment that a cancellation may change.
const CHANGEABLE: [&str; 8] = ["status", "reason", "comment", "slot", "start", "end", "meta", "resourceType"];

/// Checks the headers and the path against the current record.
pub(super) fn check_head(context: &Context) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(bytes) = context.current.as_deref() else { return faults };
    let Some(resource_type) = changed(context) else {
        let message =
            text!("{} changes no record, so there is nothing to compare it with", def(context.endpoint.id));
        faults.push(Fault::new(&rules::UNUSABLE, CallPart::Body, message));
        return faults;
    };
    let document = Document::parse(bytes);
    let current = document.as_ref().ok().and_then(|document| Current::of(document.root(), resource_type));
    let Some(current) = current else {
        let message = text!("the record given to compare with is not a {}", def(resource_type));
        let fault = Fault::new(&rules::UNUSABLE, CallPart::Body, message);
        faults.push(fault.suggest(text!("save the answer from the last read of the {}", def(resource_type))));
        return faults;
    };
    faults.extend(state::check(context, &current));
    if let Some(sent) = context.header_value(Header::IF_MATCH.name).and_then(form::version_of)
        && let Some(version) = current.version
        && sent != version
    {
        let message = text!("If-Match holds a different version than the {} last read", def(resource_type));
        let fault = Fault::new(&rules::VERSION, CallPart::Header(Header::IF_MATCH.name), message);
        faults
            .push(fault.severity(Severity::Error).suggest("e-RS answers 409 to this: read the record again"));
    }
    if let Some(url) = context.url.as_deref().map(Url::parse) {
        let parameters = url.parameters(context.endpoint.path);
        let named = parameters.iter().find(|(name, _)| matches!(*name, "ubrn" | "id"));
        if let (Some((_, named)), Some(id)) = (named, current.id)
            && *named != id
        {
            let message = text!("the path names a different {} than the one last read", def(resource_type));
            faults.push(Fault::new(&rules::OTHER_RECORD, CallPart::Path, message));
        }
    }
    faults
}

/// Checks the body against the current record, and against the headers.
pub(super) fn check_body<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    if context.requests(&["A034"])
        && let Some(sent) = context.header_value(Header::IF_MATCH.name).and_then(form::version_of)
        && let Some(held) = root.child("meta").and_then(|meta| meta.child("versionId"))
        && held.value() != Some(sent)
    {
        let message = Message::text("If-Match holds a different version than the appointment that is sent");
        let finding = Finding::new(&rules::VERSION, held, message);
        run.report(finding.suggest(Message::text("send the appointment as last read, with its version")));
    }
    let (Some(bytes), Some(resource_type)) = (context.current.as_deref(), changed(context)) else { return };
    // `check_head` reports a record that cannot be read.
    let Ok(document) = Document::parse(bytes) else { return };
    let Some(current) = Current::of(document.root(), resource_type) else { return };
    files::check(run, context, &current, root);
    match context.endpoint.id {
        "A016" => {
            names(run, &current, root.child("incomingReferral"), resource_type);
            patient(run, &current, root);
            shortlisted(run, &current, root);
        }
        "A027" => {
            let from = first(root, "createFrom").and_then(|part| part.child("valueReference"));
            names(run, &current, from, resource_type);
        }
        "A014" | "A022" if state::check(context, &current).is_none() => told_pas(run, &current, root),
        "A031" | "A032" if state::check(context, &current).is_none() => needs(run, &current, root),
        "A034" => appointment(run, &current, root),
        _ => {}
    }
}

/// A reference names the record last read, in its version.
fn names<'d>(run: &Run<'d>, current: &Current<'_>, holder: Option<Node<'d>>, resource_type: &str) {
    let Some(reference) = holder.and_then(|holder| holder.child("reference")) else { return };
    let Some((kind, id, version)) = reference.value().and_then(form::versioned) else { return };
    if kind != resource_type || current.id.is_some_and(|current| current != id) {
        let message = text!("this is a different {} than the one last read", def(resource_type));
        run.report(Finding::new(&rules::OTHER_RECORD, reference, message));
    } else if current.version.is_some_and(|current| current != version) {
        let message =
            text!("this is a different version of the {} than the one last read", def(resource_type));
        let finding = Finding::new(&rules::VERSION, reference, message).severity(Severity::Error);
        run.report(finding.suggest(Message::text("e-RS answers 409 to this: read the record again")));
    }
}

/// Whether the provider's system knows about the cancellation is stated if the appointment was not booked through
/// e-RS, that is, if it has times and no slot.
fn told_pas<'d>(run: &Run<'d>, current: &Current<'_>, root: Node<'d>) {
    const NAME: &str = "appointmentCancelledInPAS";
    let Some(is_direct) = current.is_direct() else { return };
    let report = |node: Node<'d>, what: &'static str, next: &'static str| {
        let finding = Finding::new(&rules::CHANGE, node, Message::text(what)).severity(Severity::Warning);
        run.report(finding.at_key(node).suggest(Message::text(next)));
    };
    match first(root, NAME) {
        Some(part) if is_direct => report(
            part,
            "the appointment was booked directly, so e-RS itself cancels it in the provider's system",
            "leave appointmentCancelledInPAS out: e-RS answers 422 FIELD_NOT_PERMITTED",
        ),
        None if !is_direct => report(
            root,
            "the appointment was booked indirectly, but appointmentCancelledInPAS is missing",
            "say in appointmentCancelledInPAS whether it is cancelled there: e-RS answers 422 \
             VALUE_IS_REQUIRED otherwise",
        ),
        _ => {}
    }
}

/// The participant whose identifier has that system.
fn participant<'d>(appointment: Node<'d>, system: &str) -> Option<Node<'d>> {
    let identifiers = appointment
        .named("participant")
        .filter_map(|participant| participant.child("actor")?.child("identifier"));
    identifiers
        .filter(|identifier| identifier.child_value("system") == Some(system))
        .find_map(|i| i.child("value"))
}

/// The patient of a booking is that of the referral.
fn patient<'d>(run: &Run<'d>, current: &Current<'_>, root: Node<'d>) {
    let Some(sent) = participant(root, "http://fhir.nhs.net/Id/nhs-number") else { return };
    let subject = current.record.child("subject").and_then(|subject| subject.child("identifier"));
    let Some(known) = subject.and_then(|identifier| identifier.child_value("value")) else { return };
    if sent.value() != Some(known) {
        let message = Message::text("this is not the patient of the referral");
        run.report(Finding::new(&rules::OTHER_RECORD, sent, message));
    }
}

/// The service of a booking is on the shortlist of the referral.
fn shortlisted<'d>(run: &Run<'d>, current: &Current<'_>, root: Node<'d>) {
    const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";
    let Some(sent) = participant(root, SERVICE) else { return };
    let lists = current.record.named("contained").filter(|inner| inner.resource_type() == Some("List"));
    let items = lists.flat_map(|list| list.named("entry")).filter_map(|entry| entry.child("item"));
    let identifiers = items.filter_map(|item| item.child("identifier"));
    let mut services = identifiers
        .filter(|identifier| identifier.child_value("system") == Some(SERVICE))
        .filter_map(|identifier| identifier.child_value("value"))
        .peekable();
    if services.peek().is_some() && !services.any(|service| sent.value() == Some(service)) {
        let message = Message::text("this service is not on the shortlist of the referral");
        let finding = Finding::new(&rules::CHANGE, sent, message);
        run.report(finding.suggest(Message::text(
            "e-RS answers 422 INAPPROPRIATE_VALUE: change the shortlist first (A031)",
        )));
    }
}

/// The services of the new shortlist may not offer what the patient needs.
fn needs<'d>(run: &Run<'d>, current: &Current<'_>, root: Node<'d>) {
    let needs = current.needs();
    let Some(shortlist) = first(root, "shortlist").filter(|_| !needs.is_empty()) else { return };
    let message = text!("the patient of the referral needs {}", value(&needs.join(", ")));
    let finding = Finding::new(&rules::CHANGE, shortlist, message).severity(Severity::Information);
    let next = "check whether the services of the new shortlist offer that, and tell the user if they do not";
    run.report(finding.suggest(Message::text(next)));
}

/// A cancellation repeats the appointment, and changes only what it may.
fn appointment<'d>(run: &Run<'d>, current: &Current<'_>, root: Node<'d>) {
    if let (Some(id), Some(known)) = (root.child("id"), current.id)
        && id.value() != Some(known)
    {
        let message = Message::text("this is a different appointment than the one last read");
        run.report(Finding::new(&rules::OTHER_RECORD, id, message));
        return;
    }
    let mut names: Vec<&str> = Vec::new();
    for child in root.children().chain(current.record.children()) {
        let name = child.name();
        if !CHANGEABLE.contains(&name) && name != "id" && !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let (sent, known): (Vec<_>, Vec<_>) =
            (root.named(name).collect(), current.record.named(name).collect());
        let changed = sent.iter().zip(&known).find(|(sent, known)| !same(**sent, **known, 0));
        if let Some((place, _)) = changed {
            let message = text!("{} differs from the appointment as last read", key(name));
            run.report(Finding::new(&rules::CHANGE, *place, message).at_key(*place).suggest(kept()));
        } else if sent.len() < known.len() {
            let message = text!(
                "{} of the {} last read are missing: {}",
                known.len() - sent.len(),
                known.len(),
                key(name)
            );
            run.report(Finding::new(&rules::CHANGE, root, message).at_key(root).suggest(kept()));
        } else if let Some(added) = sent.get(known.len()) {
            let message = text!("{} is not in the appointment as last read", key(name));
            run.report(Finding::new(&rules::CHANGE, *added, message).at_key(*added).suggest(kept()));
        }
    }
}

fn kept() -> Message {
    Message::text(
        "a cancellation may change status, reason, comment, slot, start and end; send everything else as A038 \
         returned it",
    )
}

/// Whether two values are equal, or the same moment written in two ways.
fn is_one_value(left: Option<&str>, right: Option<&str>) -> bool {
    // A moment without a time has only one notation.
    let moment = |text: &str| Temporal::parse_date_time(text).filter(|_| text.contains('T'));
    left == right
        || left.zip(right).is_some_and(|(left, right)| {
            let moments = moment(left).zip(moment(right));
            moments.is_some_and(|(left, right)| left.compare(&right) == Some(Ordering::Equal))
        })
}

/// Whether two nodes have the same content.
fn same(left: Node<'_>, right: Node<'_>, depth: usize) -> bool {
    const DEEPEST: usize = 64;
    if depth > DEEPEST || left.name() != right.name() || !is_one_value(left.value(), right.value()) {
        return false;
    }
    if left.children().count() != right.children().count() {
        return false;
    }
    // Order matters only among repeats of one name.
    let mut seen: Vec<&str> = Vec::new();
    for child in left.children() {
        let name = child.name();
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let pairs = left.named(name).zip(right.named(name));
        let counts = (left.named(name).count(), right.named(name).count());
        if counts.0 != counts.1 || !pairs.into_iter().all(|(ours, theirs)| same(ours, theirs, depth + 1)) {
            return false;
        }
    }
    true
}
