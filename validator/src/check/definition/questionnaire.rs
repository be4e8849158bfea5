//! Questionnaire: the conditions of its items are about its items.
//!
//! Source: <http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen>.

use ers_fhir_report::{Message, Severity};
use ers_fhir_tree::Node;
use ers_fhir_values::suggest::nearest;
use rustc_hash::FxHashMap;

use crate::check::{Checker, Finding};
use crate::rule::conformance as rules;

/// Most items among which a likeness is looked for.
const MOST_COMPARED: usize = 500;

/// Checks a Questionnaire.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, questionnaire: Node<'d>) {
    let items = items(questionnaire);
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for (place, item) in items.iter().enumerate() {
        if let Some(id) = item.child_value("linkId") {
            places.entry(id).or_insert(place);
        }
    }
    for (place, item) in items.iter().enumerate() {
        for question in item.named("enableWhen").filter_map(|condition| condition.child("question")) {
            let Some(id) = question.value() else { continue };
            let (severity, message) = match places.get(id) {
                None => (Severity::Error, "no item has the linkId "),
                Some(at) if *at == place => (Severity::Error, "an item cannot depend on its own answer: "),
                Some(at) if *at > place => (Severity::Warning, "the question is asked later: "),
                Some(_) => continue,
            };
            let message = Message::text(message).value(id);
            let mut finding =
                Finding::new(&rules::ENABLE_WHEN_QUESTION, question, message).severity(severity);
            if items.len() <= MOST_COMPARED
                && !places.contains_key(id)
                && let Some(near) = nearest(id, items.iter().filter_map(|item| item.child_value("linkId")))
            {
                finding = finding.suggest(Message::text("did you mean ").value(near).then("?"));
            }
            ctx.report(finding);
        }
    }
}

/// Every item, in the order in which they are shown.
fn items(questionnaire: Node<'_>) -> Vec<Node<'_>> {
    let mut items = Vec::new();
    let mut pending: Vec<_> = questionnaire.named("item").collect();
    pending.reverse();
    while let Some(item) = pending.pop() {
        items.push(item);
        let first = pending.len();
        pending.extend(item.named("item"));
        pending[first..].reverse();
    }
    items
}
