//! The functions that FHIR adds to the language.

use std::ops::ControlFlow;

use ers_fhir_values::ucum;

use super::iteration::Doubt;
use super::outcome::{Fault, Result, Step, lift, settle};
use super::state::{Evaluator, Scope};
use super::view::View;
use super::view::type_error;
use crate::collection::Collection;
use crate::error::EvalError;
use crate::host::Resolved;
use crate::node::{Called, Node};
use crate::syntax::function::Function;
use crate::syntax::tree::{Call, TypeTest};
use crate::value::Value;

/// The doubt about the target of a reference outside the payload.
fn elsewhere() -> Fault {
    EvalError::Undecided("the target of a reference is not in this payload".to_owned()).into()
}

impl<'e, N: Node> Evaluator<'e, N> {
    /// `extension(url)`
    pub(super) fn extension(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let Some(url) = lift(self.argument(call, 0, scope))? else { return ControlFlow::Continue(()) };
        let Some(url) = url.text() else {
            return ControlFlow::Break(Some(type_error("extension()", &self.view(&url))));
        };
        self.each(&call.input, scope, &mut |value| {
            let Value::Node(node) = value else { return ControlFlow::Continue(()) };
            node.visit_named(Called::plain("extension"), &mut |extension| {
                lift(self.tick())?;
                let mut named = false;
                let walked: ControlFlow<()> = extension.visit_named(Called::plain("url"), &mut |child| {
                    named = child.text() == Some(url);
                    ControlFlow::Break(())
                });
                if walked.is_break() && named {
                    sink(Value::Node(extension))
                } else {
                    ControlFlow::Continue(())
                }
            })
        })
    }

    /// `hasValue()`: a single primitive with a value.
    pub(super) fn has_value(&self, input: &'e crate::Expr, scope: Scope<'_, 'e, N>) -> Result<bool> {
        let mut count = 0;
        let mut valued = false;
        settle(self.each(input, scope, &mut |value| {
            count += 1;
            valued = match &value {
                Value::Node(node) => node.text().is_some(),
                _ => true,
            };
            ControlFlow::Continue(())
        }))?;
        Ok(count == 1 && valued)
    }

    /// `getValue()`: the `System` value of a single primitive.
    pub(super) fn get_value(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let input = self.eval(&call.input, scope)?;
        let [value] = input.as_slice() else { return Ok(Collection::new()) };
        let system = match self.view(value).by_shape() {
            View::Boolean(value) => Value::Boolean(value),
            View::Integer(value) => Value::Integer(value),
            View::Decimal(value) => Value::Decimal(value),
            View::Text(text) => Value::String(text.to_owned().into()),
            View::Temporal(value) => Value::Temporal(value),
            View::Quantity(_) | View::Untyped(_) | View::Element(_) | View::Type => {
                return Ok(Collection::new());
            }
        };
        Ok(Collection::one(system))
    }

    /// `resolve()`: for each Reference, or text that is one, the resource it points at; references without a
    /// target are left out.
    pub(super) fn resolve(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let mut doubt = Doubt::default();
        self.each(&call.input, scope, &mut |value| match self.target(&value) {
            Resolved::Target(target) => sink(Value::Node(target)),
            Resolved::Nowhere => ControlFlow::Continue(()),
            Resolved::Elsewhere(_) => {
                self.or_doubt::<()>(Err(elsewhere()), &mut doubt)?;
                ControlFlow::Continue(())
            }
        })?;
        doubt.conclude()
    }

    /// `resolve() is Type`: for a resource elsewhere, the reference itself may tell the type.
    pub(super) fn resolves_to(
        &self,
        call: &'e Call,
        test: &'e TypeTest,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<bool>> {
        let mut answers = Vec::new();
        settle(self.each(&call.input, scope, &mut |value| {
            answers.extend(match self.target(&value) {
                Resolved::Target(target) => Some(self.is_type(&Value::Node(target), test)),
                Resolved::Nowhere => None,
                Resolved::Elsewhere(Some(actual)) => {
                    let wanted = &*test.type_name.name;
                    Some(Ok(actual == wanted || self.host.is_subtype(&actual, wanted)))
                }
                Resolved::Elsewhere(None) => Some(Err(elsewhere())),
            });
            ControlFlow::Continue(())
        }))?;
        match (answers.pop(), answers.len()) {
            (answer, 0) => answer.transpose(),
            (_, others) => Err(EvalError::NotSingleton { what: "is", count: others + 1 }.into()),
        }
    }

    /// The target of a Reference, or of a text that is one.
    fn target(&self, value: &Value<'e, N>) -> Resolved<N> {
        if let Some(text) = value.text() {
            return self.host.resolve(text, value.as_node());
        }
        let mut target = Resolved::Nowhere;
        if let Value::Node(node) = value {
            let _: ControlFlow<()> = node.visit_named(Called::plain("reference"), &mut |reference| {
                if let Some(text) = reference.text() {
                    target = self.host.resolve(text, Some(node));
                }
                ControlFlow::Break(())
            });
        }
        target
    }

    /// The functions that the host answers.
    pub(super) fn host_test(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<bool>> {
        use Function as F;
        let Some(value) = self.single(&call.input, scope, call.function.name())? else { return Ok(None) };
        let Value::Node(node) = &value else { return Ok(None) };
        if call.function == F::HtmlChecks {
            return Ok(self.host.html_checks(node));
        }
        let Some(argument) = self.argument(call, 0, scope)? else { return Ok(None) };
        let decided = match call.function {
            F::Subsumes | F::SubsumedBy => {
                let Value::Node(other) = &argument else { return Ok(None) };
                let (broad, narrow) =
                    if call.function == F::Subsumes { (node, other) } else { (other, node) };
                self.host.subsumes(broad, narrow)
            }
            _ => {
                let Some(url) = argument.text() else {
                    return Err(type_error(call.function.name(), &self.view(&argument)));
                };
                if call.function == F::MemberOf {
                    self.host.member_of(node, url)
                } else {
                    self.host.conforms_to(node, url)
                }
            }
        };
        match decided.map_err(EvalError::Host)? {
            None => {
                let about = argument.text().map_or_else(String::new, |url| format!("('{url}')"));
                let what = format!("{}{about} cannot be decided here", call.function.name());
                Err(EvalError::Undecided(what).into())
            }
            decided => Ok(decided),
        }
    }

    /// `elementDefinition()`, `slice(structure, name)` and `checkModifiers(modifier ...)`, which need the
    /// definition of their input: unless the input is empty, they are undecided here.
    pub(super) fn by_definition(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let input = self.eval(&call.input, scope)?;
        if input.is_empty() {
            return Ok(input);
        }
        Err(EvalError::Undecided(format!("{}() cannot be decided here", call.function.name())).into())
    }

    /// `comparable(quantity)`: whether two quantities have units of one dimension.
    pub(super) fn comparable(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<bool>> {
        let Some(left) = self.single(&call.input, scope, "comparable()")? else { return Ok(None) };
        let Some(right) = self.argument(call, 0, scope)? else { return Ok(None) };
        Ok(match (self.view(&left).quantity(), self.view(&right).quantity()) {
            (Some(left), Some(right)) => Some(ucum::compare(&left, &right).is_some()),
            _ => None,
        })
    }
}
