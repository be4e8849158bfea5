//! Expressions of a form: when an item is enabled, and what its answers must fulfil.
//!
//! An expression is only evaluated if the result is certain to be what its author meant: it is FHIRPath, and
//! uses no variables except those that the Questionnaire itself declares, which are replaced by their
//! definitions.
//!
//! Source: <http://hl7.org/fhir/uv/sdc/expressions.html> and
//! <http://hl7.org/fhir/R4/extension-questionnaire-constraint.html>.

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::datum::Datum;

use crate::check::Checker;
use crate::check::focus::{Focus, Surroundings};
use ers_fhir_tree::Node;

const VARIABLE: &str = "http://hl7.org/fhir/StructureDefinition/variable";

/// The longest expression, in bytes, with its variables written out.
const LONGEST: usize = 4_000;

/// The variables that a form declares at its top: name and expression.
#[derive(Debug, Default)]
pub(super) struct Variables<'q>(Vec<(&'q str, &'q str)>);

impl<'q> Variables<'q> {
    pub(super) fn of(questionnaire: &'q Datum) -> Self {
        let declared =
            questionnaire.all("extension").filter(|extension| extension.str("url") == Some(VARIABLE));
        let read = |extension: &'q Datum| {
            let value = extension.get("valueExpression")?;
            Some((value.str("name")?, fhirpath(value)?))
        };
        Self(declared.filter_map(read).collect())
    }

    /// The result of an expression, if it is the same wherever it is evaluated; `None` if it cannot be
    /// evaluated, has no result, or differs between an item and the response.
    pub(super) fn holds_anywhere<'d>(
        &self,
        ctx: &Checker<'_, 'd>,
        response: Node<'d>,
        holder: Node<'d>,
        value: &Datum,
    ) -> Option<bool> {
        let expression = Expression::parse(&self.written_out(fhirpath(value)?)?).ok()?;
        let answer = evaluate(ctx, response, &expression)?;
        (evaluate(ctx, holder, &expression) == Some(answer)).then_some(answer)
    }

    /// The result of an expression at a node.
    pub(super) fn holds_at<'d>(&self, ctx: &Checker<'_, 'd>, node: Node<'d>, text: &str) -> Option<bool> {
        evaluate(ctx, node, &Expression::parse(&self.written_out(text)?).ok()?)
    }

    /// An expression with its variables replaced. A variable may use those before it.
    fn written_out(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for (name, meaning) in self.0.iter().rev() {
            text = replaced(&text, name, meaning);
            if text.len() > LONGEST {
                return None;
            }
        }
        Some(text)
    }
}

/// The text of an `Expression` in FHIRPath.
pub(super) fn fhirpath(value: &Datum) -> Option<&str> {
    value.str("expression").filter(|_| value.str("language") == Some("text/fhirpath"))
}

/// A text with `%name` replaced by `(meaning)`.
fn replaced(text: &str, name: &str, meaning: &str) -> String {
    let variable = format!("%{name}");
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&variable) {
        result.push_str(before);
        if after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            result.push_str(&variable);
        } else {
            result.push('(');
            result.push_str(meaning);
            result.push(')');
        }
        rest = after;
    }
    result + rest
}

fn evaluate<'d>(ctx: &Checker<'_, 'd>, node: Node<'d>, expression: &Expression) -> Option<bool> {
    let host = Surroundings { ctx, node };
    expression.evaluate_bool(&host, Focus { ctx, node }).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::Variables;

    #[test]
    fn variables_are_written_out() {
        let variables = Variables(vec![("a", "1"), ("ab", "%a + 2")]);
        for (text, expected) in [
            ("%a > 0", "(1) > 0"),
            ("%ab > %a", "((1) + 2) > (1)"),
            ("%abc", "%abc"),
            ("%resource", "%resource"),
        ] {
            assert_eq!(variables.written_out(text).as_deref(), Some(expected), "{text}");
        }
        let long = "%a+".repeat(2_000);
        let doubled = Variables(vec![("a", &long)]);
        assert_eq!(doubled.written_out("%a"), None);
    }
}
