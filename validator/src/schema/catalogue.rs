//! What is known about all definitions before any of them is compiled.

use std::sync::{Arc, OnceLock};

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::Known;
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, def, text, value};
use ers_fhir_values::canonical;
use ers_fhir_values::suggest::nearest;
use rustc_hash::FxHashMap;

use super::guide::{self, Global};
use super::link::ProfileLink;
use super::type_name::{SchemaIndex, TypeName};

/// Canonicals of FHIR itself start with this.
const FHIR: &str = "http://hl7.org/fhir/";

/// Canonicals of the types of FHIR, and of its own profiles, start with this.
pub(crate) const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The longest canonical of a type, in bytes; no name of a type comes near it.
const LONGEST_TYPE_URL: usize = 256;

/// The shortest last part of a canonical that shows what was meant, whatever comes before it.
const SHORTEST_NAME: usize = 16;

/// Every definition that a run may need, by number.
#[derive(Debug)]
pub(crate) struct Catalogue {
    definitions: Arc<Definitions>,
    entries: Vec<Entry>,
    /// Names of packages.
    packages: Vec<Box<str>>,
    by_url: FxHashMap<Box<str>, SchemaIndex>,
    /// Profiles that guides require for every resource of a type, once needed.
    globals: OnceLock<Vec<Global>>,
}

#[derive(Debug)]
struct Entry {
    /// Canonical URL; with its version, if the URL alone means another version.
    url: Box<str>,
    /// The type it defines or constrains.
    type_name: Box<str>,
    is_constraint: bool,
    /// Which package defines it.
    package: usize,
    /// The release that it names, if that is an unknown one.
    other_release: OnceLock<Option<Box<str>>>,
}

impl Catalogue {
    pub(super) fn new(definitions: Arc<Definitions>) -> Self {
        let mut entries = Vec::new();
        let mut packages: Vec<Box<str>> = Vec::new();
        let mut by_url = FxHashMap::default();
        let all = definitions.known(Kind::Structure);
        for (at, known) in all.iter().enumerate() {
            let is_same = |other: Option<&Known<'_>>| other.is_some_and(|other| other.url == known.url);
            let has_versions =
                is_same(at.checked_sub(1).and_then(|at| all.get(at))) || is_same(all.get(at + 1));
            let mut url: Box<str> = Box::from(known.url);
            if has_versions {
                let meant = definitions.find(Kind::Structure, known.url);
                let versioned = known.version.map(|version| format!("{}|{version}", known.url));
                if let Some(versioned) = &versioned {
                    by_url.insert(Box::from(versioned.as_str()), entries.len() as SchemaIndex);
                }
                if meant.is_some_and(|meant| meant.version != known.version) {
                    // A definition without a version cannot be named if there is one with a version.
                    let Some(versioned) = versioned else { continue };
                    url = versioned.into();
                }
            }
            by_url.insert(url.clone(), entries.len() as SchemaIndex);
            let package = packages.iter().position(|name| **name == *known.package).unwrap_or_else(|| {
                packages.push(Box::from(known.package));
                packages.len() - 1
            });
            entries.push(Entry {
                url,
                type_name: Box::from(known.type_name.unwrap_or_default()),
                is_constraint: known.is_constraint,
                package,
                other_release: OnceLock::new(),
            });
        }
        Self { definitions, entries, packages, by_url, globals: OnceLock::new() }
    }

    pub(crate) fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// The index of the definition with that canonical; a `|version` must match.
    pub(crate) fn find(&self, canonical: &str) -> Option<SchemaIndex> {
        if let Some(index) = self.by_url.get(canonical) {
            return Some(*index);
        }
        // Only a version, or a release within the URL, leads to a definition with another name here.
        if !canonical.contains('|') && !canonical.starts_with(FHIR) {
            return None;
        }
        let known = self.definitions.find(Kind::Structure, canonical)?;
        let versioned =
            known.version.and_then(|version| self.by_url.get(&*format!("{}|{version}", known.url)));
        versioned.or_else(|| self.by_url.get(known.url)).copied()
    }

    /// The profiles that guides require for every resource of one of these types.
    pub(super) fn globals(&self, types: &[&str]) -> Box<[Global]> {
        let globals = self.globals.get_or_init(|| {
            guide::read(&self.definitions, |canonical, package| {
                self.find(canonical).or_else(|| self.find_relative(canonical, package))
            })
        });
        globals.iter().filter(|global| types.contains(&&*global.type_name)).cloned().collect()
    }

    /// The definition in a package that a relative reference means: `StructureDefinition/my-patient`.
    fn find_relative(&self, reference: &str, package: &str) -> Option<SchemaIndex> {
        let is_meant = |entry: &&Entry| {
            let (url, _) = canonical::split(&entry.url);
            let is_there = url.strip_suffix(reference).is_some_and(|start| start.ends_with('/'));
            is_there && *self.packages[entry.package] == *package
        };
        let found = self.entries.iter().position(|entry| is_meant(&entry))?;
        reference.starts_with("StructureDefinition/").then_some(found as SchemaIndex)
    }

