//! What is known of a service, on its pages.

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
    /// Where it is called: a versioned read has an address of its own.
    pub routes: Vec<Route>,
    /// Who may call it.
    pub callers: Vec<String>,
    /// Headers of a request.
    pub headers: Vec<Header>,
    /// Parameters of the path and the query.
    pub parameters: Vec<Parameter>,
    /// What a request carries.
    pub request: Body,
    /// What an answer carries.
    pub answer: Body,
    /// Status of success.
    pub success: u16,
    /// Headers of a good answer.
    pub answer_headers: Vec<String>,
    /// How it may fail.
    pub failures: Vec<Failure>,
    /// What must be so before, what it does, and which version the record has then.
    pub effect: Option<Effect>,
    /// Limits, and what else a caller should know.
    pub notes: Vec<String>,
    /// What replaces it.
    pub replaced_by: Option<Link>,
    /// Rules that are checked here.
    pub rules: Vec<Listed>,
    /// Rules that only the service can decide, or only the caller can follow.
    pub duties: Vec<Duty>,
    /// Examples, checked as the page was made.
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
    /// Path below `/FHIR`.
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
    /// Whether it must be there.
    pub required: bool,
    /// What it holds.
    pub holds: String,
}

/// What a request or an answer carries.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Body {
    /// In words, where it is no resource.
    pub says: Option<String>,
    /// Profiles, of which it has one.
    pub profiles: Vec<Link>,
}

/// How an operation may fail.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Failure {
    /// The status.
    pub status: u16,
    /// Why it is answered.
    pub cause: String,
    /// What to do next.
    pub next: String,
    /// Error codes that come with it.
    pub codes: Vec<Listed>,
}

/// What must be so before an operation, and what is so after it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Effect {
    /// What must be so.
    pub before: String,
    /// What is so then.
    pub after: String,
    /// What becomes of versions.
    pub version: String,
}

/// A rule that is not checked here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Duty {
    /// Its code.
    pub code: String,
    /// What it says.
    pub says: String,
    /// What the service answers where it is not kept.
    pub answers: Vec<String>,
}

/// A call made up as an example.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Example {
    /// Who calls.
    pub caller: String,
    /// The call, for each tool that makes it.
    pub calls: Vec<Written>,
    /// The body of the request.
    pub request: Option<String>,
    /// Status and headers of the answer.
    pub answer_head: String,
    /// The body of the answer.
    pub answer: Option<String>,
    /// What a check of both said, when the page was made; empty where nothing is wrong.
    pub findings: Vec<String>,
}

/// A call as a tool makes it.
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
    /// Its weight.
    pub severity: String,
    /// Why it matters and how to fix it.
    pub explanation: String,
    /// A payload that breaks it.
    pub bad: String,
    /// The same put right.
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
    /// Why it is answered.
    pub cause: String,
    /// What to do next.
    pub next: String,
    /// Whether to send the call again.
    pub repeat: String,
    /// The operations that answer with it.
    pub operations: Vec<Listed>,
}
