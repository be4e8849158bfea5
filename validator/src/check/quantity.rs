//! Compares the quantity of an answer with its limit, even if the units differ.

use std::cmp::Ordering;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_tree::Node;
use ers_fhir_values::{Quantity, Unit, number, ucum};

/// The result of comparing two quantities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Comparison {
    /// Their order.
    Ordered(Ordering),
    /// They cannot be compared, with the reason.
    NotComparable(&'static str),
    /// It is not known.
    Open,
}

/// Compares a Quantity of the payload with one of the form.
pub(super) fn compare(node: Node<'_>, expected: &Datum) -> Comparison {
    let (Some(value), Some(wanted)) = (node.child_value("value"), expected.str("value")) else {
        return Comparison::Open;
    };
    let own = node.child_value("system").zip(node.child_value("code"));
    let Some((own, other)) = own.zip(expected.str("system").zip(expected.str("code"))) else {
        return Comparison::NotComparable("a unit without system and code is ambiguous");
    };
    if own == other {
        return number::compare(value, wanted).map_or(Comparison::Open, Comparison::Ordered);
    }
    if own.0 != ucum::SYSTEM || other.0 != ucum::SYSTEM {
        return Comparison::Open;
    }
    let (Some(value), Some(wanted)) = (quantity(value, own.1), quantity(wanted, other.1)) else {
        return Comparison::Open;
    };
    if ucum::differ_in_kind(&value.unit, &wanted.unit) {
        return Comparison::NotComparable("their units measure different things");
    }
    ucum::compare(&value, &wanted).map_or(Comparison::Open, Comparison::Ordered)
}

fn quantity(value: &str, code: &str) -> Option<Quantity> {
    Some(Quantity { value: value.parse().ok()?, unit: Unit::Code(code.into()) })
}
