//! The Expression Constraint Language of SNOMED CT, as far as its syntax goes.
//!
//! Some things that the grammar distinguishes (a refinement and an expression in parentheses) are read alike here, so
//! some texts pass that a server refuses; but no server accepts a text that is refused here.
//!
//! Source: <https://confluence.ihtsdotools.org/display/DOCECL>, version 2.2.

use crate::form::Form;

/// Deepest nesting of parentheses and braces: no readable constraint needs more.
const MAX_DEPTH: usize = 32;

/// Operators before a concept, longer ones first.
const OPERATORS: [&str; 10] = ["<<!", "<<", "<!", "<", ">>!", ">>", ">!", ">", "!!<", "!!>"];

/// Comparisons in a refinement, longer ones first.
const COMPARISONS: [&str; 6] = ["!=", "<=", ">=", "=", "<", ">"];

/// Whether the text keeps to the grammar.
///
/// ```
/// use ers_fhir_values::grammar::is_ecl;
///
/// assert!(is_ecl("<< 404684003 |Clinical finding| : 363698007 = < 39057004"));
/// assert!(!is_ecl("<< 404684003 :"));
/// ```
pub fn is_ecl(text: &str) -> bool {
    let mut parser = Parser { rest: text };
    parser.clauses(0).is_some() && parser.after_space().is_empty()
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    /// Clauses separated by `AND`, `OR`, `MINUS` or a comma.
    fn clauses(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        loop {
            self.clause(depth)?;
            let is_joined = self.take(",") || ["AND", "OR", "MINUS"].iter().any(|word| self.take_word(word));
            if !is_joined {
                return Some(());
            }
        }
    }

    /// A group in braces, or an expression with its refinement or comparison.
    fn clause(&mut self, depth: usize) -> Option<()> {
        if self.take("[") {
            self.cardinality()?;
        }
        if !self.after_space().starts_with("{{") && self.take("{") {
            self.clauses(depth + 1)?;
            return self.take("}").then_some(());
        }
        let _ = self.take_word("R") || self.take_word("reverseOf");
        self.expression(depth)?;
        while self.take(".") {
            self.expression(depth)?;
        }
        if self.take(":") {
            return self.clauses(depth + 1);
        }
        if COMPARISONS.iter().any(|comparison| self.take(comparison)) {
            return self.compared(depth);
        }
        Some(())
    }

    /// One concept, all of them, a set, or an expression in parentheses; filters may follow.
    fn expression(&mut self, depth: usize) -> Option<()> {
        let _ = OPERATORS.iter().any(|operator| self.take(operator));
        if self.take("^") && self.take("[") {
            self.until("]")?;
        }
        if self.take("(") {
            if self.after_space().starts_with('"') {
                while !self.take(")") {
                    self.string()?;
                }
            } else {
                self.clauses(depth + 1)?;
                self.take(")").then_some(())?;
            }
        } else if !self.take("*") {
            self.concept()?;
        }
        while self.take("{{") {
            self.filter()?;
        }
        Some(())
    }

    /// An id of SNOMED CT, or of another scheme after the name of that scheme, and its term.
    fn concept(&mut self) -> Option<()> {
        let text = self.after_space();
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '#' | '-' | '_')));
        let (id, rest) = text.split_at(end.unwrap_or(text.len()));
        let is_other = id.split_once('#').is_some_and(|(scheme, id)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !id.is_empty()
        });
        let is_concept = id.bytes().all(|b| b.is_ascii_digit()) && Form::Snomed.expected_of(id).is_none();
        if !is_other && !is_concept {
            return None;
        }
        self.rest = rest;
        if self.take("|") {
            self.until("|")?;
        }
        Some(())
    }

    /// The right side of a comparison: a number, a text, a Boolean or an expression.
    fn compared(&mut self, depth: usize) -> Option<()> {
        if self.take("#") {
            let number = self.rest.trim_start_matches(['+', '-']);
            let end = number.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(number.len());
            self.rest = &number[end..];
            return (end > 0).then_some(());
        }
        if self.after_space().starts_with('"') {
            return self.string();
        }
        if self.take_word("true") || self.take_word("false") {
            return Some(());
        }
        self.expression(depth)
    }

    /// `0..1]` or `1..*]`.
    fn cardinality(&mut self) -> Option<()> {
        let (range, rest) = self.rest.split_once(']')?;
        let (least, most) = range.split_once("..")?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        self.rest = rest;
        (is_number(least.trim()) && (most.trim() == "*" || is_number(most.trim()))).then_some(())
    }

    /// The content of double braces, of which only the quotes are checked.
    fn filter(&mut self) -> Option<()> {
        loop {
            let at = self.rest.find(['"', '}'])?;
            self.rest = &self.rest[at..];
            if let Some(rest) = self.rest.strip_prefix("}}") {
                self.rest = rest;
                return Some(());
            }
            if self.rest.starts_with('"') {
                self.string()?;
            } else {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.take("\"").then_some(())?;
        let mut is_escaped = false;
        for (at, c) in self.rest.char_indices() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(());
                }
                _ => {}
            }
        }
        None
    }

    fn until(&mut self, end: &str) -> Option<()> {
        self.rest = self.rest.split_once(end)?.1;
        Some(())
    }

    /// The rest, without leading white space and comments.
    fn after_space(&mut self) -> &'a str {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix("/*").and_then(|comment| comment.split_once("*/")) {
                Some((_, rest)) => self.rest = rest,
                None => return self.rest,
            }
        }
    }

    fn take(&mut self, token: &str) -> bool {
        match self.after_space().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Consumes a word in any case, unless more letters follow.
    fn take_word(&mut self, word: &str) -> bool {
        let text = self.after_space();
        let Some((start, rest)) = text.split_at_checked(word.len()) else { return false };
        let is_word = start.eq_ignore_ascii_case(word)
            && !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#');
        if is_word {
            self.rest = rest;
        }
        is_word
    }
}

#[cfg(test)]
mod tests {
    use super::is_ecl;

    #[test]
    fn constraints_keep_to_the_grammar() {
        for good in [
            "*",
            "404684003",
            "<< 404684003 |Clinical finding|",
            "^ 816080008 OR (< 22298006 MINUS 404684003)",
            "< 404684003 : 363698007 = << 39057004 , 116676008 = *",
            "<404684003:{363698007=<<39057004,116676008=*},{[0..1] R 127489000 != 71388002}",
            "<< 404684003 : 127489000 >= #12.5 , 127489000 = \"a \\\" b\" , 127489000 = true",
            "< 404684003 {{ term = \"heart att}}\", language = en }} AND 22298006 {{ + HISTORY-MIN }}",
            "^[referencedComponentId] 816080008 /* a comment */",
            "(< 404684003 . 363698007) and !!> 22298006",
            "LOINC#8480-6",
            "< 404684003 : 127489000 = (\"a\" \"b\")",
        ] {
            assert!(is_ecl(good), "{good}");
        }
        for bad in [
            "",
            "<<",
            "fever",
            "< 404684004",
            "< 12",
            "< 404684003 |Clinical finding",
            "< 404684003 AND",
            "< 404684003 22298006",
            "(< 404684003",
            "< 404684003)",
            "< 404684003 :",
            "< 404684003 : 363698007 =",
            "< 404684003 : { 363698007 = *",
            "< 404684003 : [0..x] 363698007 = *",
            "< 404684003 {{ term = \"heart }}",
            "<< 404684003 XOR 22298006",
        ] {
            assert!(!is_ecl(bad), "{bad}");
        }
        assert!(!is_ecl(&"(".repeat(100_000)));
    }
}
