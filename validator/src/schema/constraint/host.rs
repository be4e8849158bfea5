//! What a constraint may ask of the run that checks it.
//!
//! The state of a run holds compiled definitions, and these hold the constraints. This is what lets the two
//! be written without importing each other.

use ers_fhir_fhirpath::{EvalError, Expression};
use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::terminology::{Reason, Terminology};
use ers_fhir_report::{Gap, Message, Rule};
use ers_fhir_tree::Node;
use ers_fhir_values::Temporal;

use crate::check::finding::{Finding, Source};
use crate::schema::label::Label;
use crate::schema::link::{ProfileLink, TypeCheck};
use crate::schema::type_name::{SchemaIndex, TypeName};
use crate::words::Words;

/// A run, as a constraint sees it.
pub(crate) trait Host<'v, 'd> {
    /// Notes a finding.
    fn report(&self, finding: Finding<'v>);

    /// Notes that something at a node could not be checked, of which no finding tells.
    fn pass(&self, gap: Gap, node: Node<'_>);

    /// Whether it is the first time in this run that something is to be said of a part of a definition, given by
    /// its address.
    fn is_first(&self, part: usize) -> bool;

    /// Whether findings under a rule say nothing about this payload.
    fn ignores(&self, rule: &'static Rule) -> bool;

    /// The rule of the service that an invariant with that key states.
    fn rule_of(&self, key: &str) -> Option<&'static Rule>;

    /// What the service says of one of its invariants that is broken.
    fn words(&self, key: &str, expression: &str) -> Option<Words>;

    /// A value as it was certainly meant, where it breaks an invariant of the service.
    fn meant(&self, key: &str, value: &str) -> Option<String>;

    /// The definitions that the payload is checked against.
    fn definitions(&self) -> &'v Definitions;

    /// Their codes.
    fn terminology(&self) -> &'v Terminology;

    /// What the clock shows; `None` where there is none.
    fn now(&self) -> Option<Temporal>;

    /// What is known of the type of a node.
    fn type_of(&self, node: Node<'_>) -> Option<&'v TypeName>;

    /// Whether a type is another or specializes it.
    fn is_kind_of(&self, actual: &TypeName, of: &str) -> bool;

    /// Whether a type, given by its name, is another or specializes it.
    fn is_subtype(&self, type_name: &str, of: &str) -> bool;

    /// Whether a node is called that, a choice by its stem.
    fn is_named(&self, node: Node<'_>, name: &Label) -> bool;

    /// The resource of the document that a reference at a node leads to.
    fn resolve(&self, reference: &str, from: Node<'d>) -> Option<Node<'d>>;

    /// What an expression comes to at a node. The resource that `%resource` means is that of the holder.
    /// `None` where the payload has used up its work, which is said once for all of it; an error says why
    /// there is no result, or what it hangs on that nothing at hand tells.
    fn evaluate(
        &self,
        expression: &Expression,
        node: Node<'d>,
        holder: Node<'d>,
    ) -> Option<Result<Option<bool>, EvalError>>;

    /// Whether a node conforms to a profile; nothing is reported.
    fn holds(&self, node: Node<'d>, profile: SchemaIndex) -> bool;

    /// The first errors that keep a node from conforming to a profile.
    fn obstacles(&self, node: Node<'d>, profile: SchemaIndex) -> Vec<Finding<'v>>;

    /// Says of the last finding, where it is about a slice, what is in that slice.
    fn describe(&self, slice: &str, mark: &Message);

    /// Says of the last finding, where it is about a slice, what keeps something from being in that slice.
    fn explain(&self, slice: &str, reasons: Vec<Finding<'v>>);

    /// Checks a node against several profiles, of which one must hold.
    fn conform_to_any(&self, node: Node<'d>, profiles: &'v [ProfileLink]);

    /// Checks what a reference leads to against the targets that are allowed.
    fn check_targets(&self, node: Node<'d>, allowed: &'v TypeCheck, source: Source<'v>);

    /// Says once in a run that codes of a system or value set could not be checked.
    fn note_unchecked(&self, node: Node<'_>, subject: &str, reason: &Reason);

    /// Whether there are displays that a value set may yet accept.
    fn has_doubtful_displays(&self) -> bool;

    /// Withdraws what was said of the display of a coding, if a value set gives it.
    fn accept_display(&self, coding: Node<'_>, is_given: impl FnOnce() -> bool);

    /// Whether the right code may still be looked for where a wrong one was found; counts it.
    fn may_suggest(&self) -> bool;
}
