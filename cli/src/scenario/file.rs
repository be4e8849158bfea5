//! The file of a scenario: who calls, and the steps, each with its line.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ers_fhir_ers::example::{Caller, good};
use ers_fhir_ers::service::{Access, Endpoint, named};
use ers_fhir_local::Moment;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// A scenario.
pub(super) struct Scenario {
    pub(super) path: PathBuf,
    pub(super) title: String,
    /// What the clock of a local e-RS shows at the start.
    pub(super) clock: Option<Moment>,
    /// Values that are set from the start.
    pub(super) values: BTreeMap<String, String>,
    pub(super) who: BTreeMap<String, Who>,
    pub(super) steps: Vec<Placed<Step>>,
}

/// A part of the file, and its line.
pub(super) struct Placed<T> {
    pub(super) line: usize,
    pub(super) what: T,
}

/// A caller.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Who {
    pub(super) role: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) on_behalf_of: Option<String>,
    /// The id of an application, which calls on its own.
    pub(super) application: Option<String>,
    /// Whether the application belongs to a provider or a referrer.
    pub(super) side: Option<String>,
}

impl Who {
    pub(super) fn access(&self) -> Access {
        if self.application.is_some() { Access::Application } else { Access::User }
    }
}

/// A step.
pub(super) enum Step {
    Call(Box<Call>),
    /// A step that the interface lacks: its content for a local e-RS, and the request that it
    /// concerns.
    Elsewhere {
        ubrn: String,
        step: String,
        with: toml::Table,
    },
    /// A wait, in seconds.
    Wait(u32),
}

/// A call, and the expectations of the answer.
pub(super) struct Call {
    pub(super) endpoint: &'static Endpoint,
    pub(super) who: String,
    pub(super) path: BTreeMap<String, String>,
    /// The version that a change starts from, or that is read.
    pub(super) at: Option<String>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<Sent>,
    /// Status, and the error code if there is one.
    pub(super) status: u16,
    pub(super) code: Option<String>,
    /// The state of the returned referral.
    pub(super) state: Option<String>,
    /// FHIRPath that is true of the answer.
    pub(super) holds: Vec<Placed<String>>,
    /// Values for later steps, by FHIRPath of the answer or `header NAME`.
    pub(super) keep: BTreeMap<String, Placed<String>>,
}

/// The body of a call.
pub(super) enum Sent {
    /// A resource, in which values are filled in.
    Resource(String),
    /// A file with a name.
    File { name: String, bytes: Vec<u8> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    clock: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    who: BTreeMap<String, Who>,
    #[serde(default)]
    step: Vec<Spanned<WrittenStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenStep {
    call: Option<String>,
    r#as: Option<String>,
    #[serde(default)]
    path: BTreeMap<String, String>,
    at: Option<String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
    body_file: Option<PathBuf>,
    #[serde(default)]
    example: bool,
    file: Option<String>,
    expect: Option<Expected>,
    state: Option<String>,
    holds: Option<Spanned<Expressions>>,
    #[serde(default)]
    keep: BTreeMap<String, Spanned<String>>,
    elsewhere: Option<String>,
    ubrn: Option<String>,
    #[serde(default)]
    with: toml::Table,
    wait: Option<u32>,
}

/// One expression, or several, each with its place.
enum Expressions {
    One(String),
    Several(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for Expressions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl<'de> Visitor<'de> for Written {
            type Value = Expressions;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a FHIRPath expression, or a list of them")
            }

            fn visit_str<E: de::Error>(self, one: &str) -> Result<Expressions, E> {
                Ok(Expressions::One(one.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, several: A) -> Result<Expressions, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(several)).map(Expressions::Several)
            }
        }

        deserializer.deserialize_any(Written)
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a status, or a status with an error code: \"422 NO_RELATIONSHIP\"")]
enum Expected {
    Status(u16),
    Words(String),
}

/// A text, and the starts of its lines.
struct Source<'t> {
    path: &'t Path,
    text: &'t str,
}

impl Source<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        self.text.get(..span.start).map_or(0, |before| before.matches('\n').count()) + 1
    }

    fn wrong<T>(&self, line: usize, what: impl fmt::Display) -> Result<T, String> {
        Err(format!("{}:{line}: {what}", self.path.display()))
    }

    fn placed(&self, spanned: &Spanned<String>) -> Placed<String> {
        Placed { line: self.line(&spanned.span()), what: spanned.get_ref().clone() }
    }

    fn each(&self, spanned: Spanned<Expressions>) -> Vec<Placed<String>> {
        let line = self.line(&spanned.span());
        match spanned.into_inner() {
            Expressions::One(what) => vec![Placed { line, what }],
            Expressions::Several(several) => several.iter().map(|one| self.placed(one)).collect(),
        }
    }
}

