//! `ers-fhir evidence`: captured calls as the evidence that onboarding requires, by operation and scenario.

mod cases;
mod junit;
mod page;
mod scope;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use ers_fhir_ers::service::Access;
use ers_fhir_ers::{Context, Ers};
use ers_fhir_lint::inputs::{self, Source};
use ers_fhir_lint::{Checker, Packages, Replacement, Setting, Validators, broken_down, judgement as traffic};
use ers_fhir_report::render::Checked;
use ers_fhir_validator::{Options, guarded};

use crate::ending::Ending;
use crate::output::Output;

use cases::{Evidence, Verdict};
use scope::Scope;

#[derive(Debug, Args)]
#[command(after_help = "\
A case is an operation with one of its possible answers: success, or an error by its status and code.
The success of each operation must be shown, unless the file of --scope says why it does not apply:

  [[not-applicable]]
  operation = \"A036\"
  reason = \"We do not cancel referrals\"

  [[not-applicable]]
  operation = \"A011\"
  case = \"422 NO_REG_GP_PRACTICE\"
  reason = \"Patients without a practice cannot be chosen\"

Examples:
  ers-fhir evidence int-2026-03.har --out evidence
      write evidence/index.html and evidence/junit.xml
  ers-fhir evidence captures/ --scope scope.toml --out evidence --require-complete
      fail if an applicable case was not run

Bodies and headers are masked unless --show-values is given; a token is never written.

Exit status: 0 no case failed, 1 a case failed (or was not run, with --require-complete), 2 wrong usage, or
something that was asked for could not be done.")]
pub(crate) struct Evidenced {
    /// Captures of traffic: HAR files, Postman collections, or folders of them.
    #[arg(value_name = "CAPTURE", required = true)]
    captures: Vec<PathBuf>,

    /// Folder for index.html and junit.xml; it is created if it does not exist.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// File that lists the cases that do not apply, and why.
    #[arg(long, value_name = "FILE")]
    scope: Option<PathBuf>,

    /// Who makes the calls: user or application; by default, decided by the headers of each call.
    #[arg(long, value_name = "WHO")]
    access: Option<Access>,

    /// Fail if an applicable case was not run.
    #[arg(long)]
    require_complete: bool,

    /// Show the values of bodies and headers.
    #[arg(long)]
    show_values: bool,
}

pub(crate) fn run(args: &Evidenced, output: &mut Output) -> io::Result<Ending> {
    let scope = args.scope.as_deref().map(Scope::read).transpose().map(Option::unwrap_or_default);
    let written = scope.as_ref().map_err(Clone::clone).and_then(|scope| {
        let evidence = gathered(args, scope)?;
        write(&args.out, "index.html", &page::page(&evidence, !args.show_values))?;
        write(&args.out, "junit.xml", &junit::xml(&evidence, !args.show_values, args.require_complete)?)?;
        Ok(evidence)
    });
    let evidence = match written {
        Ok(written) => written,
        Err(message) => {
            output.complain(&message);
            return Ok(Ending::Trouble);
        }
    };
    output.write(&summary(&evidence, &args.out))?;
    output.flush()?;
    let undated = evidence.undated();
    if undated > 0 {
        let (calls, sent) = match undated {
            1 => ("1 call has".to_owned(), "it was sent"),
            more => (format!("{more} calls have"), "they were sent"),
        };
        output.warn(&format!(
            "{calls} no time, like the examples of a collection, so nothing shows that {sent}; give the HAR \
             file of the run"
        ));
    }
    for contradiction in evidence.contradictions() {
        output.warn(&contradiction);
    }
    let fails = evidence.count(Verdict::Failed) > 0;
    let lacks = args.require_complete && evidence.count(Verdict::NotRun) > 0;
    Ok(if fails || lacks { Ending::Findings } else { Ending::Clean })
}

