//! `fixed[x]`: the only allowed value.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{ElementDefinition, TypedValue};
use ers_fhir_tree::Node;

use super::expected;
use super::host::Host;
use crate::check::finding::Source;
use crate::rule::value::FIXED_VALUE;

/// The only allowed value.
#[derive(Debug)]
pub(crate) struct Fixed(TypedValue);

impl Fixed {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let inherited = base.and_then(|base| base.fixed.as_ref());
        definition.fixed.as_ref().filter(|own| inherited != Some(own)).cloned().map(Self)
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        if !equals(node, &self.0.value) {
            host.report(expected::finding(&FIXED_VALUE, node, "must be exactly", &self.0.value, source));
        }
    }

    /// The value, where it is one text.
    pub(crate) fn text(&self) -> Option<&str> {
        self.0.value.text.as_deref()
    }
}

/// Whether a node is exactly a value: the same text, and the same children in the same order.
pub(crate) fn equals(node: Node<'_>, expected: &Datum) -> bool {
    if node.value() != expected.text.as_deref() {
        return false;
    }
    let mut fields = expected.fields.iter();
    let same = node.children().all(|child| {
        fields.next().is_some_and(|(name, datum)| **name == *child.name() && equals(child, datum))
    });
    (same && fields.next().is_none()) || (!expected.fields.is_empty() && equals_in_any_order(node, expected))
}

/// Object members have no order; only repeats with the same name do.
fn equals_in_any_order(node: Node<'_>, expected: &Datum) -> bool {
    node.children().count() == expected.fields.len()
        && expected.fields.iter().all(|(name, _)| {
            let mut found = node.named(&**name);
            expected.all(name).all(|datum| found.next().is_some_and(|child| equals(child, datum)))
                && found.next().is_none()
        })
}
