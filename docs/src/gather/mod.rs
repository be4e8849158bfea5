//! Turns definitions, and what is known of a service, into pages.

mod extra;
mod links;
mod manual;
mod operation;
mod rule;
mod section;
mod sources;
mod structure;
mod terms;
mod typed;

use ers_fhir_ers::service;

use crate::page::{Content, Home, Link, Listed, Page, Site};
use links::Links;
use section::{
    CHANGES, CODE_SYSTEMS, ERRORS, EXAMPLES, EXTENSIONS, MANUAL, NAMING_SYSTEMS, OPERATIONS, OTHERS,
    PATHWAYS, PROFILES, RULES, VALUE_SETS, listed,
};
pub(crate) use section::{Section, page, push_section};
pub(crate) use sources::release;
pub use sources::{Release, Sources};
use sources::{Specimens, Values};
pub(crate) use structure::written;

/// The program that makes sites, with its version.
pub(crate) const GENERATOR: &str = concat!("ers-fhir ", env!("CARGO_PKG_VERSION"));

/// The pages of a site.
pub fn site(sources: &Sources) -> Site {
    let links = Links::new(sources);
    let mut pages = Vec::new();
    let mut sections = Vec::new();
    let mut specimens = Specimens::new();
    let mut values = Values::new();
    let mut add = |section: Section, made: Vec<(Page, String)>| {
        if made.is_empty() {
            return;
        }
        sections.push(listed(section, made.len()));
        push_section(&mut pages, section, made);
    };
    if sources.has_service {
        add(MANUAL, manual::pages());
        add(PATHWAYS, operation::pathways());
        let operations = operation::pages(sources, &links);
        operation::specimens(&operations, &mut specimens);
        operation::values(&operations, &mut values);
        add(OPERATIONS, operations);
    }
    let (examples, others) = extra::pages(sources, &links, &mut specimens);
    let (mut structures, files) = structure::pages(sources, &links, &mut specimens);
    let is_extension = |page: &Page| page.path.starts_with(EXTENSIONS.0);
    let extensions = structures.extract_if(.., |(page, _)| is_extension(page)).collect();
    add(PROFILES, structures);
    add(EXTENSIONS, extensions);
    add(VALUE_SETS, terms::value_sets(sources, &links));
    add(CODE_SYSTEMS, terms::code_systems(sources, &links));
    add(NAMING_SYSTEMS, terms::naming_systems(sources, &links, &values));
    add(OTHERS, others);
    add(EXAMPLES, examples);
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
    let start = sources.has_service.then(|| Link::to("Start here", manual::START));
    let home = Home { start, sections, areas: areas.collect() };
    let mut first = page("index", &sources.title, "", Content::Home(home));
    first.crumbs.clear();
    pages.insert(0, first);
    Site {
        title: sources.title.clone(),
        generator: GENERATOR.to_owned(),
        base_url: sources.base_url.clone(),
        pages,
        files,
    }
}
