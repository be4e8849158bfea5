//! Units of measure by their grammar: UCUM, case-sensitive form.
//!
//! A text is not a unit if it breaks the grammar, or if it has a part that [`atoms`] does not list.
//!
//! Source: <https://ucum.org/ucum>, §4 to §12 for the grammar.

use super::atoms;
use super::size::{Measure, Size};

/// Deepest nesting of parentheses: no meaningful unit needs more.
const MAX_DEPTH: usize = 16;

/// Longest unit whose size is computed, in bytes.
const LONGEST_SIZED: usize = 100;

/// A unit that keeps to the grammar.
pub(super) struct Unit {
    /// Its size, where all its parts have one.
    pub(super) size: Measure,
    /// Whether all its parts are listed.
    pub(super) all_known: bool,
}

/// Reads a unit; `None` where it breaks the grammar.
pub(super) fn parse(text: &str) -> Option<Unit> {
    let mut parser = Parser { rest: text, all_known: true };
    // A unit may begin with a division, which puts only its first component in the denominator.
    let sign = if parser.take('/') { -1 } else { 1 };
    let size = parser.term(sign, 0)?.filter(|_| text.len() <= LONGEST_SIZED);
    parser.rest.is_empty().then_some(Unit { size, all_known: parser.all_known })
}

struct Parser<'a> {
    rest: &'a str,
    all_known: bool,
}

impl<'a> Parser<'a> {
    /// Components separated by `.` or `/`, and their size; the first is raised to the power of `sign`.
    /// `None` where the grammar is broken.
    fn term(&mut self, sign: i8, depth: usize) -> Option<Measure> {
        let mut product = self.component(depth)?.and_then(|size| size.power(sign));
        loop {
            let sign = if self.take('.') {
                1
            } else if self.take('/') {
                -1
            } else {
                return Some(product);
            };
            let factor = self.component(depth)?.and_then(|size| size.power(sign));
            product = product.zip(factor).and_then(|(product, factor)| product.times(factor));
        }
    }

    /// A unit, a number, an annotation, or a term in parentheses.
    fn component(&mut self, depth: usize) -> Option<Measure> {
        if depth < MAX_DEPTH && self.take('(') {
            let size = self.term(1, depth + 1)?;
            // Published units annotate a term in parentheses, which the grammar has no rule for.
            return (self.take(')') && self.annotation().is_some()).then_some(size);
        }
        let symbol = self.symbol()?;
        let is_annotated = self.annotation()?;
        if symbol.is_empty() {
            return is_annotated.then_some(Some(Size::ONE));
        }
        if symbol.bytes().all(|b| b.is_ascii_digit()) {
            return Some(symbol.parse::<u32>().ok().map(Size::number));
        }
        let (unit, exponent) = split_exponent(symbol);
        if unit.is_empty() || unit.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let known = atoms::find(unit);
        self.all_known &= known.is_some();
        let size = known.flatten().zip(exponent).and_then(|(size, exponent)| size.power(exponent));
        Some(size)
    }

    /// The text before the next operator, parenthesis or annotation. In brackets, these are part
    /// of the symbol.
    fn symbol(&mut self) -> Option<&'a str> {
        let mut in_brackets = false;
        let mut end = self.rest.len();
        for (at, byte) in self.rest.bytes().enumerate() {
            match byte {
                b'[' if !in_brackets => in_brackets = true,
                b']' if in_brackets => in_brackets = false,
                b'[' | b']' => return None,
                _ if !byte.is_ascii_graphic() => return None,
                b'.' | b'/' | b'(' | b')' | b'{' | b'}' if !in_brackets => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        if in_brackets {
            return None;
        }
        let (symbol, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(symbol)
    }

    /// Takes an annotation, if there is one. Published units have spaces in theirs, in breach of §12.
    fn annotation(&mut self) -> Option<bool> {
        if !self.take('{') {
            return Some(false);
        }
        let (text, rest) = self.rest.split_once('}')?;
        self.rest = rest;
        let fits = text.bytes().all(|b| (b.is_ascii_graphic() || b == b' ') && b != b'{');
        fits.then_some(true)
    }

    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

/// A symbol and the power it is raised to: `m` and -2 for `m-2`; `None` for a power out of range.
fn split_exponent(symbol: &str) -> (&str, Option<i8>) {
    let unit = symbol.trim_end_matches(|c: char| c.is_ascii_digit());
    if unit.len() == symbol.len() {
        return (unit, Some(1));
    }
    let unit = unit.strip_suffix(['+', '-']).unwrap_or(unit);
    (unit, symbol[unit.len()..].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::ucum::accepts;

    #[test]
    fn units() {
        for good in [
            "mg",
            "mm[Hg]",
            "10*9/L",
            "10*-3",
            "/min",
            "%",
            "{score}",
            "mL/min/{1.73_m2}",
            "kg.m-2",
            "m+2",
            "[lb_av]",
            "mmol/(8.h.kg)",
            "100{WBC}",
            "/100{WBC}",
            "{3 times}/d",
            "[m/s2/Hz^0.5]",
            "cm[H2O]",
            "dam",
            "Cel",
            "[iU]/mL",
            "'",
            "''",
            "1",
            "((m))",
            "g/(8.h){shift}",
        ] {
            assert!(accepts(good), "{good}");
        }
        for unknown in ["mcg", "TAB", "month", "lb", "[no_such]", "kin", "k[in_i]", "2mg"] {
            assert!(!accepts(unknown) && parse(unknown).is_some(), "{unknown}");
        }
        for bad in [
            "", "/", "mm Hg", "mg/", "mg//L", "m[Hg", "Hg]", "{score", "score}", "(mg", "mg)", "µg",
            "21612-7", "-2", "m..s", "()", "{a{b}}",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert!(!accepts(&"(".repeat(100_000)));
    }
}
