//! `ers-fhir explain 422 SLOT_NOT_AVAILABLE`: what an answer of e-RS means, and what to do next.

use std::fmt::Write;

use ers_fhir_ers::rule::{self, Rule};
use ers_fhir_ers::service::{self, Duty, Endpoint, ErrorCode, Repeat, Status};
use serde_json::{Value, json};

/// An answer: its status, the error code in it, or both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    status: Option<u16>,
    code: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// The answer that the arguments name; `None` if they name no answer of e-RS.
    pub(super) fn of(first: &'a str, second: Option<&'a str>) -> Option<Self> {
        let status = Some(first).filter(|text| text.len() == 3).and_then(|text| text.parse().ok());
        let code = if status.is_some() { second } else { Some(first) };
        let is_known = code.is_some_and(|code| service::error(code).is_some());
        (status.is_some() || is_known).then_some(Self { status, code })
    }

    /// The page about the answer.
    ///
    /// # Errors
    ///
    /// If there is no such status or code, or the operation does not answer with it.
    pub(super) fn page(self, endpoint: Option<&'static Endpoint>) -> Result<String, String> {
        let mut text = String::new();
        if let Some(status) = self.status {
            text.push_str(&self.of_status(status, endpoint)?);
        }
        if let Some(code) = self.code {
            let Some(error) = service::error(code) else {
                return Err(format!(
                    "e-RS has no error code '{code}'; `ers-fhir endpoints A011` lists those of an operation"
                ));
            };
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&self.of_code(error, endpoint)?);
        }
        Ok(text)
    }

    fn of_status(self, number: u16, endpoint: Option<&'static Endpoint>) -> Result<String, String> {
        let mut text = String::new();
        if let Some(endpoint) = endpoint {
            let is_known =
                number == endpoint.success || endpoint.failures.iter().any(|(failure, _)| *failure == number);
            if !is_known {
                return Err(format!("{} is not documented to answer with {number}", endpoint.id));
            }
        }
        match service::status(number) {
            Some(Status { cause, next, repeat, .. }) => {
                let _ = write!(text, "{number}\n{cause}\nNext: {next}\nRepeat: {}\n", said(*repeat));
            }
            None => {
                let _ = writeln!(text, "{number}");
            }
        }
        let listed = |endpoint: &Endpoint| service::codes(endpoint, Some(number)).join(", ");
        if let Some(codes) = endpoint.map(listed).filter(|codes| !codes.is_empty() && self.code.is_none()) {
            let _ = writeln!(text, "Error codes: {codes}");
        } else if service::status(number).is_none() && self.code.is_none() {
            let ids = service::endpoints().into_iter().filter(|endpoint| {
                endpoint.success == number || endpoint.failures.iter().any(|(failure, _)| *failure == number)
            });
            let mut ids: Vec<&str> = ids.map(|endpoint| endpoint.id).collect();
            ids.dedup();
            if ids.is_empty() {
                return Err(format!("no operation of e-RS is documented to answer with {number}"));
            }
            let _ = writeln!(text, "Answered by: {}", ids.join(", "));
        }
        Ok(text)
    }

    fn of_code(self, error: &ErrorCode, endpoint: Option<&'static Endpoint>) -> Result<String, String> {
        let ErrorCode { code, cause, next, repeat } = error;
        let answered = error.answered_by();
        let fits = |status: u16| self.status.is_none_or(|asked| asked == status);
        let is_answered = answered
            .iter()
            .any(|(status, by)| fits(*status) && endpoint.is_none_or(|endpoint| by.id == endpoint.id));
        if !is_answered {
            let under = self.status.map_or_else(String::new, |status| format!(" under {status}"));
            return Err(match endpoint {
                Some(endpoint) => format!("{} is not documented to answer with {code}{under}", endpoint.id),
                None => format!("no operation is documented to answer with {code}{under}"),
            });
        }
        let mut text = format!("{code}\n{cause}\nNext: {next}\nRepeat: {}\n", said(*repeat));
        let mut statuses: Vec<u16> =
            answered.iter().map(|(status, _)| *status).filter(|status| fits(*status)).collect();
        statuses.dedup();
        for status in statuses {
            let of_status = answered.iter().filter(|(of, _)| *of == status).map(|(_, endpoint)| endpoint.id);
            let ids = of_status.filter(|id| endpoint.is_none_or(|endpoint| endpoint.id == *id));
            let _ = writeln!(text, "{status} of: {}", ids.collect::<Vec<_>>().join(", "));
        }
        if let Some(endpoint) = endpoint {
            for note in endpoint.notes {
                let _ = writeln!(text, "{}: {note}", endpoint.id);
            }
        }
        let lines = rules(code, endpoint).map(|rule| format!("{}: {}", rule.code, rule.summary)).collect();
        section(&mut text, "Found beforehand by these rules", lines);
        let lines = duties(code, endpoint).map(|duty| format!("{}: {}", duty.code, duty.says)).collect();
        section(&mut text, "Rules that only the service can check, or only the caller can follow", lines);
        Ok(text)
    }

    /// The same for programs.
    pub(super) fn described(self, endpoint: Option<&'static Endpoint>) -> Value {
        let status = self.status.map(|number| {
            let known = service::status(number);
            json!({
                "kind": "status",
                "code": number,
                "summary": known.map(|status| status.cause),
                "explanation": known.map(|status| status.next),
                "repeat": known.map(|status| said(status.repeat)),
            })
        });
        let error = self.code.and_then(service::error).map(|error| described(error, endpoint));
        match (status, error) {
            (Some(mut status), Some(error)) => {
                status["error"] = error;
                status
            }
            (status, error) => status.or(error).unwrap_or_default(),
        }
    }
}

