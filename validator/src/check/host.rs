//! What a run provides to a constraint.

use ers_fhir_fhirpath::{EvalError, Expression};
use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::terminology::{Reason, Terminology};
use ers_fhir_report::{Gap, Message, Rule};
use ers_fhir_tree::Node;
use ers_fhir_values::Temporal;

use super::finding::Source;
use super::focus::{Focus, Surroundings};
use super::{Checker, Finding, reference};
use crate::schema::{Host, Label, ProfileLink, SchemaIndex, TypeCheck, TypeName};
use crate::words::Words;

impl<'v, 'd> Host<'v, 'd> for Checker<'v, 'd> {
    fn report(&self, finding: Finding<'v>) {
        self.report(finding);
    }

    fn pass(&self, gap: Gap, node: Node<'_>) {
        self.pass(gap, node);
    }

    fn is_first(&self, part: usize) -> bool {
        // Findings in the trial of a profile may be dropped, in which case nothing was reported.
        !self.trials.borrow().is_idle() || self.said.borrow_mut().insert(part)
    }

    fn ignores(&self, rule: &'static Rule) -> bool {
        self.ignores(rule)
    }

    fn rule_of(&self, key: &str) -> Option<&'static Rule> {
        self.service()?.rule_of(key)
    }

    fn words(&self, key: &str, expression: &str) -> Option<Words> {
        self.service()?.words(key, expression)
    }

    fn meant(&self, key: &str, value: &str) -> Option<String> {
        self.service()?.meant(key, value)
    }

    fn definitions(&self) -> &'v Definitions {
        self.validator.definitions()
    }

    fn terminology(&self) -> &'v Terminology {
        self.validator.terminology()
    }

    fn now(&self) -> Option<Temporal> {
        self.now()
    }

    fn type_of(&self, node: Node<'_>) -> Option<&'v TypeName> {
        self.fact(node).of
    }

    fn is_kind_of(&self, actual: &TypeName, of: &str) -> bool {
        self.validator.schemas().is_kind_of(actual, of)
    }

    fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        self.validator.schemas().is_subtype(type_name, of)
    }

    fn is_named(&self, node: Node<'_>, name: &Label) -> bool {
        self.is_named(node, name)
    }

    fn resolve(&self, reference: &str, from: Node<'d>) -> Option<Node<'d>> {
        self.resolve(reference, from)
    }

    fn evaluate(
        &self,
        expression: &Expression,
        node: Node<'d>,
        holder: Node<'d>,
    ) -> Option<Result<Option<bool>, EvalError>> {
        if !self.budget.allows() {
            return None;
        }
        let host = Surroundings { ctx: self, node: holder };
        match expression.evaluate_bool(&host, Focus { ctx: self, node }) {
            Err(EvalError::Budget(_)) => {
                self.budget.leave_out();
                None
            }
            answer => Some(answer),
        }
    }

    fn holds(&self, node: Node<'d>, profile: SchemaIndex) -> bool {
        self.holds(node, profile)
    }

    fn obstacles(&self, node: Node<'d>, profile: SchemaIndex) -> Vec<Finding<'v>> {
        self.obstacles(node, profile)
    }

    fn describe(&self, slice: &str, mark: &Message) {
        self.findings.borrow_mut().describe(slice, mark);
    }

    fn explain(&self, slice: &str, reasons: Vec<Finding<'v>>) {
        self.findings.borrow_mut().explain(slice, reasons);
    }

    fn conform_to_any(&self, node: Node<'d>, profiles: &'v [ProfileLink]) {
        self.conform_to_any(node, profiles);
    }

    fn check_targets(&self, node: Node<'d>, allowed: &'v TypeCheck, source: Source<'v>) {
        reference::check_targets(self, node, allowed, source);
    }

    fn note_unchecked(&self, node: Node<'_>, subject: &str, reason: &Reason) {
        self.codes.note(self, node, subject, reason);
    }

    fn has_doubtful_displays(&self) -> bool {
        self.codes.has_doubtful_displays()
    }

    fn accept_display(&self, coding: Node<'_>, is_given: impl FnOnce() -> bool) {
        self.codes.accept_display(coding, is_given);
    }

    fn may_suggest(&self) -> bool {
        self.budget.allows_suggestion()
    }
}
