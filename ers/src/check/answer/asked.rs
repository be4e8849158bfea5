//! The answer concerns the same things as the body of the request.

use ers_fhir_report::{CallPart, Message, Severity, def, text};
use ers_fhir_tree::{Document, Node};
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::check::other;
use crate::check::request::{code, first};
use crate::rule::answers as rules;
use crate::service::Body;

const PATIENT: &str = "http://fhir.nhs.net/Id/nhs-number";

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let Some(bytes) = context.request_body.as_deref().filter(|bytes| !bytes.is_empty()) else { return };
    match context.endpoint.request {
        Body::Resource(_) => {}
        Body::None => {
            return not_checked(run, text!("{} is called without a body", def(context.endpoint.id)));
        }
        Body::File(_) => return,
    }
    let document = Document::parse(bytes);
    let Some(request) =
        document.as_ref().ok().map(Document::root).filter(|root| root.resource_type().is_some())
    else {
        return not_checked(run, text!("the request is not a FHIR payload"));
    };
    if let Some(meant) = other::meant(run, context.endpoint, request) {
        let message = text!("the request is the body of {}, not of {}", def(meant), def(context.endpoint.id));
        return not_checked(run, message);
    }
    let answered = patient(root).and_then(|identifier| identifier.child("value"));
    let asked = patient(request).and_then(|identifier| identifier.child_value("value"));
    if let (Some(answered), Some(asked)) = (answered, asked)
        && answered.value() != Some(asked)
    {
        report(run, answered, "the answer is about a different patient than the request");
    }
    let is_appointment = |node: Node<'_>| node.resource_type() == Some("Appointment");
    if is_appointment(root)
        && is_appointment(request)
        && let (Some(status), Some(asked)) = (root.child("status"), request.child_value("status"))
        && status.value() != Some(asked)
    {
        report(run, status, "the appointment does not have the requested status");
    }
}

/// The code of the list that the body of the request asks for.
pub(super) fn list(context: &Context) -> Option<String> {
    let document = Document::parse(context.request_body.as_deref()?).ok()?;
    code(document.root(), "listType")?.value().map(str::to_owned)
}

/// Reports why the answer could not be compared with its request.
fn not_checked(run: &Run<'_>, message: Message) {
    let root = run.root();
    let finding = Finding::new(&rules::NOT_CHECKED, root, message).of_call(CallPart::Body);
    run.report(finding.suggest(Message::text("give the request that this is the answer to")));
}

fn report<'d>(run: &Run<'d>, node: Node<'d>, what: &'static str) {
    // The answer to a change is documented less exactly than that to a read.
    run.report(Finding::new(&rules::RECORD, node, Message::text(what)).severity(Severity::Warning));
}

/// The identifier of the patient that a request or a record is about.
fn patient(root: Node<'_>) -> Option<Node<'_>> {
    let is_patient = |identifier: &Node<'_>| identifier.child_value("system") == Some(PATIENT);
    let of_subject = root.child("subject").and_then(|subject| subject.child("identifier"));
    let in_participants = root
        .named("participant")
        .filter_map(|participant| participant.child("actor")?.child("identifier"))
        .find(is_patient);
    first(root, "patient")
        .and_then(|parameter| parameter.child("valueIdentifier"))
        .or(of_subject)
        .or(in_participants)
        .filter(is_patient)
}
