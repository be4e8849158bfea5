//! Whether an item of a form is enabled, judging by the answers to other items.
//!
//! There are three results: an expression, or a type or unit that cannot be compared, leaves it open, and then
//! neither an answer nor its absence is reported.
//!
//! Source: <http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen>.

use std::cmp::Ordering;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_tree::Node;
use ers_fhir_values::canonical;
use rustc_hash::FxHashMap;

use super::form::{Form, Item, ItemKind};
use super::values::{self, Answered};

/// Extensions with an expression in place of `enableWhen`: that of Structured Data Capture, and its
/// predecessor, which tools still write.
///
/// Source: <http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression>.
const EXPRESSIONS: [&str; 2] = [
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-enablewhen",
];

/// A question with more answers than this is not evaluated: every item that depends on it would have to look
/// at every answer.
const MOST_OCCURRENCES: usize = 100;

/// The items of a response by linkId, in document order.
pub(super) struct Occurrences<'d>(FxHashMap<&'d str, Vec<Node<'d>>>);

impl<'d> Occurrences<'d> {
    pub(super) fn of(response: Node<'d>) -> Self {
        let mut found: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let mut pending = vec![response];
        while let Some(node) = pending.pop() {
            if let Some(link_id) = node.child_value("linkId") {
                found.entry(link_id).or_default().push(node);
            }
            let first = pending.len();
            pending.extend(node.selected(|child| matches!(child.name(), "item" | "answer")));
            pending[first..].reverse();
        }
        Self(found)
    }

    /// The items with that linkId in the nearest part of the response around `holder` that has any.
    fn nearest(&self, link_id: &str, holder: Node<'d>) -> &[Node<'d>] {
        let Some(all) = self.0.get(link_id) else { return &[] };
        let mut current = Some(holder);
        while let Some(node) = current {
            let span = node.span();
            let from = all.partition_point(|item| item.span().start < span.start);
            let to = all.partition_point(|item| item.span().start < span.end);
            if from < to {
                return &all[from..to];
            }
            if node.resource_type().is_some() {
                break;
            }
            current = node.parent();
        }
        &[]
    }
}

/// Whether an extension with that URL says when an item is enabled: by an expression, or in the form of
/// another release.
fn is_condition(url: &str) -> bool {
    let of_another_release = || canonical::element_of_another_release(url);
    EXPRESSIONS.contains(&url)
        || matches!(
            of_another_release(),
            Some("Questionnaire.item.enableWhen" | "Questionnaire.item.enableBehavior")
        )
}

/// The expression that says when an item is enabled.
pub(super) fn expression<'q>(item: &Item<'q>) -> Option<&'q Datum> {
    let mut extensions = item.datum.all("extension").chain(item.datum.all("modifierExtension"));
    extensions.find(|extension| extension.str("url") == Some(EXPRESSIONS[0]))?.get("valueExpression")
}

/// Whether an expression, or a condition in the form of another release, says when an item is enabled.
pub(super) fn is_expressed(item: &Item<'_>) -> bool {
    let mut extensions = item.datum.all("extension").chain(item.datum.all("modifierExtension"));
    extensions.any(|extension| extension.str("url").is_some_and(is_condition))
}

/// Whether an item is enabled inside `holder`, even if it is not there; `None` if that is open.
pub(super) fn is_enabled<'d>(
    item: &Item<'_>,
    holder: Node<'d>,
    form: &Form<'_>,
    occurrences: &Occurrences<'d>,
) -> Option<bool> {
    if is_expressed(item) {
        return None;
    }
    let mut all = Some(true);
    let mut any = Some(false);
    let mut count = 0;
    for condition in item.datum.all("enableWhen") {
        count += 1;
        let holds = holds(condition, holder, form, occurrences);
        all = if holds == Some(false) || all == Some(false) { Some(false) } else { all.and(holds) };
        any = if holds == Some(true) || any == Some(true) { Some(true) } else { any.and(holds) };
    }
    if count <= 1 {
        return all;
    }
    match item.datum.str("enableBehavior") {
        Some("all") => all,
        Some("any") => any,
        _ if item.datum.all("enableWhen").all(|condition| condition.get("operator").is_none()) => any,
        // R4 requires enableBehavior; without it, the result is only known if all conditions agree.
        _ => all.filter(|_| all == any),
    }
}

/// Whether one condition is met.
fn holds<'d>(
    condition: &Datum,
    holder: Node<'d>,
    form: &Form<'_>,
    occurrences: &Occurrences<'d>,
) -> Option<bool> {
    let asked = condition.str("question")?;
    let questions = occurrences.nearest(asked, holder);
    if questions.len() > MOST_OCCURRENCES {
        return None;
    }
    let mut answers = questions.iter().flat_map(|item| item.named("answer"));
    // STU3 has no operators: a question is answered or not, or has a given answer.
    if let Some(expected) = condition.bool("hasAnswer") {
        return Some(answers.next().is_some() == expected);
    }
    let expected = condition.choice("answer")?;
    // A choice has answers of several types, so one of another type is another answer.
    let is_choice = form
        .find(asked)
        .is_some_and(|index| matches!(form.items[index].kind, ItemKind::Choice | ItemKind::OpenChoice));
    let is_same = |value: Answered<'_>| {
        let is_decided = is_choice || values::are_comparable(value, expected);
        is_decided.then(|| values::is_same(value, expected)).flatten()
    };
    let found = answers.filter_map(values::answered);
    match condition.str("operator").unwrap_or("=") {
        "exists" => {
            Some(found.count() > 0).map(|is_there| is_there == (expected.1.text.as_deref() == Some("true")))
        }
        "=" => any(found.map(is_same)),
        // The specification does not say whether a missing answer differs from a given one.
        "!=" => {
            let mut found = found.peekable();
            found.peek()?;
            any(found.map(is_same)).map(|is_same| !is_same)
        }
        operator => {
            let fits: fn(Ordering) -> bool = match operator {
                ">" => Ordering::is_gt,
                "<" => Ordering::is_lt,
                ">=" => Ordering::is_ge,
                "<=" => Ordering::is_le,
                _ => return None,
            };
            any(found.map(|value| values::compare(value, expected).map(fits)))
        }
    }
}

fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return answer,
            Some(false) => {}
            None => result = None,
        }
    }
    result
}
