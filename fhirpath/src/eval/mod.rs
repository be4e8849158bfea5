//! Evaluation: a walk over the syntax tree that pushes items into sinks.
//!
//! Paths are not collected step by step: [`Evaluator::each`] hands every item on to the next step,
//! so that `exists()`, `empty()`, `first()` and the logical operators stop at the first item that
//! decides, and nothing is allocated for the collections in between.

mod arithmetic;
mod boundary;
mod call;
mod conversion;
mod distinct;
mod equality;
mod fhir;
mod iteration;
mod math;
mod order;
mod outcome;
mod predicate;
mod state;
mod strings;
mod types;
mod view;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::ops::ControlFlow;

use crate::quick::Quick;
use crate::syntax::tree::{Expr, Label, Literal, Operator, TypeOperation};
pub(crate) use iteration::MAX_TREE_DEPTH;
pub(crate) use outcome::Fault;
use outcome::{Result, Step, lift, settle};
pub(crate) use state::Evaluator;
use state::{BYTES_PER_STEP, Scope};

use crate::collection::Collection;
use crate::error::EvalError;
use crate::host::Host;
use crate::node::Node;
use crate::value::Value;
use ers_fhir_values::Temporal;

/// The name, in errors, of a condition that no function or operator asks for.
pub(crate) const CONDITION: &str = "a condition";

impl<'e, N: Node> Evaluator<'e, N> {
    pub(crate) fn new(host: &'e dyn Host<N>, root: &'e Expr, context: Option<N>) -> Self {
        Self { host, root, context, now: OnceCell::new(), steps: Cell::new(0), limit: host.step_limit() }
    }

    /// How many steps have been taken so far.
    pub(crate) fn steps(&self) -> u64 {
        self.steps.get()
    }

