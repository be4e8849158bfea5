//! `ers-fhir`: validates FHIR payloads from the command line.
//!
//! Thin by intent: it reads arguments and files, asks the library, and renders what it says.

mod args;
mod changes;
mod check;
mod context;
mod convert;
mod definitions;
mod docs;
mod ending;
mod endpoints;
mod example;
mod explain;
mod formats;
mod generate;
mod inputs;
mod looks;
mod mend;
mod output;
mod package;
mod paths;
mod profiles;
mod progress;
mod settings;
mod snapshot;
mod subject;
mod traffic;
mod validate;
mod weights;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use ending::Ending;
use output::Output;

fn main() -> ExitCode {
    let cli = Cli::parse();
    ers_fhir_validator::hush_panics();
    let mut output = Output::new(cli.color);
    let ending = ers_fhir_validator::guarded(|| match &cli.command {
        Command::Validate(args) => validate::run(args, &mut output),
        Command::Explain(args) => explain::run(args, &mut output),
        Command::Changes(args) => changes::run(args, &mut output),
        Command::Endpoints(args) => endpoints::run(args, &mut output),
        Command::Example(args) => example::run(args, &mut output),
        Command::Docs(args) => docs::run(args, &mut output),
        Command::Generate(args) => generate::run(args, &mut output),
        Command::Snapshot(args) => snapshot::run(args, &mut output),
        Command::Convert(args) => convert::run(args, &mut output),
        Command::Package(args) => package::run(args, &mut output),
    });
    let ending = match ending {
        Ok(ending) => ending,
        Err(fault) => {
            for finding in &fault.diagnostics {
                output.complain(&finding.message.masked());
            }
            Ok(Ending::Trouble)
        }
    };
    match ending {
        Ok(ending) => ending.into(),
        Err(error) => {
            output.complain(&format!("cannot write the output: {error}"));
            Ending::Trouble.into()
        }
    }
}
