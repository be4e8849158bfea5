//! How a value compares with a limit, and what is said of one beyond it.

use std::cmp::Ordering;

use ers_fhir_profiles::definition::TypedValue;
use ers_fhir_report::{Message, Rule, def};
use ers_fhir_tree::Node;
use ers_fhir_values::{CalendarUnit, Quantity, Temporal, Unit, number, ucum};

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::check::name;

#[cold]
pub(super) fn finding<'v>(
    rule: &'static Rule,
    node: Node<'_>,
    what: &'static str,
    limit: &TypedValue,
    source: Source<'v>,
) -> Finding<'v> {
    let text = node.value().or_else(|| node.child_value(name::VALUE)).unwrap_or("");
    let mut message = Message::text("").value(text).then(" is ").then(what).then(", ").then(def(show(limit)));
    if is_quantity(limit) && node.value().is_some() {
        message = message.then(" from now");
    }
    Finding::new(rule, node, message).demanded_by(source)
}

fn show(limit: &TypedValue) -> String {
    let datum = &limit.value;
    if let Some(text) = &datum.text {
        return text.to_string();
    }
    let unit = datum.str("unit").or_else(|| datum.str("code")).unwrap_or("");
    format!("{} {unit}", datum.str("value").unwrap_or("")).trim_end().to_owned()
}

/// Whether a limit is an amount with a unit.
fn is_quantity(limit: &TypedValue) -> bool {
    matches!(limit.type_name.as_str(), "Quantity" | "Age" | "Count" | "Distance" | "Duration")
}

/// Which end of what is allowed a limit is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Least,
    Greatest,
}

/// How the node compares with a limit; `None` where that cannot be told.
pub(super) fn compare<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    limit: &TypedValue,
    side: Side,
) -> Option<Ordering> {
    if is_quantity(limit) {
        return match node.value() {
            Some(text) => compare_with_now(text, limit, side, host.now()?),
            None => compare_quantities(node, limit),
        };
    }
    let (text, limit_text) = (node.value()?, limit.value.text.as_deref()?);
    match limit.type_name.as_str() {
        "integer" | "positiveInt" | "unsignedInt" | "decimal" => number::compare(text, limit_text),
        "date" | "dateTime" | "instant" | "time" => {
            compare_moments(Temporal::parse(text)?, Temporal::parse(limit_text)?)
        }
        _ => None,
    }
}

/// A limit on a date may be a duration: the least is that long before now, the greatest after.
fn compare_with_now(text: &str, limit: &TypedValue, side: Side, now: Temporal) -> Option<Ordering> {
    let amount: i64 = limit.value.number("value")?;
    let amount = if side == Side::Least { -amount } else { amount };
    let unit = limit.value.str("code").or_else(|| limit.value.str("unit"))?;
    let unit = CalendarUnit::from_ucum(unit)?;
    compare_moments(Temporal::parse(text)?, now.plus(amount, unit)?)
}

fn compare_moments(value: Temporal, limit: Temporal) -> Option<Ordering> {
    if value.is_before(&limit) {
        Some(Ordering::Less)
    } else if limit.is_before(&value) {
        Some(Ordering::Greater)
    } else {
        None
    }
}

/// Quantities compare where they have the same unit, or units of UCUM that measure the same.
fn compare_quantities(node: Node<'_>, limit: &TypedValue) -> Option<Ordering> {
    let datum = &limit.value;
    let is_same = |name| node.child_value(name) == datum.str(name);
    let (text, limit_text) = (node.child_value(name::VALUE)?, datum.str("value")?);
    let has_same_unit = match datum.str("code") {
        Some(_) => is_same("code") && is_same("system"),
        None => is_same("unit"),
    };
    if has_same_unit {
        return number::compare(text, limit_text);
    }
    let are_of_ucum = is_same("system") && datum.str("system") == Some(ucum::SYSTEM);
    if !are_of_ucum {
        return None;
    }
    let quantity =
        |text: &str, code: &str| Some(Quantity { value: text.parse().ok()?, unit: Unit::Code(code.into()) });
    let value = quantity(text, node.child_value("code")?)?;
    ucum::compare(&value, &quantity(limit_text, datum.str("code")?)?)
}
