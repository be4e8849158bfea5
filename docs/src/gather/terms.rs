//! Pages of value sets, code systems and naming systems.

use std::sync::Arc;

use ers_fhir_profiles::definition::CodeSystemContent;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::terminology::Expansion;

use super::links::Links;
use super::section::page;
use super::sources::{Release, Sources, Values, documented, release};
use super::structure::unreadable;
use crate::anchors::{Names, anchor};
use crate::page::{CodeSystem, Concept, Content, Link, NamingSystem, Page, ValueSet};
use crate::prose;

/// The largest number of codes that a page lists.
const MOST_CODES: usize = 1000;

/// The largest number of values that the page of a naming system shows.
const MOST_VALUES: usize = 5;

/// The page of every value set.
pub(super) fn value_sets(sources: &Sources, links: &Links) -> Vec<(Page, String)> {
    pages(sources, links, Kind::ValueSet, |of, url| {
        let definitions = &*of.definitions;
        let Some(set) = definitions.value_set(url).map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let found = Expansion::new(Arc::clone(&set)).enumerate(&of.terminology, MOST_CODES);
        let is_mixed = found.codes.windows(2).any(|pair| pair[0].system != pair[1].system);
        let mut names = Names::default();
        let codes = found.codes.into_iter().map(|code| Concept {
            anchor: names.give("code-", &anchor(&code.code)),
            system: code.system.filter(|_| is_mixed),
            code: code.code,
            display: code.display,
            definition: None,
        });
        let mut systems: Vec<Link> = Vec::new();
        for system in set.include.iter().filter_map(|include| include.system.as_deref()) {
            let link = links.definition(definitions, Kind::CodeSystem, system);
            if !systems.contains(&link) {
                systems.push(link);
            }
        }
        let content = ValueSet {
            url: set.url.clone(),
            version: set.version.clone(),
            release: release(definitions.fhir_version()).to_owned(),
            systems,
            codes: codes.collect(),
            gap: found.gap.map(|gap| gap.to_string()),
            used_by: links.users(definitions.fhir_version(), &set.url),
        };
        let count = content.codes.len();
        let more = if content.gap.is_some() { " that are certain" } else { "" };
        let summary = format!("{count} {}{more}.", if count == 1 { "code" } else { "codes" });
        Ok(Some((set.title.clone(), summary, Content::ValueSet(content))))
    })
}

/// The page of every code system.
pub(super) fn code_systems(sources: &Sources, links: &Links) -> Vec<(Page, String)> {
    pages(sources, links, Kind::CodeSystem, |of, url| {
        let definitions = &*of.definitions;
        let Some(system) = definitions.code_system(url).map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let mut names = Names::default();
        let codes = system.concepts.iter().take(MOST_CODES).map(|concept| Concept {
            anchor: names.give("code-", &anchor(&concept.code)),
            code: concept.code.clone(),
            system: None,
            display: concept.display.clone(),
            definition: concept.definition.clone(),
        });
        let extent = match system.content {
            CodeSystemContent::Complete => "all of its codes",
            CodeSystemContent::Fragment => "some of its codes; there are more",
            CodeSystemContent::Example => "a few of its codes as examples",
            CodeSystemContent::NotPresent => "none of its codes",
            CodeSystemContent::Supplement => "more about the codes of another system",
        };
        let count = system.concepts.len();
        let cut = if count > MOST_CODES {
            format!("; the first {MOST_CODES} of {count} are listed")
        } else {
            String::new()
        };
        let content = CodeSystem {
            url: system.url.clone(),
            version: system.version.clone(),
            release: release(definitions.fhir_version()).to_owned(),
            content: format!("{extent}{cut}"),
            case_sensitive: system.case_sensitive,
            codes: codes.collect(),
            used_by: links.users(definitions.fhir_version(), &system.url),
        };
        let summary = format!("{count} {}.", if count == 1 { "code" } else { "codes" });
        Ok(Some((system.title.clone(), summary, Content::CodeSystem(content))))
    })
}

/// The page of every naming system.
pub(super) fn naming_systems(sources: &Sources, links: &Links, values: &Values) -> Vec<(Page, String)> {
    pages(sources, links, Kind::NamingSystem, |of, url| {
        let definitions = &*of.definitions;
        let Some(system) = definitions.naming_system(url).map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let mut shown: Vec<(String, Link)> = Vec::new();
        for (value, link) in system.unique_ids.iter().filter_map(|(_, id)| values.get(id)).flatten() {
            if shown.len() < MOST_VALUES && !shown.iter().any(|(known, _)| known == value) {
                shown.push((value.clone(), link.clone()));
            }
        }
        let content = NamingSystem {
            values: shown,
            what: system.kind.clone(),
            release: release(definitions.fhir_version()).to_owned(),
            ids: system.unique_ids.clone(),
            description: system.description.clone(),
        };
        let summary = system.description.as_deref().map(prose::summary).unwrap_or_default();
        Ok(Some((None, summary, Content::NamingSystem(content))))
    })
}

/// Title, summary and content of a page.
type Made = (Option<String>, String, Content);

fn pages(
    sources: &Sources,
    links: &Links,
    kind: Kind,
    describe: impl Fn(&Release, &str) -> Result<Option<Made>, String>,
) -> Vec<(Page, String)> {
    let mut pages = Vec::new();
    for (of, known) in documented(sources, kind) {
        let version = of.definitions.fhir_version();
        let Some(path) = links.page(version, kind, known.url) else { continue };
        let name = known.name.unwrap_or(known.url);
        let mut made = match describe(of, known.url) {
            Ok(Some((title, summary, content))) => {
                page(path, title.as_deref().unwrap_or(name), summary, content)
            }
            Ok(None) => continue,
            Err(error) => unreadable(path, name, known.url, &error),
        };
        made.keywords.extend([name.to_owned(), known.url.to_owned()]);
        pages.push((made, release(version).to_owned()));
    }
    pages
}
