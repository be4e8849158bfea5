//! Quantities in different units: the common ones of UCUM, with their prefixes.
//!
//! A limit is an everyday measure (a length, a weight, a time), so a short table serves. A unit that is
//! not in it leaves the comparison open.
//!
//! Source: <https://ucum.org/ucum>, tables 1 to 6.

use std::cmp::Ordering;

use ers_fhir_profiles::datum::Datum;

use crate::check::primitive::compare_numbers;
use crate::tree::Node;

const UCUM: &str = "http://unitsofmeasure.org";

/// How two quantities compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Comparison {
    /// So.
    Ordered(Ordering),
    /// Not at all: why.
    NotComparable(&'static str),
    /// That is not known here.
    Open,
}

/// What a unit measures, and its size in the base unit of that.
type Scale = (Dimension, f64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Length,
    Mass,
    Time,
    Volume,
    Amount,
    Pressure,
    Energy,
}

/// Units that take prefixes.
const METRIC: [(&str, Scale); 8] = [
    ("m", (Dimension::Length, 1.0)),
    ("g", (Dimension::Mass, 1.0)),
    ("s", (Dimension::Time, 1.0)),
    ("L", (Dimension::Volume, 1.0)),
    ("l", (Dimension::Volume, 1.0)),
    ("mol", (Dimension::Amount, 1.0)),
    ("Pa", (Dimension::Pressure, 1.0)),
    ("J", (Dimension::Energy, 1.0)),
];

/// Units that take none.
const OTHERS: [(&str, Scale); 15] = [
    ("min", (Dimension::Time, 60.0)),
    ("h", (Dimension::Time, 3600.0)),
    ("d", (Dimension::Time, 86_400.0)),
    ("wk", (Dimension::Time, 604_800.0)),
    ("mo", (Dimension::Time, 2_629_800.0)),
    ("a", (Dimension::Time, 31_557_600.0)),
    ("[in_i]", (Dimension::Length, 0.0254)),
    ("[ft_i]", (Dimension::Length, 0.3048)),
    ("[yd_i]", (Dimension::Length, 0.9144)),
    ("[mi_i]", (Dimension::Length, 1609.344)),
    ("[oz_av]", (Dimension::Mass, 28.349_523_125)),
    ("[lb_av]", (Dimension::Mass, 453.592_37)),
    ("[stone_av]", (Dimension::Mass, 6_350.293_18)),
    ("mm[Hg]", (Dimension::Pressure, 133.322)),
    ("t", (Dimension::Mass, 1e6)),
];

const PREFIXES: [(&str, f64); 11] = [
    ("da", 1e1),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("c", 1e-2),
    ("d", 1e-1),
    ("h", 1e2),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("p", 1e-12),
];

/// Compares a Quantity of the payload with one of the form.
pub(super) fn compare(node: Node<'_>, expected: &Datum) -> Comparison {
    let (Some(value), Some(wanted)) = (node.child_value("value"), expected.str("value")) else {
        return Comparison::Open;
    };
    let own = node.child_value("system").zip(node.child_value("code"));
    let Some((own, other)) = own.zip(expected.str("system").zip(expected.str("code"))) else {
        return Comparison::NotComparable("a unit without system and code says nothing for certain");
    };
    if own == other {
        return compare_numbers(value, wanted).map_or(Comparison::Open, Comparison::Ordered);
    }
    if own.0 != UCUM || other.0 != UCUM {
        return Comparison::Open;
    }
    let (Some(own), Some(other)) = (scale(own.1), scale(other.1)) else { return Comparison::Open };
    if own.0 != other.0 {
        return Comparison::NotComparable("their units measure different things");
    }
    match (value.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(value), Ok(wanted)) => order(value * own.1, wanted * other.1),
        _ => Comparison::Open,
    }
}

/// Compares what was multiplied, forgiving what that loses.
fn order(value: f64, wanted: f64) -> Comparison {
    if (value - wanted).abs() <= 1e-9 * value.abs().max(wanted.abs()) {
        return Comparison::Ordered(Ordering::Equal);
    }
    value.partial_cmp(&wanted).map_or(Comparison::Open, Comparison::Ordered)
}

fn scale(code: &str) -> Option<Scale> {
    let known = METRIC.iter().chain(&OTHERS).find(|(unit, _)| *unit == code);
    known.map(|(_, scale)| *scale).or_else(|| {
        PREFIXES.iter().find_map(|(prefix, factor)| {
            let unit = code.strip_prefix(prefix)?;
            let (_, (dimension, size)) = METRIC.iter().find(|(metric, _)| *metric == unit)?;
            Some((*dimension, size * factor))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Dimension, scale};

    #[test]
    fn prefixes_do_not_hide_units() {
        for (code, expected) in [
            ("km", Some((Dimension::Length, 1e3))),
            ("min", Some((Dimension::Time, 60.0))),
            ("dag", Some((Dimension::Mass, 1e1))),
            ("mmol", Some((Dimension::Amount, 1e-3))),
            ("mo", Some((Dimension::Time, 2_629_800.0))),
            ("k[mi_i]", None),
            ("mg/dL", None),
        ] {
            assert_eq!(scale(code), expected, "{code}");
        }
    }
}