/// Writes the calls of a capture as evidence into a folder, with values masked, and returns a
/// summary.
#[cfg(all(feature = "client", feature = "mock"))]
pub(crate) fn of_capture(capture: &Path, out: &Path) -> Result<String, String> {
    let args = Evidenced {
        captures: vec![capture.to_owned()],
        out: out.to_owned(),
        scope: None,
        access: None,
        require_complete: false,
        show_values: false,
    };
    let scope = Scope::default();
    let evidence = gathered(&args, &scope)?;
    write(out, "index.html", &page::page(&evidence, true))?;
    write(out, "junit.xml", &junit::xml(&evidence, true, false)?)?;
    Ok(summary(&evidence, out))
}

/// The cases with the calls of all captures.
fn gathered<'s>(args: &Evidenced, scope: &'s Scope) -> Result<Evidence<'s>, String> {
    let packages = Packages::none();
    let validators = Validators::new(packages);
    let checker = Checker { validators: &validators, telling: Vec::new() };
    let found = inputs::find(&args.captures, None);
    if let Some(error) = found.errors.first() {
        return Err(error.to_string());
    }
    let mut evidence = Evidence::new(scope);
    for source in &found.sources {
        take(source, args.access, &checker, &mut evidence)?;
    }
    if evidence.calls() == 0 {
        return Err("the captures contain no call of e-RS: give the HAR file or collection that does".into());
    }
    evidence.finish();
    Ok(evidence)
}

/// Adds the calls of a capture.
fn take(
    source: &Source,
    access: Option<Access>,
    checker: &Checker<'_>,
    evidence: &mut Evidence<'_>,
) -> Result<(), String> {
    let name = source.name();
    let bytes = inputs::bytes(source).map_err(|error| error.to_string())?;
    let Ok(bytes) = bytes else { return Err(format!("{name} is too large")) };
    let traffic = match traffic::of(&bytes, access) {
        Some(traffic) => traffic.map_err(|error| format!("{name}: {error}"))?,
        // Other files in a folder are ignored.
        None if matches!(source, Source::Found(_)) => return Ok(()),
        None => {
            return Err(format!(
                "{name} is not a capture of traffic: give a HAR file or a Postman collection"
            ));
        }
    };
    let found = traffic::checked(&name, &traffic, |label, context: &Context, body| {
        let service = Some(Ers::called(context.clone()).into());
        let options = Options { service, ..Options::default() };
        let setting = Setting {
            told: Some(context.endpoint.release),
            call: Some(context.clone()),
            stu3: options.clone(),
            r4: options,
        };
        guarded(|| checker.check(label.clone(), body, &setting))
            .unwrap_or_else(|report| broken_down(label, report))
    });
    let find = |label: &str| found.iter().find(|checked: &&Checked| checked.name == label);
    for judged in &traffic.judged {
        let label = format!("{name}, {}", judged.label());
        evidence.add(&name, judged, find(&label).map(|checked| &checked.report));
    }
    Ok(())
}

/// Writes a file in one step.
fn write(folder: &Path, name: &str, content: &str) -> Result<(), String> {
    let path = folder.join(name);
    let unwritten = |error: io::Error| format!("cannot write {}: {error}", path.display());
    let is_new = !folder.exists();
    fs::create_dir_all(folder).map_err(unwritten)?;
    let written = Replacement::at(&path).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.keep()
    });
    if is_new && written.is_err() {
        let _ = fs::remove_dir(folder);
    }
    written.map_err(unwritten)
}

fn summary(evidence: &Evidence<'_>, folder: &Path) -> String {
    let count = |verdict| evidence.count(verdict);
    let counted =
        |number: usize, thing: &str| format!("{number} {thing}{}", if number == 1 { "" } else { "s" });
    format!(
        "{}, {} of {} operations, {} of {} rules of e-RS\n{} passed, {} failed, {} not run, {} not applicable\n\
         written to {}\n",
        counted(evidence.calls(), "call"),
        evidence.operations_seen(),
        evidence.operations.len(),
        evidence.rules_reached().0,
        evidence.rules_reached().1,
        counted(count(Verdict::Passed), "case"),
        count(Verdict::Failed),
        count(Verdict::NotRun),
        count(Verdict::NotApplicable),
        folder.join("index.html").display(),
    )
}
