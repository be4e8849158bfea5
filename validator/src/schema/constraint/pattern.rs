//! `pattern[x]`: what the value must contain.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{ElementDefinition, TypedValue};
use ers_fhir_tree::Node;

use super::expected;
use super::host::Host;
use crate::check::finding::Source;
use crate::rule::value::PATTERN_VALUE;

/// What the value must contain.
#[derive(Debug)]
pub(crate) struct Pattern(TypedValue);

impl Pattern {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let inherited = base.and_then(|base| base.pattern.as_ref());
        definition.pattern.as_ref().filter(|own| inherited != Some(own)).cloned().map(Self)
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        if !contains(node, &self.0.value) {
            host.report(expected::finding(&PATTERN_VALUE, node, "must contain", &self.0.value, source));
        }
    }
}

/// Whether a node contains everything in a pattern; each repeat of the pattern needs its own repeat.
pub(crate) fn contains(node: Node<'_>, pattern: &Datum) -> bool {
    if pattern.text.is_some() && node.value() != pattern.text.as_deref() {
        return false;
    }
    pattern.fields.iter().all(|(name, datum)| node.named(&**name).any(|child| contains(child, datum)))
}
