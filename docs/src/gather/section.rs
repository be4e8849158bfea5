//! The sections of a site: their names, their lists, and the place of a page in one.

use crate::page::{Content, Link, Listed, Listing, Page};

/// A section: its folder, its name, and what it holds.
pub(crate) type Section = (&'static str, &'static str, &'static str);

pub(super) const MANUAL: Section = (
    "manual",
    "Manual",
    "How to check payloads with ers-fhir: by hand, in pipelines, in editors and in programs.",
);
pub(super) const OPERATIONS: Section =
    ("operations", "Operations", "What can be called, by whom and with what, and what comes back.");
pub(super) const PATHWAYS: Section =
    ("pathways", "Pathways", "Which operations to call, in order, to get something done.");
pub(super) const PROFILES: Section = ("profiles", "Profiles", "What a resource must look like.");
pub(super) const EXTENSIONS: Section =
    ("extensions", "Extensions", "What resources may hold beyond what FHIR itself defines.");
pub(super) const VALUE_SETS: Section = ("value-sets", "Value sets", "Which codes an element may hold.");
pub(super) const CODE_SYSTEMS: Section = ("code-systems", "Code systems", "Codes and what they mean.");
pub(super) const NAMING_SYSTEMS: Section =
    ("naming-systems", "Naming systems", "The systems that identifiers come from.");
pub(super) const OTHERS: Section =
    ("definitions", "Other definitions", "Operations, search parameters, capabilities and everything else.");
pub(super) const EXAMPLES: Section =
    ("examples", "Examples", "Payloads, each checked when its page was made.");
pub(super) const RULES: Section =
    ("rules", "Rules", "What is checked: why, a bad and a good example, and how to fix it.");
pub(super) const ERRORS: Section =
    ("errors", "Error codes", "Why the service refuses a call, and what to do next.");
pub(super) const CHANGES: Section =
    ("changes", "Changes", "What changed in the service and when, and what is announced.");

pub(super) fn listed((path, title, summary): Section, count: usize) -> Listed {
    Listed {
        link: Link::to(title, format!("{path}/index")),
        summary: format!("{summary} {count} pages."),
        group: String::new(),
    }
}

/// A page directly under the home page.
pub(crate) fn page(
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

/// Adds the list of a section and its pages, each with its neighbours.
pub(crate) fn push_section(
    pages: &mut Vec<Page>,
    (path, title, summary): Section,
    made: Vec<(Page, String)>,
) {
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
