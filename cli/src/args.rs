//! The commands and options of the command line; `--help` is made from the comments here.

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

    /// When to use colour: auto, always or never; `NO_COLOR` is respected.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check payloads: report what is wrong, where, by which rule, and how to fix it.
    Validate(Box<Validate>),
    /// Explain the code of a rule, invariant, operation or answer of e-RS, or list all rules.
    Explain(Explain),
    /// List the operations of e-RS, or describe one in full.
    Endpoints(Endpoints),
    /// Make an example of a payload or call of e-RS, valid or with one mistake.
    Example(Examples),
    /// List past and announced changes of e-RS.
    Changes(Changes),
    /// Turn captured calls into the evidence that onboarding requires.
    Evidence(Evidenced),
    /// Generate a site that documents e-RS or the definitions of a package.
    Docs(Docs),
    /// Generate JSON Schemas or Rust types from profiles and types.
    Generate(Generate),
    /// Print a StructureDefinition with its snapshot, generated from its differential.
    Snapshot(Snapshot),
    /// Convert a payload between XML and JSON, without loss.
    Convert(Convert),
    /// Evaluate a FHIRPath expression on a payload.
    #[command(name = "fhirpath")]
    Fhirpath(Fhirpath),
    /// Manage packages of definitions: list, add, fetch and inspect them.
    Package(PackageCommand),
    /// Run the language server for editors: findings as you type, hints, completions.
    #[cfg(feature = "lsp")]
    Lsp(Lsp),
    /// Run a local, stateful e-RS to develop and test against, offline.
    #[cfg(feature = "mock")]
    Mock(Box<crate::mock::Mock>),
    /// Serve validation over HTTP: FHIR's $validate, payloads, calls, and a web page.
    #[cfg(feature = "server")]
    Serve(Box<crate::serve::Serve>),
    /// Call an operation of e-RS.
    #[cfg(feature = "client")]
    Call(Box<crate::call::Calling>),
    /// Log in to e-RS, and out.
    #[cfg(feature = "client")]
    Auth(crate::auth::Auth),
    /// Run scenario files: make their calls, and compare the answers with what they expect.
    #[cfg(all(feature = "client", feature = "mock"))]
    Scenario(crate::scenario::Scenarios),
    /// Generate completions for a shell.
    Completions(Completions),
    /// Generate the manual page, or one for each command.
    Man(Man),
}

/// Editors start language servers with this option.
#[cfg(feature = "lsp")]
#[derive(Debug, Args)]
pub(crate) struct Lsp {
    /// Use standard input and output, which is the default.
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
    /// Folders are searched for .json, .xml, .ndjson, .jsonl and .har files. Hidden files, `node_modules` and files
    /// ignored by .gitignore or .ersfhirignore are skipped, unless they are named. In NDJSON, each line is a payload.
    /// A .tgz, .tar or .zip archive that is named is read like a folder, without unpacking it. The e-RS calls in a
    /// HAR file or Postman collection are checked one by one, and compared with each other.
    ///
    /// In folders, links to files are read, but not fixed; links to folders are skipped, and a broken link ends the
    /// run with 2.
    ///
    /// Without a path, standard input is read, unless it is a terminal.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// File name for standard input, in findings and for the settings; with .ndjson, each line is a payload.
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub(crate) stdin_name: Option<PathBuf>,

