//! The findings of a run, as relations see them.

use ers_fhir_report::Rule;
use ers_fhir_tree::{Document, Node, NodeId};

use crate::check::finding::{About, Finding};
use crate::check::name;

/// A finding with its place.
#[derive(Clone, Copy)]
pub(super) struct Seen<'r> {
    /// Its place among the findings.
    pub(super) at: usize,
    pub(super) finding: &'r Finding<'r>,
    pub(super) node: Node<'r>,
    pub(super) coding: Coding,
}

/// The coding that a node is or is part of, if any.
#[derive(Clone, Copy)]
pub(super) struct Coding {
    pub(super) node: NodeId,
    /// The concept around it.
    pub(super) concept: Option<NodeId>,
}

impl Coding {
    fn of(node: Node<'_>) -> Self {
        // A concept may be called `code`, too.
        let holds_codes =
            || node.children().any(|child| matches!(child.known_name(), Some(name::CODING | name::CODE)));
        let is_part =
            matches!(node.known_name(), Some(name::SYSTEM | name::CODE | name::DISPLAY | name::VERSION))
                && !holds_codes();
        let around = node.parent().filter(|parent| is_part && parent.resource_type().is_none());
        let coding = around.unwrap_or(node);
        let concept = coding.parent().filter(|_| coding.is_called(name::CODING));
        Self { node: coding.id(), concept: concept.map(Node::id) }
    }
}

/// All findings of a run, in document order.
pub(super) struct Scene<'r> {
    pub(super) all: Vec<Seen<'r>>,
}

/// A way in which findings follow from others.
pub(super) struct Relation {
    /// Whether others may follow from a finding.
    pub(super) may_cause: fn(Seen<'_>) -> bool,
    /// Whether a finding may follow from others.
    pub(super) may_follow: fn(Seen<'_>) -> bool,
    /// Whether the second finding follows from the first, given that these may.
    pub(super) follows: fn(&Scene<'_>, Seen<'_>, Seen<'_>) -> bool,
}

/// Any finding may have that role in a relation.
pub(super) fn any(_: Seen<'_>) -> bool {
    true
}

impl<'r> Seen<'r> {
    pub(super) fn new(at: usize, finding: &'r Finding<'r>, document: &'r Document<'_>) -> Self {
        let node = document.node(finding.node);
        Self { at, finding, node, coding: Coding::of(node) }
    }
}

impl Seen<'_> {
    pub(super) fn is(self, rules: &[&'static Rule]) -> bool {
        rules.iter().any(|rule| self.finding.rule.is(rule))
    }

    /// The definition that demands it.
    pub(super) fn definition(&self) -> Option<&str> {
        self.finding.demanded_by.map(|source| source.definition)
    }

    /// The element of that definition which does.
    pub(super) fn element(&self) -> Option<&str> {
        self.finding.demanded_by.map(|source| source.element)
    }

    /// Whether it is a broken invariant.
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
