//! A site as plain data: what is on its pages, before any template sees it.

mod comparison;
mod definition;
mod link;
mod service;

use schemars::JsonSchema;
use serde::Serialize;

pub use comparison::{Comparison, Difference, Weight};
pub use definition::{
    CodeSystem, Concept, Element, NamingSystem, Resource, Specimen, Structure, Telling, ValueSet,
};
pub use link::{Link, Listed};
pub use service::{
    Area, Body, Change, Duty, Effect, ErrorCode, Example, Failure, Header, Operation, Parameter, Route, Rule,
    Step, Written,
};

/// A file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path, relative to the folder of the site.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// A site.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Site {
    /// What it is called.
    pub title: String,
    /// The program that made it, with its version.
    pub generator: String,
    /// The URL where it will be published, without the last slash, if known.
    pub base_url: Option<String>,
    /// Its pages, section by section, the home page first.
    pub pages: Vec<Page>,
    /// Further files, such as JSON Schemas.
    #[serde(skip)]
    #[schemars(skip)]
    pub files: Vec<File>,
}

/// A page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Page {
    /// Its file, relative to the folder of the site, without `.html`.
    pub path: String,
    /// Its heading.
    pub title: String,
    /// What it is about, in a sentence.
    pub summary: String,
    /// The pages above it, the home page first.
    pub crumbs: Vec<Link>,
    /// The page before it in its section.
    pub previous: Option<Link>,
    /// The page after it in its section.
    pub next: Option<Link>,
    /// Further words to find it by.
    pub keywords: Vec<String>,
    /// Its content.
    pub content: Content,
}

impl Page {
    /// Whether a check found faults in an example on it.
    pub fn has_findings(&self) -> bool {
        match &self.content {
            Content::Operation(of) => of.examples.iter().any(|example| !example.findings.is_empty()),
            Content::Resource(resource) => !resource.findings.is_empty(),
            _ => false,
        }
    }
}

/// The content of a page; its kind selects the template.
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
    /// A definition of another kind, or an example.
    Resource(Box<Resource>),
    /// The changes of a definition.
    Comparison(Comparison),
    /// A text, written by hand.
    Text(Text),
    /// A definition that cannot be read.
    Unreadable(Unreadable),
}

/// A text, written by hand.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Text {
    /// Markdown, without its first heading.
    pub markdown: String,
}

/// The first page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Home {
    /// Where a new reader starts.
    pub start: Option<Link>,
    /// The sections, each with how many pages it has.
    pub sections: Vec<Listed>,
    /// Pathways, if the site has any.
    pub areas: Vec<Listed>,
}

/// The pages of a section.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listing {
    /// The pages.
    pub pages: Vec<Listed>,
}

/// A definition that cannot be read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Unreadable {
    /// Canonical URL.
    pub url: String,
    /// Why not.
    pub error: String,
}
