//! The findings of a run, as relations see them.

use ers_fhir_report::Rule;
use ers_fhir_tree::Node;

use crate::check::finding::{About, Finding};

/// A finding with its place.
#[derive(Clone, Copy)]
pub(super) struct Seen<'r> {
    /// Its place among the findings.
    pub(super) at: usize,
    pub(super) finding: &'r Finding<'r>,
    pub(super) node: Node<'r>,
}

/// All findings of a run, in document order.
pub(super) struct Scene<'r> {
    pub(super) all: Vec<Seen<'r>>,
}

/// In what way findings follow from others.
pub(super) struct Relation {
    /// Whether others may follow from a finding.
    pub(super) may_cause: fn(Seen<'_>) -> bool,
    /// Whether a finding may follow from others.
    pub(super) may_follow: fn(Seen<'_>) -> bool,
    /// Whether the second finding follows from the first, where these may.
    pub(super) follows: fn(&Scene<'_>, Seen<'_>, Seen<'_>) -> bool,
}

/// Any finding may have that part in a relation.
pub(super) fn any(_: Seen<'_>) -> bool {
    true
}

impl Seen<'_> {
    pub(super) fn is(self, rules: &[&'static Rule]) -> bool {
        rules.iter().any(|rule| self.finding.rule.is(rule))
    }

    /// The definition that demands it.
    pub(super) fn definition(&self) -> Option<&str> {
        self.finding.demanded_by.map(|source| source.definition)
    }

    /// Whether it is the breach of an invariant.
    pub(super) fn is_of_invariant(self) -> bool {
        matches!(self.finding.about, About::Expression(_))
    }
}

/// Whether a node is another or is below it.
pub(super) fn is_within(node: Node<'_>, outer: Node<'_>) -> bool {
    std::iter::successors(Some(node), |node| node.parent()).any(|node| node.id() == outer.id())
}

/// Whether a name is that of an element, which may be a choice: `valueCoding` is of `value`.
pub(super) fn is_of_name(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|rest| {
        rest.is_empty() || rest == "[x]" || rest.starts_with(|first: char| first.is_ascii_uppercase())
    })
}
