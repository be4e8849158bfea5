//! All codes of a value set, for suggestions, generated code and documents.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::expansion::{Enumeration, Expansion};
use super::rule::Rule;
use super::walk::{Budget, Walk};
use crate::definition::Coding;
use crate::terminology::code_system::known::{Known, is_abstract};
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::service::Terminology;

impl Expansion {
    /// The codes of the value set, up to `limit` of them.
    pub fn enumerate(&self, terminology: &Terminology, limit: usize) -> Enumeration {
        let budget = Budget::for_all_codes();
        let walk = Walk::start(terminology, &budget);
        let (candidates, mut gap) = self.candidates(&walk);
        let mut seen = FxHashSet::default();
        let mut codes = Vec::new();
        for candidate in candidates {
            if !seen.insert((candidate.system.clone(), candidate.code.clone())) {
                continue;
            }
            let system = candidate.system.as_deref().unwrap_or("");
            match self.contains_within(&walk, system, &candidate.code) {
                Membership::In if codes.len() == limit => {
                    gap = gap.or(Some(Reason::TooComplex(self.url().into())));
                    break;
                }
                Membership::In => codes.push(candidate),
                Membership::Out => {}
                Membership::Undecided(reason) => gap = gap.or(Some(reason)),
            }
        }
        Enumeration { codes, gap }
    }

    /// Every code that its includes, or those of imported value sets, may pick; and the reason why there may be
    /// more.
    fn candidates(&self, outer: &Walk<'_>) -> (Vec<Coding>, Option<Reason>) {
        let walk = match outer.enter(self) {
            Ok(walk) => walk,
            Err(reason) => return (Vec::new(), Some(reason)),
        };
        let mut gap = self.includes.is_empty().then(|| Reason::NoContent(self.url().into()));
        let mut codes = Vec::new();
        let mut gather = |rules: &[Rule]| {
            rules.iter().fold(None, |gap, rule| {
                let (candidates, more) = rule.candidates(&walk);
                codes.extend(candidates);
                gap.or(more)
            })
        };
        gap = gap.or(gather(&self.includes));
        if gap.is_some() {
            gather(&self.published);
            gap = gap.filter(|_| !self.definition.is_whole_expansion);
        }
        (codes, gap)
    }
}

impl Rule {
    /// Every code that the rule may pick and that may be a value, each still to be checked with
    /// [`Rule::picks`]; and the reason why there may be more.
    fn candidates(&self, walk: &Walk<'_>) -> (Vec<Coding>, Option<Reason>) {
        let Some(system) = &self.system else {
            return match self.imports.first().map(|canonical| walk.import(canonical)) {
                Some(Ok(Some(imported))) => imported.candidates(walk),
                Some(Err(reason)) => (Vec::new(), Some(reason)),
                Some(Ok(None)) | None => (Vec::new(), None),
            };
        };
        let coding = |code: &str, display: Option<&str>| Coding {
            system: Some(system.to_string()),
            code: code.to_owned(),
            display: display.map(str::to_owned),
        };
        let known = self.known(walk, system);
        if let Some(listed) = &self.listed {
            let entries = listed.entries.iter().map(|(code, display)| {
                let own = || known.concept(code).and_then(|c| c.display.as_deref());
                coding(code, display.as_deref().or_else(own))
            });
            return (entries.collect(), None);
        }
        match known.whole() {
            Known::Concepts { index, is_whole } => {
                let concepts = index.definition.concepts.iter().filter(|c| !is_abstract(c));
                let gap = (!is_whole).then(|| Reason::PartialSystem(Arc::clone(system)));
                (concepts.map(|c| coding(&c.code, c.display.as_deref())).collect(), gap)
            }
            Known::Nothing(reason) => (Vec::new(), Some(reason.clone())),
            Known::Grammar(..) | Known::Compact(..) | Known::Parted(_) => {
                (Vec::new(), Some(Reason::NoSystem(Arc::clone(system))))
            }
        }
    }
}
