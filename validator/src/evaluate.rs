//! Evaluates `FHIRPath` on a payload, independently of any rule.

use std::fmt;

use ers_fhir_fhirpath::{
    Collection, Detached, EvalError, Expression, Node as _, ParseError, TemporalKind, Value,
};
use ers_fhir_tree::Document;

use crate::check::Checker;
use crate::check::focus::{Focus, Surroundings};
use crate::validator::{Options, Validator};

/// One item of what an expression selects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// Its type: `HumanName` of FHIR, `System.Integer` of the language.
    pub type_name: Option<String>,
    /// Its value as text; `None` for an element that has none, such as a `HumanName`.
    pub value: Option<String>,
    /// Where it is in the payload, as `FHIRPath`: `Patient.name[0]`. `None` for a computed item.
    pub location: Option<String>,
    /// Its bytes in the source; empty for a computed item.
    pub span: std::ops::Range<usize>,
}

/// Why an expression has no result.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotEvaluated {
    /// It is not valid `FHIRPath`.
    Syntax(ParseError),
    /// It cannot be evaluated here, or costs too much.
    Evaluation(EvalError),
}

impl fmt::Display for NotEvaluated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Evaluation(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotEvaluated {}

impl Validator {
    /// Evaluates a `FHIRPath` expression with the root of a payload as its focus, or without a payload.
    ///
    /// Types, references in the payload, value sets and profiles are available as they are to invariants.
    ///
    /// # Errors
    ///
    /// [`NotEvaluated`] if it is not valid `FHIRPath`, or its evaluation fails.
    ///
    /// Source: <http://hl7.org/fhirpath/N1/>.
    pub fn evaluate(
        &self,
        expression: &str,
        document: Option<&Document<'_>>,
    ) -> Result<Vec<Item>, NotEvaluated> {
        let expression = Expression::parse(expression).map_err(NotEvaluated::Syntax)?;
        let Some(document) = document else {
            let result: Collection<'_, Focus<'_, '_, '_>> =
                expression.evaluate(&Detached, None).map_err(NotEvaluated::Evaluation)?;
            return Ok(result.iter().map(item).collect());
        };
        let options = Options::default();
        let known = Checker::new(self, document, &options).walked();
        let root = document.root();
        let host = Surroundings { ctx: &known, node: root };
        let focus = Focus { ctx: &known, node: root };
        let result = expression.evaluate(&host, Some(focus)).map_err(NotEvaluated::Evaluation)?;
        Ok(result.iter().map(item).collect())
    }
}

fn item(value: &Value<'_, Focus<'_, '_, '_>>) -> Item {
    let computed = |type_name: &str, value: String| Item {
        type_name: Some(format!("System.{type_name}")),
        value: Some(value),
        location: None,
        span: 0..0,
    };
    match value {
        Value::Node(focus) => Item {
            type_name: focus.type_name().map(str::to_owned),
            value: focus.text().map(str::to_owned),
            location: Some(focus.ctx.location(focus.node)),
            span: focus.node.span(),
        },
        Value::Boolean(value) => computed("Boolean", value.to_string()),
        Value::Integer(value) => computed("Integer", value.to_string()),
        Value::Decimal(value) => computed("Decimal", value.to_string()),
        Value::String(value) => computed("String", value.clone().into_owned()),
        Value::Temporal(value) => computed(kind(value.kind()), value.to_string()),
        Value::Quantity(value) => computed("Quantity", value.to_string()),
        Value::Type(value) => computed("TypeInfo", format!("{}.{}", value.namespace, value.name)),
    }
}

fn kind(kind: TemporalKind) -> &'static str {
    match kind {
        TemporalKind::Date => "Date",
        TemporalKind::DateTime => "DateTime",
        TemporalKind::Time => "Time",
    }
}

#[cfg(test)]
mod tests {
    use ers_fhir_profiles::{Definitions, FhirVersion};
    use ers_fhir_tree::Document;

    use crate::Validator;

    #[test]
    fn what_is_selected_has_type_value_and_place() {
        let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
        let payload = br#"{ "resourceType": "Patient", "name": [{ "given": ["Ann", "May"] }], "deceasedBoolean": true }"#;
        let document = Document::parse(payload).expect("it is JSON");
        let said = |expression: &str| -> Vec<(Option<String>, Option<String>, Option<String>)> {
            let items = validator.evaluate(expression, Some(&document)).expect("it is FHIRPath");
            items.into_iter().map(|item| (item.type_name, item.value, item.location)).collect()
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            said("name.given.last()"),
            [(some("string"), some("May"), some("Patient.name[0].given[1]"))]
        );
        assert_eq!(said("name"), [(some("HumanName"), None, some("Patient.name[0]"))]);
        assert_eq!(
            said("deceased"),
            [(some("boolean"), some("true"), some("Patient.deceased.ofType(boolean)"))]
        );
        assert_eq!(said("name.given.count() + 1"), [(some("System.Integer"), some("3"), None)]);
        assert_eq!(said("birthDate"), []);
        assert!(validator.evaluate("name.", Some(&document)).is_err());
        assert_eq!(validator.evaluate("1 + 1", None).expect("it is FHIRPath").len(), 1);
    }
}
