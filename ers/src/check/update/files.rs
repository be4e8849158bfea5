//! Files that a request attaches, compared with those that the record has.

use ers_fhir_report::{Message, Severity, text, value};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use super::current::{Attached, Current, attached};
use crate::call::Context;
use crate::rule::update as rules;

/// The file type of referrers' letters.
const LETTER: &str = "REFERRER";

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, current: &Current<'_>, root: Node<'d>) {
    let documents = root
        .named("parameter")
        .filter_map(|parameter| parameter.child("resource"))
        .filter(|resource| resource.resource_type() == Some("DocumentReference"));
    let sent: Vec<(Node<'d>, Attached<'d>)> =
        documents.filter_map(|document| Some((document, attached(document)?))).collect();
    let known = current.files();
    for (document, file) in &sent {
        let Some(there) = known.iter().find(|there| there.url == file.url) else { continue };
        let is_letter = context.endpoint.id == "A012" && there.kind == Some(LETTER);
        if is_letter {
            continue;
        }
        let message = match there.kind {
            Some(kind) => text!("this file is attached to the record already, as {}", value(kind)),
            None => Message::text("this file is attached to the record already"),
        };
        let finding = Finding::new(&rules::CHANGE, *document, message).at_key(*document);
        run.report(finding.suggest(Message::text(
            "e-RS answers 422 INVALID_STATE: upload the file again, or leave it out",
        )));
    }
    if context.endpoint.id == "A012" && !sent.is_empty() {
        let letters: Vec<&Attached<'_>> = known.iter().filter(|file| file.kind == Some(LETTER)).collect();
        self::letters(run, root, &sent, &letters);
    }
}

/// The letters of a request replace the existing ones.
fn letters<'d>(run: &Run<'d>, root: Node<'d>, sent: &[(Node<'d>, Attached<'d>)], there: &[&Attached<'_>]) {
    let is_kept = |letter: &&&Attached<'_>| sent.iter().any(|(_, file)| file.url == letter.url);
    let is_same = |letter: &&&Attached<'_>| {
        sent.iter().any(|(_, file)| file.url == letter.url && file.description == letter.description)
    };
    if there.len() == sent.len() && there.iter().filter(is_same).count() == there.len() {
        let message =
            Message::text("the letters are those that the referral already has, so nothing changes");
        let finding = Finding::new(&rules::CHANGE, root, message).at_key(root);
        run.report(
            finding.suggest(Message::text("e-RS answers 422 NO_CHANGES_DETECTED: leave the call out")),
        );
        return;
    }
    let lost = there.len() - there.iter().filter(is_kept).count();
    if lost > 0 {
        let message = text!("{} of the letters of the referral are not repeated, and will be removed", lost);
        let finding =
            Finding::new(&rules::CHANGE, root, message).severity(Severity::Information).at_key(root);
        run.report(finding.suggest(Message::text("repeat each letter that is to be kept")));
    }
}
