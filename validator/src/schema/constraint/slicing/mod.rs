//! `slicing`: which slice an element belongs to, and what follows from it.
//!
//! It is asked of all repeats of an element at once: where a profile counts children, not in the list of
//! checks on a node.

mod discriminator;
mod place;
mod steps;
mod test;

use ers_fhir_profiles::definition::{self, Discriminator, DiscriminatorKind, SlicingRules};
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use ers_fhir_values::suggest::nearest;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::slicing as rules;
use crate::schema::catalogue::Catalogue;
use crate::schema::link::ElementIndex;
use test::{Expectation, Test, any_at};

/// Slices of an element.
#[derive(Debug)]
pub(crate) struct Slicing {
    /// What to do with elements outside every slice.
    rules: SlicingRules,
    /// Whether slices must come in their order.
    ordered: bool,
    /// In order of definition; re-slices come after the slice they refine.
    slices: Box<[Slice]>,
    /// Discriminators as written, for messages.
    discriminators: Box<str>,
}

/// One slice.
#[derive(Debug)]
struct Slice {
    /// Its name.
    name: Box<str>,
    /// What the elements in it must hold.
    element: ElementIndex,
    /// What puts an element into it, all of which must hold; `None` where that cannot be decided.
    tests: Option<Box<[Test]>>,
}

impl Slicing {
    /// Compiles the slicing of an element; `add` compiles the element of a slice.
    pub(crate) fn compile(
        catalogue: &Catalogue,
        snapshot: &Snapshot,
        element: usize,
        mut add: impl FnMut(usize) -> ElementIndex,
    ) -> Option<Self> {
        let slices: Box<[Slice]> = snapshot
            .slices(element)
            .map(|slice| Slice {
                name: snapshot.element(slice).slice_name.as_deref().unwrap_or_default().into(),
                element: add(slice),
                tests: discriminator::tests(catalogue, snapshot, element, slice).map(Into::into),
            })
            .collect();
        if slices.is_empty() {
            return None;
        }
        let slicing = snapshot.element(element).slicing.as_ref();
        let written = |d: &Discriminator| format!("{}:{}", kind_name(d.kind), d.path);
        let discriminators = |s: &definition::Slicing| s.discriminators.iter().map(written).collect();
        let discriminators: Vec<String> = slicing.map(discriminators).unwrap_or_default();
        Some(Self {
            rules: slicing.map_or(SlicingRules::Open, |s| s.rules),
            ordered: slicing.is_some_and(|s| s.ordered),
            slices,
            discriminators: discriminators.join(", ").into(),
        })
    }

    /// Puts the repeats of an element into their slices; `check_slice` checks what is in one.
    pub(crate) fn check<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        nodes: &[Node<'d>],
        source: Source<'v>,
        mut check_slice: impl FnMut(ElementIndex, &[Node<'d>]),
    ) {
        let mut members: Vec<Vec<Node<'d>>> = vec![Vec::new(); self.slices.len()];
        let mut furthest = 0;
        let mut unmatched_seen = false;
        for node in nodes {
            let mut matches = (0..self.slices.len()).filter(|at| self.slices[*at].takes(host, *node));
            let Some(first) = matches.next() else {
                unmatched_seen = true;
                if self.rules == SlicingRules::Closed && self.slices.iter().all(|slice| slice.tests.is_some())
                {
                    self.unmatched(host, *node, source);
                }
                continue;
            };
            if let Some(second) = matches.next() {
                let (one, other) = (&self.slices[first].name, &self.slices[second].name);
                let message = format!("'{}' belongs to two slices, '{one}' and '{other}'", source.element);
                let finding = Finding::new(&rules::SLICE_AMBIGUOUS, *node, Message::text(message));
                host.report(finding.demanded_by(source).at_key(*node));
            }
            if (self.ordered && first < furthest) || (self.rules == SlicingRules::OpenAtEnd && unmatched_seen)
            {
                let message = format!("the slice '{}' comes too late", self.slices[first].name);
                let finding = Finding::new(&rules::SLICE_ORDER, *node, Message::text(message));
                host.report(finding.demanded_by(source).at_key(*node));
            }
            furthest = furthest.max(first);
            members[first].push(*node);
        }
        for (slice, nodes) in self.slices.iter().zip(&members) {
            if slice.tests.is_some() {
                check_slice(slice.element, nodes);
            }
        }
    }

    #[cold]
    fn unmatched<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        const SHOWN: usize = 12;
        let mut names: Vec<&str> = self.slices.iter().take(SHOWN).map(|slice| &*slice.name).collect();
        if self.slices.len() > SHOWN {
            names.push("…");
        }
        let message = Message::text(format!(
            "'{}' fits none of the slices {} (told apart by {})",
            source.element,
            names.join(", "),
            self.discriminators
        ));
        let finding = Finding::new(&rules::SLICE_UNMATCHED, node, message).demanded_by(source);
        host.report(match self.discriminating(host, node) {
            Some((part, found)) => {
                let finding = finding.underline(part);
                match nearest(found, self.expected_texts()) {
                    Some(near) => finding.suggest(Message::text(format!("did you mean '{near}'?"))),
                    None => finding,
                }
            }
            None => finding.at_key(node),
        });
    }

    /// The part of an element that told it apart from every slice, where that is one value.
    fn discriminating<'v, 'd>(
        &self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
    ) -> Option<(Node<'d>, &'d str)> {
        let [only] = self.slices.first()?.tests.as_deref()? else { return None };
        let mut part = None;
        any_at(host, node, &only.path, &mut |found| {
            part = found.value().map(|value| (found, value));
            true
        });
        part
    }

    /// The texts by which slices are told apart.
    fn expected_texts(&self) -> impl Iterator<Item = &str> {
        self.slices.iter().filter_map(|slice| match slice.tests.as_deref()? {
            [Test { expectation: Expectation::Fixed(value) | Expectation::Pattern(value), .. }] => {
                value.value.text.as_deref()
            }
            _ => None,
        })
    }
}

impl Slice {
    /// Whether an element is in it.
    fn takes<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> bool {
        self.tests.as_ref().is_some_and(|tests| tests.iter().all(|test| test.passes(host, node)))
    }
}

fn kind_name(kind: DiscriminatorKind) -> &'static str {
    match kind {
        DiscriminatorKind::Value => "value",
        DiscriminatorKind::Pattern => "pattern",
        DiscriminatorKind::Exists => "exists",
        DiscriminatorKind::Type => "type",
        DiscriminatorKind::Profile => "profile",
    }
}
