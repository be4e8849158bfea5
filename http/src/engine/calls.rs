//! Calls of e-RS: a capture of traffic, or one call written as JSON.

use ers_fhir_ers::{Answer as CallAnswer, Call, Context};
use ers_fhir_lint::capture::{self, Exchange};
use ers_fhir_lint::{Setting, Traffic, judgement, traffic};
use ers_fhir_report::render::Format;
use ers_fhir_validator::Deadline;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::answer::{Answer, Refusal};
use super::ask::Ask;
use super::plan::Engine;
use super::written::Run;

/// A call that is not in a capture.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OneCall<'a> {
    method: String,
    url: String,
    #[serde(default)]
    headers: Headers,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    #[serde(borrow, default)]
    answer: Option<OneAnswer<'a>>,
    /// The record that the request changes.
    #[serde(borrow, default)]
    current: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OneAnswer<'a> {
    status: u16,
    #[serde(default)]
    headers: Headers,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

/// Headers, as an object or as a list of names and values.
#[derive(Deserialize)]
#[serde(untagged)]
enum Headers {
    List(Vec<Header>),
    Object(std::collections::BTreeMap<String, String>),
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl Default for Headers {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Headers {
    fn pairs(self) -> Vec<(String, String)> {
        match self {
            Self::List(all) => all.into_iter().map(|Header { name, value }| (name, value)).collect(),
            Self::Object(all) => all.into_iter().collect(),
        }
    }
}

const NAME: &str = "calls";

impl Engine {
    /// Checks calls, each in its context, and what they say of each other.
    ///
    /// # Errors
    ///
    /// Where the body holds no calls.
    pub fn calls(&self, body: &[u8], ask: &Ask, deadline: Option<Deadline>) -> Result<Answer, Refusal> {
        let exchanges = match capture::read(body) {
            Some(read) => (read.map_err(|error| Refusal::of_request(error.to_string()))?, None),
            None => one(body)?,
        };
        let (exchanges, current) = exchanges;
        let mut traffic = traffic(exchanges);
        if let Some(current) = current {
            let requests = traffic.judged.iter_mut().filter(|judged| judged.context.status.is_none());
            requests.for_each(|judged| judged.context.current = Some(current.clone().into()));
        }
        self.judged(&traffic, ask, deadline)
    }

    fn judged(&self, traffic: &Traffic, ask: &Ask, deadline: Option<Deadline>) -> Result<Answer, Refusal> {
        let format = ask.format.unwrap_or(Format::Json);
        let ask =
            &Ask { show_related: ask.show_related || format == Format::OperationOutcome, ..ask.clone() };
        let plan = self.plan(ask, None, deadline)?;
        let name = ask.name.as_deref().unwrap_or(NAME);
        let mut run = Run::new(format, &plan);
        let all = judgement::checked(name, traffic, |label, context, body| {
            let context = Context { access: ask.access.or(context.access), ..context.clone() };
            let version = context.endpoint.release;
            let options = self.options(ask, Some(context.clone()), &[], deadline);
            let setting =
                Setting { told: Some(version), call: Some(context), stu3: options.clone(), r4: options };
            self.guarded(&label, body, &setting, &[])
        });
        let summary = judgement::summary(name, traffic, &all);
        for checked in all {
            run.add(self.weighed(checked, name, &plan));
        }
        run.note(&summary);
        Ok(run.answer())
    }
}

/// The one call of a body, and the record that it changes.
fn one(body: &[u8]) -> Result<(Vec<Exchange>, Option<Vec<u8>>), Refusal> {
    let read: Result<OneCall<'_>, _> = serde_json::from_slice(body);
    let call = read.map_err(|error| {
        // What serde says may repeat the body.
        let (line, column) = (error.line(), error.column());
        Refusal::of_request(format!(
            "this is neither a capture (HAR, Postman) nor a call with method, url, headers, body and answer: \
             line {line}, column {column} is not as it should be"
        ))
    })?;
    let answer = call.answer.map(|answer| CallAnswer {
        status: answer.status,
        headers: answer.headers.pairs(),
        body: bytes(answer.body),
    });
    let current = call.current.map(|current| bytes(Some(current)));
    let call = Call {
        method: call.method,
        url: call.url,
        headers: call.headers.pairs(),
        body: bytes(call.body),
        answer,
    };
    let exchange = Exchange {
        number: 1,
        call,
        began: None,
        access: None,
        has_request: true,
        has_answer: true,
        unusable_request: None,
        unusable_answer: None,
    };
    Ok((vec![exchange], current))
}

/// A body that is written as text, or as the JSON that it is.
fn bytes(raw: Option<&RawValue>) -> Vec<u8> {
    let Some(raw) = raw else { return Vec::new() };
    match serde_json::from_str::<String>(raw.get()) {
        Ok(text) => text.into_bytes(),
        Err(_) if raw.get() == "null" => Vec::new(),
        Err(_) => raw.get().as_bytes().to_vec(),
    }
}
