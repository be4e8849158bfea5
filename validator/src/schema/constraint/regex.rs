//! The extension `regex`: the form of a value.

use std::sync::OnceLock;

use ers_fhir_profiles::Form;
use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{Gap, Severity, def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::invariant::INVARIANT_NOT_EVALUATED;
use crate::rule::primitive::VALUE_FORM;

/// The form of the whole value.
#[derive(Debug)]
pub(crate) struct ValueForm {
    written: Box<str>,
    /// An expression that cannot be used here, such as one with look-around, is reported as unchecked.
    ready: OnceLock<Option<Form>>,
}

impl ValueForm {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let inherited = base.and_then(|base| base.regex.as_ref());
        let own = definition.regex.as_ref().filter(|own| inherited != Some(*own))?;
        Some(Self { written: own.as_str().into(), ready: OnceLock::new() })
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let Some(value) = node.value() else { return };
        let message = match self.ready.get_or_init(|| Form::read(&self.written)) {
            Some(form) if form.is_of(value) => return,
            Some(_) => text!("the value does not have the form {}", def(&*self.written)),
            None => return self.pass(host, node, source),
        };
        host.report(Finding::new(&VALUE_FORM, node, message).demanded_by(source));
    }

    /// Reports once that such values are not checked.
    #[cold]
    fn pass<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        if !host.is_first(std::ptr::from_ref(self).addr()) {
            return host.pass(Gap::Invariant, node);
        }
        let message = text!(
            "values were not checked: the regular expression {} cannot be used here",
            def(&*self.written)
        );
        let finding = Finding::new(&INVARIANT_NOT_EVALUATED, node, message);
        host.report(finding.severity(Severity::Information).demanded_by(source));
    }
}
