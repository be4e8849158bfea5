//! `ers-fhir convert`: a payload as XML or JSON.

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ers_fhir_lint::{Packages, Validators};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::detect::detect;
use ers_fhir_validator::tree::{Document, Syntax};
use ers_fhir_validator::unreadable;

use crate::ending::Ending;
use crate::output::Output;
use ers_fhir_lint::inputs::{self, Source};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Convert {
    /// File with one payload, or - for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Syntax to write.
    #[arg(long, value_enum, value_name = "SYNTAX")]
    to: To,

    /// FHIR release of the payload: 3.0 or 4.0; else what the payload tells.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<FhirVersion>,
}

/// A syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    Json,
    Xml,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir convert referral.json --to xml
      a payload as XML, its values as they are written
  ers-fhir convert bundle.xml --to json --fhir-version 3.0
      a payload that does not tell its release

All values are shown, as that is what was asked for. White space, comments and the order of members are not kept.

Exit status: 0 it was printed, 2 wrong usage, or a payload that cannot be read or written in that syntax.";

pub(crate) fn run(args: &Convert, output: &mut Output) -> io::Result<Ending> {
    match made(args) {
        Ok(text) => {
            output.write(&text)?;
            output.flush()?;
            Ok(Ending::Clean)
        }
        Err(message) => {
            output.complain(&message);
            Ok(Ending::Trouble)
        }
    }
}

fn made(args: &Convert) -> Result<String, String> {
    let is_stdin = args.file.as_os_str() == "-";
    let source = if is_stdin { Source::Stdin(None) } else { Source::File(args.file.clone()) };
    let refused = |what: &str| format!("cannot convert {}: {what}", source.name());
    let bytes = match inputs::bytes(&source).map_err(|error| error.to_string())? {
        Ok(bytes) => bytes,
        Err(too_large) => return Err(refused(&said(&[], &too_large))),
    };
    let document = Document::parse(&bytes).map_err(|error| refused(&said(&bytes, &error)))?;
    let packages = Packages::none();
    let validators = Validators::new(packages);
    let version = args
        .fhir_version
        .unwrap_or_else(|| detect(&document, &[], |version| validators.of(version).definitions()).version);
    let to = match args.to {
        To::Json => Syntax::Json,
        To::Xml => Syntax::Xml,
    };
    validators.of(version).convert(&document, to).map_err(|error| refused(&error.to_string()))
}

/// What is wrong with a payload that cannot be read, and where.
fn said(bytes: &[u8], error: &ers_fhir_validator::tree::Unreadable) -> String {
    let report = unreadable(bytes, error);
    let found = report.diagnostics.first();
    found.map_or_else(String::new, |found| {
        format!("line {}, column {}: {}", found.position.line, found.position.column, found.message.masked())
    })
}
