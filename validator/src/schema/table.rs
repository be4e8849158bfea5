//! The table of all schemas, compiled when first needed and kept.

use std::sync::{Arc, OnceLock};

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::Known;
use ers_fhir_profiles::package::Kind;
use ers_fhir_values::canonical;
use ers_fhir_values::suggest::nearest;
use rustc_hash::FxHashMap;

use super::{ProfileLink, Schema, SchemaIndex, TypeName, compile};

/// Canonicals of FHIR itself start with this.
const FHIR: &str = "http://hl7.org/fhir/";

const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Longest canonical of a type, in bytes; no name of a type comes near it.
const LONGEST_TYPE_URL: usize = 256;

/// The profile of FHIR that those of the single vital signs are derived from.
const VITAL_SIGNS: &str = "http://hl7.org/fhir/StructureDefinition/vitalsigns";

/// Every definition that a run may need; slots never move, so compiled schemas can be borrowed for
/// as long as the table lives.
#[derive(Debug)]
pub(crate) struct Schemas {
    definitions: Arc<Definitions>,
    slots: Vec<Slot>,
    /// Names of packages.
    packages: Vec<Box<str>>,
    by_url: FxHashMap<Box<str>, SchemaIndex>,
    vital_signs: OnceLock<Vec<VitalSign>>,
}

/// A vital sign of FHIR itself.
#[derive(Debug)]
struct VitalSign {
    system: Box<str>,
    code: Box<str>,
    profile: SchemaIndex,
}

#[derive(Debug)]
struct Slot {
    /// Canonical URL; with its version, where another version is meant by the URL alone.
    url: Box<str>,
    /// The type it defines or constrains.
    type_name: Box<str>,
    is_constraint: bool,
    /// Which package defines it.
    package: usize,
    compiled: OnceLock<Result<Schema, String>>,
    /// Where the type is that this one specializes.
    parent: OnceLock<Option<SchemaIndex>>,
    /// The release that it names, where that is one that is not known here.
    other_release: OnceLock<Option<Box<str>>>,
}

