//! A schema under construction: the definitions it is made from, and the shared ones it contains.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::StructureDefinition;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_values::canonical;
use serde_json::Value;

use super::Unbound;
use super::keywords::{Keywords, reference};
use super::place::Place;
use super::subject::Subject;
use crate::config::Absent;
use crate::error::Error;

/// The options of the user.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Settings {
    pub(super) lenient: bool,
    pub(super) every_resource: bool,
    pub(super) single_objects: &'static [&'static str],
}

/// What a schema consists of, and what it leaves out.
pub(super) struct Parts {
    /// Definitions by their keys.
    pub(super) definitions: BTreeMap<String, Value>,
    /// Profiles that are not applied.
    pub(super) absent: Vec<Absent>,
    /// Value sets that are not applied.
    pub(super) unbound: Vec<Unbound>,
}

/// A schema under construction.
pub(super) struct Builder<'d> {
    pub(super) definitions: &'d Arc<Definitions>,
    pub(super) terminology: Terminology,
    pub(super) settings: Settings,
    keys: BTreeMap<Subject, String>,
    taken: BTreeSet<String>,
    pending: VecDeque<Subject>,
    done: BTreeMap<String, Value>,
    /// Profiles that are not applied where others refer to them, with the reason.
    absent: BTreeMap<String, String>,
    /// Value sets of required bindings that no package has, with the first element that is bound to each.
    unbound: BTreeMap<String, String>,
    /// Resource types that definitions name where any resource is possible.
    pub(super) resources: BTreeSet<String>,
}

impl<'d> Builder<'d> {
    pub(super) fn new(definitions: &'d Arc<Definitions>, settings: Settings) -> Self {
        Self {
            definitions,
            terminology: Terminology::new(Arc::clone(definitions)),
            settings,
            keys: BTreeMap::new(),
            taken: BTreeSet::new(),
            pending: VecDeque::new(),
            done: BTreeMap::new(),
            absent: BTreeMap::new(),
            unbound: BTreeMap::new(),
            resources: BTreeSet::new(),
        }
    }

    /// A reference to the definition of a subject, which is scheduled if it was not wanted before.
    pub(super) fn refer(&mut self, subject: Subject) -> Keywords {
        if let Some(key) = self.keys.get(&subject) {
            return reference(key);
        }
        let wanted = subject.name();
        let key = crate::names::free(wanted, |name| self.taken.contains(name));
        self.taken.insert(key.clone());
        self.keys.insert(subject.clone(), key.clone());
        self.pending.push_back(subject);
        reference(&key)
    }

    /// Records that resources of a type are expected somewhere.
    pub(super) fn expect_resource(&mut self, type_name: &str) {
        self.resources.insert(type_name.to_owned());
    }

    /// The next subject that was referred to and has no definition yet.
    pub(super) fn next_subject(&mut self) -> Option<Subject> {
        self.pending.pop_front()
    }

    /// Whether anything refers to a subject.
    pub(super) fn is_wanted(&self, subject: &Subject) -> bool {
        self.keys.contains_key(subject)
    }

    /// Stores the definition of a subject that is referred to.
    pub(super) fn define(&mut self, subject: &Subject, schema: Value) {
        if let Some(key) = self.keys.get(subject) {
            self.done.insert(key.clone(), schema);
        }
    }

    /// Whether every subject that was referred to has its definition.
    pub(super) fn is_complete(&self) -> bool {
        self.pending.is_empty()
    }

    /// The definitions by their keys, and what is not applied.
    pub(super) fn into_parts(self) -> Parts {
        let absent = self.absent.into_iter().map(|(profile, reason)| Absent { profile, reason });
        let unbound = self.unbound.into_iter().map(|(value_set, element)| Unbound { value_set, element });
        Parts { definitions: self.done, absent: absent.collect(), unbound: unbound.collect() }
    }

    /// Records that references to a profile do without it.
    pub(super) fn do_without(&mut self, profile: &str, reason: String) {
        self.absent.entry(canonical::url(profile).to_owned()).or_insert(reason);
    }

    /// Records that an element is bound to a value set that no package has.
    pub(super) fn leave_unbound(&mut self, value_set: &str, element: &str) {
        self.unbound.entry(value_set.to_owned()).or_insert_with(|| element.to_owned());
    }

    /// The definition of a type; `None` where no package has it.
    pub(super) fn type_definition(&self, code: &str) -> Result<Option<Arc<StructureDefinition>>, Error> {
        Ok(self.definitions.type_definition(code)?)
    }

    /// Why an element cannot be expressed.
    pub(super) fn unusable(&self, place: &Place, reason: String) -> Error {
        let url = &place.definition.url;
        let known = self.definitions.known(Kind::Structure);
        let package = known.iter().find(|known| known.url == url).map_or("", |known| known.package);
        Error::Element {
            package: package.to_owned(),
            canonical: url.clone(),
            element: place.element().id.clone(),
            reason,
        }
    }
}
