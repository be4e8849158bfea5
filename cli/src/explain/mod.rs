//! `ers-fhir explain`: the meaning of the code of a rule, an invariant, an operation or an answer of e-RS.

mod answer;
mod invariant;
mod listed;
mod rule;
mod wrapped;

use std::io;

use ers_fhir_ers::rule as rules;
use ers_fhir_ers::service::{duties, find};
use serde_json::{Value, json};

use answer::Answer;

use crate::args::Explain;
use crate::ending::Ending;
use crate::endpoints::{self, Format};
use crate::output::Output;

pub(crate) fn run(args: &Explain, output: &mut Output) -> io::Result<Ending> {
    let is_json = args.format == Format::Json;
    let told = match &args.code {
        None if is_json => format!("{:#}\n", listed::all()),
        None => rule::list(),
        Some(code) => match explained(code, args) {
            Ok((_, value)) if is_json => format!("{value:#}\n"),
            Ok((page, _)) => page,
            Err(message) => {
                output.complain(&message);
                return Ok(Ending::Trouble);
            }
        },
    };
    output.write(&told)?;
    output.flush()?;
    Ok(Ending::Clean)
}

/// The page of a code, and the same for programs; or why there is none.
fn explained(code: &str, args: &Explain) -> Result<(String, Value), String> {
    if let Some(rule) = rules::find(code).or_else(|| ers_fhir_lint::rule::find(code)) {
        return Ok((rule::page(rule), listed::rule(rule)));
    }
    if let Some(duty) = duties().iter().find(|duty| duty.code == code) {
        return Ok((rule::told(duty), listed::duty(duty)));
    }
    if find(code).next().is_some() {
        let pages: Vec<String> = find(code).map(endpoints::page).collect();
        let all: Vec<Value> = find(code).map(endpoints::described).collect();
        return Ok((pages.join("\n"), json!({ "kind": "operation", "code": code, "operations": all })));
    }
    if let Some(answer) = Answer::of(code, args.error.as_deref()) {
        return Ok((answer.page(args.endpoint)?, answer.described(args.endpoint)));
    }
    let invariants = invariant::of(code);
    if invariants.is_empty() {
        return Err(unknown(code));
    }
    Ok((invariant::page(code, &invariants), invariant::described(code, &invariants)))
}

/// The message about an unknown code.
fn unknown(code: &str) -> String {
    let near = rules::nearest(code).map(|rule| rule.code);
    let hint = near.map_or_else(String::new, |near| format!(" Did you mean {near}?"));
    format!("there is no code '{code}'.{hint} `ers-fhir explain` lists all rules")
}