    /// Why a definition is not found: "is not in any loaded package".
    pub(crate) fn absence(&self, canonical: &str) -> Message {
        if let Some(release) = self.definitions.hidden(Kind::Structure, canonical) {
            let version = self.definitions.fhir_version();
            return text!(
                "is loaded, but written for FHIR {}, and this is checked as {}",
                def(release),
                version
            );
        }
        let (url, version) = canonical::split(canonical);
        let versions = self.definitions.versions(Kind::Structure, url);
        match version.filter(|_| !versions.is_empty()) {
            Some(version) => {
                text!("is not loaded in version {}, but in {}", value(version), def(versions.join(" and ")))
            }
            None => Message::text("is not in any loaded package"),
        }
    }

    /// The release that a definition names, if it is an unknown one.
    pub(crate) fn other_release(&self, index: SchemaIndex) -> Option<&str> {
        let release = &self.entries[index as usize].other_release;
        release
            .get_or_init(|| self.definitions.other_release(Kind::Structure, self.url(index)).map(Box::from))
            .as_deref()
    }

    /// The index of the definition of that type: `Patient`, `HumanName`, `string`.
    pub(crate) fn find_type(&self, code: &str) -> Option<SchemaIndex> {
        if code.contains('/') {
            return self.find(code);
        }
        // Payloads name types by the thousand, so their URLs are built on the stack.
        let mut buffer = [0; LONGEST_TYPE_URL];
        let url = buffer.get_mut(..CORE.len() + code.len())?;
        url[..CORE.len()].copy_from_slice(CORE.as_bytes());
        url[CORE.len()..].copy_from_slice(code.as_bytes());
        self.by_url.get(std::str::from_utf8(url).ok()?).copied()
    }

    /// What is known about the type with that name.
    pub(crate) fn type_of(&self, code: &str) -> TypeName {
        TypeName::new(code, self.find_type(code))
    }

    /// A link to that canonical, or to one element of it: `canonical#element-id`.
    pub(crate) fn link(&self, canonical: &str) -> ProfileLink {
        let (url, element) = match canonical.split_once('#') {
            Some((url, element)) => (url, Some(Box::from(element))),
            None => (canonical, None),
        };
        ProfileLink { canonical: Box::from(canonical), schema: self.find(url), element }
    }

    /// The canonical of that definition.
    pub(crate) fn url(&self, index: SchemaIndex) -> &str {
        &self.entries[index as usize].url
    }

    /// The type that the definition defines or constrains.
    pub(crate) fn type_name(&self, index: SchemaIndex) -> &str {
        &self.entries[index as usize].type_name
    }

    /// The name of the package that defines it.
    pub(crate) fn package(&self, index: SchemaIndex) -> &str {
        &self.packages[self.entries[index as usize].package]
    }

    /// Profiles of a type that are not part of FHIR itself, in order of their URLs.
    pub(crate) fn profiles_of(&self, type_name: &str) -> impl Iterator<Item = SchemaIndex> {
        (0..)
            .zip(&self.entries)
            .filter(move |(_, entry)| {
                entry.is_constraint
                    && &*entry.type_name == type_name
                    && !entry.url.starts_with("http://hl7.org/fhir/")
            })
            .map(|(index, _)| index)
    }

    /// Every type, in order: resources, datatypes, logical models.
    pub(crate) fn types(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| !entry.is_constraint).map(|entry| &*entry.type_name)
    }

    /// The known profile whose canonical is nearest to an unknown one.
    pub(crate) fn nearest(&self, canonical: &str) -> Option<&str> {
        let urls = || self.entries.iter().map(|entry| &*entry.url);
        let name = |url: &str| url.rsplit_once('/').map(|(_, name)| name.to_owned());
        // With another base, the name decides.
        let of_name = || {
            let written = name(canonical)?;
            let mut same =
                urls().filter(|url| url.strip_suffix(&*written).is_some_and(|base| base.ends_with('/')));
            same.next().filter(|_| written.len() >= SHORTEST_NAME && same.next().is_none())
        };
        nearest(canonical, urls()).or_else(of_name)
    }

    /// How many definitions there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The profiles of a type that FHIR itself defines, with their canonicals.
    pub(super) fn core_profiles(&self, type_name: &str) -> impl Iterator<Item = (SchemaIndex, &str)> {
        (0..)
            .zip(&self.entries)
            .filter(move |(_, entry)| {
                entry.is_constraint && &*entry.type_name == type_name && entry.url.starts_with(CORE)
            })
            .map(|(index, entry)| (index, &*entry.url))
    }
}
