//! `minValue`, `maxValue`, `minLength` and `maxLength` of an element.

use std::cmp::Ordering;

use ers_fhir_profiles::definition::TypedValue;
use ers_fhir_report::{Message, Rule};
use ers_fhir_tree::Node;
use ers_fhir_values::{CalendarUnit, Temporal, number};

use crate::check::name;
use crate::check::{Checker, Finding};
use crate::rule::primitive as rules;
use crate::schema::Origin;

/// Checks a primitive or a Quantity against the limits that an element sets.
///
/// Profiles narrow limits, so this runs for each schema that describes the node.
pub(crate) fn check_limits<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    if let (Some(max), Some(text)) = (origin.element.max_length, node.value())
        && text.len() as u64 > max
    {
        let length = text.chars().count();
        if length as u64 > max {
            let message =
                Message::text(format!("the value has {length} characters; at most {max} are allowed"));
            ctx.report(Finding::new(&rules::MAX_LENGTH, node, message).demanded_by(origin));
        }
    }
    if let (Some(min), Some(text)) = (origin.element.min_length, node.value()) {
        let length = text.chars().count();
        if (length as u64) < min {
            let message =
                Message::text(format!("the value has {length} characters; at least {min} are needed"));
            ctx.report(Finding::new(&rules::MIN_LENGTH, node, message).demanded_by(origin));
        }
    }
    if let Some(least) = &origin.element.min_value
        && compare(ctx, node, least, Bound::Min) == Some(Ordering::Less)
    {
        ctx.report(beyond(&rules::MIN_VALUE, node, "less than the least value allowed", least, origin));
    }
    if let Some(greatest) = &origin.element.max_value
        && compare(ctx, node, greatest, Bound::Max) == Some(Ordering::Greater)
    {
        let what = "greater than the greatest value allowed";
        ctx.report(beyond(&rules::MAX_VALUE, node, what, greatest, origin));
    }
}

fn beyond<'v>(
    rule: &'static Rule,
    node: Node<'_>,
    what: &str,
    limit: &TypedValue,
    origin: Origin<'v>,
) -> Finding<'v> {
    let text = node.value().or_else(|| node.child_value(name::VALUE)).unwrap_or("");
    let mut message = Message::text("").value(text).then(" is ").then(what).then(", ").then(show(limit));
    if is_quantity(limit) && node.value().is_some() {
        message = message.then(" from now");
    }
    Finding::new(rule, node, message).demanded_by(origin)
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Min,
    Max,
}

/// How the node compares with a limit; `None` where that cannot be told.
fn compare(ctx: &Checker<'_, '_>, node: Node<'_>, limit: &TypedValue, bound: Bound) -> Option<Ordering> {
    if is_quantity(limit) {
        return match node.value() {
            Some(text) => compare_with_now(text, limit, bound, ctx.now()?),
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
fn compare_with_now(text: &str, limit: &TypedValue, bound: Bound, now: Temporal) -> Option<Ordering> {
    let amount: i64 = limit.value.number("value")?;
    let amount = if bound == Bound::Min { -amount } else { amount };
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

/// Quantities compare where their units are written alike.
fn compare_quantities(node: Node<'_>, limit: &TypedValue) -> Option<Ordering> {
    let datum = &limit.value;
    let is_same = |name| node.child_value(name) == datum.str(name);
    let has_same_unit = match datum.str("code") {
        Some(_) => is_same("code") && is_same("system"),
        None => is_same("unit"),
    };
    if !has_same_unit {
        return None;
    }
    number::compare(node.child_value(name::VALUE)?, datum.str("value")?)
}
