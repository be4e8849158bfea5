//! `ers-fhir changes`: past and announced changes of e-RS.

use std::fmt::Write;
use std::io;

use clap::Args;
use ers_fhir_ers::service::{Change, Endpoint, changes};
use serde_json::{Value, json};

use crate::ending::Ending;
use crate::endpoints::Format;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Only changes on or after this date: 2025-09-01, or a month or year.
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<String>,

    /// Only changes to this operation, such as A042, or to all.
    #[arg(long, value_name = "ID", value_parser = ers_fhir_ers::service::named)]
    endpoint: Option<&'static Endpoint>,

    /// Output format.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

pub(crate) fn run(args: &Changes, output: &mut Output) -> io::Result<Ending> {
    let chosen: Vec<&Change> = changes().iter().filter(|change| is_chosen(args, change)).collect();
    let text = match args.format {
        Format::Json => {
            let all = chosen.into_iter().map(|change| {
                json!({
                    "date": change.date,
                    "kind": change.kind.word(),
                    "endpoints": change.endpoints,
                    "says": change.says,
                })
            });
            format!("{:#}\n", Value::Array(all.collect()))
        }
        Format::Text if chosen.is_empty() => {
            output.warn("no known change matches: ers-fhir changes lists all");
            String::new()
        }
        Format::Text => chosen.into_iter().fold(String::new(), |mut text, change| {
            let about =
                if change.endpoints.is_empty() { "all".to_owned() } else { change.endpoints.join(", ") };
            let _ = writeln!(text, "{:10}  {:10}  {about}: {}", change.date, change.kind.word(), change.says);
            text
        }),
    };
    output.write(&text)?;
    output.flush()?;
    Ok(Ending::Clean)
}

fn is_chosen(args: &Changes, change: &Change) -> bool {
    // A month is at or after each of its days.
    let is_late = args.since.as_deref().is_none_or(|since| {
        let common = since.len().min(change.date.len());
        change.date[..common] >= since[..common]
    });
    let is_about = args
        .endpoint
        .is_none_or(|endpoint| change.endpoints.is_empty() || change.endpoints.contains(&endpoint.id));
    is_late && is_about
}

fn date(text: &str) -> Result<String, String> {
    let shape: String =
        text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    match shape.as_str() {
        "0000" | "0000-00" | "0000-00-00" => Ok(text.to_owned()),
        _ => Err("write a date as 2025-09-01, 2025-09 or 2025".to_owned()),
    }
}
