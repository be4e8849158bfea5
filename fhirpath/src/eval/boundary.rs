//! `precision()`, `lowBoundary()`, `highBoundary()`.

use rust_decimal::{Decimal, RoundingStrategy};

use super::outcome::Result;
use super::state::{Evaluator, Scope};
use super::view::View;
use super::view::type_error;
use crate::node::Node;
use crate::syntax::function::Function;
use crate::syntax::tree::Call;
use crate::value::Value;
use ers_fhir_values::Quantity;

/// Digits after the decimal point by default.
const DEFAULT_DIGITS: i64 = 8;
/// More digits than this are not represented.
const MOST_DIGITS: i64 = 28;

impl<'e, N: Node> Evaluator<'e, N> {
    pub(super) fn boundary(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<Value<'e, N>>> {
        let what = call.function.name();
        let Some(input) = self.single(&call.input, scope, what)? else { return Ok(None) };
        let digits = self.integer_argument(call, 0, scope)?;
        let view = self.view(&input).by_shape();
        if call.function == Function::Precision {
            return match &view {
                View::Temporal(value) => Ok(Some(Value::Integer(value.digits()))),
                other => match other.number() {
                    Some(number) => Ok(Some(Value::Integer(number.scale().into()))),
                    None => Err(type_error(what, other)),
                },
            };
        }
        let high = call.function == Function::HighBoundary;
        Ok(match &view {
            View::Temporal(value) => {
                let bound = if high { value.high_boundary(digits) } else { value.low_boundary(digits) };
                bound.map(Value::Temporal)
            }
            View::Quantity(quantity) => bound(quantity.value, digits, high)
                .map(|value| Value::Quantity(Box::new(Quantity { value, unit: quantity.unit.clone() }))),
            other => match other.number() {
                Some(number) => bound(number, digits, high).map(Value::Decimal),
                None => return Err(type_error(what, other)),
            },
        })
    }
}

/// The end of the interval that a number as written can mean: half a unit of its last digit away.
fn bound(number: Decimal, digits: Option<i64>, high: bool) -> Option<Decimal> {
    let digits = digits.unwrap_or(DEFAULT_DIGITS);
    if !(0..=MOST_DIGITS).contains(&digits) {
        return None;
    }
    let digits = u32::try_from(digits).ok()?;
    let half = Decimal::try_new(5, number.scale() + 1).ok()?;
    let (end, strategy) = if high {
        (number.checked_add(half)?, RoundingStrategy::ToPositiveInfinity)
    } else {
        (number.checked_sub(half)?, RoundingStrategy::ToNegativeInfinity)
    };
    let mut end = end.round_dp_with_strategy(digits, strategy);
    end.rescale(digits);
    Some(end)
}
