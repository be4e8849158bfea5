//! What the command line offers; `--help` is made from the comments here.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand, ValueEnum};
use ers_fhir_ers::Context;
use ers_fhir_ers::service::Endpoint;
use ers_fhir_lint::HEAD;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Options, Severity};

use crate::changes::Changes;
use crate::context::CallArgs;
use crate::convert::Convert;
use crate::definitions::PackageArgs;
use crate::docs::Docs;
use crate::endpoints::{self, Endpoints};
use crate::evidence::Evidenced;
use crate::example::Examples;
use crate::fhirpath::Fhirpath;
use crate::formats::{Target, Wanted};
use crate::generate::Generate;
use crate::manual::{Completions, Man};
use crate::output::Color;
use crate::package::PackageCommand;
use crate::snapshot::Snapshot;

/// Check FHIR payloads of the NHS e-Referral Service, and any other FHIR STU3 or R4, offline.
#[derive(Debug, Parser)]
#[command(name = "ers-fhir", version, propagate_version = true, after_help = EXIT_STATUS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to colour: auto, always or never; the variable `NO_COLOR` is respected.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what is wrong with payloads, where, which rule says so, and how to fix it.
    Validate(Box<Validate>),
    /// Explain a rule, an invariant, an operation or an answer of e-RS by its code, or list all rules.
    Explain(Explain),
    /// List the operations of e-RS, or say all about one.
    Endpoints(Endpoints),
    /// Make an example of a payload or call of e-RS, good or with one mistake.
    Example(Examples),
    /// List what changed in e-RS and when, and what is announced.
    Changes(Changes),
    /// Write captured calls as the evidence that onboarding asks for.
    Evidence(Evidenced),
    /// Make a site that documents e-RS, or the definitions of a package.
    Docs(Docs),
    /// Make JSON Schemas or Rust types from profiles and types.
    Generate(Generate),
    /// Print a StructureDefinition with its snapshot, generated from its differential.
    Snapshot(Snapshot),
    /// Write a payload as XML or JSON, without loss.
    Convert(Convert),
    /// Evaluate a FHIRPath expression on a payload.
    #[command(name = "fhirpath")]
    Fhirpath(Fhirpath),
    /// List packages of definitions, what they depend on, and which answers a canonical.
    Package(PackageCommand),
    /// Serve an editor: findings as you type, hints, completions (Language Server Protocol).
    #[cfg(feature = "lsp")]
    Lsp(Lsp),
    /// Run a local e-RS that keeps state: to develop and test against, offline.
    #[cfg(feature = "mock")]
    Mock(Box<crate::mock::Mock>),
    /// Serve validation over HTTP: FHIR's $validate, payloads, calls, and a page to paste one into.
    #[cfg(feature = "server")]
    Serve(Box<crate::serve::Serve>),
    /// Call an operation of e-RS: the body from a file, the answer to a file.
    #[cfg(feature = "client")]
    Call(Box<crate::call::Calling>),
    /// Log in at e-RS, and out.
    #[cfg(feature = "client")]
    Auth(crate::auth::Auth),
    /// Play pathways that are written as files, and hold the answers against what they expect.
    #[cfg(all(feature = "client", feature = "mock"))]
    Scenario(crate::scenario::Scenarios),
    /// Write completions for a shell.
    Completions(Completions),
    /// Write the manual page, or one for each command.
    Man(Man),
}

/// Editors start language servers so.
#[cfg(feature = "lsp")]
#[derive(Debug, Args)]
pub(crate) struct Lsp {
    /// Speak on standard input and output, which is what it does anyway.
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples, what is masked, and what each exit status means: ers-fhir validate --help",
    after_long_help = VALIDATE_EXAMPLES
)]
pub(crate) struct Validate {
    /// Files, folders, globs, or - for standard input.
    ///
    /// Folders are searched for .json, .xml, .ndjson, .jsonl and .har. Hidden files, `node_modules` and what .gitignore
    /// and .ersfhirignore name are passed by; a file that is named is checked. Of NDJSON each line is a payload. A
    /// .tgz, .tar or .zip that is named is read like a folder, and not unpacked. A HAR file or a Postman collection is taken
    /// apart: its e-RS calls are checked, and held against each other.
    ///
    /// In folders, links to files are read, and not fixed; links to folders are passed by, and one that leads nowhere
    /// ends the run with 2.
    ///
    /// Without any, standard input is read, unless it is a terminal.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// What standard input is: a name that findings bear and settings know; of a .ndjson each line is a payload.
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub(crate) stdin_name: Option<PathBuf>,

