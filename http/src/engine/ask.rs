//! The parameters of a request.

use ers_fhir_ers::service::{self, Access, Endpoint, Role};
use ers_fhir_ers::{Context, Direction, operation_of};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::Severity;
use ers_fhir_report::render::Format;
use ers_fhir_validator::Instant;
use ers_fhir_values::suggest;

use super::answer::Refusal;
use super::query;

/// A parameter of an address.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// The addresses that take it: `$validate`, `/validate` and `/calls`.
    pub at: [bool; 3],
}

/// What a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Any text.
    Text,
    /// A text, any number of times.
    Texts,
    /// `true` or `false`; nothing means `true`.
    Flag,
    /// The status of an answer.
    Number,
}

const EVERYWHERE: [bool; 3] = [true, true, true];
const PAYLOADS: [bool; 3] = [true, true, false];
const FORMATS: [bool; 3] = [false, true, true];
const MANY: [bool; 3] = [false, true, false];
const OPERATION: [bool; 3] = [true, false, false];

/// All parameters.
pub const PARAMETERS: &[Parameter] = &[
    of(
        "profile",
        "Profile that the payload must conform to: its canonical URL, the end of that, or its name",
        Holds::Texts,
        PAYLOADS,
    ),
    of("mode", "What the resource is for: create, update, delete or profile", Holds::Text, OPERATION),
    of("_format", "How the answer is written, instead of Accept: json or xml", Holds::Text, OPERATION),
    of("format", "How findings are written: text, json, sarif, html and more", Holds::Text, FORMATS),
    of("fhir-version", "Release of the payloads, 3.0 or 4.0; else decided from each", Holds::Text, MANY),
    of(
        "name",
        "What the payload is called in findings, and in the settings by its path",
        Holds::Text,
        EVERYWHERE,
    ),
    of("endpoint", "Operation of e-RS that the payload belongs to, such as A011", Holds::Text, PAYLOADS),
    of("response", "The payload is what the operation answers", Holds::Flag, PAYLOADS),
    of("role", "Business function of the user who calls, such as REFERRING_CLINICIAN", Holds::Text, PAYLOADS),
    of("access", "Who calls: user or application", Holds::Text, EVERYWHERE),
    of("method", "Method of the call", Holds::Text, PAYLOADS),
    of("url", "URL of the call, or its path and query", Holds::Text, PAYLOADS),
    of("header", "Header of the call, as NAME:VALUE", Holds::Texts, PAYLOADS),
    of("status", "Status of the answer", Holds::Number, PAYLOADS),
    of("response-header", "Header of the answer, as NAME:VALUE", Holds::Texts, PAYLOADS),
    of("now", "Time to check with, such as 2026-03-01T09:30:00Z", Holds::Text, EVERYWHERE),
    of("allow-extensions", "Domain whose extensions may be unknown", Holds::Texts, EVERYWHERE),
    of("strict", "Report known deviations of the live service as errors", Holds::Flag, EVERYWHERE),
    of("show-values", "Show values of the payload instead of masking them", Holds::Flag, EVERYWHERE),
    of("show-related", "List consequences of other findings as separate findings", Holds::Flag, FORMATS),
    of("quiet", "Show only findings that fail a payload, and no summary", Holds::Flag, FORMATS),
    of(
        "fail-on",
        "Lowest severity that fails a payload: error, warning or information",
        Holds::Text,
        FORMATS,
    ),
    of("require-complete", "Fail a payload if something could not be checked", Holds::Flag, FORMATS),
];

const fn of(name: &'static str, about: &'static str, holds: Holds, at: [bool; 3]) -> Parameter {
    Parameter { name, about, holds, at }
}

/// Where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// FHIR's operation `$validate`.
    Operation,
    /// Payloads, in any format.
    Payloads,
    /// Calls.
    Calls,
}

