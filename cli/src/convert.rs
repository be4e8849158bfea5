//! `ers-fhir convert`: a payload as XML or JSON.

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ers_fhir_lint::{Packages, Validators};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::tree::Syntax;

use crate::ending::Ending;
use crate::output::Output;
use crate::single::{Single, release};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Convert {
    /// File with one payload, or - for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Syntax to write.
    #[arg(long, value_enum, value_name = "SYNTAX")]
    to: To,

    /// FHIR release of the payload: 3.0 or 4.0; by default, detected from the payload.
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
      a payload as XML, with its values unchanged
  ers-fhir convert bundle.xml --to json --fhir-version 3.0
      a payload whose release cannot be detected

All values are shown. White space, comments and the order of members are not kept.

Exit status: 0 success, 2 wrong usage, or a payload that cannot be read or written in that syntax.";

pub(crate) fn run(args: &Convert, output: &mut Output) -> io::Result<Ending> {
    output.answer(made(args))
}

fn made(args: &Convert) -> Result<String, String> {
    let payload = Single::read(&args.file)?;
    let document = payload.document()?;
    let validators = Validators::new(Packages::none());
    let version = release(&document, args.fhir_version, &validators);
    let to = match args.to {
        To::Json => Syntax::Json,
        To::Xml => Syntax::Xml,
    };
    validators
        .of(version)
        .convert(&document, to)
        .map_err(|error| format!("cannot convert {}: {error}", args.file.display()))
}
