//! A value set, ready for questions about its codes.

use std::sync::{Arc, OnceLock};

use super::enumerate::Enumeration;
use super::rule::Rule;
use super::walk::{Budget, Walk};
use crate::definition::ValueSet;
use crate::terminology::code_system::is_inactive;
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::service::Terminology;

/// The codes of a value set, as far as they can be told offline.
///
/// Made by [`Terminology::expansion`], and asked together with the same [`Terminology`].
#[derive(Debug)]
pub struct Expansion {
    definition: Arc<ValueSet>,
    pub(crate) includes: Vec<Rule>,
    pub(crate) excludes: Vec<Rule>,
    /// Systems named by its own includes, in order.
    systems: Vec<Arc<str>>,
    imported_systems: OnceLock<Systems>,
    /// The codes that wrong ones are compared with.
    pub(crate) comparable: OnceLock<Enumeration>,
}

/// Code systems, and the reason why there may be more.
#[derive(Debug, Clone, Default)]
struct Systems {
    urls: Vec<Arc<str>>,
    gap: Option<Reason>,
}

impl Expansion {
    /// A value set ready for questions; [`Terminology::expansion`] keeps those with a canonical URL.
    pub fn new(definition: Arc<ValueSet>) -> Self {
        let mut includes: Vec<Rule> = definition.include.iter().map(Rule::new).collect();
        includes.extend(published(&definition));
        let excludes = definition.exclude.iter().map(Rule::new).collect();
        let mut systems: Vec<Arc<str>> = Vec::new();
        for system in includes.iter().filter_map(|rule| rule.system.as_ref()) {
            if !systems.contains(system) {
                systems.push(Arc::clone(system));
            }
        }
        Self {
            definition,
            includes,
            excludes,
            systems,
            imported_systems: OnceLock::new(),
            comparable: OnceLock::new(),
        }
    }

    /// Canonical URL of the value set.
    pub fn url(&self) -> &str {
        &self.definition.url
    }

    /// The value set itself.
    pub fn definition(&self) -> &ValueSet {
        &self.definition
    }

    /// Code systems that its own includes name, without those that imported value sets name.
    pub fn systems(&self) -> impl Iterator<Item = &str> {
        self.systems.iter().map(|system| &**system)
    }

    /// Whether the value set holds a code.
    ///
    /// Without a system (as for a `code` element) a code of any system of the set will do.
    pub fn contains(&self, terminology: &Terminology, system: Option<&str>, code: &str) -> Membership {
        let budget = Budget::for_one_code();
        let walk = Walk::start(terminology, &budget);
        match system {
            Some(system) => self.contains_within(&walk, system, code),
            None => self.contains_in_any_system(&walk, code),
        }
    }

    /// The display that the value set itself gives to a code.
    pub fn listed_display(&self, system: &str, code: &str) -> Option<&str> {
        self.includes
            .iter()
            .filter(|rule| rule.system.as_deref() == Some(system))
            .find_map(|rule| rule.listed.as_ref()?.display(code))
    }

    pub(crate) fn contains_within(&self, outer: &Walk<'_>, system: &str, code: &str) -> Membership {
        let walk = match outer.enter(self) {
            Ok(walk) => walk,
            Err(reason) => return Membership::Undecided(reason),
        };
        if self.includes.is_empty() {
            return Membership::Undecided(Reason::NoContent(self.url().into()));
        }
        let mut answer = Membership::Out;
        for rule in &self.includes {
            answer = answer.or(rule.picks(&walk, system, code));
            if answer == Membership::In {
                break;
            }
        }
        for rule in &self.excludes {
            if answer == Membership::Out {
                return answer;
            }
            answer = answer.but_not(rule.picks(&walk, system, code));
        }
        if answer != Membership::Out && self.definition.inactive == Some(false) {
            let concept = walk.terminology.system(system);
            answer = answer.but_not(concept.concept(code).is_some_and(is_inactive).into());
        }
        answer
    }

    fn contains_in_any_system(&self, walk: &Walk<'_>, code: &str) -> Membership {
        let mut answer = Membership::Out;
        for system in &self.systems {
            answer = answer.or(self.contains_within(walk, system, code));
            if answer == Membership::In {
                return answer;
            }
        }
        let imported = self.imported_systems.get_or_init(|| {
            let mut found = Systems::default();
            self.gather_systems(walk, &mut found);
            found.urls.retain(|system| !self.systems.contains(system));
            found
        });
        for system in &imported.urls {
            answer = answer.or(self.contains_within(walk, system, code));
            if answer == Membership::In {
                return answer;
            }
        }
        match &imported.gap {
            Some(reason) => answer.or(Membership::Undecided(reason.clone())),
            None => answer,
        }
    }

    /// The systems of this value set and of those it imports.
    fn gather_systems(&self, outer: &Walk<'_>, found: &mut Systems) {
        let walk = match outer.enter(self) {
            Ok(walk) => walk,
            Err(reason) => {
                found.gap.get_or_insert(reason);
                return;
            }
        };
        if self.includes.is_empty() {
            found.gap.get_or_insert_with(|| Reason::NoContent(self.url().into()));
        }
        for rule in &self.includes {
            match &rule.system {
                Some(system) if !found.urls.contains(system) => found.urls.push(Arc::clone(system)),
                Some(_) => {}
                // Imports of an include all hold its codes: those of one of them are enough.
                None => match rule.imports.first().map(|canonical| walk.terminology.expansion(canonical)) {
                    Some(Ok(imported)) => imported.gather_systems(&walk, found),
                    Some(Err(reason)) => {
                        found.gap.get_or_insert(reason);
                    }
                    None => {}
                },
            }
        }
    }
}

/// Rules for the codes of a published expansion: one for each system, in order.
fn published(definition: &ValueSet) -> Vec<Rule> {
    type Entries = Vec<(Box<str>, Option<Box<str>>)>;
    let mut by_system: Vec<(&str, Entries)> = Vec::new();
    for coding in &definition.expansion {
        let system = coding.system.as_deref().unwrap_or("");
        let entry = (coding.code.as_str().into(), coding.display.as_deref().map(Into::into));
        match by_system.iter_mut().find(|(known, _)| *known == system) {
            Some((_, entries)) => entries.push(entry),
            None => by_system.push((system, vec![entry])),
        }
    }
    by_system.into_iter().map(|(system, entries)| Rule::enumerated(system.into(), entries)).collect()
}
