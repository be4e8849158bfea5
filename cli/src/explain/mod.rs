//! `ers-fhir explain`: what a code means, be it that of a rule, an invariant, an operation or an answer of e-RS.

mod invariant;
mod listed;
mod refusal;
mod rule;
mod wrapped;

use std::io;

use ers_fhir_ers::refusal::refusals;
use ers_fhir_ers::rule as rules;
use ers_fhir_ers::service::{Endpoint, duties, find};
use serde_json::{Value, json};

use crate::args::Explain;
use crate::ending::Ending;
use crate::endpoints::{self, Format};
use crate::output::Output;

pub(crate) fn run(args: &Explain, output: &mut Output) -> io::Result<Ending> {
    let is_json = args.format == Format::Json;
    let told = match &args.code {
        None if is_json => format!("{:#}\n", listed::all()),
        None => rule::list(),
        Some(code) => match explained(code, args.endpoint) {
            Some((_, value)) if is_json => format!("{value:#}\n"),
            Some((page, _)) => page,
            None => {
                output.complain(&unknown(code));
                return Ok(Ending::Trouble);
            }
        },
    };
    output.write(&told)?;
    output.flush()?;
    Ok(Ending::Clean)
}

/// The page of a code, and the same for programs.
fn explained(code: &str, endpoint: Option<&Endpoint>) -> Option<(String, Value)> {
    if let Some(rule) = rules::find(code) {
        return Some((rule::page(rule), listed::rule(rule)));
    }
    if let Some(duty) = duties().iter().find(|duty| duty.code == code) {
        return Some((rule::told(duty), listed::duty(duty)));
    }
    if find(code).next().is_some() {
        let pages: Vec<String> = find(code).map(endpoints::page).collect();
        let all: Vec<Value> = find(code).map(endpoints::described).collect();
        return Some((pages.join("\n"), json!({ "kind": "operation", "code": code, "operations": all })));
    }
    if let Some(refusal) = refusals().iter().find(|refusal| refusal.code.eq_ignore_ascii_case(code)) {
        return Some((refusal::page(refusal, endpoint), listed::refusal(refusal, endpoint)));
    }
    let invariants = invariant::of(code);
    if invariants.is_empty() {
        return None;
    }
    Some((invariant::page(code, &invariants), invariant::described(code, &invariants)))
}

/// What is said of a code that nothing has.
fn unknown(code: &str) -> String {
    let near = rules::nearest(code).map(|rule| rule.code);
    let hint = near.map_or_else(String::new, |near| format!(" Did you mean {near}?"));
    format!("nothing has the code '{code}'.{hint} `ers-fhir explain` lists all rules")
}