    /// Check only what git knows to be changed since a commit, or since the last one; below this folder, where no
    /// path is named. Implies --allow-empty.
    ///
    /// Files that are new count. Where a branch is named, what counts is the change since this one left it.
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, require_equals = true, default_missing_value = HEAD,
        help_heading = "Input")]
    pub(crate) changed: Option<String>,

    /// Check again whenever a file changes.
    #[arg(long, help_heading = "Input", conflicts_with_all = ["write_baseline", "changed"])]
    pub(crate) watch: bool,

    /// Threads that check, 256 at most; all processors unless said otherwise. The output is the same.
    #[arg(long, value_name = "NUMBER", help_heading = "Input", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,

    /// FHIR release of the payloads: 3.0 or 4.0; else decided from each payload.
    ///
    /// What tells, in this order: fhirVersion of a definition, the profiles, the types, elements and code
    /// systems that only one release has. Where nothing does, the payload is checked as both and taken
    /// for the one that it fits.
    #[arg(long, value_name = "VERSION")]
    pub(crate) fhir_version: Option<FhirVersion>,

    /// Whether that is what the settings say of all payloads, which goes behind what they say of some.
    #[arg(skip)]
    pub(crate) is_release_of_settings: bool,

    /// Profile that each payload must conform to: its canonical URL, with |version if need be, the end of
    /// that, or its name (repeatable).
    #[arg(long = "profile", value_name = "URL|NAME")]
    pub(crate) profiles: Vec<String>,

    #[command(flatten)]
    pub(crate) packages: PackageArgs,

    /// How to write the findings, and the file to write them to (repeatable): text, concise, json, jsonl,
    /// operation-outcome, sarif, junit, github, gitlab, html or markdown. Without a file, to standard output.
    /// The default is text, with github in GitHub Actions.
    #[arg(long = "format", value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) formats: Vec<Wanted>,

    /// Count how often each rule is broken, instead of listing the findings as text.
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,

    /// Write the JSON Schema of --format json, and check nothing.
    #[arg(long, help_heading = "Output", conflicts_with_all = CHECKING)]
    #[arg(conflicts_with_all = ["settings_schema", "show_settings"])]
    pub(crate) json_schema: bool,

    /// Least weight of a finding that makes the exit status 1; error unless said otherwise.
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Exit status")]
    pub(crate) fail_on: Option<FailOn>,

    /// Let so many such findings pass.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t,
        hide_default_value = true,
        allow_negative_numbers = true,
        help_heading = "Exit status"
    )]
    pub(crate) max_findings: usize,

    /// End with 0 whatever is found; 2 stays.
    #[arg(long, help_heading = "Exit status")]
    pub(crate) exit_zero: bool,

    /// File of findings that are known and passed over; more of them, or others, count.
    #[arg(long, value_name = "FILE", help_heading = "Exit status")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all findings to a file for --baseline, and pass.
    #[arg(long, value_name = "FILE", help_heading = "Exit status")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Write only the findings that make the exit status 1, and no summary.
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Fail where something could not be checked: a profile or code system that is not at hand, a
    /// reference that leads outside the payload …
    #[arg(long, help_heading = "Exit status")]
    pub(crate) require_complete: bool,

    /// Domain whose extensions need not be known, such as example.com; also for those below it (repeatable).
    #[arg(long = "allow-extensions", value_name = "HOST")]
    pub(crate) allowed_extensions: Vec<String>,

    /// Seconds after which only what is quick is checked; what is left out then is said.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,

    /// Fix what can be fixed for certain, in the files themselves; standard input goes to standard output, fixed.
    ///
    /// Only what makes a payload better is changed, and no other byte of it. A link that is named stays, and
    /// what it leads to is fixed; links in folders are left.
    #[arg(long, conflicts_with = "diff", help_heading = "Fixing")]
    pub(crate) fix: bool,

    /// Show what --fix would change, as a unified diff, instead of the findings; nothing is changed.
    #[arg(long, help_heading = "Fixing")]
    pub(crate) diff: bool,

    /// Do not fail where there is no payload to check.
    #[arg(long, help_heading = "Exit status")]
    pub(crate) allow_empty: bool,

    /// Show values of the payload although standard output is not a terminal.
    #[arg(long, help_heading = "Output")]
    pub(crate) show_values: bool,

    /// List what follows from another finding as a finding of its own, instead of below that one.
    #[arg(long, help_heading = "Output")]
    pub(crate) show_related: bool,

    /// File of settings, instead of the ers-fhir.toml in this folder or the nearest one above.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Settings")]
    pub(crate) config: Option<PathBuf>,

    /// Read no settings, and no fhir.lock.
    #[arg(long, help_heading = "Settings")]
    pub(crate) isolated: bool,

    /// Say which settings are in force and where they are from, and check nothing.
    #[arg(long, help_heading = "Settings", conflicts_with_all = CHECKING)]
    #[arg(conflicts_with = "settings_schema")]
    pub(crate) show_settings: bool,

    /// Write the JSON Schema of ers-fhir.toml, for editors, and check nothing.
    #[arg(long, help_heading = "Settings", conflicts_with_all = CHECKING)]
    pub(crate) settings_schema: bool,

    #[command(flatten)]
    pub(crate) call: CallArgs,
}

