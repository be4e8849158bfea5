//! All codes of a value set, for suggestions, generated code and documents.

use rustc_hash::FxHashSet;

use super::expansion::Expansion;
use super::walk::{Budget, Walk};
use crate::definition::Coding;
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::service::Terminology;

/// The codes of a value set that are certain, in the order of its includes.
///
/// Abstract codes, which group others, are in the set but not in this list of values, unless the set
/// names them one by one; the published expansions do the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enumeration {
    /// The codes, each once.
    pub codes: Vec<Coding>,
    /// Why there may be more; `None` where these are all.
    pub gap: Option<Reason>,
}

impl Expansion {
    /// The codes of the value set, up to `limit` of them.
    pub fn enumerate(&self, terminology: &Terminology, limit: usize) -> Enumeration {
        let budget = Budget::for_all_codes();
        let (codes, gap) = self.enumerate_within(&Walk::start(terminology, &budget), limit);
        Enumeration { codes, gap }
    }

    pub(crate) fn enumerate_within(&self, outer: &Walk<'_>, limit: usize) -> (Vec<Coding>, Option<Reason>) {
        let mut gap = None;
        let walk = match outer.enter(self) {
            Ok(walk) => walk,
            Err(reason) => return (Vec::new(), Some(reason)),
        };
        if self.includes.is_empty() {
            gap = Some(Reason::NoContent(self.url().into()));
        }
        let mut seen = FxHashSet::default();
        let mut codes = Vec::new();
        for rule in &self.includes {
            let (candidates, more) = rule.candidates(&walk, limit);
            gap = gap.or(more);
            for candidate in candidates {
                if !seen.insert((candidate.system.clone(), candidate.code.clone())) {
                    continue;
                }
                let system = candidate.system.as_deref().unwrap_or("");
                match self.contains_within(outer, system, &candidate.code) {
                    Membership::In if codes.len() == limit => {
                        let reason = Reason::TooComplex(self.url().into());
                        return (codes, gap.or(Some(reason)));
                    }
                    Membership::In => codes.push(candidate),
                    Membership::Out => {}
                    Membership::Undecided(reason) => gap = gap.or(Some(reason)),
                }
            }
        }
        (codes, gap)
    }
}
