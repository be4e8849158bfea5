//! `maxLength`.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::primitive::MAX_LENGTH;

/// The maximum length, in characters.
#[derive(Debug)]
pub(crate) struct MaxLength(u64);

impl MaxLength {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let inherited = base.and_then(|base| base.max_length);
        definition.max_length.filter(|own| inherited != Some(*own)).map(Self)
    }

    pub(super) fn check<'v, 'd>(&self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        // No text has more characters than bytes.
        let Some(text) = node.value().filter(|text| text.len() as u64 > self.0) else { return };
        let length = text.chars().count();
        if length as u64 > self.0 {
            let message =
                text!("the value has {} characters; at most {} are allowed", def(length), def(&self.0));
            host.report(Finding::new(&MAX_LENGTH, node, message).demanded_by(source));
        }
    }
}
