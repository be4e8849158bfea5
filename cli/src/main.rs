//! `ers-fhir`: validates FHIR payloads from the command line.
//!
//! Intentionally thin: it reads arguments and files, calls the library, and renders the results.

mod args;
#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod call;
mod changes;
mod context;
mod convert;
mod definitions;
mod docs;
mod ending;
mod endpoints;
mod evidence;
mod example;
mod explain;
mod feed;
mod fhirpath;
mod fix;
mod formats;
mod generate;
#[cfg(feature = "lsp")]
mod lsp;
mod manual;
#[cfg(feature = "mock")]
mod mock;
mod output;
mod package;
mod paths;
mod progress;
mod run;
#[cfg(all(feature = "client", feature = "mock"))]
mod scenario;
#[cfg(feature = "server")]
mod serve;
mod settings;
mod single;
mod snapshot;
mod subject;
mod validate;
mod watch;
mod weights;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, Command};
use ending::Ending;
use output::{Color, Output};

/// The command line, with its help by groups.
fn command() -> clap::Command {
    manual::grouped(Cli::command())
}

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) if error.use_stderr() => error.exit(),
        Err(help) => {
            let printed = help.print().and_then(|()| std::io::stdout().flush());
            let is_left = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
            return match printed {
                Err(error) if !is_left(&error) => {
                    Output::new(Color::Auto).complain(&format!("cannot write the output: {error}"));
                    Ending::Trouble.into()
                }
                _ => Ending::Clean.into(),
            };
        }
    };
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    ers_fhir_validator::hush_panics();
    let mut output = Output::new(cli.color);
    let ending = ers_fhir_validator::guarded(|| match &cli.command {
        Command::Validate(args) => validate::run(args, &mut output),
        Command::Explain(args) => explain::run(args, &mut output),
        Command::Changes(args) => changes::run(args, &mut output),
        Command::Endpoints(args) => endpoints::run(args, &mut output),
        Command::Example(args) => example::run(args, &mut output),
        Command::Evidence(args) => evidence::run(args, &mut output),
        Command::Docs(args) => docs::run(args, &mut output),
        Command::Generate(args) => generate::run(args, &mut output),
        Command::Snapshot(args) => snapshot::run(args, &mut output),
        Command::Convert(args) => convert::run(args, &mut output),
        Command::Fhirpath(args) => fhirpath::run(args, &mut output),
        #[cfg(feature = "lsp")]
        Command::Lsp(_) => lsp::run(&output),
        #[cfg(feature = "mock")]
        Command::Mock(args) => mock::run(args, &mut output),
        #[cfg(feature = "server")]
        Command::Serve(args) => serve::run(args, &mut output),
        #[cfg(feature = "client")]
        Command::Call(args) => call::run(args, &mut output),
        #[cfg(feature = "client")]
        Command::Auth(args) => auth::run(args, &mut output),
        #[cfg(all(feature = "client", feature = "mock"))]
        Command::Scenario(args) => scenario::run(args, &mut output),
        Command::Completions(args) => manual::completions(args, command(), &mut output),
        Command::Man(args) => manual::man(args, command(), &mut output),
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

#[cfg(test)]
mod tests {
    use crate::{command, manual};

    #[test]
    fn every_command_is_in_a_group_and_every_group_names_what_is_there() {
        let command = command();
        let named: Vec<&str> = manual::COMMANDS.iter().flat_map(|(_, names)| *names).copied().collect();
        for one in command.get_subcommands() {
            assert!(named.contains(&one.get_name()), "{} is in no group", one.get_name());
        }
        let validate = command.find_subcommand("validate").expect("it is there");
        for id in manual::OPTIONS.iter().flat_map(|(_, ids)| *ids) {
            assert!(validate.get_arguments().any(|arg| arg.get_id() == id), "validate has no option {id}");
        }
    }
}
