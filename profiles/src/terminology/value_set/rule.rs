//! One include or exclude of a value set.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::filter::Filter;
use super::walk::Walk;
use crate::definition::{Coding, ConceptSet};
use crate::terminology::code_system::{Known, is_abstract};
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::service::Terminology;

/// Codes that a value set picks in one go.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The system of all its codes; `None` where it only imports.
    pub(crate) system: Option<Arc<str>>,
    version: Option<String>,
    /// The codes picked by name.
    pub(crate) listed: Option<Listed>,
    filters: Vec<Filter>,
    /// Value sets that must all hold the code.
    pub(crate) imports: Vec<Box<str>>,
    known: OnceLock<Known>,
}

/// Codes picked by name, with their displays, in the author's order.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) entries: Vec<(Box<str>, Option<Box<str>>)>,
    by_code: FxHashMap<Box<str>, u32>,
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
            filters: set.filters.iter().map(|f| Filter::new(system.as_deref().unwrap_or(""), f)).collect(),
            imports: set.value_sets.iter().map(|canonical| canonical.as_str().into()).collect(),
            system,
            known: OnceLock::new(),
        }
    }

    /// The rule for codes of one system in a published expansion.
    pub(crate) fn enumerated(system: Arc<str>, entries: Vec<(Box<str>, Option<Box<str>>)>) -> Self {
        Self {
            system: Some(system),
            version: None,
            listed: Some(Listed::new(entries)),
            filters: Vec::new(),
            imports: Vec::new(),
            known: OnceLock::new(),
        }
    }

    /// What is known of a system of this rule, read when first asked for.
    pub(crate) fn known(&self, terminology: &Terminology, system: &str) -> &Known {
        self.known.get_or_init(|| match &self.version {
            Some(version) => terminology.system_version(system, version),
            None => terminology.system(system),
        })
    }

    /// Whether this rule picks the code. `walk` is inside the value set that the rule belongs to.
    pub(crate) fn picks(&self, walk: &Walk<'_>, system: &str, code: &str) -> Membership {
        let mut answer = match &self.system {
            Some(own) if **own != *system => return Membership::Out,
            Some(own) => self.picks_from(walk.terminology, own, code),
            None if self.imports.is_empty() => {
                return Membership::Undecided(Reason::NoContent(walk.value_set().into()));
            }
            None => Membership::In,
        };
        for canonical in &self.imports {
            if answer == Membership::Out {
                return answer;
            }
            answer = answer.and(match walk.terminology.expansion(canonical) {
                Ok(imported) => imported.contains_within(walk, system, code),
                Err(reason) => Membership::Undecided(reason),
            });
        }
        answer
    }

    /// Whether the list or the filters pick a code of the rule's own system.
    fn picks_from(&self, terminology: &Terminology, system: &str, code: &str) -> Membership {
        let mut answer = match &self.listed {
            Some(listed) if listed.by_code.contains_key(code) => Membership::In,
            Some(listed) => self.lists_in_other_case(listed, terminology, system, code),
            None => self.known(terminology, system).contains(code),
        };
        for filter in &self.filters {
            if answer == Membership::Out {
                return answer;
            }
            answer = answer.and(filter.picks(self.known(terminology, system), code));
        }
        answer
    }

    /// A code that is not listed as written may be listed in another case, which is the same code
    /// in some systems.
    fn lists_in_other_case(
        &self,
        listed: &Listed,
        terminology: &Terminology,
        system: &str,
        code: &str,
    ) -> Membership {
        if !listed.entries.iter().any(|(known, _)| known.eq_ignore_ascii_case(code)) {
            return Membership::Out;
        }
        let known = self.known(terminology, system);
        match (known.case_sensitive(), known) {
            (Some(sensitive), _) => (!sensitive).into(),
            (None, Known::Nothing(reason)) => Membership::Undecided(reason.clone()),
            (None, _) => Membership::Out,
        }
    }

    /// Every code that the rule may pick and that may be a value, each to be asked about with
    /// [`Rule::picks`]; and the reason why there may be more.
    pub(crate) fn candidates(&self, walk: &Walk<'_>, limit: usize) -> (Vec<Coding>, Option<Reason>) {
        let Some(system) = &self.system else {
            return match self.imports.first().map(|canonical| walk.terminology.expansion(canonical)) {
                Some(Ok(imported)) => imported.enumerate_within(walk, limit),
                Some(Err(reason)) => (Vec::new(), Some(reason)),
                None => (Vec::new(), None),
            };
        };
        let coding = |code: &str, display: Option<&str>| Coding {
            system: Some(system.to_string()),
            code: code.to_owned(),
            display: display.map(str::to_owned),
        };
        let known = self.known(walk.terminology, system);
        match (&self.listed, known) {
            (Some(listed), _) => {
                let entries = listed.entries.iter().map(|(code, display)| {
                    let own = || known.concept(code).and_then(|c| c.display.as_deref());
                    coding(code, display.as_deref().or_else(own))
                });
                (entries.collect(), None)
            }
            (None, Known::Concepts { index, is_whole }) => {
                let concepts = index.definition.concepts.iter().filter(|c| !is_abstract(c));
                let gap = (!is_whole).then(|| Reason::PartialSystem(Arc::clone(system)));
                (concepts.map(|c| coding(&c.code, c.display.as_deref())).collect(), gap)
            }
            (None, Known::Grammar(..)) => (Vec::new(), Some(Reason::NoSystem(Arc::clone(system)))),
            (None, Known::Nothing(reason)) => (Vec::new(), Some(reason.clone())),
        }
    }
}
