//! The answers to one question: their types, then the question's constraints on their values.

use ers_fhir_report::{Message, def, key, text};
use ers_fhir_tree::Node;

use super::filling::Filling;
use super::form::{AnswerConstraint, Item, ItemKind};
use super::{limits, options, values};
use crate::rule::questionnaire as rules;

/// Checks the answers that an item of the response gives to a question.
pub(super) fn check<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, item: &'f Item<'f>) {
    let allowed = allowed(item.kind);
    let takes_words = item.answer_constraint() == AnswerConstraint::Words;
    for answer in node.named("answer") {
        let Some((type_name, value)) = values::answered(answer) else { continue };
        let is_allowed = allowed.is_empty() || allowed.contains(&type_name);
        if !(is_allowed || takes_words && type_name == "String") {
            let message = Message::text("the answer to ").value(item.link_id).then(text!(
                " is a {}; expected value{}",
                key(&["value", type_name].concat()),
                def(allowed.join(" or value"))
            ));
            filling.report(&rules::QUESTIONNAIRE_ANSWER_TYPE, value, message, None);
            continue;
        }
        options::check(filling, (type_name, value), item);
        limits::check(filling, (type_name, value), item);
    }
    options::check_exclusive(filling, node, item);
}

/// The types of answers that a question takes; none for an unknown type of question.
///
/// A choice takes the types of its options, which [`options`] checks; if nothing is listed, a string may
/// replace a code.
fn allowed(kind: ItemKind) -> &'static [&'static str] {
    match kind {
        ItemKind::Boolean => &["Boolean"],
        ItemKind::Decimal => &["Decimal"],
        ItemKind::Integer => &["Integer"],
        ItemKind::Date => &["Date"],
        ItemKind::DateTime => &["DateTime"],
        ItemKind::Time => &["Time"],
        ItemKind::Text => &["String"],
        ItemKind::Url => &["Uri"],
        ItemKind::Choice | ItemKind::OpenChoice => {
            &["Coding", "String", "Integer", "Date", "Time", "Reference"]
        }
        ItemKind::Attachment => &["Attachment"],
        ItemKind::Reference => &["Reference"],
        ItemKind::Quantity => &["Quantity"],
        ItemKind::Group | ItemKind::Display | ItemKind::Other => &[],
    }
}
