//! Two versions of a package: what must change in a payload, what is newly allowed, and what is good to know.

mod element;
mod sides;
mod structure;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};

use crate::anchors::{Names, file_name};
use crate::gather::{self, page, push_section, release};
use crate::page::{Comparison, Content, Home, Link, Listed, Page, Site, Weight};
use sides::{Sides, difference};

/// One of the two versions: its name, its packages, and its definitions for each release that it is for.
#[derive(Debug)]
pub struct Edition {
    /// Its name: `hl7.fhir.uv.ips 2.0.0`.
    pub name: String,
    /// The package whose definitions are compared.
    pub package: String,
    /// The definitions, for each release.
    pub definitions: Vec<Arc<Definitions>>,
}

/// Sections of a comparison: folder, name, description.
const SECTIONS: [(Kind, gather::Section); 3] = [
    (Kind::Structure, ("profiles", "Profiles", "Profiles, extensions and types that changed.")),
    (Kind::ValueSet, ("value-sets", "Value sets", "Value sets whose codes changed.")),
    (Kind::CodeSystem, ("code-systems", "Code systems", "Code systems whose codes changed.")),
];

/// The changes from one edition of a package to another, as a site.
pub fn compare(title: &str, old: &Edition, new: &Edition) -> Site {
    let mut pages = Vec::new();
    let mut sections = Vec::new();
    for (kind, section) in SECTIONS {
        let mut names = Names::default();
        let mut made: Vec<(Page, String)> = Vec::new();
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            let of = |edition: &Edition| {
                edition.definitions.iter().find(|of| of.fhir_version() == version).map(Arc::clone)
            };
            let Some((before, after)) = of(old).zip(of(new)) else { continue };
            let sides = Sides { old: &before, new: &after };
            for (url, [was, is]) in both(kind, (&before, &old.package), (&after, &new.package)) {
                let Some(comparison) = compared(&sides, kind, &url, was, is) else { continue };
                let folder = format!("{}/{}/", section.0, release(version).to_lowercase());
                let last = url.rsplit('/').next().unwrap_or(&url);
                let path = names.give(&folder, &file_name(last));
                let group = group(&comparison);
                let title = last.to_owned();
                let summary = summary(&comparison);
                let mut page = page(path, title, summary, Content::Comparison(comparison));
                page.keywords.push(url);
                made.push((page, group.to_owned()));
            }
        }
        if made.is_empty() {
            continue;
        }
        made.sort_by(|(a, of_a), (b, of_b)| (of_a, &a.title).cmp(&(of_b, &b.title)));
        sections.push(Listed {
            link: Link::to(section.1, format!("{}/index", section.0)),
            summary: format!("{} {} of them.", section.2, made.len()),
            group: String::new(),
        });
        push_section(&mut pages, section, made);
    }
    let mut first = page(
        "index",
        title,
        summary_of(old, new, &pages),
        Content::Home(Home { start: None, sections, areas: Vec::new() }),
    );
    first.crumbs.clear();
    pages.insert(0, first);
    Site {
        title: title.to_owned(),
        generator: gather::GENERATOR.to_owned(),
        base_url: None,
        pages,
        files: Vec::new(),
    }
}

/// Whether a payload that was valid may now be invalid.
pub fn must_change(site: &Site) -> bool {
    site.pages.iter().any(|page| matches!(&page.content, Content::Comparison(one) if one.must_change()))
}

fn summary_of(old: &Edition, new: &Edition, pages: &[Page]) -> String {
    let changed = pages.iter().filter_map(|page| match &page.content {
        Content::Comparison(comparison) => Some(comparison),
        _ => None,
    });
    let (mut all, mut must) = (0, 0);
    for comparison in changed {
        all += 1;
        must += usize::from(comparison.must_change());
    }
    let (old, new) = (&old.name, &new.name);
    match (all, must) {
        (0, _) => format!("From {old} to {new}, nothing changed that affects payloads."),
        (1, 0) => format!("From {old} to {new}, one definition changed; no payload has to change."),
        (_, 0) => format!("From {old} to {new}, {all} definitions changed; no payload has to change."),
        (1, 1) => {
            format!("From {old} to {new}, one definition changed; payloads that use it may have to change.")
        }
        (_, 1) => {
            format!(
                "From {old} to {new}, {all} definitions changed; payloads that use one of them may have to change."
            )
        }
        _ => {
            format!(
                "From {old} to {new}, {all} definitions changed; payloads that use {must} of them may have to change."
            )
        }
    }
}

/// Whether each edition has a definition, by canonical.
fn both(
    kind: Kind,
    (old, old_package): (&Definitions, &str),
    (new, new_package): (&Definitions, &str),
) -> BTreeMap<String, [bool; 2]> {
    let mut found: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for (side, definitions, package) in [(0, old, old_package), (1, new, new_package)] {
        for known in definitions.known(kind).into_iter().filter(|known| known.package == package) {
            found.entry(known.url.to_owned()).or_default()[side] = true;
        }
    }
    found
}

/// The changes of a definition; `None` if there are none.
fn compared(sides: &Sides<'_>, kind: Kind, url: &str, was: bool, is: bool) -> Option<Comparison> {
    let mut changes = match (was, is) {
        (true, true) => match kind {
            Kind::Structure => structure::changes(sides, url),
            Kind::ValueSet => terms::value_set(sides, url),
            _ => terms::code_system(sides, url),
        },
        (true, false) => vec![difference(
            Weight::Must,
            "",
            "It is no longer defined: a payload must not declare it, or contain what only it defined.",
        )],
        _ => vec![difference(Weight::May, "", "It is new.")],
    };
    changes.sort_by_key(|change| change.weight);
    let version = |of: &Definitions| of.find(kind, url).and_then(|known| known.version.map(str::to_owned));
    let (old, new) = (version(sides.old).filter(|_| was), version(sides.new).filter(|_| is));
    (!changes.is_empty()).then(|| Comparison {
        what: kind.resource_type().to_owned(),
        url: url.to_owned(),
        release: release(sides.new.fhir_version()).to_owned(),
        old,
        new,
        changes,
    })
}

fn group(comparison: &Comparison) -> &'static str {
    let has = |weight| comparison.changes.iter().any(|change| change.weight == weight);
    if comparison.must_change() {
        "A payload must change"
    } else if has(Weight::May) {
        "More is allowed"
    } else {
        "Good to know"
    }
}

fn summary(comparison: &Comparison) -> String {
    let count = |weight| comparison.changes.iter().filter(|change| change.weight == weight).count();
    let told =
        [(Weight::Must, "to follow"), (Weight::May, "that allows more"), (Weight::Note, "to know about")];
    let parts = told.into_iter().filter_map(|(weight, what)| match count(weight) {
        0 => None,
        1 => Some(format!("one change {what}")),
        many => Some(format!("{many} changes {what}")),
    });
    let text = parts.collect::<Vec<_>>().join(", ");
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}
