//! `ers-fhir scenario`: pathways in files, run against an e-RS.

mod file;
mod place;
mod play;
mod values;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use ers_fhir_http::client::HarRecorder;
use ers_fhir_http::{BlockingLocalErs, MockOptions};
use ers_fhir_lint::{Packages, Validators};
use ers_fhir_local::Moment;

use crate::call::write_private;
use crate::ending::Ending;
use crate::evidence;
use crate::mock::seed_of;
use crate::output::Output;
use file::Scenario;
use play::{Outcome, play};

#[derive(Debug, Args)]
pub(crate) struct Scenarios {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios: make their calls, and compare the answers with what they expect.
    Run(Run),
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Run {
    /// Scenario files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Environment: sandbox, int, an address that ends in /FHIR, or local for a running `ers-fhir mock`; by default,
    /// a local e-RS is started, which supports all steps.
    #[arg(long = "env", value_name = "ENVIRONMENT")]
    environment: Option<String>,

    /// Profile with the credentials of a caller in the scenario (repeatable); see `ers-fhir auth --help`.
    #[arg(long = "as", value_name = "WHO=PROFILE", requires = "environment")]
    whose: Vec<String>,

    /// Value that overrides one in the scenario (repeatable), such as a patient or a service of that
    /// environment.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,

    /// Seed of the local e-RS that is started; see `ers-fhir mock --help`.
    #[arg(long, value_name = "FILE", conflicts_with = "environment")]
    seed: Option<PathBuf>,

    /// Write the calls with their answers to a HAR file. Tokens are masked, payloads are not.
    #[arg(long, value_name = "FILE")]
    har: Option<PathBuf>,

    /// Write the calls as evidence into a folder, as `ers-fhir evidence` does, together with the HAR file.
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
}

const EXAMPLES: &str = "\
A scenario is a file of steps. Each is a call, an action elsewhere, or a wait:

  title = \"A referral is read\"

  [who.referrer]
  role = \"REFERRING_CLINICIAN\"
  organisation = \"X26\"

  [[step]]
  call = \"A005\"
  as = \"referrer\"
  path.ubrn = \"000049900001\"
  expect = \"404\"

A step may have path, at (the version that a change starts from), query, headers, body, body-file or example (the body is
that of `ers-fhir example`), file (the name of what is uploaded), expect (a status, or a status with an error code; else success), state (of the referral in the answer), holds
(FHIRPath that is true of the answer) and keep (a name for a value of the answer, by FHIRPath or as \"header NAME\"), which
later steps write as ${name}; [values] has such names from the start. An answer that breaks a rule fails.

Examples:
  ers-fhir scenario run book.toml
      run against a local e-RS that is started for it
  ers-fhir scenario run book.toml --env int --as referrer=practice --as provider=clinic --evidence evidence
      run against the integration environment, with profiles, and write evidence

Exit status: 0 all expectations hold, 1 some do not, 2 wrong usage, or a scenario could not be run.";

impl Run {
    /// Profiles by caller.
    fn profiles(&self) -> Result<BTreeMap<String, String>, String> {
        pairs(&self.whose, "--as: write WHO=PROFILE")
    }

    /// Values that override those of scenarios.
    fn values(&self) -> Result<BTreeMap<String, String>, String> {
        pairs(&self.set, "--set: write NAME=VALUE")
    }

    /// Runs all scenarios, and writes the requested files, whatever the result.
    fn play(&self, output: &mut Output) -> Result<Ending, String> {
        let scenarios: Vec<Scenario> =
            self.files.iter().map(|path| Scenario::read(path)).collect::<Result<_, _>>()?;
        let own = match self.environment {
            Some(_) => None,
            None => Some(self.local(scenarios.first().and_then(|first| first.clock))?),
        };
        let validators = Validators::new(Packages::none());
        let har = Arc::new(HarRecorder::new());
        let mut ending = Ending::Clean;
        for scenario in &scenarios {
            match play(scenario, self, own.as_ref(), &har, &validators, output) {
                Ok(Outcome::Held) => {}
                Ok(Outcome::Failed) => ending = ending.max(Ending::Findings),
                Err(error) => {
                    output.complain(&error);
                    ending = Ending::Trouble;
                }
            }
        }
        self.write(&har, output)?;
        Ok(ending)
    }

    /// A local e-RS to run in, whose slots are counted from that moment.
    fn local(&self, clock: Option<Moment>) -> Result<BlockingLocalErs, String> {
        let seed = seed_of(self.seed.as_deref())?;
        let service = BlockingLocalErs::with(MockOptions { seed, clock, ..MockOptions::default() });
        service.map_err(|error| error.to_string())
    }

    fn write(&self, har: &HarRecorder, output: &mut Output) -> Result<(), String> {
        let text = har.to_json();
        if let Some(path) = &self.har {
            write_private(path, text.as_bytes())?;
        }
        let Some(folder) = &self.evidence else { return Ok(()) };
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let beside: &Path = &folder.join("calls.har");
        write_private(beside, text.as_bytes())?;
        let summary = evidence::of_capture(beside, folder)?;
        output.write(&summary).map_err(|error| format!("cannot write the output: {error}"))
    }
}

/// Pairs of names and values.
fn pairs(all: &[String], form: &str) -> Result<BTreeMap<String, String>, String> {
    let pair = |pair: &String| {
        let (name, value) = pair.split_once('=').ok_or_else(|| format!("{form}, not '{pair}'"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    all.iter().map(pair).collect()
}

pub(crate) fn run(args: &Scenarios, output: &mut Output) -> io::Result<Ending> {
    let Command::Run(run) = &args.command;
    let ending = run.play(output).unwrap_or_else(|message| {
        output.complain(&message);
        Ending::Trouble
    });
    output.flush()?;
    Ok(ending)
}
