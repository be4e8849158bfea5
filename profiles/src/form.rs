//! The form that a definition prescribes for values: a regular expression for the whole value.

use regex::{Regex, RegexBuilder};

/// Compiled size above which an expression is refused.
const MOST_BYTES: usize = 1 << 20;

/// A form for values: the extension `regex` of an element or of a question, and the filter `regex` of a value
/// set.
///
/// Source: <http://hl7.org/fhir/R4/extension-regex.html>,
/// <http://hl7.org/fhir/R4/valueset-filter-operator.html>.
#[derive(Debug, Clone)]
pub struct Form(Regex);

impl Form {
    /// Reads an expression; `None` if it cannot be used here, because it uses look-around or is too large.
    pub fn read(expression: &str) -> Option<Self> {
        RegexBuilder::new(&format!("^(?:{expression})$")).size_limit(MOST_BYTES).build().ok().map(Self)
    }

    /// Whether the whole of a value has this form.
    pub fn is_of(&self, value: &str) -> bool {
        self.0.is_match(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn it_is_of_whole_values() {
        let form = Form::read("a|b").unwrap();
        assert!(form.is_of("a") && form.is_of("b"));
        assert!(!form.is_of("ab") && !form.is_of("a\n") && !form.is_of(""));
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        assert!(Form::read("(?=a)b").is_none());
        assert!(Form::read("((a{99}){99}){99}").is_none());
        assert!(Form::read("(").is_none());
    }
}
