//! The interface of the engine to its surroundings: the [`Host`] trait.

use crate::collection::Collection;
use crate::node::Node;
use crate::value::Value;
use ers_fhir_values::Temporal;

/// The surroundings of an evaluation: variables, type knowledge, terminology, other resources.
///
/// Every method has a default, so a host implements only what it can answer. If a host cannot decide a
/// question, it answers `Ok(None)`: only what depends on the answer becomes
/// [undecided](crate::EvalError::Undecided). An `Err` carries a sentence for the user
/// and ends the evaluation.
pub trait Host<N: Node> {
    /// `%resource`: the resource that contains the focus.
    fn resource(&self) -> Option<N> {
        None
    }

    /// `%rootResource`: the container of a contained resource; otherwise the same as `%resource`.
    fn root_resource(&self) -> Option<N> {
        self.resource()
    }

    /// A variable that the language does not define itself; `None` makes its use an error.
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

    /// Whether `parent` may have a child called `name`. Called only when it has none; `false` for every
    /// item of a step makes the path an error, so that `valueQuantity` is reported where `value` was meant.
    fn allows_element(&self, _parent: &N, _name: &str) -> bool {
        true
    }

    /// `resolve()`: the resource that a reference or URL found at `from` points at.
    fn resolve(&self, _reference: &str, _from: Option<&N>) -> Resolved<N> {
        Resolved::Nowhere
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

    /// `now()`; called at most once per evaluation. The system clock, in UTC, by default. `None`
    /// where there is no clock, which makes the use of the time an error.
    fn now(&self) -> Option<Temporal> {
        Temporal::now_utc()
    }

    /// `trace(name)`: receives the values at this point.
    fn trace(&self, _name: &str, _values: &Collection<'_, N>) {}

    /// Whether [`trace`](Host::trace) does anything; where it does not, conditions are decided faster.
    fn is_traced(&self) -> bool {
        true
    }

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

    /// Called with the number of steps that an evaluation took.
    fn spent(&self, steps: u64) {
        let _ = steps;
    }
}

/// The target of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved<N> {
    /// This resource.
    Target(N),
    /// None: there is no such resource.
    Nowhere,
    /// A resource that is not available. Nothing is known about it except its type, where the reference
    /// names that.
    Elsewhere(Option<String>),
}

/// A host that knows nothing and uses every default, for self-contained expressions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Detached;

impl<N: Node> Host<N> for Detached {}

/// A host that adds one variable to another host, and delegates everything else to it.
#[derive(Debug, Clone, Copy)]
pub struct WithVariable<'h, H: ?Sized, N> {
    host: &'h H,
    name: &'h str,
    value: N,
}

impl<'h, H: ?Sized, N: Node> WithVariable<'h, H, N> {
    /// Adds a variable, given by its name without the `%` and its value, to a host.
    pub fn new(host: &'h H, name: &'h str, value: N) -> Self {
        Self { host, name, value }
    }
}

impl<N: Node, H: Host<N> + ?Sized> Host<N> for WithVariable<'_, H, N> {
    fn variable(&self, name: &str) -> Option<Collection<'_, N>> {
        if name == self.name {
            return Some(Collection::one(Value::Node(self.value)));
        }
        self.host.variable(name)
    }

    fn resource(&self) -> Option<N> {
        self.host.resource()
    }

    fn root_resource(&self) -> Option<N> {
        self.host.root_resource()
    }

    fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        self.host.is_subtype(type_name, of)
    }

    fn knows_type(&self, name: &str) -> bool {
        self.host.knows_type(name)
    }

    fn allows_element(&self, parent: &N, name: &str) -> bool {
        self.host.allows_element(parent, name)
    }

    fn resolve(&self, reference: &str, from: Option<&N>) -> Resolved<N> {
        self.host.resolve(reference, from)
    }

    fn conforms_to(&self, node: &N, profile: &str) -> Result<Option<bool>, String> {
        self.host.conforms_to(node, profile)
    }

    fn member_of(&self, node: &N, value_set: &str) -> Result<Option<bool>, String> {
        self.host.member_of(node, value_set)
    }

    fn subsumes(&self, broader: &N, narrower: &N) -> Result<Option<bool>, String> {
        self.host.subsumes(broader, narrower)
    }

    fn html_checks(&self, node: &N) -> Option<bool> {
        self.host.html_checks(node)
    }

    fn now(&self) -> Option<Temporal> {
        self.host.now()
    }

    fn trace(&self, name: &str, values: &Collection<'_, N>) {
        self.host.trace(name, values);
    }

    fn singleton_as(&self) -> bool {
        self.host.singleton_as()
    }

    fn step_limit(&self) -> u64 {
        self.host.step_limit()
    }

    fn spent(&self, steps: u64) {
        self.host.spent(steps);
    }
}
