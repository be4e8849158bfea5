//! A site as plain data: what is on its pages, before any template sees it.

use schemars::JsonSchema;
use serde::Serialize;

/// A site.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Site {
    /// What it is called.
    pub title: String,
    /// What made it, with its version.
    pub generator: String,
    /// Its pages, section by section, the home page first.
    pub pages: Vec<Page>,
}

/// A page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Page {
    /// Its file, below the folder of the site, without `.html`.
    pub path: String,
    /// Its heading.
    pub title: String,
    /// What it is about, in a sentence.
    pub summary: String,
    /// The pages above it, the home page first.
    pub crumbs: Vec<Link>,
    /// The page before it in its section.
    pub previous: Option<Link>,
    /// The page behind it in its section.
    pub next: Option<Link>,
    /// Further words to find it by.
    pub keywords: Vec<String>,
    /// What stands on it.
    pub content: Content,
}

impl Page {
    /// Whether a check found fault with an example on it.
    pub fn has_findings(&self) -> bool {
        let Content::Operation(operation) = &self.content else { return false };
        operation.examples.iter().any(|example| !example.findings.is_empty())
    }
}

/// A text that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Link {
    /// The text.
    pub text: String,
    /// The page it leads to, without `.html`.
    pub page: Option<String>,
    /// The place on that page.
    pub anchor: Option<String>,
    /// An address outside the site.
    pub url: Option<String>,
}

impl Link {
    /// Text that leads nowhere.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), page: None, anchor: None, url: None }
    }

    /// Text that leads to a page.
    pub fn to(text: impl Into<String>, page: impl Into<String>) -> Self {
        Self { page: Some(page.into()), ..Self::plain(text) }
    }

    /// Text that leads out of the site.
    pub(crate) fn out(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::plain(text) }
    }
}

/// What stands on a page; its kind names the template.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Content {
    /// The first page.
    Home(Home),
    /// The pages of a section.
    Listing(Listing),
    /// A pathway, in order.
    Area(Area),
    /// An operation.
    Operation(Box<Operation>),
    /// A profile, an extension or a type.
    Structure(Box<Structure>),
    /// A value set.
    ValueSet(ValueSet),
    /// A code system.
    CodeSystem(CodeSystem),
    /// A naming system.
    NamingSystem(NamingSystem),
    /// A rule.
    Rule(Rule),
    /// An error code.
    ErrorCode(ErrorCode),
    /// What changed and when.
    Changes {
        /// The changes, the newest first.
        changes: Vec<Change>,
    },
    /// A definition that cannot be read.
    Unreadable(Unreadable),
}

/// The first page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Home {
    /// The sections, each with how many pages it has.
    pub sections: Vec<Listed>,
    /// Pathways, where the site has any.
    pub areas: Vec<Listed>,
}

/// The pages of a section.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listing {
    /// The pages.
    pub pages: Vec<Listed>,
}

/// A page in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listed {
    /// The page.
    pub link: Link,
    /// What it is about.
    pub summary: String,
    /// What it is grouped under; empty where it is not.
    pub group: String,
}

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
    /// For a shell.
    pub curl: String,
    /// The body of the request.
    pub request: Option<String>,
    /// Status and headers of the answer.
    pub answer_head: String,
    /// The body of the answer.
    pub answer: Option<String>,
    /// What a check of both said, when the page was made; empty where nothing is wrong.
    pub findings: Vec<String>,
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

/// A profile, an extension or a type.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Structure {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// `draft`, `active` …
    pub status: Option<String>,
    /// FHIR release.
    pub release: String,
    /// The type.
    pub type_name: Link,
    /// What it starts from.
    pub base: Option<Link>,
    /// Where an extension may stand.
    pub context: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it says itself.
    pub differential: Vec<Element>,
    /// All elements.
    pub snapshot: Vec<Element>,
    /// What is wrong with the definition.
    pub faults: Vec<String>,
    /// Operations and definitions that use it.
    pub used_by: Vec<Link>,
}

/// An element.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Element {
    /// The anchor of its row.
    pub anchor: String,
    /// Its id.
    pub id: String,
    /// Its name, with that of its slice.
    pub name: String,
    /// How deep it stands.
    pub depth: usize,
    /// `1..1`; of a differential that does not say, empty.
    pub cardinality: String,
    /// Whether it must be supported.
    pub must_support: bool,
    /// Whether it changes what its parent means.
    pub is_modifier: bool,
    /// Whether nothing may stand there.
    pub is_forbidden: bool,
    /// Types.
    pub types: Vec<Link>,
    /// What it is, and what is demanded of it.
    pub says: Vec<Telling>,
}

/// Something said of an element.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Telling {
    /// What it is about: `fixed value`, `binding` …
    pub label: String,
    /// What is said.
    pub text: Link,
    /// Whether the text is a value, to be written as it stands.
    pub is_code: bool,
}

/// A value set.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ValueSet {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// FHIR release.
    pub release: String,
    /// Where its codes are from.
    pub systems: Vec<Link>,
    /// Its codes, as far as they are certain.
    pub codes: Vec<Concept>,
    /// Why there may be more.
    pub gap: Option<String>,
    /// Definitions that use it.
    pub used_by: Vec<Link>,
}

/// A code system.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CodeSystem {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// FHIR release.
    pub release: String,
    /// How much of it is here.
    pub content: String,
    /// Whether case matters.
    pub case_sensitive: bool,
    /// Its codes.
    pub codes: Vec<Concept>,
    /// Value sets and definitions that use it.
    pub used_by: Vec<Link>,
}

/// A code.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Concept {
    /// The anchor of its row.
    pub anchor: String,
    /// The code.
    pub code: String,
    /// Its system, where several may be meant.
    pub system: Option<String>,
    /// What it is called.
    pub display: Option<String>,
    /// What it means.
    pub definition: Option<String>,
}

/// A naming system.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NamingSystem {
    /// `identifier`, `codesystem` or `root`.
    pub what: String,
    /// FHIR release.
    pub release: String,
    /// Its identifiers: kind and value.
    pub ids: Vec<(String, String)>,
    /// What it is for.
    pub description: Option<String>,
}

/// A rule.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Rule {
    /// Its code.
    pub code: String,
    /// Its weight.
    pub severity: String,
    /// Why it matters and how to mend it.
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

/// A definition that cannot be read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Unreadable {
    /// Canonical URL.
    pub url: String,
    /// Why not.
    pub error: String,
}
