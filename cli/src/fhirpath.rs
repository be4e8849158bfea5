//! `ers-fhir fhirpath`: evaluates an expression on a payload.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ers_fhir_lint::{Packages, Validators};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::Item;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ending::Ending;
use crate::output::Output;
use crate::single::{Single, release};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Fhirpath {
    /// Expression to evaluate on the resource in the payload.
    #[arg(value_name = "EXPRESSION", required_unless_present = "batch")]
    expression: Option<String>,

    /// File with one payload, or - for standard input; without it, the expression has no focus.
    #[arg(value_name = "FILE", conflicts_with = "batch")]
    file: Option<PathBuf>,

    /// Evaluate many expressions: each line of this file is {"id", "expression", "file"}, and each line of output
    /// {"id", "result"} or {"id", "error"}.
    #[arg(long, value_name = "JOBS", conflicts_with = "expression")]
    batch: Option<PathBuf>,

    /// FHIR release of the payload: 3.0 or 4.0; by default, detected from the payload.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<FhirVersion>,

    /// Output format.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The format of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line for each item.
    Text,
    /// One array of {"type", "value", "location"}.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir fhirpath \"name.where(use = 'official').given\" patient.json
      each item with its place and value
  ers-fhir fhirpath \"entry.resource.ofType(Slot).count()\" - < bundle.json
      a payload from standard input
  ers-fhir fhirpath --batch jobs.jsonl --fhir-version 4.0
      many expressions in one run

All values are shown.

Exit status: 0 success, even if the result is empty; 2 wrong usage, or an invalid expression or payload.";

/// A line of a batch.
#[derive(Debug, Deserialize)]
struct Job {
    id: Value,
    expression: String,
    file: Option<PathBuf>,
}

pub(crate) fn run(args: &Fhirpath, output: &mut Output) -> io::Result<Ending> {
    let validators = Validators::new(Packages::none());
    if let Some(jobs) = &args.batch {
        return batch(jobs, args.fhir_version, &validators, output);
    }
    let expression = args.expression.as_deref().unwrap_or_default();
    let items = evaluated(expression, args.file.as_deref(), args.fhir_version, &validators);
    output.answer(items.map(|items| match args.format {
        Format::Text => items.iter().map(line).collect(),
        Format::Json => format!("{:#}\n", json(&items)),
    }))
}

fn batch(
    path: &Path,
    version: Option<FhirVersion>,
    validators: &Validators,
    output: &mut Output,
) -> io::Result<Ending> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            output.complain(&format!("cannot read {}: {error}", path.display()));
            return Ok(Ending::Trouble);
        }
    };
    let mut ending = Ending::Clean;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let job: Job = match serde_json::from_str(line) {
            Ok(job) => job,
            Err(error) => {
                output.complain(&format!("line {} of {} is not a job: {error}", number + 1, path.display()));
                ending = Ending::Trouble;
                continue;
            }
        };
        let answer = match evaluated(&job.expression, job.file.as_deref(), version, validators) {
            Ok(items) => json!({ "id": job.id, "result": json(&items) }),
            Err(error) => json!({ "id": job.id, "error": error }),
        };
        output.write(&format!("{answer}\n"))?;
    }
    output.flush()?;
    Ok(ending)
}

fn evaluated(
    expression: &str,
    file: Option<&Path>,
    version: Option<FhirVersion>,
    validators: &Validators,
) -> Result<Vec<Item>, String> {
    let Some(file) = file else {
        let validator = validators.of(version.unwrap_or(FhirVersion::R4));
        return validator.evaluate(expression, None).map_err(|error| error.to_string());
    };
    let payload = Single::read(file)?;
    let document = payload.document()?;
    let version = release(&document, version, validators);
    validators.of(version).evaluate(expression, Some(&document)).map_err(|error| error.to_string())
}

/// An item as a line: its place, if it has one, and its value or its type.
fn line(item: &Item) -> String {
    let of_type = item.type_name.as_deref().unwrap_or("an element");
    let value = item.value.clone().unwrap_or_else(|| format!("({of_type})"));
    match &item.location {
        Some(location) => format!("{location}: {value}\n"),
        None => format!("{value}\n"),
    }
}

fn json(items: &[Item]) -> Value {
    let item =
        |item: &Item| json!({ "type": item.type_name, "value": item.value, "location": item.location });
    items.iter().map(item).collect()
}
