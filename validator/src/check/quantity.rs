//! Compares a quantity of the payload with one of a definition or a form, even if the units differ.

use std::cmp::Ordering;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_tree::Node;
use ers_fhir_values::{Quantity, Unit, number, ucum};

/// The result of comparing two quantities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Comparison {
    /// Their order.
    Ordered(Ordering),
    /// Their units measure different things.
    Unlike,
    /// One of them has a unit without system and code.
    Ambiguous,
    /// It is not known.
    Open,
}

/// Compares a Quantity of the payload with another.
pub(crate) fn compare(node: Node<'_>, expected: &Datum) -> Comparison {
    let (Some(value), Some(wanted)) = (node.child_value("value"), expected.str("value")) else {
        return Comparison::Open;
    };
    let own = node.child_value("system").zip(node.child_value("code"));
    let Some((own, other)) = own.zip(expected.str("system").zip(expected.str("code"))) else {
        return Comparison::Ambiguous;
    };
    if own == other {
        return number::compare(value, wanted).map_or(Comparison::Open, Comparison::Ordered);
    }
    if own.0 != ucum::SYSTEM || other.0 != ucum::SYSTEM {
        return Comparison::Open;
    }
    if ucum::are_of_one_kind(own.1, other.1) == Some(false) {
        return Comparison::Unlike;
    }
    let (Some(value), Some(wanted)) = (quantity(value, own.1), quantity(wanted, other.1)) else {
        return Comparison::Open;
    };
    ucum::compare(&value, &wanted).map_or(Comparison::Open, Comparison::Ordered)
}

fn quantity(value: &str, code: &str) -> Option<Quantity> {
    Some(Quantity { value: value.parse().ok()?, unit: Unit::Code(code.into()) })
}
