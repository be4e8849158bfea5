//! Compares an answer with a value of the form.

use std::cmp::Ordering;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_tree::Node;
use ers_fhir_values::{Temporal, number};

use crate::check::name;
use crate::check::quantity::{self, Comparison};

/// The `value[x]` of an answer and its type: `Coding`, `Integer`.
pub(super) type Answered<'d> = (&'d str, Node<'d>);

/// A value of the form and its type.
pub(super) type Expected<'q> = (&'q str, &'q Datum);

/// The value of an answer.
pub(super) fn answered(answer: Node<'_>) -> Option<Answered<'_>> {
    answer.children().find_map(|child| Some((child.name().strip_prefix("value")?, child)))
}

/// Whether values of their types can be compared.
pub(super) fn are_comparable((type_name, _): Answered<'_>, (expected_type, _): Expected<'_>) -> bool {
    family(type_name) == family(expected_type)
}

/// Whether they are equal; `None` if that is open.
pub(super) fn is_same(
    (type_name, node): Answered<'_>,
    (expected_type, expected): Expected<'_>,
) -> Option<bool> {
    if !are_comparable((type_name, node), (expected_type, expected)) {
        return Some(false);
    }
    match type_name {
        "Coding" => Some(is_same_coding(node, expected)),
        "Reference" => Some(node.child_value("reference")? == expected.str("reference")?),
        "Integer" | "Decimal" | "Quantity" => {
            compare((type_name, node), (expected_type, expected)).map(Ordering::is_eq)
        }
        "Date" | "DateTime" | "Time" => {
            let (text, wanted) = (node.value()?, expected.text.as_deref()?);
            if text == wanted {
                return Some(true);
            }
            compare((type_name, node), (expected_type, expected)).map(Ordering::is_eq)
        }
        "Attachment" => None,
        _ => Some(node.value()? == expected.text.as_deref()?),
    }
}

/// Their order; `None` if that is open.
pub(super) fn compare(
    (type_name, node): Answered<'_>,
    (expected_type, expected): Expected<'_>,
) -> Option<Ordering> {
    if !are_comparable((type_name, node), (expected_type, expected)) {
        return None;
    }
    match type_name {
        "Integer" | "Decimal" => number::compare(node.value()?, expected.text.as_deref()?),
        "Date" | "DateTime" | "Time" => {
            let (value, limit) =
                (Temporal::parse(node.value()?)?, Temporal::parse(expected.text.as_deref()?)?);
            if value.is_before(&limit) {
                Some(Ordering::Less)
            } else if limit.is_before(&value) {
                Some(Ordering::Greater)
            } else {
                (node.value() == expected.text.as_deref()).then_some(Ordering::Equal)
            }
        }
        "Quantity" => match quantity::compare(node, expected) {
            Comparison::Ordered(ordering) => Some(ordering),
            Comparison::Unlike | Comparison::Ambiguous | Comparison::Open => None,
        },
        _ => None,
    }
}

/// Types that compare with one another. R4 can only ask for a URL as a string.
fn family(type_name: &str) -> &str {
    match type_name {
        "DateTime" => "Date",
        "Integer" => "Decimal",
        "Text" | "Markdown" | "Uri" => "String",
        other => other,
    }
}

/// Codes are equal if system and code are, or the displays if there is no code. A form that does not name the
/// system leaves it open.
fn is_same_coding(node: Node<'_>, expected: &Datum) -> bool {
    let Some(code) = expected.str("code") else {
        return node.child_value(name::DISPLAY) == expected.str("display");
    };
    if node.child_value(name::CODE) != Some(code) {
        return false;
    }
    expected.str("system").is_none_or(|wanted| node.child_value(name::SYSTEM) == Some(wanted))
}
