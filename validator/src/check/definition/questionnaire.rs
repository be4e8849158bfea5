//! Questionnaire: its items are distinct, their conditions are about items, and values are of the types of their
//! items.
//!
//! Source: <http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item>.

use std::collections::hash_map::Entry;

use ers_fhir_report::{Message, Severity, def, key, text};
use ers_fhir_tree::Node;
use ers_fhir_values::suggest::nearest;
use rustc_hash::FxHashMap;

use crate::check::{Checker, Finding};
use crate::rule::conformance as rules;

/// The most items among which a similar linkId is looked for.
const MOST_COMPARED: usize = 500;

/// Checks a Questionnaire.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, questionnaire: Node<'d>) {
    let items = items(questionnaire);
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for (place, item) in items.iter().enumerate() {
        let Some((node, id)) = item.child("linkId").and_then(|node| Some((node, node.value()?))) else {
            continue;
        };
        match places.entry(id) {
            Entry::Vacant(first) => {
                first.insert(place);
            }
            Entry::Occupied(_) => {
                let message = Message::text("another item has the linkId ").value(id).then(" already");
                ctx.report(Finding::new(&rules::DUPLICATE_LINK_ID, node, message));
            }
        }
    }
    for item in &items {
        check_values(ctx, *item);
    }
    for condition in items.iter().flat_map(|item| item.named("enableWhen")) {
        let asked = condition.child_value("question").and_then(|id| places.get(id));
        if let Some(asked) = asked {
            check_answer(ctx, condition, items[*asked]);
        }
    }
    for (place, item) in items.iter().enumerate() {
        for question in item.named("enableWhen").filter_map(|condition| condition.child("question")) {
            let Some(id) = question.value() else { continue };
            let (severity, message) = match places.get(id) {
                None => (Severity::Error, "no item has the linkId "),
                Some(at) if *at == place => (Severity::Error, "an item cannot depend on its own answer: "),
                Some(at) if is_within(items[*at], *item) => (
                    Severity::Error,
                    "an item cannot depend on an answer inside it, which is only asked along with it: ",
                ),
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

/// Whether an item is inside another.
fn is_within(item: Node<'_>, other: Node<'_>) -> bool {
    std::iter::successors(item.parent(), |above| above.parent()).any(|above| above.id() == other.id())
}

/// The answer that a condition waits for is one that its question can have.
fn check_answer<'d>(ctx: &Checker<'_, 'd>, condition: Node<'d>, asked: Node<'d>) {
    let Some(kind) = asked.child("type").and_then(Node::value) else { return };
    if matches!(kind, "group" | "display") {
        let Some(question) = condition.child("question") else { return };
        let message = text!("an item of type {} has no answer to depend on", def(kind));
        let finding = Finding::new(&rules::ENABLE_WHEN_ANSWER, question, message);
        // Whether a group is there at all may be asked.
        let is_asked = kind == "group" && condition.child_value("operator") == Some("exists");
        ctx.report(if is_asked { finding.severity(Severity::Warning) } else { finding });
        return;
    }
    let Some(allowed) = types_of_answers(kind) else { return };
    let is_exists = condition.child_value("operator") == Some("exists");
    let answer = condition.children().find_map(|child| Some((child, child.name().strip_prefix("answer")?)));
    if let Some((node, type_name)) =
        answer.filter(|(_, type_name)| !is_exists && !allowed.contains(type_name))
    {
        let message =
            text!("the question is of type {}, and no answer to it is a value{}", def(kind), key(type_name));
        ctx.report(Finding::new(&rules::ENABLE_WHEN_ANSWER, node, message).at_key(node));
    }
}

/// The initial values and options of an item are answers that it can have.
fn check_values<'d>(ctx: &Checker<'_, 'd>, item: Node<'d>) {
    let Some((kind, allowed)) =
        item.child_value("type").and_then(|kind| Some((kind, types_of_answers(kind)?)))
    else {
        return;
    };
    for child in item.children() {
        let value = match child.name() {
            "initial" | "answerOption" | "option" => {
                child.children().find_map(|value| Some((value, value.name().strip_prefix("value")?)))
            }
            // As in STU3.
            of_stu3 => of_stu3.strip_prefix("initial").map(|type_name| (child, type_name)),
        };
        if let Some((node, type_name)) = value.filter(|(_, type_name)| !allowed.contains(type_name)) {
            let message =
                text!("the item is of type {}, and no answer to it is a value{}", def(kind), key(type_name));
            ctx.report(Finding::new(&rules::ITEM_VALUE_TYPE, node, message).at_key(node));
        }
    }
}

/// The types of answers to an item of that type, as the suffix of `value[x]`; `None` if there are many, as
/// for a choice.
fn types_of_answers(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "boolean" => &["Boolean"],
        "decimal" | "integer" => &["Decimal", "Integer"],
        "date" | "dateTime" => &["Date", "DateTime"],
        "time" => &["Time"],
        "string" | "text" => &["String"],
        "url" => &["String", "Uri"],
        "attachment" => &["Attachment"],
        "reference" => &["Reference"],
        "quantity" => &["Quantity"],
        _ => return None,
    })
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