    pub(crate) fn run(&self) -> Result<Collection<'e, N>> {
        let focus = self.context.map(Value::Node);
        self.eval(self.root, Scope { this: focus.as_slice(), index: 0, total: None })
    }

    /// The result as a condition; see [`Expression::evaluate_bool`](crate::Expression::evaluate_bool).
    pub(crate) fn decide(&self, quick: &'e Quick) -> Result<Option<bool>> {
        let decided = match self.context {
            Some(node) => self.quickly(quick, node),
            None => self.truth(self.root, Scope { this: &[], index: 0, total: None }, CONDITION),
        };
        match decided {
            Err(fault) if matches!(fault.error(), EvalError::NotSingleton { what: CONDITION, .. }) => {
                Ok(Some(true))
            }
            other => other,
        }
    }

    /// An expression as a condition on a node.
    pub(crate) fn asked(&self, expr: &'e Expr, node: N, what: &'static str) -> Result<Option<bool>> {
        let focus = Value::Node(node);
        self.truth(expr, Scope { this: std::slice::from_ref(&focus), index: 0, total: None }, what)
    }

    /// `%context`
    pub(crate) fn context(&self) -> Option<N> {
        self.context
    }

    /// `%resource`
    pub(crate) fn resource(&self) -> Option<N> {
        self.host.resource().or(self.context)
    }

    /// `%rootResource`
    pub(crate) fn root_resource(&self) -> Option<N> {
        self.host.root_resource().or(self.context)
    }

    /// Whether a node may have a child of this name.
    pub(crate) fn allows_element(&self, node: &N, name: &str) -> bool {
        self.host.allows_element(node, name)
    }

    /// Whether the host uses traces.
    pub(crate) fn is_traced(&self) -> bool {
        self.host.is_traced()
    }

    fn now(&self) -> Result<Temporal> {
        self.now.get_or_init(|| self.host.now()).ok_or_else(|| EvalError::NoClock.into())
    }

    /// Counts a step against the budget.
    pub(crate) fn tick(&self) -> Result<()> {
        self.charge(1)
    }

    /// Counts work against the budget.
    fn charge(&self, steps: u64) -> Result<()> {
        let steps = self.steps.get().saturating_add(steps);
        self.steps.set(steps);
        if steps > self.limit { Err(EvalError::Budget(self.limit).into()) } else { Ok(()) }
    }

    /// A computed text. It costs steps by its length, so that doubling a text a hundred times is refused
    /// before memory runs out.
    fn string(&self, text: String) -> Result<Value<'e, N>> {
        self.charge(text.len() as u64 / BYTES_PER_STEP)?;
        Ok(Value::String(text.into()))
    }

    /// Counts the reading of this many bytes.
    fn read(&self, bytes: usize) -> Result<()> {
        self.charge(bytes as u64 / BYTES_PER_STEP)
    }

    /// A copy of an item, at the same cost.
    fn copy(&self, value: &Value<'e, N>) -> Result<Value<'e, N>> {
        if let Value::String(Cow::Owned(text)) = value {
            self.charge(text.len() as u64 / BYTES_PER_STEP)?;
        }
        Ok(value.clone())
    }

    /// A copy of a collection, at the same cost.
    fn copies(&self, values: &Collection<'e, N>) -> Result<Collection<'e, N>> {
        self.charge(values.len() as u64)?;
        values.iter().map(|value| self.copy(value)).collect()
    }

    /// The whole result of an expression.
    fn eval(&self, expr: &'e Expr, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        if let Some(decided) = self.predicate(expr, scope) {
            return decided.map(Collection::boolean);
        }
        match expr {
            Expr::Empty => Ok(Collection::new()),
            Expr::Call(call) => match self.call(call, scope) {
                Some(result) => result,
                None => self.collect(expr, scope),
            },
            Expr::Binary(binary) if binary.operator == Operator::Union => {
                self.union(&binary.left, &binary.right, scope)
            }
            Expr::Binary(binary) => self.arithmetic(binary, scope).map(Collection::from),
            Expr::Polarity { negative, operand } => self.polarity(*negative, operand, scope),
            Expr::Item(input, index) => self.item_at(input, index, scope),
            Expr::Variable(name) => self.variable(name),
            Expr::Total => scope.total.map_or(Ok(Collection::new()), |total| self.copies(total)),
            _ => self.collect(expr, scope),
        }
    }

    fn collect(&self, expr: &'e Expr, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let mut items = Collection::new();
        settle(self.stream(expr, scope, &mut |value| {
            items.push(value);
            ControlFlow::Continue(())
        }))?;
        Ok(items)
    }

    /// Pushes each item of the result into a sink until it stops.
    fn each(
        &self,
        expr: &'e Expr,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        if streams(expr) {
            return self.stream(expr, scope, sink);
        }
        for value in lift(self.eval(expr, scope))? {
            sink(value)?;
        }
        ControlFlow::Continue(())
    }

    /// Evaluates an expression that produces its items one by one; see [`streams`].
    fn stream(
        &self,
        expr: &'e Expr,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        lift(self.tick())?;
        match expr {
            Expr::This => scope.this.iter().try_for_each(|value| sink(lift(self.copy(value))?)),
            Expr::Literal(literal) => sink(value_of(literal)),
            Expr::Index => sink(Value::Integer(i64::try_from(scope.index).unwrap_or(i64::MAX))),
            Expr::Head(name) => {
                let mut allowed = Allowed::default();
                for value in scope.this {
                    if self.is_called(value, name) {
                        sink(lift(self.copy(value))?)?;
                    } else {
                        self.member(value, name, &mut allowed, sink)?;
                    }
                }
                // The name of a type that the focus does not have is not a misspelt element.
                if name.is_type { ControlFlow::Continue(()) } else { allowed.conclude(name) }
            }
            Expr::Member(input, name) => {
                let mut allowed = Allowed::default();
                self.each(input, scope, &mut |value| self.member(&value, name, &mut allowed, sink))?;
                allowed.conclude(name)
            }
            Expr::Type(test) => {
                if test.operation == TypeOperation::As && self.host.singleton_as() {
                    return match lift(self.single(&test.input, scope, "as"))? {
                        Some(value) if lift(self.is_type(&value, test))? => sink(value),
                        _ => ControlFlow::Continue(()),
                    };
                }
                self.each(&test.input, scope, &mut |value| {
                    if lift(self.is_type(&value, test))? { sink(value) } else { ControlFlow::Continue(()) }
                })
            }
            Expr::Call(call) => self.stream_call(call, scope, sink),
            _ => ControlFlow::Continue(()),
        }
    }

    /// Whether a name at the start of a path is the type of the focus: `Patient.name`.
    fn is_called(&self, value: &Value<'e, N>, name: &Label) -> bool {
        name.is_type
            && value
                .as_node()
                .and_then(Node::type_name)
                .is_some_and(|type_name| *type_name == **name || self.host.is_subtype(type_name, name))
    }

    fn member(
        &self,
        value: &Value<'e, N>,
        name: &Label,
        allowed: &mut Allowed,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        match value {
            Value::Node(node) => {
                let mut found = false;
                node.visit_named(name.called(), &mut |child| {
                    found = true;
                    lift(self.tick())?;
                    sink(Value::Node(child))
                })?;
                if found || self.host.allows_element(node, name) {
                    allowed.somewhere = true;
                } else if allowed.refused_by.is_none() {
                    allowed.refused_by = Some(node.type_name().unwrap_or(node.name()).to_owned());
                }
                ControlFlow::Continue(())
            }
            Value::Quantity(quantity) => match &**name {
                "value" => sink(Value::Decimal(quantity.value)),
                "unit" | "code" => sink(Value::String(quantity.unit.text().to_owned().into())),
                _ => ControlFlow::Continue(()),
            },
            Value::Type(info) => match &**name {
                "name" => sink(Value::String(info.name.to_string().into())),
                "namespace" => sink(Value::String(info.namespace.into())),
                _ => ControlFlow::Continue(()),
            },
            _ => ControlFlow::Continue(()),
        }
    }

    fn variable(&self, name: &str) -> Result<Collection<'e, N>> {
        let text = |text: String| Ok(Collection::one(Value::String(text.into())));
        match name {
            "context" => return Ok(self.context.map(Value::Node).into()),
            "resource" => return Ok(self.resource().map(Value::Node).into()),
            "rootResource" => return Ok(self.root_resource().map(Value::Node).into()),
            _ => {}
        }
        if let Some(value) = self.host.variable(name) {
            return Ok(value);
        }
        match name {
            "sct" => text("http://snomed.info/sct".to_owned()),
            "loinc" => text("http://loinc.org".to_owned()),
            "ucum" => text("http://unitsofmeasure.org".to_owned()),
            _ => {
                if let Some(id) = name.strip_prefix("vs-") {
                    return text(format!("http://hl7.org/fhir/ValueSet/{id}"));
                }
                if let Some(id) = name.strip_prefix("ext-") {
                    return text(format!("http://hl7.org/fhir/StructureDefinition/{id}"));
                }
                Err(EvalError::UnknownVariable(name.to_owned()).into())
            }
        }
    }

    /// The single item of an expression; `None` when it is empty, an error when there are several.
    fn single(
        &self,
        expr: &'e Expr,
        scope: Scope<'_, 'e, N>,
        what: &'static str,
    ) -> Result<Option<Value<'e, N>>> {
        let mut found = None;
        let mut count = 0;
        settle(self.each(expr, scope, &mut |value| {
            count += 1;
            found.get_or_insert(value);
            ControlFlow::Continue(())
        }))?;
        if count > 1 { Err(EvalError::NotSingleton { what, count }.into()) } else { Ok(found) }
    }
}

