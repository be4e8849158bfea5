//! What the engine asks of its surroundings: the [`Host`] trait.

use crate::{Collection, Node, Temporal};

/// The surroundings of an evaluation: variables, type knowledge, terminology, other resources.
///
/// Every method has a default, so a host implements only what it can answer. A question that a host
/// cannot decide is answered `Ok(None)`, which becomes the empty collection; an `Err` carries a
/// sentence for the user and ends the evaluation.
pub trait Host<N: Node> {
    /// `%resource`: the resource that contains the focus.
    fn resource(&self) -> Option<N> {
        None
    }

    /// `%rootResource`: the container of a contained resource, otherwise the same as `%resource`.
    fn root_resource(&self) -> Option<N> {
        self.resource()
    }

    /// A variable the language does not define itself; `None` makes its use an error.
    ///
    /// `%context`, `%resource`, `%rootResource`, `%sct`, `%loinc`, `%ucum`, `` %`vs-…` `` and
    /// `` %`ext-…` `` are answered by the engine.
    fn variable(&self, _name: &str) -> Option<Collection<'_, N>> {
        None
    }

    /// Whether `type_name` is `of` or specializes it: `Age` is a `Quantity`, `code` is a `string`,
    /// `Patient` is a `DomainResource`. Called only when the two differ.
    fn is_subtype(&self, _type_name: &str, _of: &str) -> bool {
        false
    }

    /// Whether there is a FHIR type of this name; a type that does not exist is an error in
    /// `is`, `as` and `ofType`.
    fn knows_type(&self, _name: &str) -> bool {
        true
    }

    /// Whether `parent` may have a child called `name`. Asked only when it has none; `false` for every
    /// item of a step makes the path an error, which is what tells `valueQuantity` from `value`.
    fn allows_element(&self, _parent: &N, _name: &str) -> bool {
        true
    }

    /// `resolve()`: the resource that a reference or URL found at `from` points at.
    fn resolve(&self, _reference: &str, _from: Option<&N>) -> Option<N> {
        None
    }

    /// `conformsTo(profile)`.
    fn conforms_to(&self, _node: &N, _profile: &str) -> Result<Option<bool>, String> {
        Ok(None)
    }

    /// `memberOf(value set)`, for a code, Coding or `CodeableConcept`.
    fn member_of(&self, _node: &N, _value_set: &str) -> Result<Option<bool>, String> {
        Ok(None)
    }

    /// `subsumes(code)`: whether the concept `broader` subsumes `narrower`.
    fn subsumes(&self, _broader: &N, _narrower: &N) -> Result<Option<bool>, String> {
        Ok(None)
    }

    /// `htmlChecks()`: whether narrative follows the rules for XHTML in FHIR.
    fn html_checks(&self, _node: &N) -> Option<bool> {
        Some(true)
    }

    /// `now()`; asked at most once for each evaluation. The system clock, in UTC, by default. `None`
    /// where there is no clock, which makes asking for the time an error.
    fn now(&self) -> Option<Temporal> {
        Temporal::now_utc()
    }

    /// `trace(name)`: sees the values that pass.
    fn trace(&self, _name: &str, _values: &Collection<'_, N>) {}

    /// Whether `as` given several items is an error, as `FHIRPath` 2.0 says.
    ///
    /// Published invariants (R4's `dom-3`) rely on it as a filter, hence not by default.
    fn singleton_as(&self) -> bool {
        false
    }

    /// How many steps an evaluation may take before it ends with
    /// [`EvalError::Budget`](crate::EvalError::Budget).
    fn step_limit(&self) -> u64 {
        10_000_000
    }
}

/// A host that knows nothing: every default, for expressions that stand on their own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Detached;

impl<N: Node> Host<N> for Detached {}
