//! Definitions, and what is known of a service, as pages.

mod anchors;
mod links;
mod operation;
mod rule;
mod structure;
mod terms;

use std::sync::Arc;

use ers_fhir_ers::service;
use ers_fhir_profiles::package::{Kind, Known};
use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::Validator;

use crate::page::{Content, Home, Link, Listed, Listing, Page, Site};
use links::Links;

/// What a site is made of.
#[derive(Debug)]
pub struct Sources {
    /// What the site is called.
    pub title: String,
    /// The definitions that pages are made of, for each release.
    pub releases: Vec<Release>,
    /// Packages whose definitions have a page.
    pub packages: Vec<String>,
    /// Whether the operations of e-RS, its rules and changes have pages.
    pub has_service: bool,
}

/// The definitions of a release, and what is asked about them.
#[derive(Debug)]
pub struct Release {
    definitions: Arc<Definitions>,
    terminology: Terminology,
    validator: Validator,
}

impl Release {
    /// Definitions as they are made, twice: for the pages, and for the check of examples.
    pub fn new(make: impl Fn() -> Definitions) -> Self {
        let definitions = Arc::new(make());
        Self {
            terminology: Terminology::new(Arc::clone(&definitions)),
            definitions,
            validator: Validator::new(make()),
        }
    }
}

/// A section: its folder, its name, and what it holds.
type Section = (&'static str, &'static str, &'static str);

const OPERATIONS: Section =
    ("operations", "Operations", "What can be called, by whom, with what, and what comes back.");
const PATHWAYS: Section =
    ("pathways", "Pathways", "Which operations to call, in order, to get something done.");
const PROFILES: Section = ("profiles", "Profiles", "What a resource must look like.");
const EXTENSIONS: Section = ("extensions", "Extensions", "What resources may carry beyond FHIR itself.");
const VALUE_SETS: Section = ("value-sets", "Value sets", "Which codes an element may hold.");
const CODE_SYSTEMS: Section = ("code-systems", "Code systems", "Codes and what they mean.");
const NAMING_SYSTEMS: Section = ("naming-systems", "Naming systems", "Systems that identifiers are from.");
const RULES: Section =
    ("rules", "Rules", "What is checked: why, a bad and a good example, and how to mend it.");
const ERRORS: Section = ("errors", "Error codes", "Why the service refuses a call, and what to do next.");
const CHANGES: Section =
    ("changes", "Changes", "What changed in the service and when, and what is announced.");

/// The pages of a site.
pub fn site(sources: &Sources) -> Site {
    let links = Links::new(sources);
    let mut pages = Vec::new();
    let mut sections = Vec::new();
    let mut add = |section: Section, made: Vec<(Page, String)>| {
        if made.is_empty() {
            return;
        }
        sections.push(listed(section, made.len()));
        push_section(&mut pages, section, made);
    };
    if sources.has_service {
        add(PATHWAYS, operation::pathways());
        add(OPERATIONS, operation::pages(sources, &links));
    }
    let mut structures = structure::pages(sources, &links);
    let is_extension = |page: &Page| page.path.starts_with(EXTENSIONS.0);
    let extensions = structures.extract_if(.., |(page, _)| is_extension(page)).collect();
    add(PROFILES, structures);
    add(EXTENSIONS, extensions);
    add(VALUE_SETS, terms::value_sets(sources, &links));
    add(CODE_SYSTEMS, terms::code_systems(sources, &links));
    add(NAMING_SYSTEMS, terms::naming_systems(sources, &links));
    if sources.has_service {
        add(RULES, rule::rules());
        add(ERRORS, rule::errors());
        let (path, title, summary) = CHANGES;
        sections.push(Listed {
            link: Link::to(title, path),
            summary: summary.to_owned(),
            group: String::new(),
        });
        pages.push(page(path, title, summary, Content::Changes { changes: operation::changes(|_| true) }));
    }
    let areas = service::pathways().iter().filter(|_| sources.has_service).map(|pathway| Listed {
        link: Link::to(pathway.name, operation::pathway_path(pathway)),
        summary: pathway.says.to_owned(),
        group: String::new(),
    });
    let home = Home { sections, areas: areas.collect() };
    let mut first = page("index", &sources.title, "", Content::Home(home));
    first.crumbs.clear();
    pages.insert(0, first);
    Site {
        title: sources.title.clone(),
        generator: concat!("ers-fhir ", env!("CARGO_PKG_VERSION")).to_owned(),
        pages,
    }
}

fn listed((path, title, summary): Section, count: usize) -> Listed {
    Listed {
        link: Link::to(title, format!("{path}/index")),
        summary: format!("{summary} {count} pages."),
        group: String::new(),
    }
}

/// A page right below the home page.
fn page(
    path: impl Into<String>,
    title: impl Into<String>,
    summary: impl Into<String>,
    content: Content,
) -> Page {
    Page {
        path: path.into(),
        title: title.into(),
        summary: summary.into(),
        crumbs: vec![Link::to("Home", "index")],
        previous: None,
        next: None,
        keywords: Vec::new(),
        content,
    }
}

/// Adds the list of a section and its pages, each with the one before and behind it.
fn push_section(pages: &mut Vec<Page>, (path, title, summary): Section, made: Vec<(Page, String)>) {
    let link = |page: &Page| Link::to(&page.title, &page.path);
    let listed = made.iter().map(|(page, group)| Listed {
        link: link(page),
        summary: page.summary.clone(),
        group: group.clone(),
    });
    let listing = Listing { pages: listed.collect() };
    let top = format!("{path}/index");
    pages.push(page(top.clone(), title, summary, Content::Listing(listing)));
    let all: Vec<Link> = made.iter().map(|(page, _)| link(page)).collect();
    for (number, (mut page, _)) in made.into_iter().enumerate() {
        page.crumbs.push(Link::to(title, &top));
        page.previous = number.checked_sub(1).map(|before| all[before].clone());
        page.next = all.get(number + 1).cloned();
        pages.push(page);
    }
}

/// The definitions of a kind that have pages, release by release.
fn documented(sources: &Sources, kind: Kind) -> impl Iterator<Item = (&Release, Known<'_>)> {
    sources.releases.iter().flat_map(move |release| {
        let known = release.definitions.known(kind).into_iter();
        known
            .filter(|known| has_page(sources, &release.definitions, known))
            .map(move |known| (release, known))
    })
}

/// Whether a definition has a page: of those under one canonical, the one that is found.
fn has_page(sources: &Sources, definitions: &Definitions, known: &Known<'_>) -> bool {
    let is_found =
        || definitions.find(known.kind, known.url).is_some_and(|found| found.version == known.version);
    sources.packages.iter().any(|package| package == known.package) && is_found()
}

/// Releases as addresses and texts have them.
fn release(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Stu3 => "STU3",
        FhirVersion::R4 => "R4",
    }
}
