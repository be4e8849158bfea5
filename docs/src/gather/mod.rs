//! Definitions, and what is known of a service, as pages.

mod anchors;
mod links;
mod operation;
mod rule;
mod section;
mod sources;
mod structure;
mod terms;

use ers_fhir_ers::service;

use crate::page::{Content, Home, Link, Listed, Page, Site};
use links::Links;
use section::{
    CHANGES, CODE_SYSTEMS, ERRORS, EXTENSIONS, NAMING_SYSTEMS, OPERATIONS, PATHWAYS, PROFILES, RULES,
    Section, VALUE_SETS, listed, page, push_section,
};
pub use sources::{Release, Sources};

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
