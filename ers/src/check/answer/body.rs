//! The body of an answer, and its status.

use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::rule::answers as rules;
use crate::service::codes;

/// The answer of the sandbox to everything but the examples that it knows.
const SANDBOX: &str = "SANDBOX_ERROR";

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let is_outcome = root.resource_type() == Some("OperationOutcome");
    match (context.succeeds(), context.status) {
        (Some(true), Some(status)) if is_outcome => {
            let message = text!("the call succeeded ({}), but is answered with an OperationOutcome", status);
            run.report(Finding::new(&rules::BODY, root, message).at_key(root));
        }
        (Some(false), Some(status)) if !is_outcome => {
            let message = text!(
                "the call failed ({}), but is answered with something other than an OperationOutcome",
                status
            );
            let next = text!(
                "{} gives such an answer with {}: make sure that this status and this body belong together",
                def(context.endpoint.id),
                def(context.endpoint.success)
            );
            run.report(Finding::new(&rules::BODY, root, message).at_key(root).suggest(next));
        }
        _ => {}
    }
    if is_outcome && is_of_other_release(context, root) {
        let (own, other) = match context.endpoint.release {
            FhirVersion::Stu3 => ("STU3", "R4"),
            FhirVersion::R4 => ("R4", "STU3"),
        };
        let message = text!(
            "this OperationOutcome is of the {} operations of e-RS, but {} is one of {}",
            def(other),
            def(context.endpoint.id),
            def(own)
        );
        let finding = Finding::new(&rules::RELEASE, root, message).at_key(root);
        run.report(
            finding.suggest(text!(
                "the gateway decides by /{}/ in the path which of the two to write",
                def(own)
            )),
        );
        return;
    }
    if is_outcome && context.succeeds() != Some(true) {
        for issue in root.named("issue") {
            code(run, context, issue);
        }
    }
}

/// Whether an OperationOutcome belongs to the other release, by the system of its codes or its profile.
fn is_of_other_release(context: &Context, outcome: Node<'_>) -> bool {
    const STU3: &[&str] = &["https://fhir.nhs.uk/STU3/"];
    const R4: &[&str] = &[
        "https://fhir.nhs.uk/CodeSystem/ers-error-codes",
        "https://fhir.nhs.uk/CodeSystem/http-error-codes",
    ];
    let issues = outcome.named("issue").flat_map(|issue| issue.named("details"));
    let codings = issues.flat_map(|details| details.named("coding"));
    let systems = codings.filter_map(|coding| coding.child("system"));
    let profiles = outcome.named("meta").flat_map(|meta| meta.named("profile"));
    let marks = match context.endpoint.release {
        FhirVersion::Stu3 => R4,
        FhirVersion::R4 => STU3,
    };
    let is_mark = |text: &str| marks.iter().any(|mark| text.starts_with(mark));
    systems.chain(profiles).filter_map(Node::value).any(is_mark)
}

/// The error code is documented for the operation.
fn code<'d>(run: &Run<'d>, context: &Context, issue: Node<'d>) {
    let codings = issue.named("details").flat_map(|details| details.named("coding"));
    let given: Vec<Node<'d>> = codings.filter_map(|coding| coding.child("code")).collect();
    let is_described =
        |status: u16| context.endpoint.failures.iter().any(|(described, _)| *described == status);
    // A finding about the status applies to the code that comes with it.
    if context.status.is_some_and(|status| !is_described(status)) {
        return;
    }
    let allowed = codes(context.endpoint, context.status);
    let is_allowed = |code: &Node<'d>| code.value().is_some_and(|code| allowed.contains(&code));
    let Some(first) = given.first().filter(|_| !given.iter().any(is_allowed)) else { return };
    let message = Message::text("").value(first.value().unwrap_or_default());
    let message = message.then(text!(" is not a documented error code of {}", def(context.endpoint.id)));
    let message = match context.status {
        Some(status) => message.then(text!(" under {}", status)),
        None => message,
    };
    let mut finding = Finding::new(&rules::CODE, *first, message);
    if first.value() == Some(SANDBOX) {
        finding = finding.severity(Severity::Information);
    }
    run.report(if allowed.is_empty() {
        finding
    } else {
        finding.suggest(text!("it answers with {}", def(allowed.join(", "))))
    });
}
