//! Compares a value with a limit, and reports one beyond it.

use std::cmp::Ordering;

use ers_fhir_profiles::definition::TypedValue;
use ers_fhir_report::{Gap, Message, Rule, def};
use ers_fhir_tree::Node;
use ers_fhir_values::{CalendarUnit, Temporal, number};

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::check::name;
use crate::check::quantity::{self, Comparison};

#[cold]
fn finding<'v>(
    rule: &'static Rule,
    node: Node<'_>,
    what: &'static str,
    limit: &TypedValue,
    source: Source<'v>,
) -> Finding<'v> {
    let mut message =
        Message::text("").value(&written(node)).then(" is ").then(what).then(", ").then(def(show(limit)));
    if is_quantity(limit) && node.value().is_some() {
        message = message.then(" from now");
    }
    Finding::new(rule, node, message).demanded_by(source)
}

#[cold]
fn unlike<'v>(rule: &'static Rule, node: Node<'_>, limit: &TypedValue, source: Source<'v>) -> Finding<'v> {
    let message = Message::text("")
        .value(&written(node))
        .then(" cannot be compared with the limit, ")
        .then(def(show(limit)))
        .then(": their units measure different things");
    Finding::new(rule, node, message).demanded_by(source)
}

/// The value of a node, with the unit of an amount.
fn written(node: Node<'_>) -> String {
    let part = |name| node.child_value(name).unwrap_or_default();
    let unit = node.child_value("unit").unwrap_or_else(|| part("code"));
    node.value().map_or_else(|| format!("{} {unit}", part("value")).trim_end().to_owned(), str::to_owned)
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

/// Whether a limit is a minimum or a maximum.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Least,
    Greatest,
}

impl Side {
    /// Whether a value with that ordering relative to the limit is beyond it.
    fn is_passed(self, order: Option<Ordering>) -> bool {
        order == Some(if self == Self::Least { Ordering::Less } else { Ordering::Greater })
    }
}

/// Reports a node that is beyond a limit; one that cannot be compared is passed over.
pub(super) fn check<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    (limit, side): (&'v TypedValue, Side),
    (rule, what): (&'static Rule, &'static str),
    source: Source<'v>,
) {
    if is_quantity(limit) && node.value().is_none() {
        return check_quantity(host, node, (limit, side), (rule, what), source);
    }
    match is_beyond(host, node, limit, side) {
        Some(false) => {}
        Some(true) => host.report(finding(rule, node, what, limit, source)),
        None => host.pass(Gap::Limit, node),
    }
}

/// A quantity without a number breaks no limit; one that measures something else breaks any.
fn check_quantity<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    (limit, side): (&'v TypedValue, Side),
    (rule, what): (&'static Rule, &'static str),
    source: Source<'v>,
) {
    if node.child_value(name::VALUE).is_none() {
        return;
    }
    match quantity::compare(node, &limit.value) {
        Comparison::Ordered(order) if side.is_passed(Some(order)) => {
            host.report(finding(rule, node, what, limit, source));
        }
        Comparison::Ordered(_) => {}
        Comparison::Unlike => host.report(unlike(rule, node, limit, source)),
        Comparison::Ambiguous | Comparison::Open => host.pass(Gap::Limit, node),
    }
}

/// Whether a node is beyond a limit; `None` if that cannot be decided. A missing or invalid value is reported
/// elsewhere.
fn is_beyond<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    limit: &TypedValue,
    side: Side,
) -> Option<bool> {
    let Some(text) = node.value() else { return Some(false) };
    if is_quantity(limit) {
        return match Temporal::parse(text) {
            Some(value) => is_moment_beyond(value, from_now(limit, side, host.now()?)?, side),
            None => Some(false),
        };
    }
    let Some(limit_text) = limit.value.text.as_deref() else { return Some(false) };
    match limit.type_name.as_str() {
        "integer" | "positiveInt" | "unsignedInt" | "decimal" => {
            Some(side.is_passed(number::compare(text, limit_text)))
        }
        "date" | "dateTime" | "instant" | "time" => {
            match (Temporal::parse(text), Temporal::parse(limit_text)) {
                (Some(value), Some(limit)) => is_moment_beyond(value, limit, side),
                _ => Some(false),
            }
        }
        _ => None,
    }
}

/// A limit on a date may be a duration: the minimum is that long before now, the maximum that long after.
fn from_now(limit: &TypedValue, side: Side, now: Temporal) -> Option<Temporal> {
    let amount: i64 = limit.value.number("value")?;
    let amount = if side == Side::Least { amount.checked_neg()? } else { amount };
    let unit = limit.value.str("code").or_else(|| limit.value.str("unit"))?;
    now.plus(amount, CalendarUnit::from_ucum(unit)?)
}

/// A moment that is less precise than the limit may be on either side of it.
fn is_moment_beyond(value: Temporal, limit: Temporal, side: Side) -> Option<bool> {
    let (is_beyond, is_within) = match side {
        Side::Least => (value.is_before(&limit), value.is_from(&limit)),
        Side::Greatest => (limit.is_before(&value), value.is_until(&limit)),
    };
    (is_beyond || is_within).then_some(is_beyond)
}
