//! `+ - * / div mod &` and the signs.

use ers_fhir_values::ucum;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::outcome::{Fault, Result};
use super::state::{Evaluator, Scope};
use super::view::View;
use super::view::{mismatch, type_error};
use crate::collection::Collection;
use crate::error::EvalError;
use crate::node::Node;
use crate::syntax::tree::{Binary, Expr, Operator};
use crate::value::Value;
use ers_fhir_values::{CalendarUnit, Quantity, Temporal, Unit};

impl<'e, N: Node> Evaluator<'e, N> {
    pub(super) fn arithmetic(
        &self,
        binary: &'e Binary,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<Value<'e, N>>> {
        let Binary { operator, left, right } = binary;
        let what = operator.text();
        let left = self.single(left, scope, what)?;
        let right = self.single(right, scope, what)?;
        if *operator == Operator::Concatenate {
            return self.concatenate(left.as_ref(), right.as_ref()).map(Some);
        }
        let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
        if self.is_without_value(&left) || self.is_without_value(&right) {
            return Ok(None);
        }
        let (a, b) = (self.view(&left), self.view(&right));
        let (a, b) = (a.clone().meeting(&b).by_shape(), b.meeting(&a).by_shape());
        match (&a, &b) {
            (View::Integer(a), View::Integer(b)) => Ok(integers(*operator, *a, *b)),
            (View::Text(a), View::Text(b)) if *operator == Operator::Add => {
                self.string(format!("{a}{b}")).map(Some)
            }
            (View::Temporal(start), View::Quantity(amount)) => shifted(*operator, *start, amount),
            (View::Quantity(_), _) | (_, View::Quantity(_)) => match (a.quantity(), b.quantity()) {
                (Some(a), Some(b)) => Ok(quantities(*operator, &a, &b)),
                _ => Err(mismatch(what, &a, &b)),
            },
            _ => match (a.number(), b.number()) {
                (Some(a), Some(b)) => Ok(decimals(*operator, a, b)),
                _ => Err(mismatch(what, &a, &b)),
            },
        }
    }

    /// `&` treats empty, and likewise an element without a value, as the empty string.
    fn concatenate(&self, left: Option<&Value<'e, N>>, right: Option<&Value<'e, N>>) -> Result<Value<'e, N>> {
        let mut text = String::new();
        for value in [left, right].into_iter().flatten() {
            match self.written(value) {
                Some(part) => text.push_str(&part),
                None => match self.view(value) {
                    View::Element(node) if self.lacks_value(node) => {}
                    other => return Err(type_error("&", &other)),
                },
            }
        }
        self.string(text)
    }

    pub(super) fn polarity(
        &self,
        negative: bool,
        operand: &'e Expr,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Collection<'e, N>> {
        let what = if negative { "-" } else { "+" };
        let Some(value) = self.single(operand, scope, what)? else { return Ok(Collection::new()) };
        let signed = match self.view(&value).by_shape() {
            View::Integer(value) if negative => value.checked_neg().map(Value::Integer),
            View::Integer(value) => Some(Value::Integer(value)),
            View::Decimal(value) => Some(Value::Decimal(if negative { -value } else { value })),
            View::Quantity(quantity) => {
                let mut quantity = quantity.into_owned();
                if negative {
                    quantity.value = -quantity.value;
                }
                Some(Value::Quantity(Box::new(quantity)))
            }
            other => return Err(type_error(what, &other)),
        };
        Ok(signed.into())
    }
}

/// Overflow and division by zero are empty.
fn integers<'e, N>(operator: Operator, a: i64, b: i64) -> Option<Value<'e, N>> {
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::IntegerDivide => a.checked_div(b),
        Operator::Modulo => a.checked_rem(b),
        _ => return decimals(operator, a.into(), b.into()),
    }
    .map(Value::Integer)
}

fn decimals<'e, N>(operator: Operator, a: Decimal, b: Decimal) -> Option<Value<'e, N>> {
    let result = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => a.checked_div(b).map(|quotient| quotient.normalize()),
        Operator::IntegerDivide => return a.checked_div(b)?.trunc().to_i64().map(Value::Integer),
        Operator::Modulo => a.checked_rem(b),
        _ => None,
    };
    result.map(Value::Decimal)
}

fn quantities<'e, N>(operator: Operator, a: &Quantity, b: &Quantity) -> Option<Value<'e, N>> {
    let result = match operator {
        Operator::Add => ucum::add(a, b, Decimal::ONE),
        Operator::Subtract => ucum::add(a, b, Decimal::NEGATIVE_ONE),
        Operator::Multiply => ucum::multiply(a, b),
        Operator::Divide => ucum::divide(a, b),
        _ => None,
    };
    result.map(|quantity| Value::Quantity(Box::new(quantity)))
}

/// A date or time plus or minus a duration. Fractions of a unit are dropped; a UCUM year or month is
/// not a calendar duration, so adding one is an error.
fn shifted<'e, N>(operator: Operator, start: Temporal, amount: &Quantity) -> Result<Option<Value<'e, N>>> {
    let unit = match &amount.unit {
        Unit::Calendar(unit) => Some(*unit),
        Unit::Code(code) => CalendarUnit::from_ucum(code).filter(|unit| *unit >= CalendarUnit::Week),
    };
    let Some(unit) = unit else {
        return Err(Fault::from(EvalError::Type {
            what: operator.text(),
            found: format!("a date or time and a quantity in '{}'", amount.unit.text()),
        }));
    };
    let Some(count) = amount.value.trunc().to_i64() else { return Ok(None) };
    let moved = match operator {
        Operator::Add => start.plus(count, unit),
        Operator::Subtract => count.checked_neg().and_then(|count| start.plus(count, unit)),
        _ => {
            let found = "a date or time".to_owned();
            return Err(Fault::from(EvalError::Type { what: operator.text(), found }));
        }
    };
    Ok(moved.map(Value::Temporal))
}
