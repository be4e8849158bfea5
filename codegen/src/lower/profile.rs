//! Lowers profiles to structs: decides which profiles become structs, and names these.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_values::canonical;

use super::base::fault;
use super::codes::Codes;
use super::simplify::simplify;
use crate::error::{Error, absence};
use crate::ir::profile::ProfileStruct;
use crate::ir::{CodeList, Model, Primitive, Structure};
use crate::names;
use crate::settings::Settings;

/// The request for profiles.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Canonical URLs of profiles, with a version where another one is usual.
    pub(crate) profiles: &'a [String],
    /// Canonical URLs of excluded profiles.
    pub(crate) excluded: &'a BTreeSet<String>,
    /// Word to remove from the front of names.
    pub(crate) prefix: &'a str,
    pub(crate) settings: &'a Settings,
}

/// The result for all profiles.
pub(crate) struct Lowered {
    pub(crate) structs: Vec<ProfileStruct>,
    pub(crate) lists: Vec<CodeList>,
    /// Profiles without a struct, with the reason.
    pub(crate) failed: BTreeMap<String, Error>,
    /// Profiles that others refer to but that no package has: the elements that refer to them have the
    /// type of the base.
    pub(crate) absent: BTreeMap<String, String>,
}

/// Structs for profiles, and for the profiles they refer to.
pub(crate) fn lower(definitions: &Arc<Definitions>, model: &Model, wanted: Wanted<'_>) -> Lowered {
    let mut failed: BTreeMap<String, Error> = BTreeMap::new();
    // Each round leaves out what failed in the one before, so that elements referring to it have the type of the base.
    loop {
        let out: BTreeSet<String> = wanted.excluded.iter().chain(failed.keys()).cloned().collect();
        let mut lowering = Lowering::new(definitions, model, wanted, &out);
        let found = lowering.all();
        if found.is_empty() {
            let lists = lowering.codes.into_lists();
            let structs = simplify(lowering.structs, model, &lowering.names);
            return Lowered { structs, lists, failed, absent: lowering.absent };
        }
        failed.extend(found);
    }
}

pub(super) struct Lowering<'a> {
    pub(super) definitions: &'a Arc<Definitions>,
    pub(super) model: &'a Model,
    /// Structures of the base, by Rust name.
    pub(super) structures: BTreeMap<&'a str, &'a Structure>,
    /// The same by FHIR path.
    pub(super) by_path: BTreeMap<&'a str, &'a Structure>,
    pub(super) codes: Codes,
    /// Names of structs by canonical URL of the profile; `None` for those that are left out.
    known: BTreeMap<String, Option<String>>,
    /// Rust name of the base of each profile, by the name of its struct.
    bases: BTreeMap<String, &'a str>,
    pub(super) names: BTreeSet<String>,
    pub(super) structs: Vec<ProfileStruct>,
    /// Profiles that have a name and still have to be lowered.
    open: VecDeque<Open<'a>>,
    absent: BTreeMap<String, String>,
    wanted: Wanted<'a>,
    out: &'a BTreeSet<String>,
}

/// A profile that still has to be lowered.
struct Open<'a> {
    url: String,
    name: String,
    base: &'a Structure,
    snapshot: Arc<Snapshot>,
}

/// The context of an element while it is lowered.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) owner: &'a str,
    /// Canonical URL of the profile.
    pub(super) url: &'a str,
}

impl<'a> Lowering<'a> {
    fn new(
        definitions: &'a Arc<Definitions>,
        model: &'a Model,
        wanted: Wanted<'a>,
        out: &'a BTreeSet<String>,
    ) -> Self {
        let structures = model.structures.iter();
        Self {
            definitions,
            model,
            structures: structures.clone().map(|known| (known.name.as_str(), known)).collect(),
            by_path: structures.map(|known| (known.path.as_str(), known)).collect(),
            codes: Codes::new(Arc::clone(definitions), wanted.settings.clone()),
            known: BTreeMap::new(),
            bases: BTreeMap::new(),
            names: model.names().map(str::to_owned).collect(),
            structs: Vec::new(),
            open: VecDeque::new(),
            absent: BTreeMap::new(),
            wanted,
            out,
        }
    }