impl Schemas {
    pub(crate) fn new(definitions: Arc<Definitions>) -> Self {
        let mut slots = Vec::new();
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
                    by_url.insert(Box::from(versioned.as_str()), slots.len() as SchemaIndex);
                }
                if meant.is_some_and(|meant| meant.version != known.version) {
                    // One without a version cannot be named beside one that has one.
                    let Some(versioned) = versioned else { continue };
                    url = versioned.into();
                }
            }
            by_url.insert(url.clone(), slots.len() as SchemaIndex);
            let package = packages.iter().position(|name| **name == *known.package).unwrap_or_else(|| {
                packages.push(Box::from(known.package));
                packages.len() - 1
            });
            slots.push(Slot {
                url,
                type_name: Box::from(known.type_name.unwrap_or_default()),
                is_constraint: known.is_constraint,
                package,
                compiled: OnceLock::new(),
                parent: OnceLock::new(),
                other_release: OnceLock::new(),
            });
        }
        Self { definitions, slots, packages, by_url, vital_signs: OnceLock::new() }
    }

    pub(crate) fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Where the definition of that canonical is; a `|version` must be the one that is here.
    pub(crate) fn find(&self, canonical: &str) -> Option<SchemaIndex> {
        if let Some(index) = self.by_url.get(canonical) {
            return Some(*index);
        }
        // Only a version, or a release within the URL, leads to what has another name here.
        if !canonical.contains('|') && !canonical.starts_with(FHIR) {
            return None;
        }
        let known = self.definitions.find(Kind::Structure, canonical)?;
        let versioned =
            known.version.and_then(|version| self.by_url.get(&*format!("{}|{version}", known.url)));
        versioned.or_else(|| self.by_url.get(known.url)).copied()
    }

    /// Why a definition is not found: "is not in any loaded package".
    pub(crate) fn absence(&self, canonical: &str) -> String {
        if let Some(release) = self.definitions.hidden(Kind::Structure, canonical) {
            let version = self.definitions.fhir_version();
            return format!("is loaded, but written for FHIR {release}, and this is checked as {version}");
        }
        let (url, version) = canonical::split(canonical);
        let versions = self.definitions.versions(Kind::Structure, url);
        match version.filter(|_| !versions.is_empty()) {
            Some(version) => format!("is not loaded in version {version}, but in {}", versions.join(" and ")),
            None => "is not in any loaded package".to_owned(),
        }
    }

    /// The release that a definition names, where it is one that is not known here.
    pub(crate) fn other_release(&self, index: SchemaIndex) -> Option<&str> {
        let release = &self.slots[index as usize].other_release;
        release
            .get_or_init(|| self.definitions.other_release(Kind::Structure, self.url(index)).map(Box::from))
            .as_deref()
    }

    /// Where the definition of that type is: `Patient`, `HumanName`, `string`.
    pub(crate) fn find_type(&self, code: &str) -> Option<SchemaIndex> {
        if code.contains('/') {
            return self.find(code);
        }
        // Payloads name types by the thousand: their URLs are put together on the stack.
        let mut buffer = [0; LONGEST_TYPE_URL];
        let url = buffer.get_mut(..CORE.len() + code.len())?;
        url[..CORE.len()].copy_from_slice(CORE.as_bytes());
        url[CORE.len()..].copy_from_slice(code.as_bytes());
        self.by_url.get(std::str::from_utf8(url).ok()?).copied()
    }

    /// What is known of the type of that name.
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
        &self.slots[index as usize].url
    }

    /// The type that the definition defines or constrains.
    pub(crate) fn type_name(&self, index: SchemaIndex) -> &str {
        &self.slots[index as usize].type_name
    }

    /// The schema, compiled now if it has not been before.
    ///
    /// # Errors
    ///
    /// Why the definition cannot be used; callers report it once.
    pub(crate) fn get(&self, index: SchemaIndex) -> Result<&Schema, &str> {
        let slot = &self.slots[index as usize];
        slot.compiled.get_or_init(|| compile::compile(self, &slot.url)).as_ref().map_err(String::as_str)
    }

    /// The schema of that type.
    pub(crate) fn of_type(&self, code: &str) -> Option<&Schema> {
        self.get(self.find_type(code)?).ok()
    }

    /// The name of the package that defines it.
    pub(crate) fn package(&self, index: SchemaIndex) -> &str {
        &self.packages[self.slots[index as usize].package]
    }

    /// Profiles of a type that are not part of FHIR itself, in order of their URLs.
    pub(crate) fn profiles_of(&self, type_name: &str) -> impl Iterator<Item = SchemaIndex> {
        (0..)
            .zip(&self.slots)
            .filter(move |(_, slot)| {
                slot.is_constraint
                    && &*slot.type_name == type_name
                    && !slot.url.starts_with("http://hl7.org/fhir/")
            })
            .map(|(index, _)| index)
    }

    /// The profile of FHIR for the vital sign of that code.
    pub(crate) fn vital_sign(&self, system: &str, code: &str) -> Option<SchemaIndex> {
        let signs = self.vital_signs.get_or_init(|| self.read_vital_signs());
        signs.iter().find(|sign| &*sign.code == code && &*sign.system == system).map(|sign| sign.profile)
    }

    /// The codes that the profiles of single vital signs fix.
    fn read_vital_signs(&self) -> Vec<VitalSign> {
        let profiles = (0..).zip(&self.slots).filter(|(_, slot)| {
            slot.is_constraint && &*slot.type_name == "Observation" && slot.url.starts_with(CORE)
        });
        let sign = |(profile, slot): (SchemaIndex, &Slot)| {
            let structure = self.definitions.structure(&slot.url).ok()??;
            if structure.base_definition.as_deref() != Some(VITAL_SIGNS) {
                return None;
            }
            let fixed = |path| {
                let element = structure.differential.iter().find(|element| element.path == path)?;
                element.fixed.as_ref()?.value.text.clone()
            };
            let system = fixed("Observation.code.coding.system")?;
            Some(VitalSign { system, code: fixed("Observation.code.coding.code")?, profile })
        };
        profiles.filter_map(sign).collect()
    }

    /// Every type, in order: resources, datatypes, logical models.
    pub(crate) fn types(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter(|slot| !slot.is_constraint).map(|slot| &*slot.type_name)
    }

    /// The known profile whose canonical is nearest to one that is not known.
    pub(crate) fn nearest(&self, canonical: &str) -> Option<&str> {
        nearest(canonical, self.slots.iter().map(|slot| &*slot.url))
    }

    /// Whether a type is another or specializes it.
    pub(crate) fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        type_name == of || self.find_type(type_name).is_some_and(|index| self.specializes(index, of))
    }

    /// Whether a type, known or not, is another or specializes it.
    pub(crate) fn is_kind_of(&self, actual: &TypeName, of: &str) -> bool {
        *actual.code == *of || actual.schema.is_some_and(|index| self.specializes(index, of))
    }

    fn specializes(&self, index: SchemaIndex, of: &str) -> bool {
        let mut current = index;
        // A chain longer than this can only be a cycle of broken definitions.
        for _ in 0..16 {
            let Some(parent) = self.parent(current) else { return false };
            if *self.slots[parent as usize].type_name == *of {
                return true;
            }
            current = parent;
        }
        false
    }

    fn parent(&self, index: SchemaIndex) -> Option<SchemaIndex> {
        let find = || self.find_type(self.get(index).ok()?.parent_type.as_deref()?);
        *self.slots[index as usize].parent.get_or_init(find)
    }
}
