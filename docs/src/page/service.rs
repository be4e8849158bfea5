//! The pages about a service.

use schemars::JsonSchema;
use serde::Serialize;

use super::link::{Link, Listed};

/// A pathway, in order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Area {
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step of a pathway.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Step {
    /// The operation.
    pub operation: Link,
    /// What is done, and why.
    pub says: String,
}

/// An operation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Operation {
    /// Its number in the catalogue of the service.
    pub id: String,
    /// Release of its payloads.
    pub release: String,
    /// Where it is called: a versioned read has a separate address.
    pub routes: Vec<Route>,
    /// Who may call it.
    pub callers: Vec<String>,
    /// Headers of a request.
    pub headers: Vec<Header>,
    /// Parameters of the path and the query.
    pub parameters: Vec<Parameter>,
    /// The body of a request.
    pub request: Body,
    /// The body of an answer.
    pub answer: Body,
    /// Status of success.
    pub success: u16,
    /// Headers of a good answer.
    pub answer_headers: Vec<String>,
    /// How it may fail.
    pub failures: Vec<Failure>,
    /// Its preconditions, what it does, and which version the record has afterwards.
    pub effect: Option<Effect>,
    /// Limits and further notes for callers.
    pub notes: Vec<String>,
    /// What replaces it.
    pub replaced_by: Option<Link>,
    /// Rules that are checked here.
    pub rules: Vec<Listed>,
    /// Rules that only the service or the caller can ensure.
    pub duties: Vec<Duty>,
    /// Examples, checked when the page was made.
    pub examples: Vec<Example>,
    /// Changes and announcements, the newest first.
    pub changes: Vec<Change>,
    /// Pathways that it is a step of.
    pub areas: Vec<Link>,
}

/// Where an operation is called.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Route {
    /// HTTP method.
    pub method: String,
    /// Path under `/FHIR`.
    pub path: String,
}

/// A header.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// When it is needed.
    pub need: String,
    /// What it holds.
    pub holds: String,
}

/// A parameter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `path` or `query`.
    pub place: String,
    /// Whether it is mandatory.
    pub required: bool,
    /// What it holds.
    pub holds: String,
}

/// The body of a request or an answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Body {
    /// Its description, if it is not a resource.
    pub says: Option<String>,
    /// Profiles; the body conforms to one of them.
    pub profiles: Vec<Link>,
}

/// How an operation may fail.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Failure {
    /// The status.
    pub status: u16,
    /// Why the service answers it.
    pub cause: String,
    /// What to do next.
    pub next: String,
    /// Error codes that come with it.
    pub codes: Vec<Listed>,
}

/// The preconditions and effects of an operation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Effect {
    /// The preconditions.
    pub before: String,
    /// The effects.
    pub after: String,
    /// What happens to versions.
    pub version: String,
}

/// A rule that is not checked here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Duty {
    /// Its code.
    pub code: String,
    /// What it says.
    pub says: String,
    /// What the service answers if the rule is broken.
    pub answers: Vec<String>,
}

/// An invented call as an example.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Example {
    /// Who calls.
    pub caller: String,
    /// The call, as written for each tool.
    pub calls: Vec<Written>,
    /// The body of the request.
    pub request: Option<String>,
    /// Status and headers of the answer.
    pub answer_head: String,
    /// The body of the answer.
    pub answer: Option<String>,
    /// The findings of a check of both when the page was made; empty if there are none.
    pub findings: Vec<String>,
}

/// A call as written for a tool.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Written {
    /// The tool.
    pub tool: String,
    /// The language that it is written in.
    pub language: String,
    /// What is written.
    pub text: String,
}

/// A change of the service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Change {
    /// Day or month.
    pub date: String,
    /// What kind it is.
    pub what: String,
    /// Operations it is about.
    pub operations: Vec<Link>,
    /// What it is.
    pub says: String,
}

/// A rule.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Rule {
    /// Its code.
    pub code: String,
    /// Its severity.
    pub severity: String,
    /// Why it matters and how to fix it.
    pub explanation: String,
    /// A payload that breaks it.
    pub bad: String,
    /// The same payload, fixed.
    pub good: String,
    /// The section of the specification.
    pub source: Link,
    /// Operations that it is about.
    pub operations: Vec<Link>,
}

/// An error code.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ErrorCode {
    /// The code.
    pub code: String,
    /// Why the service answers it.
    pub cause: String,
    /// What to do next.
    pub next: String,
    /// Whether to send the call again.
    pub repeat: String,
    /// The operations that answer with it.
    pub operations: Vec<Listed>,
}
