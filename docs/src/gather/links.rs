//! The targets of canonicals: a page of the site, or a page of HL7.

use std::collections::{BTreeMap, HashMap};

use ers_fhir_profiles::definition::{Binding, StructureKind};
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};

use super::section::{CODE_SYSTEMS, EXTENSIONS, NAMING_SYSTEMS, PROFILES, VALUE_SETS};
use super::sources::{Sources, documented, release};
use crate::anchors::{Names, file_name};
use crate::page::Link;

/// The pages of definitions, and who uses which.
#[derive(Debug, Default)]
pub(super) struct Links {
    pages: HashMap<(&'static str, Kind, String), (String, String)>,
    used: BTreeMap<(&'static str, String), Vec<Link>>,
}

impl Links {
    pub(super) fn new(sources: &Sources) -> Self {
        let mut links = Self::default();
        let mut names = Names::default();
        for kind in [Kind::Structure, Kind::ValueSet, Kind::CodeSystem, Kind::NamingSystem] {
            for (of, known) in documented(sources, kind) {
                let version = release(of.definitions.fhir_version());
                let section = match kind {
                    Kind::Structure if known.type_name == Some("Extension") && known.is_constraint => {
                        EXTENSIONS
                    }
                    Kind::Structure => PROFILES,
                    Kind::ValueSet => VALUE_SETS,
                    Kind::CodeSystem => CODE_SYSTEMS,
                    _ => NAMING_SYSTEMS,
                };
                let folder = format!("{}/{}/", section.0, version.to_lowercase());
                let name = match kind {
                    Kind::NamingSystem => known.name.unwrap_or(known.url),
                    _ => known.url.rsplit('/').next().unwrap_or(known.url),
                };
                let path = names.give(&folder, &file_name(name));
                let title = known.name.unwrap_or(known.url).to_owned();
                links.pages.insert((version, kind, known.url.to_owned()), (path, title));
            }
        }
        for (of, known) in documented(sources, Kind::Structure) {
            links.note_structure(&of.definitions, known.url);
        }
        for (of, known) in documented(sources, Kind::ValueSet) {
            let definitions = &of.definitions;
            let Ok(Some(set)) = definitions.value_set(known.url) else { continue };
            let user = links.definition(definitions, Kind::ValueSet, known.url);
            for system in set.include.iter().filter_map(|include| include.system.as_deref()) {
                links.note(definitions.fhir_version(), system, &user);
            }
        }
        if sources.has_service {
            for endpoint in ers_fhir_ers::service::endpoints().into_iter().filter(|of| !of.is_versioned()) {
                for profile in super::operation::profiles(endpoint.request)
                    .iter()
                    .chain(super::operation::profiles(endpoint.response))
                {
                    links.note(endpoint.release, profile, &super::operation::link(endpoint));
                }
            }
        }
        links
    }

    /// Records what a structure refers to.
    fn note_structure(&mut self, definitions: &Definitions, url: &str) {
        let Ok(Some(structure)) = definitions.structure(url) else { return };
        let user = self.definition(definitions, Kind::Structure, url);
        for element in &structure.differential {
            let types = element.types.iter().flat_map(|of| of.profiles.iter().chain(&of.target_profiles));
            let set = element.binding.iter().filter_map(|Binding { value_set, .. }| value_set.as_ref());
            for used in types.chain(set).chain(structure.base_definition.as_ref()) {
                self.note(definitions.fhir_version(), used, &user);
            }
        }
    }

    fn note(&mut self, version: FhirVersion, canonical: &str, user: &Link) {
        let users = self.used.entry((release(version), without_version(canonical).to_owned())).or_default();
        if !users.contains(user) {
            users.push(user.clone());
        }
    }

    /// Who uses a definition.
    pub(super) fn users(&self, version: FhirVersion, url: &str) -> Vec<Link> {
        let mut users = self.used.get(&(release(version), url.to_owned())).cloned().unwrap_or_default();
        users.sort_by(|a, b| a.text.cmp(&b.text));
        users
    }

    /// The page of a definition that has one.
    pub(super) fn page(&self, version: FhirVersion, kind: Kind, url: &str) -> Option<&str> {
        self.pages.get(&(release(version), kind, url.to_owned())).map(|(path, _)| path.as_str())
    }

    /// A definition, by its name where it has a page.
    pub(super) fn definition(&self, definitions: &Definitions, kind: Kind, canonical: &str) -> Link {
        let version = definitions.fhir_version();
        let url = without_version(canonical);
        // The URL of a code system may differ from the URL of its definition.
        let named = if kind == Kind::CodeSystem { definitions.named_code_system(url) } else { None };
        let key = |url: &str| (release(version), kind, url.to_owned());
        let found = self.pages.get(&key(url)).or_else(|| self.pages.get(&key(named.as_deref()?)));
        if let Some((path, title)) = found {
            return Link::to(title, path);
        }
        match published(definitions, kind, url) {
            Some(address) => Link::out(url.rsplit('/').next().unwrap_or(url), address),
            None => Link::plain(canonical),
        }
    }

    /// A type.
    pub(super) fn type_name(&self, definitions: &Definitions, code: &str) -> Link {
        let system =
            code.strip_prefix("http://hl7.org/fhirpath/System.").or_else(|| code.strip_prefix("System."));
        if let Some(name) = system {
            return Link::plain(name.to_lowercase());
        }
        let url = if code.contains(':') {
            code.to_owned()
        } else {
            format!("http://hl7.org/fhir/StructureDefinition/{code}")
        };
        let link = self.definition(definitions, Kind::Structure, &url);
        if code.contains(':') { link } else { Link { text: code.to_owned(), ..link } }
    }
}

/// The canonical without its version or the element it names.
fn without_version(canonical: &str) -> &str {
    canonical.split('|').next().unwrap_or(canonical)
}

/// HL7's page on a definition of FHIR itself, if its address is known.
fn published(definitions: &Definitions, kind: Kind, url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://hl7.org/fhir/")?;
    let is_plain = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    definitions.find(kind, url)?;
    let base = match definitions.fhir_version() {
        FhirVersion::Stu3 => "https://hl7.org/fhir/STU3",
        FhirVersion::R4 => "https://hl7.org/fhir/R4",
    };
    match kind {
        Kind::ValueSet => {
            let name =
                rest.strip_prefix("ValueSet/").filter(|name| is_plain(name) && !name.starts_with('v'))?;
            Some(format!("{base}/valueset-{}.html", name.to_lowercase()))
        }
        Kind::CodeSystem => is_plain(rest).then(|| format!("{base}/codesystem-{}.html", rest.to_lowercase())),
        Kind::Structure => {
            let name = rest.strip_prefix("StructureDefinition/").filter(|name| is_plain(name))?;
            let structure = definitions.structure(url).ok()??;
            let lower = name.to_lowercase();
            Some(match (name, structure.kind) {
                _ if structure.type_name != name => format!("{base}/{lower}.html"),
                ("Extension", _) => format!("{base}/extensibility.html#Extension"),
                ("Reference", _) => format!("{base}/references.html#Reference"),
                ("Narrative", _) => format!("{base}/narrative.html#Narrative"),
                ("Meta", _) => format!("{base}/resource.html#Meta"),
                ("Element" | "BackboneElement" | "ElementDefinition" | "Dosage", _)
                | (_, StructureKind::Resource) => {
                    format!("{base}/{lower}.html")
                }
                _ => format!("{base}/datatypes.html#{name}"),
            })
        }
        _ => None,
    }
}
