//! Comparing and combining quantities whose units have sizes.
//!
//! Units without a size (arbitrary units, temperatures other than kelvin) compare only with the same code.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::grammar;
use super::size::Size;
use crate::{CalendarUnit, Quantity, Unit};

fn size(unit: &Unit) -> Option<Size> {
    match unit {
        Unit::Code(code) => grammar::parse(code)?.size,
        Unit::Calendar(CalendarUnit::Year) => Some(Size::calendar_months(12)),
        Unit::Calendar(CalendarUnit::Month) => Some(Size::calendar_months(1)),
        Unit::Calendar(unit) => grammar::parse(unit.ucum())?.size,
    }
}

/// How many of unit `to` make one of unit `from`; `None` when they measure different things.
fn ratio(from: &Unit, to: &Unit) -> Option<Decimal> {
    if from.text() == to.text() {
        return Some(Decimal::ONE);
    }
    size(from)?.ratio(size(to)?)
}

/// Whether two codes of units measure the same thing; `None` where one of them has no size.
pub fn are_of_one_kind(left: &str, right: &str) -> Option<bool> {
    let size = |code| grammar::parse(code)?.size;
    Some(size(left)?.dimension == size(right)?.dimension)
}

/// Orders two quantities; `None` when their units cannot be compared.
pub fn compare(left: &Quantity, right: &Quantity) -> Option<Ordering> {
    if left.unit.text() == right.unit.text() {
        return Some(left.value.cmp(&right.value));
    }
    let (a, b) = size(&left.unit)?.against(size(&right.unit)?)?;
    Some(left.value.checked_mul(a)?.cmp(&right.value.checked_mul(b)?))
}

/// Equal when rounded to the digits of the one with fewer.
pub fn equivalent_numbers(left: Decimal, right: Decimal) -> bool {
    let digits = left.normalize().scale().min(right.normalize().scale());
    left.round_dp(digits) == right.round_dp(digits)
}

/// Whether two quantities are the same, in the coarser unit and at the precision of the less precise.
pub fn equivalent(left: &Quantity, right: &Quantity) -> bool {
    // Here, a calendar year is equivalent to 'a'.
    let ucum = |quantity: &Quantity| match &quantity.unit {
        Unit::Calendar(unit) => Unit::Code(unit.ucum().into()),
        code @ Unit::Code(_) => code.clone(),
    };
    let (left_unit, right_unit) = (ucum(left), ucum(right));
    let Some(factor) = ratio(&left_unit, &right_unit) else { return false };
    let (a, b) = if factor < Decimal::ONE {
        (left.value.checked_mul(factor), Some(right.value))
    } else {
        (Some(left.value), right.value.checked_div(factor))
    };
    a.zip(b).is_some_and(|(a, b)| equivalent_numbers(a, b))
}

/// Expresses a quantity in another unit.
pub fn convert(quantity: &Quantity, unit: &str) -> Option<Quantity> {
    let unit = CalendarUnit::from_word(unit).map_or_else(|| Unit::Code(unit.into()), Unit::Calendar);
    let value = quantity.value.checked_mul(ratio(&quantity.unit, &unit)?)?;
    Some(Quantity { value, unit })
}

/// `left + sign * right`, in the unit of `left`.
pub fn add(left: &Quantity, right: &Quantity, sign: Decimal) -> Option<Quantity> {
    let other = right.value.checked_mul(ratio(&right.unit, &left.unit)?)?;
    Some(Quantity { value: left.value.checked_add(other * sign)?, unit: left.unit.clone() })
}

/// The product, its unit written as the product of the units.
pub fn multiply(left: &Quantity, right: &Quantity) -> Option<Quantity> {
    let unit = match (code(&left.unit), code(&right.unit)) {
        ("1", unit) | (unit, "1") => unit.to_owned(),
        (left, right) => format!("{left}.{}", bracketed(right)),
    };
    Some(Quantity { value: left.value.checked_mul(right.value)?, unit: Unit::Code(unit.into()) })
}

/// The quotient, its unit written as the quotient of the units.
pub fn divide(left: &Quantity, right: &Quantity) -> Option<Quantity> {
    let unit = match (code(&left.unit), code(&right.unit)) {
        (unit, "1") => unit.to_owned(),
        (left, right) if left == right => "1".to_owned(),
        (left, right) => format!("{left}/{}", bracketed(right)),
    };
    Some(Quantity { value: left.value.checked_div(right.value)?, unit: Unit::Code(unit.into()) })
}

fn code(unit: &Unit) -> &str {
    match unit {
        Unit::Code(code) => code,
        Unit::Calendar(unit) => unit.ucum(),
    }
}

fn bracketed(code: &str) -> String {
    if code.contains(['.', '/']) { format!("({code})") } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(value: &str, unit: &str) -> Quantity {
        let unit = CalendarUnit::from_word(unit).map_or_else(|| Unit::Code(unit.into()), Unit::Calendar);
        Quantity { value: value.parse().expect(value), unit }
    }

    #[test]
    fn units_of_one_dimension_compare() {
        for (left, right, expected) in [
            (("4", "g"), ("4000", "mg"), Some(Ordering::Equal)),
            (("1", "[lb_av]"), ("1", "kg"), Some(Ordering::Less)),
            (("7", "days"), ("1", "wk"), Some(Ordering::Equal)),
            (("12", "months"), ("1", "year"), Some(Ordering::Equal)),
            (("1", "year"), ("1", "a"), None),
            (("0.04", "m2"), ("4", "cm.m"), Some(Ordering::Equal)),
            (("1", "mmol/L"), ("1", "mol/m3"), Some(Ordering::Equal)),
            (("1", "10*3/uL"), ("1", "10*9/L"), Some(Ordering::Equal)),
            (("120", "mm[Hg]"), ("16", "kPa"), Some(Ordering::Less)),
            (("5", "{tablet}"), ("5", "1"), Some(Ordering::Equal)),
            (("60", "/min"), ("1", "Hz"), Some(Ordering::Equal)),
            (("1", "/s.m"), ("1", "m/s"), Some(Ordering::Equal)),
            (("1", "/m/s"), ("1", "1/(m.s)"), Some(Ordering::Equal)),
            (("1", "g"), ("1", "m"), None),
            (("1", "[iU]"), ("2", "[iU]"), Some(Ordering::Less)),
            (("1", "[iU]"), ("2", "g"), None),
        ] {
            let (a, b) = (quantity(left.0, left.1), quantity(right.0, right.1));
            assert_eq!(compare(&a, &b), expected, "{a} {b}");
        }
    }

    #[test]
    fn units_are_of_one_kind_by_what_they_measure() {
        let rows = [
            ("min", "a", Some(true)),
            ("kg", "a", Some(false)),
            ("[ft_i]", "m", Some(true)),
            ("day", "a", None),
        ];
        for (left, right, expected) in rows {
            assert_eq!(are_of_one_kind(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn hostile_units_are_refused() {
        for code in ["", "((((", "m9999", "m100", "1/0", "{", "m..m", "10*", "10*99"] {
            let _ = compare(&quantity("1", code), &quantity("1", "m"));
        }
        assert!(size(&Unit::Code("(".repeat(1_000_000).into())).is_none());
    }
}
