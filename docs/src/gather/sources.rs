//! What a site is made of: definitions, and which of them have pages.

use std::collections::HashMap;
use std::sync::Arc;

use ers_fhir_profiles::package::extra::Extra;
use ers_fhir_profiles::package::{Kind, Known};
use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::Validator;

use crate::page::{Link, Specimen};

/// What a site is made of.
#[derive(Debug)]
pub struct Sources {
    /// What the site is called.
    pub title: String,
    /// The definitions that pages are made of, for each release.
    pub releases: Vec<Release>,
    /// Packages whose definitions have a page.
    pub packages: Vec<String>,
    /// Other resources of packages, such as examples, each with its release.
    pub extras: Vec<(FhirVersion, Extra)>,
    /// Whether the operations of e-RS, its rules and changes have pages.
    pub has_service: bool,
    /// The URL where the site will be published, if known.
    pub base_url: Option<String>,
}

/// The definitions of a release, and what is asked about them.
#[derive(Debug)]
pub struct Release {
    pub(super) definitions: Arc<Definitions>,
    pub(super) terminology: Terminology,
    pub(super) validator: Validator,
}

impl Release {
    /// Calls the function twice: once for the pages, and once for the check of examples.
    pub fn new(make: impl Fn() -> Definitions) -> Self {
        let definitions = Arc::new(make());
        Self {
            terminology: Terminology::new(Arc::clone(&definitions)),
            definitions,
            validator: Validator::new(make()),
        }
    }
}

/// The definitions of a kind that have pages, release by release.
pub(super) fn documented(sources: &Sources, kind: Kind) -> impl Iterator<Item = (&Release, Known<'_>)> {
    sources.releases.iter().flat_map(move |release| {
        let known = release.definitions.known(kind).into_iter();
        known
            .filter(|known| has_page(sources, &release.definitions, known))
            .map(move |known| (release, known))
    })
}

/// Whether a definition has a page: of several with one canonical, only the one that a look-up finds.
fn has_page(sources: &Sources, definitions: &Definitions, known: &Known<'_>) -> bool {
    let is_found =
        || definitions.find(known.kind, known.url).is_some_and(|found| found.version == known.version);
    sources.packages.iter().any(|package| package == known.package) && is_found()
}

/// Releases as written in addresses and texts.
pub(crate) fn release(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Stu3 => "STU3",
        FhirVersion::R4 => "R4",
    }
}

/// Payloads by the page of their definition.
pub(super) type Specimens = HashMap<String, Vec<Specimen>>;

/// Values of identifiers by their system, each with a page that shows it.
pub(super) type Values = HashMap<String, Vec<(String, Link)>>;
