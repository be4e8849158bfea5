//! The interface of a run for the constraints that it checks.
//!
//! The state of a run holds compiled definitions, and these hold the constraints. With this trait, neither
//! needs to import the other.

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
    /// Records a finding.
    fn report(&self, finding: Finding<'v>);

    /// Records that something at a node could not be checked, if no finding says so.
    fn pass(&self, gap: Gap, node: Node<'_>);

    /// Whether this is the first report in this run on a part of a definition, given by its address.
    fn is_first(&self, part: usize) -> bool;

    /// Whether a rule does not apply to this payload.
    fn ignores(&self, rule: &'static Rule) -> bool;

    /// The rule of the service that an invariant with that key states.
    fn rule_of(&self, key: &str) -> Option<&'static Rule>;

    /// The words of the service for one of its invariants that is broken.
    fn words(&self, key: &str, expression: &str) -> Option<Words>;

    /// The value that was certainly meant by one that breaks an invariant of the service.
    fn meant(&self, key: &str, value: &str) -> Option<String>;

    /// The definitions that the payload is checked against.
    fn definitions(&self) -> &'v Definitions;

    /// The terminology of these definitions.
    fn terminology(&self) -> &'v Terminology;

    /// The current time; `None` if there is no clock.
    fn now(&self) -> Option<Temporal>;

    /// What is known about the type of a node.
    fn type_of(&self, node: Node<'_>) -> Option<&'v TypeName>;

    /// Whether a type is another or specializes it.
    fn is_kind_of(&self, actual: &TypeName, of: &str) -> bool;

    /// Whether a type, given by its name, is another or specializes it.
    fn is_subtype(&self, type_name: &str, of: &str) -> bool;

    /// Whether a node has that name; a choice is named by its stem.
    fn is_named(&self, node: Node<'_>, name: &Label) -> bool;

    /// The resource of the document that a reference at a node leads to.
    fn resolve(&self, reference: &str, from: Node<'d>) -> Option<Node<'d>>;

    /// The result of an expression at a node. `%resource` is the resource of the holder. `None` if the
    /// payload has used up its budget, which is reported once; an error says why there is no result, or what
    /// it depends on that is not available.
    fn evaluate(
        &self,
        expression: &Expression,
        node: Node<'d>,
        holder: Node<'d>,
    ) -> Option<Result<Option<bool>, EvalError>>;

    /// Whether a node conforms to a profile; nothing is reported.
    fn holds(&self, node: Node<'d>, profile: SchemaIndex) -> bool;

    /// The first errors that prevent a node from conforming to a profile.
    fn obstacles(&self, node: Node<'d>, profile: SchemaIndex) -> Vec<Finding<'v>>;

    /// Adds to the last finding, if it is about a slice, what is in that slice.
    fn describe(&self, slice: &str, mark: &Message);

    /// Adds to the last finding, if it is about a slice, why an element is not in that slice.
    fn explain(&self, slice: &str, reasons: Vec<Finding<'v>>);

    /// Checks a node against several profiles, one of which must hold.
    fn conform_to_any(&self, node: Node<'d>, profiles: &'v [ProfileLink]);

    /// Checks the target of a reference against the allowed targets.
    fn check_targets(&self, node: Node<'d>, allowed: &'v TypeCheck, source: Source<'v>);

    /// Reports once in a run that codes of a system or value set could not be checked.
    fn note_unchecked(&self, node: Node<'_>, subject: &str, reason: &Reason);

    /// Whether there are displays that a value set may still accept.
    fn has_doubtful_displays(&self) -> bool;

    /// Withdraws the finding on the display of a coding, if a value set has that display.
    fn accept_display(&self, coding: Node<'_>, is_given: impl FnOnce() -> bool);

    /// Whether another suggestion for a wrong code may be looked for; counts it.
    fn may_suggest(&self) -> bool;
}
