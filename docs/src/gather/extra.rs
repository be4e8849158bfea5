//! Pages of what a package holds besides the definitions that others refer to: examples, which are checked, and
//! definitions of other kinds.

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::package::extra::Extra;
use ers_fhir_report::Severity;
use ers_fhir_validator::Options;
use serde_json::Value;

use super::links::Links;
use super::section::{EXAMPLES, OTHERS, page};
use super::sources::{Release, Sources, Specimens, release};
use crate::anchors::{Names, file_name};
use crate::page::{Content, Link, Page, Resource, Specimen};
use crate::prose;

/// Maximum size of the source that a page shows, in bytes.
const LONGEST: usize = 100_000;
/// The largest number of findings that a page lists.
const MOST_FINDINGS: usize = 50;

/// Pages, each with the type that it is listed under.
type Listed = Vec<(Page, String)>;

/// The pages of examples and those of other definitions, each with the type that it is listed under.
pub(super) fn pages(sources: &Sources, links: &Links, specimens: &mut Specimens) -> (Listed, Listed) {
    let mut names = Names::default();
    let mut made = (Vec::new(), Vec::new());
    for (version, extra) in &sources.extras {
        let Some(of) = sources.releases.iter().find(|of| of.definitions.fhir_version() == *version) else {
            continue;
        };
        let json: Value = serde_json::from_slice(&extra.json).unwrap_or_default();
        let Some(type_name) = json["resourceType"].as_str() else { continue };
        let is_example = extra.is_example || !is_definition(type_name);
        let section = if is_example { EXAMPLES } else { OTHERS };
        let folder = format!("{}/{}/", section.0, release(*version).to_lowercase());
        let stem = extra.file.rsplit('/').next().unwrap_or(&extra.file).trim_end_matches(".json");
        let path = names.give(&folder, &file_name(stem));
        let resource = resource(of, links, extra, &json, type_name, is_example);
        let text = |name: &str| json[name].as_str().filter(|text| !text.trim().is_empty());
        let title = text("title").or_else(|| text("name")).or_else(|| text("id")).unwrap_or(stem).to_owned();
        let title = if is_example { format!("{type_name} {title}") } else { title };
        if is_example {
            for profile in &resource.profiles {
                let specimen = Specimen { link: Link::to(&title, &path), findings: resource.findings.len() };
                specimens.entry(profile.page.clone().unwrap_or_default()).or_default().push(specimen);
            }
        }
        let summary = match (&resource.description, resource.findings.len()) {
            (Some(description), _) => prose::summary(description),
            (None, 0) if is_example => "A check finds nothing wrong with it.".to_owned(),
            (None, 0) => String::new(),
            (None, 1) => "A check finds one thing wrong with it.".to_owned(),
            (None, count) => format!("A check finds {count} things wrong with it."),
        };
        let url = resource.url.clone();
        let mut page = page(path, title, summary, Content::Resource(Box::new(resource)));
        page.keywords.extend(url);
        page.keywords.extend([type_name.to_owned(), stem.to_owned()]);
        let list = if is_example { &mut made.0 } else { &mut made.1 };
        list.push((page, type_name.to_owned()));
    }
    for list in [&mut made.0, &mut made.1] {
        list.sort_by(|(a, of_a), (b, of_b)| (of_a, &a.title, &a.path).cmp(&(of_b, &b.title, &b.path)));
    }
    made
}

/// Whether resources of a type are definitions rather than payloads.
fn is_definition(type_name: &str) -> bool {
    const OTHERS: [&str; 8] = [
        "ImplementationGuide",
        "CapabilityStatement",
        "ConceptMap",
        "Library",
        "Measure",
        "Questionnaire",
        "SearchParameter",
        "StructureMap",
    ];
    type_name.ends_with("Definition") || OTHERS.contains(&type_name)
}

fn resource(
    of: &Release,
    links: &Links,
    extra: &Extra,
    json: &Value,
    type_name: &str,
    is_example: bool,
) -> Resource {
    let definitions = &*of.definitions;
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let declared = json["meta"]["profile"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let source = String::from_utf8_lossy(&extra.json);
    let is_cut = source.len() > LONGEST;
    let end = (0..=LONGEST.min(source.len())).rfind(|end| source.is_char_boundary(*end)).unwrap_or_default();
    Resource {
        type_name: links.type_name(definitions, type_name),
        url: text("url"),
        version: text("version"),
        release: release(definitions.fhir_version()).to_owned(),
        description: text("description"),
        profiles: declared.map(|profile| links.definition(definitions, Kind::Structure, profile)).collect(),
        is_example,
        findings: if is_example { findings(of, &extra.json) } else { Vec::new() },
        source: source[..end].replace('\r', "").trim_end().to_owned(),
        is_cut,
    }
}

/// The findings of a check of an example.
fn findings(of: &Release, json: &[u8]) -> Vec<String> {
    let report = of.validator.check(json, &Options::default());
    let found = report.diagnostics.iter().filter(|found| found.severity != Severity::Information);
    let told =
        found.map(|found| format!("{}: {} ({})", found.rule.code, found.message.revealed(), found.location));
    told.take(MOST_FINDINGS).collect()
}
