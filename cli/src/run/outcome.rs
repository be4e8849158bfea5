//! The processing of one payload: it is read, checked, and fixed if requested.

use std::path::Path;

use ers_fhir_lint::inputs::{self, InputError, Item, Part, Source};
use ers_fhir_lint::{Setting, broken_down, capture, is_something_else, judgement as traffic, refused};
use ers_fhir_report::render::{Before, Checked};
use ers_fhir_validator::guarded;
use ers_fhir_validator::tree::Unreadable;

use super::{Run, masks};
use crate::context::of_call;
use crate::fix::{self, Looks};
use crate::output::Output;

/// The result of fixing a payload.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Fixed {
    /// The fixes, one line each.
    pub(super) lines: Vec<String>,
    /// Why it could not be written back.
    pub(super) unwritten: Option<String>,
    /// The changes that would be made.
    pub(super) diff: String,
    /// The payload as it is written to standard output.
    pub(super) payload: Option<Vec<u8>>,
    /// Why nothing was fixed, although something could be.
    pub(super) left: Option<String>,
}

/// The result of one payload.
pub(super) enum Outcome {
    Checked {
        checked: Box<Checked>,
        fixed: Fixed,
        /// How many of its findings are known.
        known: usize,
    },
    Skipped {
        name: String,
        why: &'static str,
    },
    Failed(InputError),
    /// The summary of a capture as a whole.
    Note(String),
}

