//! A form and its response.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, Rule};
use ers_fhir_tree::Node;

use super::enable::Occurrences;
use super::expressions::Variables;
use super::form::Form;
use super::options::{Listed, ValueSets};
use crate::check::{Checker, Finding, shelf};

/// A form and its response.
pub(super) struct Filling<'f, 'v, 'd> {
    pub(super) ctx: &'f Checker<'v, 'd>,
    pub(super) form: &'f Form<'f>,
    pub(super) value_sets: ValueSets<'f>,
    pub(super) listed: Listed<'f>,
    pub(super) response: Node<'d>,
    pub(super) occurrences: Occurrences<'d>,
    pub(super) variables: Variables<'f>,
    /// Whether the response is final, so that required items must be present.
    pub(super) is_complete: bool,
}

impl<'f, 'v, 'd> Filling<'f, 'v, 'd> {
    pub(super) fn new(ctx: &'f Checker<'v, 'd>, response: Node<'d>, form: &'f Form<'f>) -> Self {
        Self {
            ctx,
            form,
            value_sets: ValueSets::default(),
            listed: Listed::default(),
            response,
            occurrences: Occurrences::of(response),
            variables: Variables::of(form.questionnaire),
            is_complete: matches!(response.child_value("status"), Some("completed" | "amended")),
        }
    }

    /// The contained resource that a reference in the form means, if the form itself is contained beside it.
    pub(super) fn beside(&self, reference: &str, kind: Kind) -> Option<Datum> {
        super::named_by(self.response).filter(|(_, named)| named.starts_with('#'))?;
        let found = self.ctx.resolve(reference, self.response)?;
        (found.resource_type() == Some(kind.resource_type())).then(|| shelf::datum(found))
    }

    pub(super) fn report(
        &self,
        rule: &'static Rule,
        node: Node<'_>,
        message: Message,
        suggestion: Option<Message>,
    ) {
        let mut finding = Finding::new(rule, node, message);
        if node.value().is_none() {
            finding = finding.at_key(node);
        }
        if let Some(suggestion) = suggestion {
            finding = finding.suggest(suggestion);
        }
        self.ctx.report(finding);
    }
}
