//! Comparing and combining quantities: a small part of UCUM.
//!
//! Units are reduced to a factor and powers of base units. What is not in the table (arbitrary units,
//! temperatures other than kelvin) compares only with the same code.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::eval::equivalent_numbers;
use crate::{CalendarUnit, Quantity, Unit};

/// Powers of metre, gram, second, radian, kelvin, coulomb, candela, mole and calendar month.
type Dimension = [i8; 9];

const MONTH: usize = 8;

/// A unit reduced to base units.
#[derive(Debug, Clone, Copy)]
struct Reduced {
    factor: Decimal,
    dimension: Dimension,
}

/// Symbol, whether it takes prefixes, digits and scale of its factor, dimension.
type Atom = (&'static str, bool, i64, u32, Dimension);

const ATOMS: &[Atom] = &[
    ("1", false, 1, 0, [0; 9]),
    ("10*", false, 10, 0, [0; 9]),
    ("10^", false, 10, 0, [0; 9]),
    ("%", false, 1, 2, [0; 9]),
    ("[ppth]", false, 1, 3, [0; 9]),
    ("[ppm]", false, 1, 6, [0; 9]),
    ("[ppb]", false, 1, 9, [0; 9]),
    ("m", true, 1, 0, [1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("g", true, 1, 0, [0, 1, 0, 0, 0, 0, 0, 0, 0]),
    ("s", true, 1, 0, [0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ("rad", true, 1, 0, [0, 0, 0, 1, 0, 0, 0, 0, 0]),
    ("K", true, 1, 0, [0, 0, 0, 0, 1, 0, 0, 0, 0]),
    ("C", true, 1, 0, [0, 0, 0, 0, 0, 1, 0, 0, 0]),
    ("cd", true, 1, 0, [0, 0, 0, 0, 0, 0, 1, 0, 0]),
    ("mol", true, 1, 0, [0, 0, 0, 0, 0, 0, 0, 1, 0]),
    ("min", false, 60, 0, [0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ("h", false, 3600, 0, [0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ("d", false, 86_400, 0, [0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ("wk", false, 604_800, 0, [0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ("mo", false, 2_629_800, 0, [0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ("a", false, 31_557_600, 0, [0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ("L", true, 1, 3, [3, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("l", true, 1, 3, [3, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("t", true, 1_000_000, 0, [0, 1, 0, 0, 0, 0, 0, 0, 0]),
    ("Hz", true, 1, 0, [0, 0, -1, 0, 0, 0, 0, 0, 0]),
    ("N", true, 1000, 0, [1, 1, -2, 0, 0, 0, 0, 0, 0]),
    ("Pa", true, 1000, 0, [-1, 1, -2, 0, 0, 0, 0, 0, 0]),
    ("bar", true, 100_000_000, 0, [-1, 1, -2, 0, 0, 0, 0, 0, 0]),
    ("m[Hg]", true, 133_322_000, 0, [-1, 1, -2, 0, 0, 0, 0, 0, 0]),
    ("J", true, 1000, 0, [2, 1, -2, 0, 0, 0, 0, 0, 0]),
    ("cal", true, 4184, 0, [2, 1, -2, 0, 0, 0, 0, 0, 0]),
    ("W", true, 1000, 0, [2, 1, -3, 0, 0, 0, 0, 0, 0]),
    ("A", true, 1, 0, [0, 0, -1, 0, 0, 1, 0, 0, 0]),
    ("V", true, 1000, 0, [2, 1, -2, 0, 0, -1, 0, 0, 0]),
    ("Ohm", true, 1000, 0, [2, 1, -1, 0, 0, -2, 0, 0, 0]),
    ("Bq", true, 1, 0, [0, 0, -1, 0, 0, 0, 0, 0, 0]),
    ("Gy", true, 1, 0, [2, 0, -2, 0, 0, 0, 0, 0, 0]),
    ("Sv", true, 1, 0, [2, 0, -2, 0, 0, 0, 0, 0, 0]),
    ("kat", true, 1, 0, [0, 0, -1, 0, 0, 0, 0, 1, 0]),
    ("[in_i]", false, 254, 4, [1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("[ft_i]", false, 3048, 4, [1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("[yd_i]", false, 9144, 4, [1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("[mi_i]", false, 1_609_344, 3, [1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("[lb_av]", false, 45_359_237, 5, [0, 1, 0, 0, 0, 0, 0, 0, 0]),
    ("[oz_av]", false, 28_349_523_125, 9, [0, 1, 0, 0, 0, 0, 0, 0, 0]),
    ("[stone_av]", false, 635_029_318, 5, [0, 1, 0, 0, 0, 0, 0, 0, 0]),
    ("[gal_us]", false, 3_785_411_784, 12, [3, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("[foz_us]", false, 295_735_295_625, 16, [3, 0, 0, 0, 0, 0, 0, 0, 0]),
];

/// Prefix and its power of ten.
const PREFIXES: [(&str, i8); 16] = [
    ("da", 1),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("P", 15),
    ("E", 18),
];

/// Nesting and length of a unit are bounded: units come from untrusted data.
const LONGEST_UNIT: usize = 100;

impl Reduced {
    const ONE: Self = Self { factor: Decimal::ONE, dimension: [0; 9] };

    fn of(unit: &Unit) -> Option<Self> {
        match unit {
            Unit::Code(code) => Self::of_code(code),
            Unit::Calendar(CalendarUnit::Year) => Some(Self::calendar_months(12)),
            Unit::Calendar(CalendarUnit::Month) => Some(Self::calendar_months(1)),
            Unit::Calendar(unit) => Self::of_code(unit.ucum()),
        }
    }

    /// A calendar month has no fixed length, so it is a dimension of its own.
    fn calendar_months(count: i64) -> Self {
        let mut dimension = [0; 9];
        dimension[MONTH] = 1;
        Self { factor: count.into(), dimension }
    }

    fn of_code(code: &str) -> Option<Self> {
        if code.is_empty() || code.len() > LONGEST_UNIT {
            return None;
        }
        let mut rest = code;
        let reduced = Self::term(&mut rest)?;
        rest.is_empty().then_some(reduced)
    }

    /// `component`, then any number of `.component` and `/component`.
    fn term(rest: &mut &str) -> Option<Self> {
        let mut product = if rest.starts_with('/') { Self::ONE } else { Self::component(rest)? };
        loop {
            let sign = match rest.chars().next() {
                Some('.') => 1,
                Some('/') => -1,
                _ => return Some(product),
            };
            *rest = &rest[1..];
            product = product.times(Self::component(rest)?.power(sign)?)?;
        }
    }

    fn component(rest: &mut &str) -> Option<Self> {
        if let Some(inner) = rest.strip_prefix('(') {
            *rest = inner;
            let term = Self::term(rest)?;
            *rest = rest.strip_prefix(')')?;
            return Some(term);
        }
        if rest.starts_with('{') {
            skip_annotation(rest)?;
            return Some(Self::ONE);
        }
        let end = rest.find(['.', '/', ')', '{']).unwrap_or(rest.len());
        let (symbol, after) = rest.split_at(end);
        *rest = after;
        if rest.starts_with('{') {
            skip_annotation(rest)?;
        }
        if let Ok(number) = symbol.parse::<u32>() {
            return Some(Self { factor: number.into(), dimension: [0; 9] });
        }
        if let Some(atom) = Self::atom(symbol) {
            return Some(atom);
        }
        let digits = symbol.find(|c: char| c == '-' || c == '+' || c.is_ascii_digit());
        // `10*3` starts with digits that are no exponent.
        let at = if symbol.starts_with("10") { 3 } else { digits? };
        let exponent = symbol.get(at..)?.parse().ok()?;
        Self::atom(&symbol[..at])?.power(exponent)
    }

    fn atom(symbol: &str) -> Option<Self> {
        if let Some(found) = ATOMS.iter().find(|atom| atom.0 == symbol) {
            return Self::from_atom(found);
        }
        PREFIXES.iter().find_map(|(prefix, exponent)| {
            let bare = symbol.strip_prefix(prefix)?;
            let atom = ATOMS.iter().find(|atom| atom.1 && atom.0 == bare)?;
            let ten = Self { factor: Decimal::TEN, dimension: [0; 9] };
            Self::from_atom(atom)?.times(ten.power(*exponent)?)
        })
    }

    fn from_atom(atom: &Atom) -> Option<Self> {
        Some(Self { factor: Decimal::try_new(atom.2, atom.3).ok()?, dimension: atom.4 })
    }

    fn times(self, other: Self) -> Option<Self> {
        let mut dimension = self.dimension;
        for (mine, theirs) in dimension.iter_mut().zip(other.dimension) {
            *mine = mine.checked_add(theirs)?;
        }
        Some(Self { factor: self.factor.checked_mul(other.factor)?, dimension })
    }

    fn power(self, exponent: i8) -> Option<Self> {
        let mut result = Self::ONE;
        for _ in 0..exponent.unsigned_abs() {
            result = result.times(self)?;
        }
        if exponent < 0 {
            result.factor = Decimal::ONE.checked_div(result.factor)?;
            for power in &mut result.dimension {
                *power = power.checked_neg()?;
            }
        }
        Some(result)
    }
}

fn skip_annotation(rest: &mut &str) -> Option<()> {
    *rest = &rest[rest.find('}')? + 1..];
    Some(())
}

/// How many of unit `to` make one of unit `from`; `None` when they measure different things.
fn ratio(from: &Unit, to: &Unit) -> Option<Decimal> {
    if from.text() == to.text() {
        return Some(Decimal::ONE);
    }
    let (from, to) = (Reduced::of(from)?, Reduced::of(to)?);
    if from.dimension == to.dimension { from.factor.checked_div(to.factor) } else { None }
}

/// Orders two quantities; `None` when their units cannot be compared.
pub(crate) fn compare(left: &Quantity, right: &Quantity) -> Option<Ordering> {
    if left.unit.text() == right.unit.text() {
        return Some(left.value.cmp(&right.value));
    }
    let (a, b) = (Reduced::of(&left.unit)?, Reduced::of(&right.unit)?);
    (a.dimension == b.dimension).then_some(())?;
    Some(left.value.checked_mul(a.factor)?.cmp(&right.value.checked_mul(b.factor)?))
}

/// Whether two quantities are the same, in the coarser unit and at the precision of the less precise.
pub(crate) fn equivalent(left: &Quantity, right: &Quantity) -> bool {
    // Here a calendar year is as good as 'a'.
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
pub(crate) fn convert(quantity: &Quantity, unit: &str) -> Option<Quantity> {
    let unit = CalendarUnit::from_word(unit).map_or_else(|| Unit::Code(unit.into()), Unit::Calendar);
    let value = quantity.value.checked_mul(ratio(&quantity.unit, &unit)?)?;
    Some(Quantity { value, unit })
}

/// `left + sign * right`, in the unit of `left`.
pub(crate) fn add(left: &Quantity, right: &Quantity, sign: Decimal) -> Option<Quantity> {
    let other = right.value.checked_mul(ratio(&right.unit, &left.unit)?)?;
    Some(Quantity { value: left.value.checked_add(other * sign)?, unit: left.unit.clone() })
}

/// The product, its unit written as the product of the units.
pub(crate) fn multiply(left: &Quantity, right: &Quantity) -> Option<Quantity> {
    let unit = match (code(&left.unit), code(&right.unit)) {
        ("1", unit) | (unit, "1") => unit.to_owned(),
        (left, right) => format!("{left}.{}", bracketed(right)),
    };
    Some(Quantity { value: left.value.checked_mul(right.value)?, unit: Unit::Code(unit.into()) })
}

/// The quotient, its unit written as the quotient of the units.
pub(crate) fn divide(left: &Quantity, right: &Quantity) -> Option<Quantity> {
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
            (("1", "g"), ("1", "m"), None),
            (("1", "[iU]"), ("2", "[iU]"), Some(Ordering::Less)),
            (("1", "[iU]"), ("2", "g"), None),
        ] {
            let (a, b) = (quantity(left.0, left.1), quantity(right.0, right.1));
            assert_eq!(compare(&a, &b), expected, "{a} {b}");
        }
    }

    #[test]
    fn hostile_units_are_refused() {
        for code in ["", "((((", "m9999", "m100", "1/0", "{", "m..m", "10*", "10*99"] {
            let _ = compare(&quantity("1", code), &quantity("1", "m"));
        }
        assert!(Reduced::of_code(&"(".repeat(1_000_000)).is_none());
    }
}
