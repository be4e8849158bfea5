//! `min` and `max`: how often an element occurs.
//!
//! It is asked of all occurrences at once, and of elements that are absent: where children are counted, not
//! in the list of checks on a node.

use ers_fhir_profiles::definition::{ElementDefinition, Max};
use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{About, Finding, Source};
use crate::rule::cardinality as rules;

/// How often an element occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cardinality {
    /// Least number of occurrences.
    pub(crate) min: u32,
    /// Greatest number of occurrences; `u32::MAX` for `*`.
    max: u32,
}

impl Default for Cardinality {
    fn default() -> Self {
        Self { min: 0, max: u32::MAX }
    }
}

impl Cardinality {
    /// A slice is as often there as it says, whatever the minimum of the element that it slices.
    pub(crate) fn compile(
        definition: &ElementDefinition,
        base: Option<&ElementDefinition>,
        is_slice: bool,
    ) -> Self {
        let (mut min, mut max) = (definition.min.unwrap_or(0), definition.max.map_or(u32::MAX, count));
        if let Some(base) = base {
            if !is_slice && min <= base.min.unwrap_or(0) {
                min = 0;
            }
            if base.max.is_some_and(|inherited| max >= count(inherited)) {
                max = u32::MAX;
            }
        }
        Self { min, max }
    }

    /// Whether an occurrence is the first beyond the maximum.
    pub(crate) fn is_surplus(self, count: u32) -> bool {
        self.max != u32::MAX && count == self.max + 1
    }

    /// Checks how many occurrences of an element there are, and `others` that may be one.
    pub(crate) fn check<'v, 'd>(
        self,
        host: &impl Host<'v, 'd>,
        parent: Node<'d>,
        occurrences: &[Node<'d>],
        others: usize,
        element: (&'v str, Source<'v>),
    ) {
        let count = u32::try_from(occurrences.len()).unwrap_or(u32::MAX);
        if occurrences.len() + others < self.min as usize {
            self.too_few(host, parent, count, element);
        }
        if let Some(surplus) = occurrences.get(self.max as usize) {
            self.too_many(host, *surplus, element.1);
        }
    }

    /// Reports the first occurrence beyond the maximum.
    #[cold]
    pub(crate) fn too_many<'v, 'd>(self, host: &impl Host<'v, 'd>, node: Node<'_>, source: Source<'v>) {
        let message = match self.max {
            0 => text!("'{}' is not allowed here", def(source.element)),
            1 => text!("'{}' may occur only once", def(source.element)),
            max => text!("'{}' may occur at most {} times", def(source.element), max),
        };
        let suggestion = if self.max == 0 { "remove it" } else { "remove the surplus" };
        host.report(
            Finding::new(&rules::CARDINALITY_MAX, node, message)
                .demanded_by(source)
                .at_key(node)
                .suggest(Message::text(suggestion)),
        );
    }

    /// Reports an element, given by its name, that occurs less often than it must.
    #[cold]
    pub(crate) fn too_few<'v, 'd>(
        self,
        host: &impl Host<'v, 'd>,
        parent: Node<'_>,
        count: u32,
        (name, source): (&'v str, Source<'v>),
    ) {
        let message = if count == 0 {
            text!("'{}' is missing", def(source.element))
        } else {
            text!("'{}' occurs {} times; at least {} are required", def(source.element), count, self.min)
        };
        let last = source.element.rsplit('.').next().unwrap_or_default();
        let (suggestion, about) = if let Some((_, slice)) = last.split_once(':') {
            (text!("add '{}' that fits the slice '{}'", def(name), def(slice)), About::Slice(slice))
        } else {
            (text!("add '{}'", def(name)), About::Child(name))
        };
        host.report(
            Finding::new(&rules::CARDINALITY_MIN, parent, message)
                .demanded_by(source)
                .at_key(parent)
                .about(about)
                .suggest(suggestion),
        );
    }
}

fn count(max: Max) -> u32 {
    match max {
        Max::Count(count) => count,
        Max::Unbounded => u32::MAX,
    }
}
