//! One include or exclude of a value set.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::filter::Filter;
use crate::definition::ConceptSet;
use crate::terminology::code_system::display::is_same;
use crate::terminology::code_system::known::Known;

/// The codes that one include or exclude picks.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The system of all its codes; `None` where it only imports.
    pub(crate) system: Option<Arc<str>>,
    pub(super) version: Option<String>,
    /// The codes picked by name.
    pub(crate) listed: Option<Listed>,
    /// Designations for them: code and text.
    pub(super) designations: Box<[(Box<str>, Box<str>)]>,
    pub(super) filters: Vec<Filter>,
    /// Value sets that must all hold the code.
    pub(crate) imports: Vec<Box<str>>,
    pub(super) known: OnceLock<Known>,
}

/// Codes picked by name, with their displays, in the author's order.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) entries: Vec<(Box<str>, Option<Box<str>>)>,
    pub(super) by_code: FxHashMap<Box<str>, u32>,
}

impl Listed {
    pub(crate) fn new(entries: Vec<(Box<str>, Option<Box<str>>)>) -> Self {
        let by_code = (0_u32..).zip(&entries).map(|(i, (code, _))| (code.clone(), i)).collect();
        Self { entries, by_code }
    }

    /// The display the set gives a code.
    pub(crate) fn display(&self, code: &str) -> Option<&str> {
        self.entries.get(*self.by_code.get(code)? as usize)?.1.as_deref()
    }
}

impl Rule {
    /// The rule of an include or exclude.
    pub(crate) fn new(set: &ConceptSet) -> Self {
        let entry = |(code, display): &(String, Option<String>)| -> (Box<str>, Option<Box<str>>) {
            (code.as_str().into(), display.as_deref().map(Into::into))
        };
        let system: Option<Arc<str>> = set.system.as_deref().map(Into::into);
        Self {
            version: set.version.clone(),
            listed: (!set.concepts.is_empty()).then(|| Listed::new(set.concepts.iter().map(entry).collect())),
            designations: set
                .designations
                .iter()
                .map(|(code, text)| (code.as_str().into(), text.as_str().into()))
                .collect(),
            filters: set.filters.iter().map(|f| Filter::new(system.as_deref().unwrap_or(""), f)).collect(),
            imports: set.value_sets.iter().map(|canonical| canonical.as_str().into()).collect(),
            system,
            known: OnceLock::new(),
        }
    }

    /// Whether the rule gives a code of its system this display.
    pub(super) fn calls(&self, code: &str, display: &str) -> bool {
        let listed = self.listed.as_ref().and_then(|listed| listed.display(code));
        let designated =
            self.designations.iter().filter(|(known, _)| **known == *code).map(|(_, text)| &**text);
        listed.into_iter().chain(designated).any(|known| is_same(known, display))
    }

    /// The rule for codes of one system in a published expansion.
    pub(crate) fn enumerated(system: Arc<str>, entries: Vec<(Box<str>, Option<Box<str>>)>) -> Self {
        Self {
            system: Some(system),
            version: None,
            listed: Some(Listed::new(entries)),
            designations: Box::default(),
            filters: Vec::new(),
            imports: Vec::new(),
            known: OnceLock::new(),
        }
    }
}