impl Scenario {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let unread = |error| format!("cannot read {}: {error}", path.display());
        let text = fs::read_to_string(path).map_err(unread)?;
        let source = Source { path, text: &text };
        let written: Written = toml::from_str(&text)
            .or_else(|error| source.wrong(source.line(&error.span().unwrap_or_default()), error.message()))?;
        let clock = written.clock.map(|clock| clock.parse()).transpose();
        let clock = clock.or_else(|error| source.wrong(1, format!("clock: {error}")))?;
        if written.step.is_empty() {
            return source.wrong(1, "there is no step: write [[step]]");
        }
        let mut steps = Vec::new();
        for step in written.step {
            let line = source.line(&step.span());
            steps.push(Placed { line, what: of(step.into_inner(), &written.who, line, &source)? });
        }
        let (values, who) = (written.values, written.who);
        Ok(Self { path: path.to_owned(), title: written.title, clock, values, who, steps })
    }
}

fn of(
    step: WrittenStep,
    who: &BTreeMap<String, Who>,
    line: usize,
    source: &Source<'_>,
) -> Result<Step, String> {
    match (&step.call, &step.elsewhere, step.wait) {
        (Some(id), None, None) => {
            let endpoint = named(id).or_else(|error| source.wrong(line, error))?;
            Ok(Step::Call(Box::new(call(endpoint, step, who, line, source)?)))
        }
        (None, Some(name), None) => {
            let name = name.clone();
            let Some(ubrn) = step.ubrn else { return source.wrong(line, "elsewhere needs ubrn") };
            Ok(Step::Elsewhere { ubrn, step: name, with: step.with })
        }
        (None, None, Some(seconds)) => Ok(Step::Wait(seconds)),
        _ => source.wrong(line, "a step needs exactly one of call, elsewhere and wait"),
    }
}

fn call(
    endpoint: &'static Endpoint,
    step: WrittenStep,
    who: &BTreeMap<String, Who>,
    line: usize,
    source: &Source<'_>,
) -> Result<Call, String> {
    let Some(caller) = step.r#as else { return source.wrong(line, "name the caller: as = \"…\"") };
    let Some(known) = who.get(&caller) else {
        return source.wrong(line, format!("there is no [who.{caller}]"));
    };
    let body = match (step.example, step.body) {
        (true, None) => Some(example(endpoint, known)),
        (true, Some(_)) => return source.wrong(line, "give either body or example, not both"),
        (false, here) => here,
    };
    let body = self::body(body, step.body_file, step.file, line, source)?;
    let (status, code) = match step.expect {
        None => (endpoint.success, None),
        Some(Expected::Status(status)) => (status, None),
        Some(Expected::Words(words)) => {
            let (status, code) = words
                .split_once(' ')
                .map_or((words.as_str(), None), |(status, code)| (status, Some(code.trim().to_owned())));
            let status = status.parse().or_else(|_| {
                source.wrong(line, format!("expect: '{status}' is not a status; write 201 or \"422 CODE\""))
            })?;
            (status, code)
        }
    };
    Ok(Call {
        endpoint,
        who: caller,
        path: step.path,
        at: step.at,
        query: step.query,
        headers: step.headers,
        body,
        status,
        code,
        state: step.state,
        holds: step.holds.map(|holds| source.each(holds)).unwrap_or_default(),
        keep: step.keep.iter().map(|(name, path)| (name.clone(), source.placed(path))).collect(),
    })
}

/// The body of a valid call of an operation.
fn example(endpoint: &'static Endpoint, who: &Who) -> String {
    let role = who.role.as_deref().and_then(|role| role.parse().ok());
    let caller = role.map_or(Caller::Application, Caller::User);
    String::from_utf8_lossy(good(endpoint, caller, 0).payload()).into_owned()
}

/// The body to send: a resource here or in a file next to the scenario, or a file whose bytes are here or in that
/// file.
fn body(
    here: Option<String>,
    beside: Option<PathBuf>,
    file: Option<String>,
    line: usize,
    source: &Source<'_>,
) -> Result<Option<Sent>, String> {
    let folder = source.path.parent().unwrap_or(Path::new("."));
    let bytes = match (here, beside) {
        (Some(_), Some(_)) => return source.wrong(line, "give either body or body-file, not both"),
        (Some(text), None) => Some(text.into_bytes()),
        (None, Some(path)) => {
            let path = folder.join(path);
            let read = fs::read(&path);
            Some(read.or_else(|error| source.wrong(line, format!("{}: {error}", path.display())))?)
        }
        (None, None) => None,
    };
    match (bytes, file) {
        (None, None) => Ok(None),
        (None, Some(_)) => source.wrong(line, "file needs body or body-file, whose content it names"),
        (Some(bytes), Some(name)) => Ok(Some(Sent::File { name, bytes })),
        (Some(bytes), None) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Sent::Resource(text))),
            Err(_) => source.wrong(
                line,
                "the body is not UTF-8; to send a file, name it: file = \
                 \"letter.pdf\"",
            ),
        },
    }
}