/// What a request asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Profiles that payloads must conform to.
    pub profiles: Vec<String>,
    /// What the resource is for.
    pub mode: Option<String>,
    /// How the answer of the operation is written.
    pub written: Option<String>,
    /// How findings are written.
    pub format: Option<Format>,
    /// Release of the payloads.
    pub fhir_version: Option<FhirVersion>,
    /// What the payload is called.
    pub name: Option<String>,
    /// The call that payloads belong to.
    pub call: Option<Context>,
    /// Who calls.
    pub access: Option<Access>,
    /// What the clock shows.
    pub now: Option<Instant>,
    /// Domains whose extensions may be unknown.
    pub allowed_extensions: Vec<String>,
    /// Whether known deviations are errors.
    pub strict: bool,
    /// Whether values are shown.
    pub show_values: bool,
    /// Whether effects are findings.
    pub show_related: bool,
    /// Whether only what fails is told.
    pub quiet: bool,
    /// What fails.
    pub fail_on: Option<Severity>,
    /// Whether what could not be checked fails.
    pub require_complete: bool,
}

/// The parameters that describe a call.
#[derive(Default)]
struct Said {
    endpoint: Option<&'static Endpoint>,
    response: bool,
    role: Option<Role>,
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(String, String)>,
    status: Option<u16>,
    answer_headers: Vec<(String, String)>,
}

impl Ask {
    /// Reads the query of an address.
    ///
    /// # Errors
    ///
    /// If there is no such parameter here, or its value is invalid.
    pub fn read(query: &str, place: Place) -> Result<Self, Refusal> {
        let mut ask = Self::default();
        let mut said = Said::default();
        for (name, value) in query::pairs(query) {
            let known = PARAMETERS.iter().find(|known| known.name == name && known.at[place as usize]);
            let Some(known) = known else { return Err(unknown(&name, place)) };
            ask.take(known, value, &mut said)?;
        }
        ask.call = said.context(ask.access)?;
        Ok(ask)
    }

    /// Whether each line of the body is a payload, judging by its name.
    pub fn names_lines(&self) -> bool {
        let name = self.name.as_deref().unwrap_or_default().to_ascii_lowercase();
        [".ndjson", ".jsonl"].iter().any(|ending| name.ends_with(ending))
    }

    fn take(&mut self, known: &Parameter, value: String, said: &mut Said) -> Result<(), Refusal> {
        let name = known.name;
        match name {
            "profile" => self.profiles.push(value),
            "mode" => self.mode = Some(value),
            "_format" => self.written = Some(value),
            "format" => self.format = Some(value.parse().map_err(Refusal::of_request)?),
            "fhir-version" => self.fhir_version = Some(read(name, &value)?),
            "name" => self.name = Some(value),
            "endpoint" => {
                let found = service::named(&value);
                said.endpoint =
                    Some(found.map_err(|error| Refusal::of_request(format!("endpoint: {error}")))?);
            }
            "response" => said.response = flag(name, &value)?,
            "role" => said.role = Some(read(name, &value)?),
            "access" => self.access = Some(read(name, &value)?),
            "method" => said.method = Some(value),
            "url" => said.url = Some(value),
            "header" => said.headers.push(header(name, &value)?),
            "status" => said.status = Some(read(name, &value)?),
            "response-header" => said.answer_headers.push(header(name, &value)?),
            "now" => self.now = Some(read(name, &value)?),
            "allow-extensions" => self.allowed_extensions.push(value),
            "strict" => self.strict = flag(name, &value)?,
            "show-values" => self.show_values = flag(name, &value)?,
            "show-related" => self.show_related = flag(name, &value)?,
            "quiet" => self.quiet = flag(name, &value)?,
            "require-complete" => self.require_complete = flag(name, &value)?,
            // The table has no others.
            _ => {
                self.fail_on = Some(match &*value {
                    "error" => Severity::Error,
                    "warning" => Severity::Warning,
                    "information" => Severity::Information,
                    _ => return Err(Refusal::of_request("fail-on: write error, warning or information")),
                });
            }
        }
        Ok(())
    }
}

