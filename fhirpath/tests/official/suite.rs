//! HL7's `FHIRPath` suites, as the shared conformance folder keeps them.

use std::fmt::Write;
use std::path::Path;

use ers_fhir_fhirpath::{Collection, Expression, Node, Value};
use serde_json::Value as Json;

use crate::definitions::{Definitions, R4, STU3};
use crate::document::{Document, Handle, Knowing};

/// Runs a suite and compares the number of cases passed with what was measured last.
fn run(tests: &str, package: &str, measured: usize) {
    let folder = ers_fhir_corpora::shared("conformance/fhirpath");
    let text = std::fs::read_to_string(folder.join(tests)).expect("the suite is there");
    let definitions = Definitions::of_package(package);
    let suite: Json = serde_json::from_str(&text).expect("JSON");
    let inputs = folder.join(suite["inputs"].as_str().expect("a folder"));
    let cases = suite["tests"].as_array().expect("a list");
    let mut passed = 0;
    let mut report = String::new();
    for case in cases {
        let got = answer(case, &inputs, &definitions);
        if passes(case, &got) {
            passed += 1;
        } else {
            let outputs: Vec<_> =
                case["outputs"].as_array().into_iter().flatten().map(|o| &o["value"]).collect();
            writeln!(
                report,
                "{} {}: wanted {outputs:?} {}, got {got:?}",
                case["id"], case["expression"], case["invalid"]
            )
            .expect("memory");
        }
    }
    #[expect(clippy::print_stderr, reason = "the figure is what one runs it for")]
    {
        eprintln!("{report}{tests}: {passed} of {}", cases.len());
    }
    assert!(passed >= measured, "{passed} cases pass, {measured} did before:\n{report}");
}

pub(crate) fn r4_suite() {
    run("r4-open.json", R4, 537);
}

pub(crate) fn stu3_suite() {
    run("stu3-open.json", STU3, 286);
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

fn passes(case: &Json, got: &Result<Vec<String>, String>) -> bool {
    let invalid = !matches!(case["invalid"], Json::Null | Json::Bool(false));
    let Ok(got) = got else { return invalid };
    if invalid {
        return false;
    }
    let wanted: Vec<String> = case["outputs"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|output| normal(output["value"].as_str().unwrap_or_default()))
        .collect();
    let got: Vec<String> = got.iter().map(|text| normal(text)).collect();
    if case["predicate"] == true {
        let holds = !got.is_empty() && got != ["false"];
        return holds == (wanted == ["true"]);
    }
    wanted == got
}