    /// Lowers the wanted profiles and those they refer to; returns those that fail.
    fn all(&mut self) -> BTreeMap<String, Error> {
        let mut failed = BTreeMap::new();
        let definitions = self.definitions;
        let version = |canonical: &str| definitions.find(Kind::Structure, canonical)?.version;
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        // Requested profiles get their names before anything else can take these.
        for canonical in self.wanted.profiles {
            let url = canonical::url(canonical);
            let generated = first.entry(url).or_insert(canonical);
            let own = version(canonical);
            if own != version(generated) {
                let other = format!("{url}|{}", own.unwrap_or_default());
                if !self.out.contains(&other) {
                    let reason = format!("'{generated}' is requested too: request one version in each run");
                    failed.insert(other, fault(definitions, url, "the root", reason));
                }
                continue;
            }
            match self.profile(canonical, "the list of profiles") {
                Ok(Some(_)) => {}
                Ok(None) if self.out.contains(url) => {}
                Ok(None) => {
                    let reason =
                        "has a type for which nothing is generated: request that type too".to_owned();
                    failed.insert(url.to_owned(), fault(self.definitions, url, "the root", reason));
                }
                Err(error) => {
                    failed.insert(url.to_owned(), error);
                }
            }
        }
        while let Some(Open { url, name, base, snapshot }) = self.open.pop_front() {
            let place = Place { snapshot: &snapshot, owner: &name, url: &url };
            let at = self.structs.len();
            if let Err(error) = self.element(place, 0, base, &name) {
                let error = match error {
                    Error::Element { canonical, element, reason, .. } if canonical.is_empty() => {
                        fault(self.definitions, &url, &element, reason)
                    }
                    error => error,
                };
                failed.insert(url, error);
                continue;
            }
            if let Some(lowered) = self.structs.get_mut(at) {
                lowered.attributes = self.wanted.settings.type_attributes(&url);
                lowered.key.clone_from(&url);
                lowered.url = Some(url);
            }
        }
        failed
    }

    /// The name of the struct of a profile; `None` where it is left out, or its base is not generated.
    fn profile(&mut self, canonical: &str, wanted_by: &str) -> Result<Option<String>, Error> {
        let url = canonical::url(canonical);
        if let Some(known) = self.known.get(url) {
            return Ok(known.clone());
        }
        if self.out.contains(url) {
            self.known.insert(url.to_owned(), None);
            return Ok(None);
        }
        let unknown = || Error::Unknown { canonical: canonical.to_owned(), wanted_by: wanted_by.to_owned() };
        let definition = self.definitions.structure(canonical)?.ok_or_else(unknown)?;
        let refused =
            |reason: &str| Err(fault(self.definitions, url, &definition.type_name, reason.to_owned()));
        match definition.kind {
            StructureKind::Logical => {
                return refused("constrains a logical model, for which FHIR defines no JSON");
            }
            StructureKind::Primitive => {
                return refused("constrains a primitive, which every type holds as a plain value");
            }
            StructureKind::Resource | StructureKind::Complex => {}
        }
        if Primitive::named(&definition.type_name).is_some() {
            return refused("constrains a primitive, which every type holds as a plain value");
        }
        if self.is_abstract(&definition.type_name)? {
            return refused("constrains an abstract type, which has no instances of its own");
        }
        let snapshot = self.definitions.sound_snapshot(canonical)?.ok_or_else(unknown)?;
        let Some(&base) = self.by_path.get(definition.type_name.as_str()) else {
            self.known.insert(url.to_owned(), None);
            return Ok(None);
        };
        let name = self.profile_name(&definition.name, url, base);
        self.names.insert(name.clone());
        self.bases.insert(name.clone(), &base.name);
        self.known.insert(url.to_owned(), Some(name.clone()));
        self.open.push_back(Open { url: url.to_owned(), name: name.clone(), base, snapshot });
        Ok(Some(name))
    }

    fn is_abstract(&self, type_name: &str) -> Result<bool, Error> {
        let definition = self.definitions.type_definition(type_name)?;
        Ok(definition.is_some_and(|definition| definition.is_abstract))
    }

    /// The name of the struct of a profile: its own, else followed by its type.
    fn profile_name(&self, given: &str, url: &str, base: &Structure) -> String {
        if let Some(named) = self.wanted.settings.named(url) {
            return named.to_owned();
        }
        let whole = match names::pascal(given) {
            name if name.is_empty() => names::pascal(url.rsplit('/').next().unwrap_or(url)),
            name => name,
        };
        let short = whole.strip_prefix(&names::pascal(self.wanted.prefix)).unwrap_or(&whole);
        let is_name = short.starts_with(|first: char| first.is_ascii_uppercase());
        let short = if is_name { short.to_owned() } else { String::new() };
        let typed = if whole.ends_with(&base.name) {
            format!("{whole}Profile")
        } else {
            format!("{whole}{}", base.name)
        };
        let book = &self.wanted.settings.book;
        book.choose(url, [short, whole, typed], |name| self.names.contains(name))
    }

    /// The name of the struct of an element: the one that it had before, else this name or a similar one.
    pub(super) fn element_name(&self, key: &str, wanted: String) -> String {
        self.wanted.settings.book.choose(key, [wanted], |name| self.names.contains(name))
    }

    /// The Rust name of the structure that the struct of a profile is laid over.
    pub(super) fn base_of(&self, name: &str) -> Option<&'a str> {
        self.bases.get(name).copied()
    }

    /// The struct of a profile that an element refers to; `None` where the base must do.
    pub(super) fn referred(&mut self, canonical: &str, element: &str) -> Option<String> {
        match self.profile(canonical, element) {
            Ok(found) => found,
            // Faults of a profile are reported where it was requested itself.
            Err(error) => {
                let url = canonical::url(canonical).to_owned();
                if matches!(error, Error::Unknown { .. }) {
                    self.absent.insert(url.clone(), absence(element));
                } else {
                    self.absent.insert(url.clone(), error.to_string());
                }
                self.known.insert(url, None);
                None
            }
        }
    }
}