impl Said {
    /// The call, if its operation is named or follows from method and URL.
    fn context(self, access: Option<Access>) -> Result<Option<Context>, Refusal> {
        let endpoint = match (self.endpoint, &self.url) {
            (Some(endpoint), _) => endpoint,
            (None, Some(url)) => operation_of(self.method.as_deref(), url).map_err(|none| {
                Refusal::of_request(format!("url: {none}; name the operation as endpoint"))
            })?,
            (None, None) => {
                let is_of_call = self.response
                    || self.role.is_some()
                    || access.is_some()
                    || self.method.is_some()
                    || self.status.is_some()
                    || !(self.headers.is_empty() && self.answer_headers.is_empty());
                let message =
                    "these parameters describe a call: name its operation as endpoint, or give its url";
                return if is_of_call { Err(Refusal::of_request(message)) } else { Ok(None) };
            }
        };
        let direction = if self.response { Direction::Response } else { Direction::Request };
        Ok(Some(Context {
            direction,
            role: self.role,
            access,
            headers: self.headers,
            method: self.method,
            url: self.url,
            status: self.status,
            answer_headers: self.answer_headers,
            ..Context::request(endpoint)
        }))
    }
}

fn unknown(name: &str, place: Place) -> Refusal {
    let here = PARAMETERS.iter().filter(|known| known.at[place as usize]).map(|known| known.name);
    let all: Vec<&str> = here.collect();
    Refusal::of_request(match suggest::nearest(name, all.iter().copied()) {
        Some(near) => format!("there is no such parameter here: did you mean '{near}'?"),
        None => format!("there is no such parameter here; known are {}", all.join(", ")),
    })
}

/// The value of a parameter. An invalid value is not quoted: it may be anything.
fn read<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, value: &str) -> Result<T, Refusal> {
    value.parse().map_err(|error| Refusal::of_request(format!("{name}: {error}")))
}

fn flag(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "" | "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Refusal::of_request(format!("{name}: write true or false"))),
    }
}

fn header(name: &str, value: &str) -> Result<(String, String), Refusal> {
    let pair = value.split_once(':').filter(|(name, _)| !name.trim().is_empty());
    let (given, value) =
        pair.ok_or_else(|| Refusal::of_request(format!("{name}: write a header as NAME:VALUE")))?;
    Ok((given.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_read() {
        let query = "endpoint=A011&role=REFERRING_CLINICIAN&header=Accept:+a&profile=x&profile=y&strict";
        let ask = Ask::read(query, Place::Payloads).expect("it is right");
        let call = ask.call.expect("it is of a call");
        assert_eq!((call.endpoint.id, call.header_value("accept")), ("A011", Some("a")));
        assert!(ask.strict && ask.profiles == ["x", "y"]);
        let url = "url=/STU3/Appointment/70000&method=PUT";
        let call = Ask::read(url, Place::Operation).expect("it is right").call;
        assert_eq!(call.map(|call| call.endpoint.id), Some("A034"));
    }

    #[test]
    fn what_is_no_parameter_is_refused() {
        for (query, place, said) in [
            ("profil=x", Place::Payloads, "did you mean 'profile'?"),
            ("format=json", Place::Operation, "_format"),
            ("endpoint=A999", Place::Payloads, "A999"),
            ("role=REFERRING_CLINICIAN", Place::Payloads, "endpoint"),
            ("strict=yes", Place::Calls, "true or false"),
            ("header=x&endpoint=A011", Place::Payloads, "NAME:VALUE"),
            ("format=sarf", Place::Calls, "'sarif'"),
            ("fail-on=x", Place::Calls, "warning"),
            ("url=/x", Place::Payloads, "no operation"),
        ] {
            let refusal = Ask::read(query, place).expect_err(query);
            assert!(refusal.text.contains(said), "{query}: {}", refusal.text);
        }
    }
}
