//! The language, function family by function family, as tables of expression and result.

mod collections;
mod conditions;
mod fhir;
mod limits;
mod navigation;
mod numbers;
mod operators;
mod strings;
mod temporal;
mod tree;
mod types;

use ers_fhir_fhirpath::{Collection, Detached, Expression, Host, Value};
use tree::{Handle, Tree};

/// Evaluates each expression on nothing and compares the result as [`shown`] writes it.
fn table(rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        assert_eq!(evaluated(source, &Detached, None), *expected, "{source}");
    }
}

/// The same on a document.
fn table_on<'t>(tree: &'t Tree, host: &impl Host<Handle<'t>>, rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        assert_eq!(evaluated(source, host, Some(tree.root())), *expected, "{source}");
    }
}

fn evaluated<'t>(source: &str, host: &impl Host<Handle<'t>>, focus: Option<Handle<'t>>) -> String {
    let expression = match Expression::parse(source) {
        Ok(expression) => expression,
        Err(error) => return format!("parse error: {error}"),
    };
    match expression.evaluate(host, focus) {
        Ok(result) => shown(&result),
        Err(error) => format!("error: {error}"),
    }
}

/// `{}` for empty, otherwise the items with commas between.
fn shown(result: &Collection<'_, Handle<'_>>) -> String {
    if result.is_empty() {
        return "{}".to_owned();
    }
    let items: Vec<String> = result.iter().map(item).collect();
    items.join(", ")
}

fn item(value: &Value<'_, Handle<'_>>) -> String {
    use ers_fhir_fhirpath::Node;
    match value {
        Value::Node(node) => {
            node.text().map_or_else(|| format!("<{}>", node.name()), |text| format!("<{text}>"))
        }
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Decimal(value) => value.to_string(),
        Value::String(value) => format!("'{value}'"),
        Value::Temporal(value) => format!("@{value}"),
        Value::Quantity(value) => value.to_string(),
        Value::Type(value) => format!("{}.{}", value.namespace, value.name),
    }
}
