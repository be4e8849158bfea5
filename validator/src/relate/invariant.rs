//! An invariant that is broken because of a fault in an element that it refers to: its expression names the
//! element that is wrong, or the one that was meant or is missing.

use ers_fhir_report::Issue;
use ers_fhir_tree::Node;

use super::nameless;
use super::scene::{Relation, Scene, Seen, is_of_name, is_within};
use crate::check::finding::About;
use crate::rule::primitive::{PRIMITIVE_EMPTY, WRONG_JSON_KIND};
use crate::rule::reference::UNRESOLVED_LOCAL_REFERENCE;
use crate::rule::structure::{EMPTY_ARRAY, EMPTY_ELEMENT, UNKNOWN_ELEMENT};

pub(super) const RELATION: Relation =
    Relation { may_cause, may_follow: |effect| effect.is_of_invariant(), follows };

/// Each of two invariants may be met without the other.
fn may_cause(cause: Seen<'_>) -> bool {
    !cause.is_of_invariant()
}

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let About::Expression(expression) = effect.finding.about else { return false };
    // If a child is missing or was meant, the fault is in the child.
    let outer = outer(expression, effect.node);
    if let About::Child(name) | About::Within(name) = cause.finding.about {
        // A finding about a meant element is on the one in its place.
        let is_meant = cause.is(&[&UNKNOWN_ELEMENT]);
        let place = if is_meant { cause.node.parent() } else { Some(cause.node) };
        return place.is_some_and(|place| is_on_way(expression, place, outer))
            && depends(effect, expression, |word, _| is_of_name(name, word))
            || is_of_parameter(expression, cause, effect);
    }
    if cause.node.id() == effect.node.id() {
        return cause.node.value().is_some() || cause.is(&[&EMPTY_ELEMENT, &PRIMITIVE_EMPTY]);
    }
    if is_of_parameter(expression, cause, effect) {
        return true;
    }
    let name = cause.node.name();
    let is_structural = is_structural(cause);
    // A wrong value is still present, unless its presence is the fault.
    let is_surplus = cause.finding.about == About::Forbidden;
    is_on_way(expression, cause.node, outer)
        && depends(effect, expression, |word, rest| {
            is_of_name(name, word) && (is_structural || is_surplus || !is_of_existence(rest))
        })
}

/// Whether each of the conditions that an expression joins with `and` uses a name: if one does not, it may be that
/// one which is not met. A rule of a service names all of its conditions in its message, so one is enough.
fn depends(effect: Seen<'_>, expression: &str, is_use: impl Fn(&str, &str) -> bool) -> bool {
    let uses = |part: &str| words(part).any(|(word, rest)| is_use(word, rest));
    let mut conditions = conditions(expression).into_iter();
    if effect.finding.rule.issue == Issue::BusinessRule { conditions.any(uses) } else { conditions.all(uses) }
}

/// The conditions that an expression joins with `and`; the whole if it joins them in any other way.
fn conditions(expression: &str) -> Vec<&str> {
    let (mut depth, mut is_quoted, mut start) = (0_usize, false, 0);
    let mut found = Vec::new();
    for (at, letter) in expression.char_indices() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 && letter.is_whitespace() => {
                let rest = &expression[at + letter.len_utf8()..];
                let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
                match word {
                    "or" | "xor" | "implies" => return vec![expression],
                    "and" => {
                        found.push(&expression[start..at]);
                        start = expression.len() - rest.len() + word.len();
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found.push(&expression[start..]);
    found
}

/// Where an expression begins: at the element of the invariant, or at the resource around that.
fn outer<'d>(expression: &str, node: Node<'d>) -> Node<'d> {
    let mut around = std::iter::successors(Some(node), |node| node.parent());
    let resource = around.find(|node| node.resource_type().is_some());
    resource.filter(|_| expression.contains("%resource")).unwrap_or(node)
}

/// Whether there is a fault in a part of Parameters that an expression selects by name, or whose name is
/// unknown.
fn is_of_parameter(expression: &str, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_asked = |name: &str| expression.split('\'').skip(1).step_by(2).any(|quoted| quoted == name);
    let mut around = std::iter::successors(Some(cause.node), |node| node.parent());
    let Some(part) = around.find(|node| node.name() == "parameter") else { return false };
    let is_in_reach = part.parent().is_some_and(|holder| is_within(effect.node, holder));
    is_in_reach
        && part.id() != effect.node.id()
        && match cause.finding.about {
            About::Slice(meant) => is_asked(meant),
            _ if nameless::repeat(cause).is_some_and(|repeat| repeat.id() == part.id()) => {
                words(expression).any(|(word, _)| word == "parameter") && expression.contains("name = '")
            }
            _ => {
                let name = cause.node.name();
                let is_used = words(expression).any(|(word, _)| is_of_name(name, word));
                is_used && part.child_value("name").is_some_and(is_asked)
            }
        }
}

/// Whether an expression leads from an element to one inside it: it names each step, or selects all
/// descendants.
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

/// Findings that make an element count as absent, whatever their severity.
fn is_structural(cause: Seen<'_>) -> bool {
    cause.is(&[&EMPTY_ARRAY, &EMPTY_ELEMENT, &PRIMITIVE_EMPTY, &WRONG_JSON_KIND, &UNRESOLVED_LOCAL_REFERENCE])
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
    use super::{conditions, is_of_existence, words};

    #[test]
    fn names_are_words_outside_quotes() {
        let expression = "value.exists() and code = 'system' or $this.entry[0].item in %resource";
        let found: Vec<&str> = words(expression).map(|(word, _)| word).collect();
        assert_eq!(found, ["value", "exists", "and", "code", "or", "this", "entry", "item", "in"]);
    }

    #[test]
    fn conditions_are_joined_with_and_alone() {
        assert_eq!(conditions("a.all(b and c) and d = 'e and f'"), ["a.all(b and c)", " d = 'e and f'"]);
        assert_eq!(conditions("(a) and(b) and c"), ["(a)", "(b)", " c"]);
        assert_eq!(conditions("a and b or c"), ["a and b or c"]);
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
