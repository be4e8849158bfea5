//! `ers-fhir explain`: what a rule means, from the registry of rules.

use std::fmt::Write;
use std::io;

use ers_fhir_validator::rule::{self, Example, Payload, Rule};

use crate::Ending;
use crate::args::Explain;
use crate::output::Output;

/// Longest example of repeated text that is written out.
const MAX_EXAMPLE: usize = 2000;

pub(crate) fn run(args: &Explain, output: &mut Output) -> io::Result<Ending> {
    let Some(code) = &args.code else {
        output.write(&list())?;
        output.flush()?;
        return Ok(Ending::Clean);
    };
    let Some(rule) = rule::find(code) else {
        let hint =
            rule::nearest(code).map_or_else(String::new, |rule| format!(" Did you mean {}?", rule.code));
        output.complain(&format!("there is no rule '{code}'.{hint} `ers-fhir explain` lists all rules"));
        return Ok(Ending::Trouble);
    };
    output.write(&page(rule))?;
    output.flush()?;
    Ok(Ending::Clean)
}

fn list() -> String {
    let width = rule::all().map(|rule| rule.code.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rule::all() {
        let _ = writeln!(text, "{:width$}  {:11}  {}", rule.code, rule.severity.to_string(), rule.summary);
    }
    text
}

fn page(rule: &Rule) -> String {
    let Rule { code, severity, summary, explanation, source, .. } = rule;
    let mut text = format!("{code} ({severity})\n{summary}\n\n{}\n", wrapped(explanation));
    for (title, example) in [("Wrong", &rule.bad), ("Right", &rule.good)] {
        let _ = write!(text, "\n{title} ({}", example.version);
        for profile in example.profiles {
            let _ = write!(text, ", against {profile}");
        }
        let _ = write!(text, "):\n{}", indented(&payload(example)));
    }
    let _ = write!(text, "\nSpecification: {source}\n");
    text
}

fn payload(example: &Example) -> String {
    match &example.payload {
        Payload::Repeated(text, times) if text.len() * times > MAX_EXAMPLE / 4 => {
            format!("{} … ({times} times)", text.repeat(20))
        }
        Payload::Framed(before, text, times, behind) => {
            format!("{before}{text}, {text}, … {behind}({text} {times} times)")
        }
        payload => String::from_utf8_lossy(&payload.bytes()).chars().take(MAX_EXAMPLE).collect(),
    }
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |mut indented, line| {
        let _ = writeln!(indented, "    {line}");
        indented
    })
}

/// Text in lines of at most 100 characters.
fn wrapped(text: &str) -> String {
    let mut wrapped = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > 100 {
            wrapped.push('\n');
            column = 0;
        } else if column > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += width;
    }
    wrapped
}