/// An error code, for programs; with an operation, what it means there.
pub(super) fn described(error: &ErrorCode, endpoint: Option<&Endpoint>) -> Value {
    let answered = error.answered_by();
    let of = answered.iter().filter(|(_, found)| endpoint.is_none_or(|asked| asked.id == found.id));
    json!({
        "kind": "answer",
        "code": error.code,
        "summary": error.cause,
        "explanation": error.next,
        "repeat": said(error.repeat),
        "endpoints": of.map(|(status, of)| json!({ "id": of.id, "status": status })).collect::<Vec<_>>(),
        "rules": rules(error.code, endpoint).map(|rule| rule.code).collect::<Vec<_>>(),
        "duties": duties(error.code, endpoint).map(|duty| duty.code).collect::<Vec<_>>(),
    })
}

/// The rules that mention an error code: calls that follow them are not refused with it. With an operation, without
/// those that only concern others.
fn rules<'a>(code: &'a str, endpoint: Option<&'a Endpoint>) -> impl Iterator<Item = &'static Rule> + 'a {
    let is_of = move |rule: &&Rule| endpoint.is_none_or(|asked| is_of(rule, asked));
    rule::all().filter(move |rule| names(rule.explanation, code)).filter(is_of)
}

/// The duties whose breach is answered with an error code; with an operation, those of that
/// operation.
fn duties<'a>(code: &'a str, endpoint: Option<&'a Endpoint>) -> impl Iterator<Item = &'static Duty> + 'a {
    service::duties().iter().filter(move |duty| duty.answers.contains(&code)).filter(move |duty| {
        endpoint.is_none_or(|asked| duty.endpoints.is_empty() || duty.endpoints.contains(&asked.id))
    })
}

/// Whether a rule may concern an operation: its example and text do not only name others.
fn is_of(rule: &Rule, endpoint: &Endpoint) -> bool {
    let named = |id: &str| rule.explanation.contains(id);
    let names_any = service::endpoints().into_iter().any(|endpoint| named(endpoint.id));
    let example = rule::call_of(&rule.bad).map(|call| call.endpoint);
    named(endpoint.id) || !names_any && example.is_none_or(|id| id == endpoint.id)
}

/// Whether a text names a code, and not merely a longer one.
fn names(text: &str, code: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|word| word == code)
}

fn section(text: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = write!(text, "\n{title}:\n");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}

fn said(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Never => "no, it would fail again",
        Repeat::Corrected => "once it has been corrected",
        Repeat::Later => "yes, unchanged, after a wait that grows with each attempt",
        Repeat::ReadFirst => {
            "a read, yes; before repeating a change, read the record to see whether it happened"
        }
    }
}
