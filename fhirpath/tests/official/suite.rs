//! HL7's `FHIRPath` suites, as the shared conformance folder keeps them.

use std::path::Path;

use ers_fhir_corpora::board::{Case, hold};
use ers_fhir_fhirpath::{Collection, Expression, Node, Value};
use serde_json::Value as Json;

use crate::definitions::{Definitions, R4, STU3};
use crate::document::{Document, Handle, Knowing};

/// Runs a suite and holds it against its scoreboard.
fn run(tests: &str, package: &str, scores: &str) {
    let folder = ers_fhir_corpora::shared("conformance/fhirpath");
    let text = std::fs::read_to_string(folder.join(tests)).expect("the suite is there");
    let definitions = Definitions::of_package(package);
    let suite: Json = serde_json::from_str(&text).expect("JSON");
    let inputs = folder.join(suite["inputs"].as_str().expect("a folder"));
    let cases = suite["tests"].as_array().expect("a list").iter().map(|case| {
        let expected = expected(case);
        let got = answer(case, &inputs, &definitions);
        Case {
            name: case["id"].as_str().expect("a name").to_owned(),
            ours: verdict(case, expected.as_ref(), &got).to_owned(),
            expected: if expected.is_some() { VALUE } else { ERROR }.to_owned(),
        }
    });
    hold(scores, &cases.collect::<Vec<_>>());
}

pub(crate) fn r4_suite() {
    run("r4-open.json", R4, "fhirpath-r4.txt");
}

pub(crate) fn stu3_suite() {
    run("stu3-open.json", STU3, "fhirpath-stu3.txt");
}

fn answer(case: &Json, inputs: &Path, definitions: &Definitions) -> Result<Vec<String>, String> {
    let document = case["inputfile"].as_str().map(|file| {
        let text = std::fs::read_to_string(inputs.join(file)).expect(file);
        Document::read(&serde_json::from_str(&text).expect("JSON"), definitions)
    });
    let expression = case["expression"].as_str().expect("an expression");
    let expression = Expression::parse(expression).map_err(|error| error.to_string())?;
    let host = Knowing(definitions);
    let focus = document.as_ref().map(Document::root);
    let result: Collection<Handle<'_>> =
        expression.evaluate(&host, focus).map_err(|error| error.to_string())?;
    Ok(result.iter().map(written).collect())
}

fn written(value: &Value<'_, Handle<'_>>) -> String {
    match value {
        Value::Node(node) => node.text().unwrap_or_default().to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Decimal(value) => value.normalize().to_string(),
        Value::String(value) => value.clone().into_owned(),
        Value::Temporal(value) => value.to_string(),
        Value::Quantity(value) => value.to_string(),
        Value::Type(value) => value.name.to_string(),
    }
}

/// Numbers by value, dates without their mark.
fn normal(text: &str) -> String {
    let text = text.trim();
    match text.parse::<ers_fhir_fhirpath::Decimal>() {
        Ok(number) => number.normalize().to_string(),
        Err(_) => text.trim_start_matches('@').trim_start_matches('T').to_owned(),
    }
}

/// What a scoreboard calls the answers to a case.
const VALUE: &str = "value";
const ERROR: &str = "error";

/// What a case expects; `None` for an error.
fn expected(case: &Json) -> Option<Vec<String>> {
    if !matches!(case["invalid"], Json::Null | Json::Bool(false)) {
        return None;
    }
    let outputs = case["outputs"].as_array().into_iter().flatten();
    Some(outputs.map(|output| normal(output["value"].as_str().unwrap_or_default())).collect())
}

fn verdict(case: &Json, expected: Option<&Vec<String>>, got: &Result<Vec<String>, String>) -> &'static str {
    let Ok(got) = got else { return ERROR };
    let got: Vec<String> = got.iter().map(|text| normal(text)).collect();
    let holds = !got.is_empty() && got != ["false"];
    match expected {
        None => VALUE,
        Some(wanted) if case["predicate"] == true && holds == (*wanted == ["true"]) => VALUE,
        Some(wanted) if case["predicate"] != true && *wanted == got => VALUE,
        Some(_) if got.is_empty() => "empty",
        Some(_) => "another value",
    }
}
