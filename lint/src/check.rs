//! One payload: it is read even if it is damaged, its release is decided, and it is checked.

use ers_fhir_ers::Context;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::render::{Checked, Told};
use ers_fhir_tree::{Document, Syntax, Unreadable};
use ers_fhir_validator::detect::{Clue, detect};
use ers_fhir_validator::{Options, Report, rule};

use crate::definitions::Validators;
use crate::looks;

/// Everything that payloads are checked with.
#[derive(Debug)]
pub struct Checker<'a> {
    /// The definitions.
    pub validators: &'a Validators,
    /// Requested profiles that may decide a payload's release.
    pub telling: Vec<String>,
}

/// What is known about the payloads before they are read.
#[derive(Debug)]
pub struct Setting {
    /// The call that they belong to.
    pub call: Option<Context>,
    /// Their release.
    pub told: Option<FhirVersion>,
    /// The options of a check as STU3.
    pub stu3: Options,
    /// The options of a check as R4.
    pub r4: Options,
}

impl Setting {
    fn options(&self, version: FhirVersion) -> &Options {
        match version {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        }
    }
}

impl Checker<'_> {
    /// Checks a payload according to what is known about it.
    pub fn check(&self, name: String, bytes: Vec<u8>, setting: &Setting) -> Checked {
        let operation = setting.call.as_ref().map(|call| call.endpoint.id);
        Checked { operation, ..self.check_bytes(name, bytes, setting) }
    }

    fn check_bytes(&self, name: String, bytes: Vec<u8>, setting: &Setting) -> Checked {
        if let Some(context) = setting.call.as_ref().filter(|context| context.is_without_fhir(&bytes)) {
            let version = context.endpoint.release;
            let report = self.validators.of(version).check(&bytes, setting.options(version));
            let version = Some(version);
            let syntax = Syntax::of(&bytes);
            return Checked { syntax, version, report, ..Checked::blank(name) };
        }
        let (version, told_by, report, syntax) = match Document::parse(&bytes) {
            Ok(document) => {
                let (version, told_by, report) = self.check_document(&document, setting);
                (version, told_by, report, document.syntax())
            }
            Err(unreadable) => return self.check_fixed(name, bytes, unreadable, setting),
        };
        let (text, version) = (readable(bytes), Some(version));
        Checked { text, syntax, version, told_by, report, ..Checked::blank(name) }
    }

    /// Checks a payload that could not be read as it is, if most of it can be recovered.
    fn check_fixed(
        &self,
        name: String,
        bytes: Vec<u8>,
        unreadable: Unreadable,
        setting: &Setting,
    ) -> Checked {
        let Some(text) = unreadable.repaired(&bytes) else { return refused(name, bytes, &unreadable) };
        let Ok(mut document) = Document::parse(text.as_bytes()) else {
            return refused(name, bytes, &unreadable);
        };
        document.note(unreadable);
        let (version, told_by, report) = self.check_document(&document, setting);
        let (syntax, version) = (document.syntax(), Some(version));
        Checked { text, syntax, version, told_by, report, ..Checked::blank(name) }
    }

    /// Checks a payload as the release that the command line gives, or else the payload itself.
    fn check_document(
        &self,
        document: &Document<'_>,
        setting: &Setting,
    ) -> (FhirVersion, Option<Told>, Report) {
        let check = |version: FhirVersion| {
            self.validators.of(version).check_document(document, setting.options(version))
        };
        if let Some(version) = setting.told {
            return (version, None, check(version));
        }
        let definitions = |version: FhirVersion| self.validators.of(version).definitions();
        let (detected, report) = detect(document, &self.telling, definitions).check(check);
        (detected.version, Some(told(&detected.clue)), report)
    }
}

/// Whether a file in a folder is well-formed JSON or XML of another kind, such as `package.json`, rather
/// than FHIR with a mistake at the top.
pub fn is_something_else(checked: &Checked) -> bool {
    let at_top = |code: &str| {
        checked.report.all().any(|finding| finding.rule.code == code && finding.position.line <= 2)
    };
    let is_none = at_top(rule::syntax::NOT_A_RESOURCE.code)
        || (checked.syntax == Syntax::Xml && at_top(rule::syntax::WRONG_NAMESPACE.code));
    is_none && !looks::like_fhir(&checked.text)
}

/// The report on a payload that could not be read, which is a finding like any other.
pub fn refused(name: String, bytes: Vec<u8>, unreadable: &Unreadable) -> Checked {
    Checked {
        syntax: Syntax::of(&bytes),
        report: ers_fhir_validator::unreadable(&bytes, unreadable),
        text: readable(bytes),
        ..Checked::blank(name)
    }
}

/// The report on a payload whose check panicked: nothing of the payload is shown.
pub fn broken_down(name: String, report: Report) -> Checked {
    Checked { report, ..Checked::blank(name) }
}

/// The bytes as text, up to the first that is not UTF-8.
fn readable(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let end = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(&error.as_bytes()[..end]).into_owned()
    })
}

fn told(clue: &Clue) -> Told {
    Told { by: clue.message(), is_guess: clue.is_guess(), is_by_trial: clue.is_by_trial() }
}