impl Validate {
    /// The paths that are checked.
    pub(crate) fn named_paths(&self) -> Vec<PathBuf> {
        match self.paths.as_slice() {
            [] if self.changed.is_some() => vec![PathBuf::from(".")],
            [] => vec![PathBuf::from("-")],
            some => some.to_vec(),
        }
    }

    /// The files that are written, and the options that say so.
    pub(crate) fn targets(&self) -> impl Iterator<Item = Target<'_>> {
        let baseline = self.write_baseline.iter().map(|path| ("--write-baseline", path.as_path()));
        self.formats.iter().filter_map(Wanted::target).chain(baseline)
    }

    /// Whether it is no failure that there is nothing to check.
    pub(crate) fn may_be_empty(&self) -> bool {
        self.allow_empty || self.changed.is_some()
    }

    /// Least weight of a finding that fails a payload.
    pub(crate) fn fails_on(&self) -> Severity {
        self.fail_on.unwrap_or_default().severity()
    }

    /// What a check of a payload is asked, given its call and its profiles.
    pub(crate) fn options(&self, call: Option<Context>, profiles: &[String]) -> Options {
        Options {
            profiles: profiles.to_vec(),
            allowed_extensions: self.allowed_extensions.clone(),
            service: Some(self.call.ers(call).into()),
            now: self.call.now.clone(),
            // What reads an OperationOutcome knows only issues; beside another format it is of the findings of that.
            lists_effects: self.show_related
                || (!self.formats.is_empty() && self.formats.iter().all(Wanted::is_of_issues)),
            deadline: self.timeout.map(|seconds| Instant::now() + Duration::from_secs(seconds)),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code of a rule (unknown-element), an invariant (dom-3), an operation of e-RS (A011) or an error of it
    /// (`UNEXPECTED_FIELD`), or the status of an answer (422); without one, all rules are listed.
    #[arg(value_name = "CODE|STATUS")]
    pub(crate) code: Option<String>,

    /// Error code of e-RS that came with the status, such as `SLOT_NOT_AVAILABLE`.
    #[arg(value_name = "ERROR")]
    pub(crate) error: Option<String>,

    /// Operation of e-RS that answered so, such as A016.
    #[arg(long, value_name = "ID", value_parser = ers_fhir_ers::service::named, requires = "code")]
    pub(crate) endpoint: Option<&'static Endpoint>,

    /// How to write it; as JSON without a code, everything that can be explained.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: endpoints::Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum FailOn {
    /// Something is wrong.
    #[default]
    Error,
    /// Something is probably wrong, or against a recommendation.
    Warning,
    /// Anything at all was found.
    Information,
}

impl FailOn {
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Information => Severity::Information,
        }
    }
}

const EXIT_STATUS: &str = "\
Exit status: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage, or something that was asked
for could not be done: a file that cannot be read, an unknown profile, nothing to check.";

/// What goes with no option that checks nothing.
const CHECKING: [&str; 4] = ["fix", "diff", "watch", "write_baseline"];

const VALIDATE_EXAMPLES: &str = "\
Examples:
  ers-fhir validate request.json
      check one payload; its release and profiles are read from it
  ers-fhir validate payloads/ --fail-on warning
      check every payload below a folder
  curl … | ers-fhir validate - --fhir-version 3.0 --profile https://example.org/StructureDefinition/p
      check standard input against a profile
  ers-fhir validate patient.xml --ig my-package.tgz --format operation-outcome
      check with definitions of your own, and write an OperationOutcome
  ers-fhir validate payloads/ --format concise --format sarif=findings.sarif --format junit=findings.xml
      one line a finding here, and files for the build server
  ers-fhir validate --changed=origin/main
      check what this branch changes
  ers-fhir validate
      check what the ers-fhir.toml here or above says, as it says
  ers-fhir validate payloads/ --write-baseline known.json
  ers-fhir validate payloads/ --baseline known.json
      remember what is wrong today, and fail on what is new
  ers-fhir validate --endpoint A011 --role REFERRING_CLINICIAN --header 'Content-Type: application/fhir+json' \
      --header 'NHSD-End-User-Organisation-ODS: X26' request.json
      check what is sent to an operation of e-RS, with its headers

Values of the payloads are masked unless standard output is a terminal or --show-values is given.

What could not be checked is counted at the end (JSON: summary.notChecked); --require-complete lets it fail.

Exit status:
  0  nothing at or above --fail-on, or no more of it than --max-findings; with --exit-zero whatever is found
  1  findings, or something not checked, with --require-complete
  2  wrong usage, or something that was asked for could not be done: a file or package that cannot be read, a
     profile that nothing defines, nothing to check (unless --allow-empty or --changed lets that pass). The other
     payloads are checked all the same.";
