//! `minValue[x]`: the minimum, or how far before now a moment may be.

use ers_fhir_profiles::definition::{ElementDefinition, TypedValue};
use ers_fhir_tree::Node;

use super::host::Host;
use super::limit::{self, Side};
use crate::check::finding::Source;
use crate::rule::primitive::MIN_VALUE;

/// The minimum.
#[derive(Debug)]
pub(crate) struct MinValue(TypedValue);

impl MinValue {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let inherited = base.and_then(|base| base.min_value.as_ref());
        definition.min_value.as_ref().filter(|own| inherited != Some(own)).cloned().map(Self)
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        limit::check(
            host,
            node,
            (&self.0, Side::Least),
            (&MIN_VALUE, "less than the minimum allowed"),
            source,
        );
    }
}
