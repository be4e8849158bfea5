//! A small world of definitions, and questions to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ers_fhir_profiles::Error;
use ers_fhir_profiles::definition::{
    CodeSystem, CodeSystemContent, Coding, Concept, ConceptFilter, ConceptSet, ValueSet,
};
use ers_fhir_profiles::terminology::{Membership, Reason, Source, Terminology};
use ers_fhir_values::canonical;

/// URL of the code system that [`animals`] gives.
pub(crate) const ANIMALS: &str = "urn:animals";

/// A complete code system: nested concepts, a second parent by property, some legs.
pub(crate) fn animals() -> CodeSystem {
    let concept = |code: &str, display: &str, parent: Option<usize>, properties: &[(&str, &str)]| Concept {
        code: code.to_owned(),
        display: Some(display.to_owned()),
        parent,
        properties: properties.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        ..Concept::default()
    };
    CodeSystem {
        url: ANIMALS.to_owned(),
        version: Some("1".to_owned()),
        name: None,
        title: None,
        status: None,
        content: CodeSystemContent::Complete,
        case_sensitive: true,
        hierarchy_meaning: Some("is-a".to_owned()),
        value_set: None,
        supplements: None,
        properties: Vec::new(),
        concepts: vec![
            concept("mammal", "Mammal", None, &[]),
            concept("bird", "Bird", None, &[("legs", "2")]),
            concept("dog", "Dog", Some(0), &[("legs", "4")]),
            concept("puppy", "Young dog", Some(2), &[]),
            concept("robin", "Robin redbreast", Some(1), &[("legs", "2")]),
            concept("cat", "Cat", Some(0), &[("inactive", "true")]),
            concept("bat", "Bat", Some(0), &[("legs", "2"), ("parent", "bird")]),
        ],
    }
}

/// A value set with those includes.
pub(crate) fn set(url: &str, include: impl IntoIterator<Item = ConceptSet>) -> ValueSet {
    ValueSet {
        url: url.to_owned(),
        version: None,
        name: None,
        title: None,
        status: None,
        inactive: None,
        include: include.into_iter().collect(),
        exclude: Vec::new(),
        expansion: Vec::new(),
        is_whole_expansion: false,
    }
}

/// All animals.
pub(crate) fn from_animals() -> ConceptSet {
    ConceptSet { system: Some(ANIMALS.to_owned()), ..ConceptSet::default() }
}

/// The animals that pass a filter.
pub(crate) fn with_filter(property: &str, op: &str, value: &str) -> ConceptSet {
    let filter = ConceptFilter { property: property.to_owned(), op: op.to_owned(), value: value.to_owned() };
    ConceptSet { filters: vec![filter], ..from_animals() }
}

/// Codes picked by name.
pub(crate) fn listing(system: &str, codes: &[&str]) -> ConceptSet {
    ConceptSet {
        system: Some(system.to_owned()),
        concepts: codes.iter().map(|code| ((*code).to_owned(), None)).collect(),
        ..ConceptSet::default()
    }
}

/// The codes that all of those value sets hold.
pub(crate) fn importing(value_sets: &[&str]) -> ConceptSet {
    ConceptSet { value_sets: value_sets.iter().map(|&url| url.to_owned()).collect(), ..ConceptSet::default() }
}

/// Codes of one system.
pub(crate) fn codes(system: &str, codes: &[&str]) -> Vec<Coding> {
    let coding =
        |code: &&str| Coding { system: Some(system.to_owned()), code: (*code).to_owned(), display: None };
    codes.iter().map(coding).collect()
}

/// Definitions that count how many code systems were read.
#[derive(Debug)]
struct World {
    systems: Vec<Arc<CodeSystem>>,
    sets: Vec<Arc<ValueSet>>,
    systems_read: AtomicUsize,
}

impl Source for World {
    fn value_set(&self, canonical: &str) -> Result<Option<Arc<ValueSet>>, Error> {
        Ok(self.sets.iter().find(|s| s.url == canonical).cloned())
    }

    fn code_system(&self, canonical: &str) -> Result<Option<Arc<CodeSystem>>, Error> {
        self.systems_read.fetch_add(1, Ordering::Relaxed);
        let (url, version) = canonical::split(canonical);
        let is_meant = |s: &&Arc<CodeSystem>| {
            s.url == url && s.supplements.is_none() && (version.is_none() || s.version.as_deref() == version)
        };
        Ok(self.systems.iter().find(is_meant).cloned())
    }

    fn code_system_versions(&self, url: &str) -> Vec<String> {
        self.systems.iter().filter(|s| s.url == url).filter_map(|s| s.version.clone()).collect()
    }

    fn supplements(&self, url: &str) -> Result<Vec<Arc<CodeSystem>>, Error> {
        Ok(self.systems.iter().filter(|s| s.supplements.as_deref() == Some(url)).cloned().collect())
    }
}

/// Terminology over some definitions.
pub(crate) struct Fixture {
    world: Arc<World>,
    pub(crate) terminology: Terminology,
}

impl Fixture {
    pub(crate) fn new(
        systems: impl IntoIterator<Item = CodeSystem>,
        sets: impl IntoIterator<Item = ValueSet>,
    ) -> Self {
        let world = Arc::new(World {
            systems: systems.into_iter().map(Arc::new).collect(),
            sets: sets.into_iter().map(Arc::new).collect(),
            systems_read: AtomicUsize::new(0),
        });
        Self { terminology: Terminology::new(Arc::clone(&world)), world }
    }

    pub(crate) fn contains(&self, url: &str, system: &str, code: &str) -> Membership {
        let expansion = self.terminology.expansion(url).expect("a value set of the fixture");
        expansion.contains(&self.terminology, Some(system), code)
    }

    pub(crate) fn contains_anywhere(&self, url: &str, code: &str) -> Membership {
        let expansion = self.terminology.expansion(url).expect("a value set of the fixture");
        expansion.contains(&self.terminology, None, code)
    }

    /// The codes of a value set that is wholly decided.
    pub(crate) fn enumerate(&self, url: &str) -> Vec<String> {
        let expansion = self.terminology.expansion(url).expect("a value set of the fixture");
        let enumeration = expansion.enumerate(&self.terminology, 1000);
        assert_eq!(enumeration.gap, None, "{url}");
        enumeration.codes.into_iter().map(|coding| coding.code).collect()
    }

    /// Why the codes of a value set are not all known.
    pub(crate) fn gap(&self, url: &str) -> Option<Reason> {
        let expansion = self.terminology.expansion(url).expect("a value set of the fixture");
        expansion.enumerate(&self.terminology, 1000).gap
    }

    pub(crate) fn systems_read(&self) -> usize {
        self.world.systems_read.load(Ordering::Relaxed)
    }
}