/// Whether the items of a path step may have the element that it names. One item that may is enough:
/// `descendants()` yields many types.
#[derive(Default)]
struct Allowed {
    somewhere: bool,
    refused_by: Option<String>,
}

impl Allowed {
    fn conclude(self, name: &str) -> Step {
        match self.refused_by {
            Some(parent) if !self.somewhere => {
                let name = name.to_owned();
                ControlFlow::Break(Some(EvalError::UnknownElement { parent, name }.into()))
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

/// Three-valued logic. The right side is evaluated only if the left does not decide. A side in doubt leaves
/// the decision to the other one.
pub(crate) fn weigh(
    operator: Operator,
    left: Result<Option<bool>>,
    right: impl FnOnce() -> Result<Option<bool>>,
) -> Result<Option<bool>> {
    match left {
        Ok(left) => match operator.decided_by(left) {
            ControlFlow::Break(answer) => Ok(answer),
            ControlFlow::Continue(()) => Ok(operator.combine(left, right()?)),
        },
        Err(doubt) if doubt.is_doubt() => match (operator, right()?) {
            (Operator::And, Some(false)) => Ok(Some(false)),
            (Operator::Or | Operator::Implies, Some(true)) => Ok(Some(true)),
            _ => Err(doubt),
        },
        Err(fault) => Err(fault),
    }
}

/// Whether [`Evaluator::stream`] handles an expression.
fn streams(expr: &Expr) -> bool {
    match expr {
        Expr::This | Expr::Literal(_) | Expr::Index | Expr::Head(_) | Expr::Member(..) => true,
        Expr::Type(test) => matches!(test.operation, TypeOperation::As | TypeOperation::OfType),
        Expr::Call(call) => call::streams(call.function),
        _ => false,
    }
}

fn value_of<N>(literal: &Literal) -> Value<'_, N> {
    match literal {
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Integer(value) => Value::Integer(*value),
        Literal::Decimal(value) => Value::Decimal(*value),
        Literal::String(value) => Value::String((&**value).into()),
        Literal::Temporal(value) => Value::Temporal(*value),
        Literal::Quantity(value) => Value::Quantity(Box::new(value.clone())),
    }
}
