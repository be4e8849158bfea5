//! `minLength`, which STU3 and R4 have as an extension.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::primitive::MIN_LENGTH;

/// The minimum length, in characters.
#[derive(Debug)]
pub(crate) struct MinLength(u64);

impl MinLength {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let inherited = base.and_then(|base| base.min_length);
        definition.min_length.filter(|own| inherited != Some(*own)).map(Self)
    }

    pub(super) fn check<'v, 'd>(&self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let Some(length) = node.value().map(|text| text.chars().count()) else { return };
        if (length as u64) < self.0 {
            let message =
                text!("the value has {} characters; at least {} are needed", def(length), def(&self.0));
            host.report(Finding::new(&MIN_LENGTH, node, message).demanded_by(source));
        }
    }
}
