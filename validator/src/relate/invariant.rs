//! An invariant that is broken because something is wrong in what it speaks of: its expression names the element
//! that is wrong, or the one that was meant or is missing.

use std::collections::BTreeSet;

use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, any, is_of_name, is_within};
use crate::check::finding::About;

pub(super) const RELATION: Relation =
    Relation { may_cause: any, may_follow: |effect| effect.is_of_invariant(), follows };

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let About::Expression(expression) = effect.finding.about else { return false };
    if let About::Expression(other) = cause.finding.about {
        return cause.node.id() == effect.node.id()
            && cause.at != effect.at
            && is_narrower(other, expression);
    }
    let is_structural = is_structural(cause);
    // What is only probably wrong breaks no invariant for certain.
    if cause.finding.severity < effect.finding.severity && !is_structural {
        return false;
    }
    // Where a child is missing or meant, it is the child that is wrong.
    if let About::Child(name) | About::Within(name) = cause.finding.about {
        return is_on_way(expression, cause.node, effect.node)
            && words(expression).any(|(word, _)| is_of_name(name, word));
    }
    if cause.node.id() == effect.node.id() {
        return cause.node.value().is_some();
    }
    let name = cause.node.name();
    let mut uses = words(expression).filter(|(word, _)| is_of_name(name, word));
    // A value that is wrong is there all the same.
    is_on_way(expression, cause.node, effect.node)
        && uses.any(|(_, rest)| is_structural || !is_of_existence(rest))
}

/// Whether an expression leads from an element to one in it: it names each step, or takes all that are below.
fn is_on_way(expression: &str, node: Node<'_>, outer: Node<'_>) -> bool {
    if !is_within(node, outer) {
        return false;
    }
    let takes_all = words(expression).any(|(word, _)| matches!(word, "descendants" | "children" | "repeat"));
    let mut steps =
        std::iter::successors(Some(node), |node| node.parent()).take_while(|node| node.id() != outer.id());
    takes_all || steps.all(|step| words(expression).any(|(word, _)| is_of_name(step.name(), word)))
}

/// Whether what comes after the name of an element only asks whether there is one.
fn is_of_existence(rest: &str) -> bool {
    ["exists()", "empty()", "hasValue()"]
        .iter()
        .any(|function| rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(function)))
}

/// What makes an element count as absent, whatever it weighs.
fn is_structural(cause: Seen<'_>) -> bool {
    use crate::rule::primitive::{PRIMITIVE_EMPTY, WRONG_JSON_KIND};
    use crate::rule::reference::UNRESOLVED_LOCAL_REFERENCE;
    use crate::rule::structure::{EMPTY_ARRAY, EMPTY_ELEMENT};
    cause.is(&[&EMPTY_ARRAY, &EMPTY_ELEMENT, &PRIMITIVE_EMPTY, &WRONG_JSON_KIND, &UNRESOLVED_LOCAL_REFERENCE])
}

/// Whether an invariant speaks of some of the elements of which another speaks, and of nothing else.
fn is_narrower(one: &str, other: &str) -> bool {
    let elements =
        |expression| names(expression).filter(|word| !WORDS.contains(word)).collect::<BTreeSet<_>>();
    let (one, other) = (elements(one), elements(other));
    !one.is_empty() && one.len() < other.len() && one.is_subset(&other)
}

/// The commonest words of FHIRPath, which are no elements.
const WORDS: [&str; 20] = [
    "exists", "empty", "count", "where", "all", "first", "not", "and", "or", "xor", "implies", "in", "is",
    "as", "this", "hasValue", "select", "matches", "true", "false",
];

/// The names in an expression: its words, without what stands in quotes and the names of variables.
fn names(expression: &str) -> impl Iterator<Item = &str> {
    words(expression).map(|(word, _)| word)
}

/// The names in an expression, and what comes after each.
fn words(expression: &str) -> impl Iterator<Item = (&str, &str)> {
    let unquoted = expression.split('\'').step_by(2);
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '%';
    let words = unquoted.flat_map(move |part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|letter| !is_part(letter));
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            rest = after;
            (!word.is_empty()).then_some((word, after))
        })
    });
    words.filter(|(word, _)| word.starts_with(|first: char| first.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{is_of_existence, names, words};

    #[test]
    fn names_are_words_outside_quotes() {
        let found: Vec<&str> =
            names("value.exists() and code = 'system' or $this.entry[0].item in %resource").collect();
        assert_eq!(found, ["value", "exists", "and", "code", "or", "this", "entry", "item", "in"]);
    }
    #[test]
    fn what_is_asked_for_existence_alone() {
        let asks: Vec<bool> = words("value.exists() implies code.coding.count() > 1 or value = 'x'")
            .filter(|(word, _)| matches!(*word, "value" | "code" | "coding"))
            .map(|(_, rest)| is_of_existence(rest))
            .collect();
        assert_eq!(asks, [true, false, false, false]);
    }
}
