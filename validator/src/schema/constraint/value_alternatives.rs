//! `valueAlternatives`: extensions, one of which must be present if a primitive has no value.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use super::must_have_value;
use crate::check::finding::{Finding, Source};
use crate::check::name;
use crate::rule::value::MISSING_VALUE;

/// The URLs of the extensions.
#[derive(Debug)]
pub(crate) struct ValueAlternatives(Box<[Box<str>]>);

impl ValueAlternatives {
    pub(super) fn compile(definition: &ElementDefinition) -> Option<Self> {
        // If a value is required, nothing can replace it.
        if must_have_value::compile(definition) || definition.value_alternatives.is_empty() {
            return None;
        }
        Some(Self(definition.value_alternatives.iter().map(|url| url.as_str().into()).collect()))
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let stands_in = |extension: Node<'_>| {
            extension.child_value(name::URL).is_some_and(|url| self.0.iter().any(|known| **known == *url))
        };
        if node.value().is_some() || node.named(name::EXTENSION).any(stands_in) {
            return;
        }
        let message = text!(
            "'{}' must have a value or the extension {}",
            def(&source.element),
            def(self.0.join(" or "))
        );
        host.report(Finding::new(&MISSING_VALUE, node, message).demanded_by(source).at_key(node));
    }
}