    /// Check only files that changed since a commit, by default the last one, according to git; without a path,
    /// those below this folder. Implies --allow-empty.
    ///
    /// New files count as changed. If a branch is named, the changes since the current branch diverged from it
    /// count.
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, require_equals = true, default_missing_value = HEAD,
        help_heading = "Input")]
    pub(crate) changed: Option<String>,

    /// Check again whenever a file changes.
    #[arg(long, help_heading = "Input", conflicts_with_all = ["write_baseline", "changed"])]
    pub(crate) watch: bool,

    /// Number of threads, at most 256; by default, one for each processor. The output does not depend
    /// on it.
    #[arg(long, value_name = "NUMBER", help_heading = "Input", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,

    /// FHIR release of the payloads: 3.0 or 4.0; by default, detected for each payload.
    ///
    /// The release is detected from, in this order: fhirVersion of a definition, the profiles, and the
    /// types, elements and code systems that only one release has. If these do not decide, the payload is
    /// checked as both releases, and the one that fits is chosen.
    #[arg(long, value_name = "VERSION")]
    pub(crate) fhir_version: Option<FhirVersion>,

    /// Whether the release comes from the settings for all payloads, which give way to those for some.
    #[arg(skip)]
    pub(crate) is_release_of_settings: bool,

    /// Profile that each payload must conform to: its canonical URL, optionally with |version, the end of
    /// the URL, or its name (repeatable).
    #[arg(long = "profile", value_name = "URL|NAME")]
    pub(crate) profiles: Vec<String>,

    #[command(flatten)]
    pub(crate) packages: PackageArgs,

    /// Format of the findings, and the file to write them to (repeatable): text, concise, json, jsonl,
    /// operation-outcome, sarif, junit, github, gitlab, html or markdown. Without a file, they go to standard
    /// output. The default is text, plus github in GitHub Actions.
    #[arg(long = "format", value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) formats: Vec<Wanted>,

    /// Count the findings of each rule, instead of listing them as text.
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,

    /// Print the JSON Schema of --format json, and check nothing.
    #[arg(long, help_heading = "Output", conflicts_with_all = CHECKING)]
    #[arg(conflicts_with_all = ["settings_schema", "show_settings"])]
    pub(crate) json_schema: bool,

    /// Lowest severity of a finding that makes the exit status 1 (default: error).
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Exit status")]
    pub(crate) fail_on: Option<FailOn>,

    /// Accept up to this number of such findings.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t,
        hide_default_value = true,
        allow_negative_numbers = true,
        help_heading = "Exit status"
    )]
    pub(crate) max_findings: usize,

    /// Exit with 0 even if there are findings; exit status 2 is not affected.
    #[arg(long, help_heading = "Exit status")]
    pub(crate) exit_zero: bool,

    /// File of known findings, which are accepted; only additional ones are reported.
    #[arg(long, value_name = "FILE", help_heading = "Exit status")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all findings to a file for --baseline, and exit with 0.
    #[arg(long, value_name = "FILE", help_heading = "Exit status")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Report only the findings that make the exit status 1, without a summary.
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Fail if something could not be checked: a profile or code system that is not available, a
    /// reference to something outside the payload …
    #[arg(long, help_heading = "Exit status")]
    pub(crate) require_complete: bool,

    /// Domain from which unknown extensions are allowed, such as example.com, including its subdomains
    /// (repeatable).
    #[arg(long = "allow-extensions", value_name = "HOST")]
    pub(crate) allowed_extensions: Vec<String>,

    /// Seconds after which only quick checks are done; the output says what was left out.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,

    /// Fix in place what can be fixed with certainty; standard input is written, fixed, to standard output.
    ///
    /// Only the faults are changed, and no other byte. If a link is named, its target is fixed and the link
    /// stays; links in folders are not fixed.
    #[arg(long, conflicts_with = "diff", help_heading = "Fixing")]
    pub(crate) fix: bool,

    /// Show what --fix would change, as a unified diff, instead of the findings; change nothing.
    #[arg(long, help_heading = "Fixing")]
    pub(crate) diff: bool,

    /// Do not fail if there is no payload to check.
    #[arg(long, help_heading = "Exit status")]
    pub(crate) allow_empty: bool,

    /// Show values of the payload even if standard output is not a terminal.
    #[arg(long, help_heading = "Output")]
    pub(crate) show_values: bool,

    /// List findings that follow from another finding separately, instead of below that one.
    #[arg(long, help_heading = "Output")]
    pub(crate) show_related: bool,

    /// Settings file, instead of the ers-fhir.toml in this folder or the nearest one above.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Settings")]
    pub(crate) config: Option<PathBuf>,

    /// Ignore settings and fhir.lock.
    #[arg(long, help_heading = "Settings")]
    pub(crate) isolated: bool,

    /// Print the settings in force and where they come from, and check nothing.
    #[arg(long, help_heading = "Settings", conflicts_with_all = CHECKING)]
    #[arg(conflicts_with = "settings_schema")]
    pub(crate) show_settings: bool,

    /// Print the JSON Schema of ers-fhir.toml, for editors, and check nothing.
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

    /// The files that are written, and the options that name them.
    pub(crate) fn targets(&self) -> impl Iterator<Item = Target<'_>> {
        let baseline = self.write_baseline.iter().map(|path| ("--write-baseline", path.as_path()));
        self.formats.iter().filter_map(Wanted::target).chain(baseline)
    }

    /// Whether having nothing to check is accepted.
    pub(crate) fn may_be_empty(&self) -> bool {
        self.allow_empty || self.changed.is_some()
    }

    /// The lowest severity of a finding that fails a payload.
    pub(crate) fn fails_on(&self) -> Severity {
        self.fail_on.unwrap_or_default().severity()
    }

    /// The options for checking a payload, given its call and its profiles.
    pub(crate) fn options(&self, call: Option<Context>, profiles: &[String]) -> Options {
        Options {
            profiles: profiles.to_vec(),
            allowed_extensions: self.allowed_extensions.clone(),
            service: Some(self.call.ers(call).into()),
            now: self.call.now.clone(),
            // Readers of an OperationOutcome know only issues; next to another format, it has the findings of that
            // one.
            lists_effects: self.show_related
                || (!self.formats.is_empty() && self.formats.iter().all(Wanted::is_of_issues)),
            deadline: self.timeout.map(|seconds| Instant::now() + Duration::from_secs(seconds)),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code of a rule (unknown-element), an invariant (dom-3), an operation of e-RS (A011) or an error of it
    /// (`UNEXPECTED_FIELD`), or the status of an answer (422); without a code, all rules are listed.
    #[arg(value_name = "CODE|STATUS")]
    pub(crate) code: Option<String>,

    /// Error code of e-RS that came with the status, such as `SLOT_NOT_AVAILABLE`.
    #[arg(value_name = "ERROR")]
    pub(crate) error: Option<String>,

    /// Operation of e-RS that gave this answer, such as A016.
    #[arg(long, value_name = "ID", value_parser = ers_fhir_ers::service::named, requires = "code")]
    pub(crate) endpoint: Option<&'static Endpoint>,

    /// Output format; as JSON and without a code, everything that can be explained.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: endpoints::Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum FailOn {
    /// Something is wrong.
    #[default]
    Error,
    /// Something is probably wrong, or goes against a recommendation.
    Warning,
    /// There is any finding at all.
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
Exit status: 0 no findings at or above --fail-on, 1 findings, 2 wrong usage or a failure: a file
that cannot be read, an unknown profile, nothing to check.";

/// Options that conflict with those that check nothing.
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
      one line per finding here, and files for the build server
  ers-fhir validate --changed=origin/main
      check what this branch changes
  ers-fhir validate
      check according to the ers-fhir.toml in this folder or above
  ers-fhir validate payloads/ --write-baseline known.json
  ers-fhir validate payloads/ --baseline known.json
      accept the current findings, and fail only on new ones
  ers-fhir validate --endpoint A011 --role REFERRING_CLINICIAN --header 'Content-Type: application/fhir+json' \
      --header 'NHSD-End-User-Organisation-ODS: X26' request.json
      check a request to an operation of e-RS, with its headers

Values of the payloads are masked unless standard output is a terminal or --show-values is given.

Things that could not be checked are counted at the end (JSON: summary.notChecked); --require-complete fails on them.

Exit status:
  0  no findings at or above --fail-on, or at most --max-findings of them; with --exit-zero, any findings
  1  findings, or, with --require-complete, something that was not checked
  2  wrong usage, or something that was asked for could not be done: a file or package that cannot be read, a
     profile that nothing defines, nothing to check (unless --allow-empty or --changed lets that pass). The other
     payloads are checked all the same.";
