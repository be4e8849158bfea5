//! Items seen as `System` values: the implicit conversion of FHIR primitives.

use std::borrow::Cow;

use ers_fhir_values::Primitive;
use rust_decimal::Decimal;

use super::outcome::Fault;
use super::state::Evaluator;
use crate::error::EvalError;
use crate::node::{Form, Node};
use crate::value::Value;
use ers_fhir_values::{Quantity, Temporal, Unit};

/// An item seen as a `System` value, its text borrowed.
#[derive(Debug, Clone)]
pub(super) enum View<'v, N> {
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal),
    Text(&'v str),
    Temporal(Temporal),
    Quantity(Cow<'v, Quantity>),
    /// A primitive of unknown type, from a source without types; it adopts the type of the other operand.
    Untyped(&'v str),
    /// An element without a value of its own, or with one that its type does not allow.
    Element(&'v N),
    /// The result of `type()`.
    Type,
}

/// Reads a decimal as FHIR writes it, rounded to the precision of calculations; `None` when it is too large or too
/// small.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    let is_zero = || !text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    Decimal::from_str_exact(text)
        .or_else(|_| text.parse())
        .ok()
        .filter(|value: &Decimal| !value.is_zero() || is_zero())
}

impl<'v, N> View<'v, N> {
    /// The numeric value of an integer or decimal.
    pub(super) fn number(&self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => Some((*value).into()),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    /// A number as written, even with more digits than calculations use.
    pub(super) fn digits(&self) -> Option<Cow<'v, str>>
    where
        N: Node,
    {
        match self {
            Self::Element(node) if node.primitive() == Some(Primitive::Decimal) => {
                node.text().map(Cow::Borrowed)
            }
            other => other.number().map(|value| Cow::Owned(value.to_string())),
        }
    }

    /// A quantity; a number counts as one without a unit.
    pub(super) fn quantity(&self) -> Option<Cow<'v, Quantity>> {
        match self {
            Self::Quantity(quantity) => Some(quantity.clone()),
            other => other.number().map(|value| Cow::Owned(Quantity::unity(value))),
        }
    }

    /// An untyped text, typed like the operand `other`.
    pub(super) fn meeting(self, other: &Self) -> Self {
        let Self::Untyped(text) = self else { return self };
        let typed = match other {
            Self::Boolean(_) => boolean(text).map(Self::Boolean),
            Self::Integer(_) | Self::Decimal(_) | Self::Quantity(_) => number(text),
            Self::Temporal(_) => {
                Temporal::parse_date_time(text).or_else(|| Temporal::parse_time(text)).map(Self::Temporal)
            }
            _ => None,
        };
        typed.unwrap_or(Self::Text(text))
    }

    /// An untyped text, typed by its form.
    pub(super) fn by_shape(self) -> Self {
        match self {
            Self::Untyped(text) => {
                boolean(text).map(Self::Boolean).or_else(|| number(text)).unwrap_or(Self::Text(text))
            }
            other => other,
        }
    }

    /// The type, for a message.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "a Boolean",
            Self::Integer(_) => "an Integer",
            Self::Decimal(_) => "a Decimal",
            Self::Text(_) | Self::Untyped(_) => "a String",
            Self::Temporal(_) => "a date or time",
            Self::Quantity(_) => "a Quantity",
            Self::Element(_) => "an element without a value",
            Self::Type => "a type",
        }
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn number<'v, N>(text: &str) -> Option<View<'v, N>> {
    match text.parse() {
        Ok(value) => Some(View::Integer(value)),
        Err(_) => decimal(text).map(View::Decimal),
    }
}

/// A text as a value of its type; `None` where it is not valid for that type.
fn of_primitive<N>(text: &str, primitive: Primitive) -> Option<View<'_, N>> {
    match primitive {
        Primitive::Boolean => boolean(text).map(View::Boolean),
        Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
            text.parse().ok().map(View::Integer)
        }
        Primitive::Decimal => decimal(text).map(View::Decimal),
        Primitive::Date => Temporal::parse_date(text).map(View::Temporal),
        Primitive::DateTime | Primitive::Instant => Temporal::parse_date_time(text).map(View::Temporal),
        Primitive::Time => Temporal::parse_time(text).map(View::Temporal),
        _ => Some(View::Text(text)),
    }
}

/// The name of a type without the URL that `System` types carry.
pub(super) fn short_type(name: &str) -> &str {
    name.rsplit_once("System.").map_or(name, |(_, short)| short)
}

impl<'e, N: Node> Evaluator<'e, N> {
    pub(super) fn view<'v>(&self, value: &'v Value<'e, N>) -> View<'v, N> {
        match value {
            Value::Boolean(value) => View::Boolean(*value),
            Value::Integer(value) => View::Integer(*value),
            Value::Decimal(value) => View::Decimal(*value),
            Value::String(value) => View::Text(value),
            Value::Temporal(value) => View::Temporal(*value),
            Value::Quantity(value) => View::Quantity(Cow::Borrowed(value)),
            Value::Type(_) => View::Type,
            Value::Node(node) => self.view_node(node),
        }
    }

    fn view_node<'v>(&self, node: &'v N) -> View<'v, N> {
        let Some(text) = node.text() else {
            return self
                .quantity_of(node)
                .map_or(View::Element(node), |value| View::Quantity(Cow::Owned(value)));
        };
        if let Some(primitive) = node.primitive() {
            return of_primitive(text, primitive).unwrap_or(View::Element(node));
        }
        let Some(type_name) = node.type_name() else {
            return match node.form() {
                Form::Boolean => boolean(text).map(View::Boolean),
                Form::Number => number(text),
                Form::String => Some(View::Text(text)),
                Form::Unknown => Some(View::Untyped(text)),
            }
            .unwrap_or(View::Text(text));
        };
        match short_type(type_name) {
            "Boolean" => boolean(text).map(View::Boolean),
            "integer64" | "Integer" => text.parse().ok().map(View::Integer),
            "Decimal" => decimal(text).map(View::Decimal),
            "Date" => Temporal::parse_date(text).map(View::Temporal),
            "DateTime" => Temporal::parse_date_time(text).map(View::Temporal),
            "Time" => Temporal::parse_time(text).map(View::Temporal),
            _ => Some(View::Text(text)),
        }
        .unwrap_or(View::Element(node))
    }

    /// A FHIR Quantity, or a type that specializes it, as a `System` quantity.
    pub(super) fn quantity_of(&self, node: &N) -> Option<Quantity> {
        let type_name = node.type_name()?;
        if type_name != "Quantity" && !self.host.is_subtype(type_name, "Quantity") {
            return None;
        }
        let mut parts = [None, None, None];
        for child in node.children() {
            let slot = match child.name() {
                "value" => 0,
                "code" => 1,
                "unit" => 2,
                _ => continue,
            };
            parts[slot] = child.text().map(str::to_owned);
        }
        let [value, code, unit] = parts;
        let unit = code.or(unit).unwrap_or_else(|| "1".to_owned());
        Some(Quantity { value: decimal(&value?)?, unit: Unit::Code(unit.into()) })
    }
}

/// The error for an operand of the wrong type.
pub(super) fn type_error<N>(what: &'static str, found: &View<'_, N>) -> Fault {
    EvalError::Type { what, found: found.describe().to_owned() }.into()
}

/// The error for two operands whose types do not match.
pub(super) fn mismatch<N>(what: &'static str, left: &View<'_, N>, right: &View<'_, N>) -> Fault {
    EvalError::Type { what, found: format!("{} and {}", left.describe(), right.describe()) }.into()
}
