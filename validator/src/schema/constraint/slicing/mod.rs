//! `slicing`: which slice an element belongs to, and what follows from it.
//!
//! It is checked on all repeats of an element at once: where a profile counts children, not in the list of
//! checks on a node.

mod by_text;
mod nearest;
mod test;
mod unmatched;

use ers_fhir_profiles::definition::{self, Discriminator, DiscriminatorKind, SlicingRules};
use ers_fhir_profiles::slicing::{Told, tell};
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_report::{Gap, Message, Severity, def, key, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::slicing as rules;
use crate::schema::catalogue::Catalogue;
use crate::schema::link::ElementIndex;
use by_text::{ByText, Undecided};
use test::{Answer, Test};

/// Slices of an element.
#[derive(Debug)]
pub(crate) struct Slicing {
    /// What to do with elements outside every slice.
    rules: SlicingRules,
    /// Whether slices must come in their order.
    ordered: bool,
    /// In order of definition; re-slices come after the slice they refine.
    slices: Box<[Slice]>,
    /// The slice that takes all elements that are in no other.
    default: Option<usize>,
    /// The slices by the text that distinguishes them, if there is one.
    by_text: Option<ByText>,
    /// Discriminators as written, for messages.
    discriminators: Box<str>,
    /// Why the definition does not decide what belongs to a slice, for the first such slice.
    undecidable: Option<Box<str>>,
}

/// Where a repeat of an element belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It belongs to that slice.
    In(usize),
    /// It belongs to one of several or to none: that cannot be decided with the available data.
    Doubtful,
    /// It belongs to no known slice.
    Outside,
}

