//! An invariant that is broken because something is wrong in what it speaks of: its expression names the element
//! that is wrong, or the one that was meant or is missing.

use std::collections::BTreeSet;

use ers_fhir_report::Severity;

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
    if cause.finding.severity < Severity::Warning && !is_structural(cause) {
        return false;
    }
    let says = |name: &str| names(expression).any(|word| is_of_name(name, word));
    // Where a child is missing or meant, it is the child that is wrong.
    let is_said = match cause.finding.about {
        About::Child(name) | About::Within(name) => says(name),
        _ => says(cause.node.name()),
    };
    if cause.node.id() == effect.node.id() {
        return cause.node.value().is_some()
            || matches!(cause.finding.about, About::Child(name) if says(name));
    }
    is_said && is_within(cause.node, effect.node)
}

/// What weighs little and yet makes an element count as absent.
fn is_structural(cause: Seen<'_>) -> bool {
    use crate::rule::reference::UNRESOLVED_LOCAL_REFERENCE;
    use crate::rule::structure::EMPTY_ARRAY;
    cause.is(&[&EMPTY_ARRAY, &UNRESOLVED_LOCAL_REFERENCE])
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
    let unquoted = expression.split('\'').step_by(2);
    let words =
        unquoted.flat_map(|part| part.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '%'));
    words.filter(|word| word.starts_with(|first: char| first.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_words_outside_quotes() {
        let found: Vec<&str> =
            names("value.exists() and code = 'system' or $this.entry[0].item in %resource").collect();
        assert_eq!(found, ["value", "exists", "and", "code", "or", "this", "entry", "item", "in"]);
    }
}
