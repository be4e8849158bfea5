//! `min` and `max`: how often an element occurs.
//!
//! It is checked on all occurrences at once, and on absent elements: where children are counted, not in the
//! list of checks on a node.

use ers_fhir_profiles::definition::{ElementDefinition, Max};
use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::{Kind, Node};

use super::host::Host;
use crate::check::finding::{About, Finding, Source};
use crate::rule::cardinality as rules;
use crate::schema::link::TypeCheck;

/// The most names of a choice that a suggestion lists.
const MOST_NAMES: usize = 4;

/// An element that is counted, as a suggestion names it.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'v> {
    /// Its name; for a choice, without the type.
    pub(crate) name: &'v str,
    /// For a choice, the types that it may have, as far as they are known.
    pub(crate) types: Option<&'v [TypeCheck]>,
}

impl Wanted<'_> {
    /// The names that it may be written under, quoted: for a choice, one for each type.
    pub(crate) fn names(self) -> String {
        let name_of = |code: &str| {
            let mut letters = code.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            format!("'{}{}{}'", self.name, first.map(String::from).unwrap_or_default(), letters.as_str())
        };
        match self.types {
            None => format!("'{}'", self.name),
            Some([]) => format!("'{}' and its type in one word, such as {}", self.name, name_of("string")),
            Some(types) if types.len() > MOST_NAMES => {
                format!("'{}' and its type in one word, such as {}", self.name, name_of(&types[0].of.code))
            }
            Some(types) => types.iter().map(|of| name_of(&of.of.code)).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// How often an element occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cardinality {
    /// Minimum number of occurrences.
    pub(crate) min: u32,
    /// Maximum number of occurrences; `u32::MAX` for `*`.
    max: u32,
}

impl Default for Cardinality {
    fn default() -> Self {
        Self { min: 0, max: u32::MAX }
    }
}

impl Cardinality {
    /// A slice has its own minimum, whatever that of the element that it slices.
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

    /// Checks the number of occurrences of an element, and of `others` that may be one.
    pub(crate) fn check<'v, 'd>(
        self,
        host: &impl Host<'v, 'd>,
        parent: Node<'d>,
        occurrences: &[Node<'d>],
        others: usize,
        element: (Wanted<'v>, Source<'v>),
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
        let (suggestion, about) = match self.max {
            0 => ("remove it", About::Forbidden),
            _ => ("remove the extra ones", About::Nothing),
        };
        host.report(
            Finding::new(&rules::CARDINALITY_MAX, node, message)
                .demanded_by(source)
                .at_key(node)
                .about(about)
                .suggest(Message::text(suggestion)),
        );
    }

    /// Reports an element, given by its name, that occurs too few times.
    #[cold]
    pub(crate) fn too_few<'v, 'd>(
        self,
        host: &impl Host<'v, 'd>,
        parent: Node<'_>,
        count: u32,
        (wanted, source): (Wanted<'v>, Source<'v>),
    ) {
        let is_empty = |child: &Node<'_>| child.kind() == Kind::EmptyArray && child.name() == wanted.name;
        let empty = parent.children().find(is_empty).filter(|_| count == 0);
        let message = if empty.is_some() {
            text!("'{}' is missing: its array is empty", def(source.element))
        } else if count == 0 {
            text!("'{}' is missing", def(source.element))
        } else {
            let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
            text!("'{}' occurs {}; at least {} are required", def(source.element), def(times), self.min)
        };
        let last = source.element.rsplit('.').next().unwrap_or_default();
        let (suggestion, about) = if let Some((_, slice)) = last.split_once(':') {
            (text!("add {} that fits the slice '{}'", def(wanted.names()), def(slice)), About::Slice(slice))
        } else {
            (text!("add {}", def(wanted.names())), About::Child(wanted.name))
        };
        let finding = Finding::new(&rules::CARDINALITY_MIN, parent, message).demanded_by(source).about(about);
        let finding = match empty {
            Some(array) => finding.underline(array),
            None => finding.at_key(parent),
        };
        host.report(finding.suggest(suggestion));
    }
}

fn count(max: Max) -> u32 {
    match max {
        Max::Count(count) => count,
        Max::Unbounded => u32::MAX,
    }
}