/// One slice.
#[derive(Debug)]
struct Slice {
    /// Its name.
    name: Box<str>,
    /// The constraints on the elements in it.
    element: ElementIndex,
    /// Minimum number of elements in it.
    min: usize,
    /// The tests that put an element into it, all of which must hold; `None` if that cannot be decided.
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
        let (mut undecidable, mut default) = (None, None);
        let mut compile = |(at, slice): (usize, usize)| {
            let definition = snapshot.element(slice);
            let name = definition.slice_name.as_deref().unwrap_or_default();
            let told = tell(catalogue.definitions(), snapshot, element, slice);
            match &told {
                Told::Undecidable(reason) => {
                    undecidable.get_or_insert_with(|| format!("of the slice '{name}', {reason}").into());
                }
                Told::Rest => default = Some(at),
                Told::By(_) | Told::Open => {}
            }
            Slice {
                name: name.into(),
                element: add(slice),
                min: definition.min.unwrap_or(0) as usize,
                tests: test::compile(catalogue, told),
            }
        };
        let slices: Box<[Slice]> = snapshot.slices(element).enumerate().map(&mut compile).collect();
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
            by_text: ByText::compile(&slices, default),
            default,
            slices,
            discriminators: discriminators.join(", ").into(),
            undecidable,
        })
    }

    /// Puts the repeats of an element into their slices; `check_slice` checks the elements in one, and
    /// receives the number of others that may be in it.
    pub(crate) fn check<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        parent: Node<'d>,
        nodes: &[Node<'d>],
        source: Source<'v>,
        mut check_slice: impl FnMut(ElementIndex, &[Node<'d>], usize),
    ) {
        let mut doubtful = Vec::new();
        let places = self.place(host, nodes, source, &mut doubtful);
        let mut members = Vec::new();
        // How many are missing in all slices together, and whether that was reported for one of them.
        let (mut lacking, mut is_said) = (0, false);
        for (at, slice) in self.slices.iter().enumerate() {
            if slice.tests.is_none() {
                lacking += slice.min;
                continue;
            }
            members.clear();
            if places.contains(&Place::In(at)) {
                let own = nodes.iter().zip(&places).filter(|(_, place)| **place == Place::In(at));
                members.extend(own.map(|(node, _)| node));
            }
            let others = doubtful.iter().filter(|place| **place == at).count();
            lacking += slice.min.saturating_sub(members.len());
            is_said |= members.len() + others < slice.min;
            check_slice(slice.element, &members, others);
            if members.len() + others < slice.min {
                self.explain_absence(host, slice, nodes, &places);
            }
        }
        if self.undecidable.is_some() || !doubtful.is_empty() {
            let is_free = |place: &Place| match place {
                Place::In(_) => false,
                Place::Doubtful => true,
                Place::Outside => self.undecidable.is_some(),
            };
            let free = places.iter().filter(|place| is_free(place)).count();
            self.doubt(host, (parent, nodes), (lacking, free, is_said), source);
        }
    }

    /// Reports that it could not be determined which slice something belongs to, and whether there are too
    /// few for all slices together in any case.
    #[cold]
    fn doubt<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        (parent, nodes): (Node<'d>, &[Node<'d>]),
        (lacking, free, is_said): (usize, usize, bool),
        source: Source<'v>,
    ) {
        if lacking > free && !is_said {
            let message = text!(
                "'{}' occurs too few times: its slices need {} more, and {} may belong to them",
                def(source.element),
                lacking,
                free
            );
            let finding = Finding::new(&CARDINALITY_MIN, parent, message);
            host.report(finding.demanded_by(source).at_key(parent));
        }
        if nodes.is_empty() && lacking == 0 {
            return;
        }
        if nodes.is_empty() {
            host.pass(Gap::Slicing, parent);
        }
        if !host.is_first(std::ptr::from_ref(self).addr()) {
            return;
        }
        let (severity, reason) = match &self.undecidable {
            Some(reason) => (Severity::Warning, &**reason),
            None => {
                (Severity::Information, "it depends on a resource, a code or a profile that is not available")
            }
        };
        let node = nodes.first().copied().unwrap_or(parent);
        let message = text!("the slicing of '{}' could not be checked: {}", def(source.element), def(reason));
        let finding = Finding::new(&rules::SLICING_NOT_CHECKED, node, message).severity(severity);
        host.report(finding.demanded_by(source).at_key(node));
    }

    /// For each repeat, the slice that it belongs to; if that is not known, records in which slices it may
    /// be.
    fn place<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        nodes: &[Node<'d>],
        source: Source<'v>,
        doubtful: &mut Vec<usize>,
    ) -> Vec<Place> {
        let mut furthest = 0;
        // The repeats outside all slices that nothing may follow.
        let mut last: Vec<Node<'d>> = Vec::new();
        let mut place = |node: &Node<'d>| {
            let before = doubtful.len();
            let found = match self.by_text.as_ref().map(|table| table.slice_of(host, *node)) {
                Some(Ok(found)) => found,
                Some(Err(Undecided)) | None => self.find(host, *node, source, doubtful),
            };
            let rest = || self.default.filter(|_| before == doubtful.len() && self.undecidable.is_none());
            let Some(first) = found.or_else(rest) else {
                // A repeat that may be in a slice is not outside all of them.
                if before < doubtful.len() {
                    host.pass(Gap::Slicing, *node);
                    return Place::Doubtful;
                }
                if self.undecidable.is_some() {
                    host.pass(Gap::Slicing, *node);
                } else if self.rules == SlicingRules::Closed {
                    self.unmatched(host, *node, source);
                } else if self.rules == SlicingRules::OpenAtEnd {
                    last.push(*node);
                }
                return Place::Outside;
            };
            doubtful.truncate(before);
            for early in last.drain(..) {
                let message = text!(
                    "this {} is in none of the slices, and must come after those that are: '{}' comes later",
                    key(early.name()),
                    def(&self.slices[first].name)
                );
                host.report(out_of_order(early, message, source));
            }
            if self.ordered && first < furthest {
                let message = text!(
                    "this {} is in the slice '{}', and must come before those in '{}'",
                    key(node.name()),
                    def(&self.slices[first].name),
                    def(&self.slices[furthest].name)
                );
                host.report(out_of_order(*node, message, source));
            }
            furthest = furthest.max(first);
            Place::In(first)
        };
        nodes.iter().map(&mut place).collect()
    }

    /// The first slice that an element is in; records those in which it may be.
    fn find<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
        source: Source<'v>,
        doubtful: &mut Vec<usize>,
    ) -> Option<usize> {
        let mut found = None;
        let told = self.slices.iter().enumerate().filter(|(at, _)| Some(*at) != self.default);
        for (at, slice) in told {
            match (slice.takes(host, node), found) {
                (Answer::In, None) => found = Some(at),
                (Answer::In, Some(first)) => {
                    self.ambiguous(host, node, (first, at), source);
                    break;
                }
                (Answer::Undecided, _) => doubtful.push(at),
                (Answer::Out, _) => {}
            }
        }
        found
    }

    #[cold]
    fn ambiguous<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
        (first, second): (usize, usize),
        source: Source<'v>,
    ) {
        let (one, other) = (&self.slices[first].name, &self.slices[second].name);
        let message =
            text!("'{}' belongs to two slices, '{}' and '{}'", def(source.element), def(one), def(other));
        let finding = Finding::new(&rules::SLICE_AMBIGUOUS, node, message);
        host.report(finding.demanded_by(source).at_key(node));
    }
}

impl Slice {
    /// Whether an element is in it. For a slice that cannot be distinguished, this is unknown.
    fn takes<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Answer {
        let Some(tests) = &self.tests else { return Answer::Out };
        Answer::all(tests.iter().map(|test| test.passes(host, node)))
    }
}

/// A finding about an element that must be moved.
#[cold]
fn out_of_order<'v>(node: Node<'_>, message: Message, source: Source<'v>) -> Finding<'v> {
    let finding = Finding::new(&rules::SLICE_ORDER, node, message);
    finding.demanded_by(source).at_key(node)
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
