//! `toX()` and `convertsToX()`.

use ers_fhir_values::ucum;
use rust_decimal::Decimal;

use super::outcome::Result;
use super::state::{Evaluator, Scope};
use super::view::{View, decimal};
use crate::node::Node;
use crate::syntax::function::Function;
use crate::syntax::tree::Call;
use crate::value::Value;
use ers_fhir_values::{CalendarUnit, Quantity, Temporal, TemporalKind, Unit};

impl<'e, N: Node> Evaluator<'e, N> {
    /// `toX()`; empty when the item cannot be converted.
    pub(super) fn convert(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<Value<'e, N>>> {
        let Some(value) = self.single(&call.input, scope, call.function.name())? else { return Ok(None) };
        self.converted(&value, call, scope)
    }

    /// `convertsToX()`
    pub(super) fn converts(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<bool>> {
        let Some(value) = self.single(&call.input, scope, call.function.name())? else { return Ok(None) };
        Ok(Some(self.converted(&value, call, scope)?.is_some()))
    }

    fn converted(
        &self,
        value: &Value<'e, N>,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<Value<'e, N>>> {
        use Function as F;
        let view = self.view(value).by_shape();
        Ok(match call.function {
            F::ToBoolean | F::ConvertsToBoolean => to_boolean(&view).map(Value::Boolean),
            F::ToInteger | F::ConvertsToInteger => to_integer(&view).map(Value::Integer),
            F::ToDecimal | F::ConvertsToDecimal => to_decimal(&view).map(Value::Decimal),
            F::ToText | F::ConvertsToString => {
                self.written(value).map(|text| self.string(text)).transpose()?
            }
            F::ToDate | F::ConvertsToDate => match view {
                View::Temporal(value) if value.kind() != TemporalKind::Time => Some(value.date()),
                View::Text(text) => {
                    Temporal::parse_date(text).or_else(|| Some(Temporal::parse_date_time(text)?.date()))
                }
                _ => None,
            }
            .map(Value::Temporal),
            F::ToDateTime | F::ConvertsToDateTime => match view {
                View::Temporal(value) => value.to_date_time(),
                View::Text(text) => Temporal::parse_date_time(text),
                _ => None,
            }
            .map(Value::Temporal),
            F::ToTime | F::ConvertsToTime => match view {
                View::Temporal(value) if value.kind() == TemporalKind::Time => Some(value),
                View::Text(text) => Temporal::parse_time(text.strip_prefix('T').unwrap_or(text)),
                _ => None,
            }
            .map(Value::Temporal),
            _ => {
                let quantity = match &view {
                    View::Text(text) => parse_quantity(text),
                    View::Boolean(value) => Some(Quantity::unity(u8::from(*value).into())),
                    other => other.quantity().map(std::borrow::Cow::into_owned),
                };
                let unit = self.argument(call, 0, scope)?;
                match (quantity, unit.as_ref().and_then(|unit| unit.text())) {
                    (Some(quantity), Some(unit)) => ucum::convert(&quantity, unit),
                    (quantity, _) => quantity,
                }
                .map(|quantity| Value::Quantity(Box::new(quantity)))
            }
        })
    }

    /// The item as text; `None` for an element that is not a primitive.
    pub(super) fn written(&self, value: &Value<'e, N>) -> Option<String> {
        if let Some(text) = value.text() {
            return Some(text.to_owned());
        }
        Some(match self.view(value) {
            View::Boolean(value) => value.to_string(),
            View::Integer(value) => value.to_string(),
            View::Decimal(value) => value.to_string(),
            View::Temporal(value) => value.to_string(),
            View::Quantity(value) => value.to_string(),
            View::Text(_) | View::Untyped(_) | View::Element(_) | View::Type => return None,
        })
    }
}

fn to_boolean<N>(view: &View<'_, N>) -> Option<bool> {
    match view {
        View::Boolean(value) => Some(*value),
        View::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
            "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
            _ => None,
        },
        other => {
            let number = other.number()?;
            if number.is_zero() { Some(false) } else { (number == Decimal::ONE).then_some(true) }
        }
    }
}

fn to_integer<N>(view: &View<'_, N>) -> Option<i64> {
    match view {
        View::Boolean(value) => Some((*value).into()),
        View::Integer(value) => Some(*value),
        View::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn to_decimal<N>(view: &View<'_, N>) -> Option<Decimal> {
    match view {
        View::Boolean(value) => Some(u8::from(*value).into()),
        View::Text(text) => plain_decimal(text),
        other => other.number(),
    }
}

/// A decimal without an exponent: `[+-]?[0-9]+(\.[0-9]+)?`.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (numeric(whole) && numeric(fraction)).then(|| decimal(text)).flatten()
}

/// `4`, `4 'mg'` or `4 days`.
fn parse_quantity(text: &str) -> Option<Quantity> {
    let end =
        text.find(|c: char| c != '+' && c != '-' && c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    let value = plain_decimal(&text[..end])?;
    let unit = text[end..].trim();
    if unit.is_empty() {
        return Some(Quantity::unity(value));
    }
    let unit = match unit.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(code) => Unit::Code(code.into()),
        None => Unit::Calendar(CalendarUnit::from_word(unit)?),
    };
    Some(Quantity { value, unit })
}
