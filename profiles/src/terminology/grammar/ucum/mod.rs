//! Units of measure by their grammar: UCUM, case-sensitive form.
//!
//! A unit that breaks the grammar is certainly none, one made of units listed in [`atoms`] certainly
//! is one. Others are left undecided, as that list may miss a rare unit.
//!
//! Source: <https://ucum.org/ucum>, §4 to §12 for the grammar.

mod atoms;

/// Parentheses nest no deeper in a unit that means anything.
const MAX_DEPTH: usize = 16;

/// Whether the text is a unit; `None` where one of its parts is not known here.
pub(super) fn accepts(text: &str) -> Option<bool> {
    let mut parser = Parser { rest: text, all_known: true };
    parser.rest = text.strip_prefix('/').unwrap_or(text);
    match parser.term(0) {
        Some(()) if parser.rest.is_empty() => parser.all_known.then_some(true),
        _ => Some(false),
    }
}

struct Parser<'a> {
    rest: &'a str,
    all_known: bool,
}

impl<'a> Parser<'a> {
    /// Components with `.` or `/` between them; `None` where the grammar is broken.
    fn term(&mut self, depth: usize) -> Option<()> {
        self.component(depth)?;
        while self.take('.') || self.take('/') {
            self.component(depth)?;
        }
        Some(())
    }

    /// A unit, a number, an annotation, or a term in parentheses.
    fn component(&mut self, depth: usize) -> Option<()> {
        if depth < MAX_DEPTH && self.take('(') {
            self.term(depth + 1)?;
            // Published units annotate a term in parentheses, which the grammar has no rule for.
            return (self.take(')') && self.annotation().is_some()).then_some(());
        }
        let symbol = self.symbol()?;
        let is_annotated = self.annotation()?;
        if symbol.is_empty() {
            return is_annotated.then_some(());
        }
        if symbol.bytes().all(|b| b.is_ascii_digit()) {
            return Some(());
        }
        let unit = without_exponent(symbol);
        if unit.is_empty() || unit.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        self.all_known &= atoms::is_unit(unit);
        Some(())
    }

    /// What stands before the next operator, parenthesis or annotation. In brackets those are part
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

/// A symbol without the power it is raised to: `m` of `m-2`.
fn without_exponent(symbol: &str) -> &str {
    let unit = symbol.trim_end_matches(|c: char| c.is_ascii_digit());
    if unit.len() == symbol.len() {
        return unit;
    }
    unit.strip_suffix(['+', '-']).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::accepts;

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
            assert_eq!(accepts(good), Some(true), "{good}");
        }
        for unknown in ["mcg", "TAB", "month", "lb", "[no_such]", "kin", "k[in_i]", "2mg"] {
            assert_eq!(accepts(unknown), None, "{unknown}");
        }
        for bad in [
            "", "/", "mm Hg", "mg/", "mg//L", "m[Hg", "Hg]", "{score", "score}", "(mg", "mg)", "µg",
            "21612-7", "-2", "m..s", "()", "{a{b}}",
        ] {
            assert_eq!(accepts(bad), Some(false), "{bad}");
        }
        assert_eq!(accepts(&"(".repeat(100_000)), Some(false));
    }
}
