//! Requests in a form that only the service sends, and the reverse.

use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::{Node, Syntax};
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::deviation::is_placeholder;
use crate::rule::sent as rules;

/// The system that the service expects for the type of a participant.
const PARTICIPANT_TYPES: &str = "http://hl7.org/fhir/ValueSet/encounter-participant-type";

/// Elements whose values are URIs.
const URIS: [&str; 6] = ["system", "url", "uri", "fullUrl", "valueUri", "profile"];

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    placeholders(run);
    if context.requests(&["A016", "A034"]) && run.document().syntax() == Syntax::Json {
        for participant in root.named("participant") {
            participant_type(run, participant);
        }
    }
}

/// The type of a participant is one object, with the system that the service knows.
fn participant_type<'d>(run: &Run<'d>, participant: Node<'d>) {
    let Some(kind) = participant.child("type") else { return };
    if kind.in_array() {
        let message = "e-RS expects one object for the type of a participant, not an array";
        let finding = Finding::new(&rules::SENT_ARRAY, kind, Message::text(message));
        run.report(finding.suggest(text!(
            "leave out the [ ], which only other services expect, and write {} as the system",
            def(PARTICIPANT_TYPES)
        )));
        return;
    }
    for coding in participant.named("type").flat_map(|kind| kind.named("coding")) {
        if let Some(system) = coding.child("system").filter(|node| node.value() != Some(PARTICIPANT_TYPES)) {
            let message = "e-RS expects another system for the type of a participant";
            let finding = Finding::new(&rules::SENT_SYSTEM, system, Message::text(message));
            run.report(finding.suggest(text!("write {}", def(PARTICIPANT_TYPES))));
        }
    }
}

/// The placeholder of the documentation was not filled in: reported once, and at each place that is not
/// a URI.
fn placeholders(run: &Run<'_>) {
    let mut is_said = false;
    let mut errors = None;
    for node in run.document().nodes().filter(|node| node.value().is_some_and(is_placeholder)) {
        let is_uri = URIS.contains(&node.name());
        if is_uri && is_said {
            continue;
        }
        let mut finding = Finding::new(
            &rules::SENT_PLACEHOLDER,
            node,
            Message::text("the placeholder for the address of an environment was not filled in"),
        );
        if is_uri {
            is_said = true;
        } else {
            // Anything else that is wrong with the value is already an error.
            let errors = errors.get_or_insert_with(|| {
                let found = run.findings().into_iter();
                found
                    .filter(|found| found.severity >= Severity::Error)
                    .map(|found| found.span)
                    .collect::<Vec<_>>()
            });
            if errors.contains(&node.span()) {
                continue;
            }
            finding = finding.severity(Severity::Error);
        }
        run.report(finding.suggest(Message::text(
            "write the address of the environment that is called, such as https://api.service.nhs.uk/referrals/FHIR",
        )));
    }
}
