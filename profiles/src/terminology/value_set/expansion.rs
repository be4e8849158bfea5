//! A value set, ready for questions about its codes.

use std::sync::{Arc, OnceLock};

use super::rule::Rule;
use crate::definition::{Coding, ValueSet};
use crate::terminology::likely::Likely;
use crate::terminology::membership::Reason;

/// The codes of a value set, as far as they are known offline.
///
/// Made by [`Terminology::expansion`](crate::terminology::Terminology::expansion), and asked together with the same [`Terminology`](crate::terminology::Terminology).
#[derive(Debug)]
pub struct Expansion {
    pub(super) definition: Arc<ValueSet>,
    pub(super) includes: Vec<Rule>,
    pub(super) excludes: Vec<Rule>,
    /// The codes of a published expansion, which are asked where the includes and excludes cannot decide.
    pub(super) published: Vec<Rule>,
    /// The systems that its own includes and its published expansion name, in order.
    pub(super) systems: Vec<Arc<str>>,
    pub(super) imported_systems: OnceLock<Systems>,
    /// The codes that wrong ones are compared with.
    pub(crate) comparable: OnceLock<(Enumeration, Vec<Likely>)>,
}

/// The codes that are certainly in a value set, in the order of its includes.
///
/// Abstract codes, which group others, are in the set but not in this list of values, unless the set
/// names them one by one; the published expansions do the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enumeration {
    /// The codes, each once.
    pub codes: Vec<Coding>,
    /// Why there may be more; `None` if these are all.
    pub gap: Option<Reason>,
}

/// Code systems, and the reason why there may be more.
#[derive(Debug, Clone, Default)]
pub(super) struct Systems {
    pub(super) urls: Vec<Arc<str>>,
    pub(super) gap: Option<Reason>,
}

impl Expansion {
    /// A value set ready for questions; [`Terminology::expansion`](crate::terminology::Terminology::expansion) keeps those with a canonical URL.
    pub fn new(definition: Arc<ValueSet>) -> Self {
        let mut includes: Vec<Rule> = definition.include.iter().map(Rule::new).collect();
        let mut published = published(&definition);
        if includes.is_empty() && definition.is_whole_expansion {
            std::mem::swap(&mut includes, &mut published);
        }
        let excludes = definition.exclude.iter().map(Rule::new).collect();
        let mut systems: Vec<Arc<str>> = Vec::new();
        for system in includes.iter().chain(&published).filter_map(|rule| rule.system.as_ref()) {
            if !systems.contains(system) {
                systems.push(Arc::clone(system));
            }
        }
        Self {
            definition,
            includes,
            excludes,
            published,
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

    /// The display that the value set itself gives to a code.
    pub fn listed_display(&self, system: &str, code: &str) -> Option<&str> {
        self.includes
            .iter()
            .filter(|rule| rule.system.as_deref() == Some(system))
            .find_map(|rule| rule.listed.as_ref()?.display(code))
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