impl Run<'_> {
    /// The result of the item that a thread was given.
    pub(super) fn outcomes(&self, item: Item<'_>) -> Vec<Outcome> {
        match item {
            Item::Whole(source) => self.of_source(source),
            Item::Part(part) => self.of_part(part),
            Item::Lines(block) => block.parts().flat_map(|part| self.of_part(part)).collect(),
            Item::Skipped(name, why) => vec![Outcome::Skipped { name, why }],
            Item::Failed(error) => vec![Outcome::Failed(error)],
        }
    }

    fn of_source(&self, source: &Source) -> Vec<Outcome> {
        let bytes = match inputs::bytes(source) {
            Ok(bytes) => bytes,
            Err(error) => return vec![Outcome::Failed(error)],
        };
        let setting = self.setting(source.path());
        let is_found = matches!(source, Source::Found(_));
        if let Some(outcomes) = self.captured(&source.name(), setting, &bytes, is_found) {
            return outcomes;
        }
        let is_fixed = self.args.fix || self.args.diff;
        let original = bytes.as_ref().ok().filter(|_| is_fixed).cloned();
        let mut checked = self.check(source.name(), setting, bytes);
        if is_found && !self.is_expected(setting) && is_something_else(&checked) {
            return vec![Outcome::Skipped { name: checked.name, why: "not FHIR" }];
        }
        if let Some(failed) = self.without_call(&checked.name, setting) {
            return vec![failed];
        }
        let fixed = match original {
            Some(bytes) => self.fixed(source, &mut checked, bytes),
            None => Fixed::default(),
        };
        vec![self.checked(checked, fixed, source.path())]
    }

    fn of_part(&self, part: Part) -> Vec<Outcome> {
        let Part { name, within, path, before, bytes, is_found } = part;
        let setting = self.setting(Some(&path));
        // A line of NDJSON is not a capture.
        if before.is_none()
            && let Some(outcomes) = self.captured(&name, setting, &bytes, is_found)
        {
            return outcomes;
        }
        let checked = self.check(name, setting, bytes);
        if is_found && !self.is_expected(setting) && is_something_else(&checked) {
            return vec![Outcome::Skipped { name: checked.name, why: "not FHIR" }];
        }
        if let Some(failed) = self.without_call(&checked.name, setting) {
            return vec![failed];
        }
        let before = before.map(|(lines, bytes)| Before { lines, bytes });
        vec![self.checked(checked.part_of(within, before), Fixed::default(), Some(&path))]
    }

    fn check(&self, name: String, setting: &Setting, bytes: Result<Vec<u8>, Unreadable>) -> Checked {
        let checked = guarded(|| match bytes {
            Ok(bytes) => self.checker.check(name.clone(), bytes, setting),
            Err(too_large) => refused(name.clone(), Vec::new(), &too_large),
        });
        checked.unwrap_or_else(|report| broken_down(name, report))
    }

    /// The calls of a capture of traffic; `None` if the bytes are not a capture.
    fn captured(
        &self,
        name: &str,
        setting: &Setting,
        bytes: &Result<Vec<u8>, Unreadable>,
        is_found: bool,
    ) -> Option<Vec<Outcome>> {
        let bytes = bytes.as_ref().ok()?;
        if setting.call.is_some() || self.takes_all(setting) {
            // If the command line says what the payloads are, a capture is not one of them.
            return capture::read(bytes).map(|_| vec![self.misplaced(name, is_found)]);
        }
        let traffic = match traffic::of(bytes, self.args.call.access)? {
            Ok(traffic) => traffic,
            Err(why) => return Some(vec![failed(name, why)]),
        };
        let checked = traffic::checked(name, &traffic, |label, context, body| {
            let options = self.args.options(Some(context.clone()), &[]);
            let setting = Setting {
                told: Some(context.endpoint.release),
                call: Some(context.clone()),
                stu3: options.clone(),
                r4: options,
            };
            self.check(label, &setting, Ok(body))
        });
        let summary = traffic::summary(name, &traffic, &checked);
        let file = Path::new(name);
        let mut left = (self.args.fix || self.args.diff)
            .then(|| format!("{name} is captured traffic, which is checked, but not fixed"));
        let outcome =
            |checked| self.checked(checked, Fixed { left: left.take(), ..Fixed::default() }, Some(file));
        let mut outcomes: Vec<Outcome> = checked.into_iter().map(outcome).collect();
        outcomes.push(Outcome::Note(summary));
        Some(outcomes)
    }

    /// A capture among payloads.
    fn misplaced(&self, name: &str, is_found: bool) -> Outcome {
        let why = "captured traffic, not a payload";
        if is_found {
            return Outcome::Skipped { name: name.to_owned(), why };
        }
        let said = self.said_of_payloads();
        failed(
            name,
            format!(
                "this is {why}: leave {said} out, so that each of its calls is checked in its own context"
            ),
        )
    }

    /// The option that says what all payloads are.
    fn said_of_payloads(&self) -> &'static str {
        let said = [
            ("--endpoint", self.args.call.endpoint.is_some()),
            ("--url", self.args.call.url.is_some()),
            ("--fhir-version", self.args.fhir_version.is_some()),
            ("--profile", !self.args.profiles.is_empty()),
        ];
        let found = said.iter().find(|(_, is_said)| *is_said);
        found.map_or("the settings of this path", |(option, _)| option)
    }

    /// Why a payload cannot be checked although options describe its call.
    fn without_call(&self, name: &str, setting: &Setting) -> Option<Outcome> {
        let is_said = self.args.call.access.is_some() && setting.call.is_none();
        is_said.then(|| failed(name, of_call("--access")))
    }

    /// Fixes a payload as the command line requests.
    fn fixed(&self, source: &Source, checked: &mut Checked, original: Vec<u8>) -> Fixed {
        let is_stdin = matches!(source, Source::Stdin(_));
        let again = |bytes| self.checker.check(source.name(), bytes, self.setting(source.path()));
        let Some(fixed) = guarded(|| fix::fixed(checked, &original, again)).ok().flatten() else {
            let payload = self.args.fix && is_stdin;
            return Fixed { payload: payload.then_some(original), ..Fixed::default() };
        };
        if matches!(source, Source::Found(path) if path.is_symlink()) {
            let left =
                format!("{} is a link, whose target is not fixed unless the link is named", checked.name);
            return Fixed { left: Some(left), ..Fixed::default() };
        }
        let lines = fix::told(&checked.name, &fixed.fixed, masks(self.args));
        if self.args.diff {
            let diff = fix::diff(&checked.name, checked.syntax, &checked.text, &fixed.text, self.looks());
            return Fixed { lines, diff, ..Fixed::default() };
        }
        let unwritten = fix::write(source, &fixed.text).err();
        if unwritten.is_none() {
            (checked.text, checked.report) = (fixed.text, fixed.report);
        }
        let payload = is_stdin.then(|| checked.text.clone().into_bytes());
        Fixed { lines, unwritten, payload, ..Fixed::default() }
    }

    /// A checked payload, with the levels of its findings set by the settings of its path.
    pub(super) fn checked(&self, mut checked: Checked, fixed: Fixed, path: Option<&Path>) -> Outcome {
        if let Some(weights) = self.weights {
            weights.apply(
                path.unwrap_or(checked.name.as_ref()),
                &mut checked.suppressed,
                &mut checked.report,
            );
        }
        checked.path = self.repository.path(checked.within.as_ref().unwrap_or(&checked.name));
        Outcome::Checked { checked: Box::new(checked), fixed, known: 0 }
    }

    /// How the lines of a difference are shown.
    fn looks(&self) -> Looks {
        if masks(self.args) {
            Looks::Masked
        } else if Output::is_terminal() {
            Looks::Printable
        } else {
            Looks::Exact
        }
    }

    /// Whether the command line or the settings say what payloads are, so that captured traffic is not one of
    /// them.
    fn takes_all(&self, setting: &Setting) -> bool {
        setting.told.is_some() || !self.args.profiles.is_empty()
    }

    /// Whether the settings of its path name an operation.
    fn is_expected(&self, setting: &Setting) -> bool {
        setting.call.is_some() && self.setting.call.is_none()
    }

    /// What is known about the payload at a path before it is read.
    fn setting(&self, path: Option<&Path>) -> &Setting {
        path.and_then(|path| self.paths.setting(path)).unwrap_or(&self.setting)
    }
}

/// A file that cannot be used in this context.
fn failed(name: &str, why: String) -> Outcome {
    Outcome::Failed(InputError::Capture { name: name.to_owned(), why })
}
