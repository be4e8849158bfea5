//! Functions on numbers.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, MathematicalOps, RoundingStrategy};

use super::outcome::Result;
use super::state::{Evaluator, Scope};
use super::view::View;
use super::view::type_error;
use crate::node::Node;
use crate::syntax::function::Function;
use crate::syntax::tree::Call;
use crate::value::Value;
use ers_fhir_values::Quantity;

impl<'e, N: Node> Evaluator<'e, N> {
    /// Undefined results (the root of a negative number, an overflow) are empty.
    pub(super) fn math(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<Value<'e, N>>> {
        use Function as F;
        let what = call.function.name();
        let Some(input) = self.single(&call.input, scope, what)? else { return Ok(None) };
        let view = self.view(&input).by_shape();
        if let (F::Abs, View::Quantity(quantity)) = (call.function, &view) {
            let quantity = Quantity { value: quantity.value.abs(), unit: quantity.unit.clone() };
            return Ok(Some(Value::Quantity(Box::new(quantity))));
        }
        let Some(number) = view.number() else { return Err(type_error(what, &view)) };
        let operand = match self.argument(call, 0, scope)? {
            Some(value) => {
                let view = self.view(&value).by_shape();
                let number = view.number().ok_or_else(|| type_error(what, &view))?;
                Some((number, matches!(view, View::Integer(_))))
            }
            None if matches!(call.function, F::Log | F::Power) => return Ok(None),
            None => None,
        };
        let whole = |value: Decimal| value.to_i64().map(Value::Integer);
        Ok(match call.function {
            F::Abs => match view {
                View::Integer(value) => value.checked_abs().map(Value::Integer),
                _ => Some(Value::Decimal(number.abs())),
            },
            F::Ceiling => whole(number.ceil()),
            F::Floor => whole(number.floor()),
            F::Truncate => whole(number.trunc()),
            F::Exp => number.checked_exp().map(exact),
            F::Ln => number.checked_ln().map(exact),
            F::Log => operand.and_then(|(base, _)| logarithm(number, base)).map(Value::Decimal),
            F::Power => {
                let integers = matches!(view, View::Integer(_));
                operand.and_then(|(exponent, integer)| power(number, exponent, integers && integer))
            }
            F::Round => {
                let digits = operand.map_or(Some(0), |(digits, _)| digits.to_u32());
                digits.map(|digits| {
                    Value::Decimal(
                        number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero),
                    )
                })
            }
            F::Sqrt => number.sqrt().map(exact),
            _ => None,
        })
    }
}

/// A number without the trailing zeros that a series leaves behind.
fn exact<'e, N>(value: Decimal) -> Value<'e, N> {
    Value::Decimal(value.normalize())
}

fn logarithm(number: Decimal, base: Decimal) -> Option<Decimal> {
    // The quotient of two logarithms is off in its last digits: ln(16)/ln(2) is not quite 4.
    Some(number.checked_ln()?.checked_div(base.checked_ln()?)?.round_dp(15).normalize())
}

fn power<'e, N>(base: Decimal, exponent: Decimal, integers: bool) -> Option<Value<'e, N>> {
    if let (true, Some(base), Some(exponent)) = (integers, base.to_i64(), exponent.to_u32()) {
        return base.checked_pow(exponent).map(Value::Integer);
    }
    if base.is_sign_negative() && !exponent.fract().is_zero() {
        return None;
    }
    base.checked_powd(exponent).map(Value::Decimal)
}
