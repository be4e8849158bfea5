//! `maxValue[x]`: the maximum, or how far after now a moment may be.

use ers_fhir_profiles::definition::{ElementDefinition, TypedValue};
use ers_fhir_tree::Node;

use super::host::Host;
use super::limit::{self, Side};
use crate::check::finding::Source;
use crate::rule::primitive::MAX_VALUE;

/// The maximum.
#[derive(Debug)]
pub(crate) struct MaxValue(TypedValue);

impl MaxValue {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let inherited = base.and_then(|base| base.max_value.as_ref());
        definition.max_value.as_ref().filter(|own| inherited != Some(own)).cloned().map(Self)
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        limit::check(
            host,
            node,
            (&self.0, Side::Greatest),
            (&MAX_VALUE, "greater than the maximum allowed"),
            source,
        );
    }
}
