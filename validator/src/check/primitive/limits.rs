//! `minValue`, `maxValue`, `minLength` and `maxLength` of an element.

use std::cmp::Ordering;

use ers_fhir_profiles::definition::TypedValue;

use super::moment::Moment;
use crate::check::{Checker, Finding};
use crate::diagnostic::Message;
use crate::rule::{Rule, primitive as rules};
use crate::schema::Origin;
use crate::tree::Node;

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
        && compare(node, least, Bound::Min) == Some(Ordering::Less)
    {
        ctx.report(beyond(&rules::MIN_VALUE, node, "less than the least value allowed", least, origin));
    }
    if let Some(greatest) = &origin.element.max_value
        && compare(node, greatest, Bound::Max) == Some(Ordering::Greater)
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
    let text = node.value().or_else(|| node.child_value("value")).unwrap_or("");
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
fn compare(node: Node<'_>, limit: &TypedValue, bound: Bound) -> Option<Ordering> {
    if is_quantity(limit) {
        return match node.value() {
            Some(text) => compare_with_now(text, limit, bound),
            None => compare_quantities(node, limit),
        };
    }
    let (text, limit_text) = (node.value()?, limit.value.text.as_deref()?);
    match limit.type_name.as_str() {
        "integer" | "positiveInt" | "unsignedInt" | "decimal" => compare_numbers(text, limit_text),
        "date" | "dateTime" | "instant" | "time" => {
            compare_moments(Moment::parse(text)?, Moment::parse(limit_text)?)
        }
        _ => None,
    }
}

/// A limit on a date may be a duration: the least is that long before now, the greatest after.
fn compare_with_now(text: &str, limit: &TypedValue, bound: Bound) -> Option<Ordering> {
    let amount: i64 = limit.value.number("value")?;
    let amount = if bound == Bound::Min { -amount } else { amount };
    let unit = limit.value.str("code").or_else(|| limit.value.str("unit"))?;
    compare_moments(Moment::parse(text)?, Moment::from_now(amount, unit)?)
}

fn compare_moments(value: Moment, limit: Moment) -> Option<Ordering> {
    if value.is_before(limit) {
        Some(Ordering::Less)
    } else if limit.is_before(value) {
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
    compare_numbers(node.child_value("value")?, datum.str("value")?)
}

pub(crate) fn compare_numbers(a: &str, b: &str) -> Option<Ordering> {
    if [a, b].iter().any(|text| text.contains(['e', 'E'])) {
        // Exponents are rare, and limits are never so close that the rounding of a float matters.
        return a.parse::<f64>().ok()?.partial_cmp(&b.parse::<f64>().ok()?);
    }
    let (a, b) = (Number::new(a), Number::new(b));
    Some(match (a.is_negative, b.is_negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => a.compare_size(&b),
        (true, true) => b.compare_size(&a),
    })
}

/// A decimal taken apart without losing a digit.
struct Number<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Number<'a> {
    fn new(text: &'a str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let is_zero = whole.is_empty() && fraction.is_empty();
        Self { is_negative: text.starts_with('-') && !is_zero, whole, fraction }
    }

    fn compare_size(&self, other: &Self) -> Ordering {
        let by_whole = self.whole.len().cmp(&other.whole.len()).then(self.whole.cmp(other.whole));
        by_whole.then(self.fraction.cmp(other.fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::compare_numbers;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_compare_by_value_without_rounding() {
        for (a, b, expected) in [
            ("1", "1.00", Equal),
            ("-0", "0.0", Equal),
            ("9", "10", Less),
            ("-9", "-10", Greater),
            ("0.1", "0.09", Greater),
            ("123456789012345678901.1", "123456789012345678901.2", Less),
            ("1e3", "999", Greater),
        ] {
            assert_eq!(compare_numbers(a, b), Some(expected), "{a} with {b}");
        }
    }
}
