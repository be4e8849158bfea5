//! The way from a value set through its imports, kept finite.

use std::cell::Cell;

use super::expansion::Expansion;
use crate::terminology::membership::Reason;
use crate::terminology::service::Terminology;

/// No honest value set nests imports more deeply than this.
const MAX_DEPTH: usize = 32;

/// Value sets looked at for one code, however often each is imported.
const STEPS_FOR_ONE_CODE: u32 = 10_000;

/// Value sets looked at for a whole list of codes: at least one for each of them.
const STEPS_FOR_ALL_CODES: u32 = 500_000;

/// How much work one question may still cause.
pub(crate) struct Budget(Cell<u32>);

impl Budget {
    pub(crate) fn for_one_code() -> Self {
        Self(Cell::new(STEPS_FOR_ONE_CODE))
    }

    pub(crate) fn for_all_codes() -> Self {
        Self(Cell::new(STEPS_FOR_ALL_CODES))
    }
}

/// The value sets that were entered to answer one question, innermost first.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub(crate) terminology: &'a Terminology,
    budget: &'a Budget,
    inside: Option<(&'a Expansion, &'a Walk<'a>)>,
    depth: usize,
}

impl<'a> Walk<'a> {
    /// Outside every value set.
    pub(crate) fn start(terminology: &'a Terminology, budget: &'a Budget) -> Self {
        Self { terminology, budget, inside: None, depth: 0 }
    }

    /// Canonical URL of the value set that was entered last; empty outside all of them.
    pub(crate) fn value_set(&self) -> &'a str {
        self.inside.map_or("", |(expansion, _)| expansion.url())
    }

    /// Enters a value set, unless that would form a cycle or go too deep.
    pub(crate) fn enter(&'a self, expansion: &'a Expansion) -> Result<Self, Reason> {
        let mut outer = self.inside;
        while let Some((entered, walk)) = outer {
            if std::ptr::eq(entered, expansion) {
                return Err(Reason::Cycle(expansion.url().into()));
            }
            outer = walk.inside;
        }
        let steps = self.budget.0.get();
        if self.depth >= MAX_DEPTH || steps == 0 {
            return Err(Reason::TooComplex(expansion.url().into()));
        }
        self.budget.0.set(steps - 1);
        Ok(Self { inside: Some((expansion, self)), depth: self.depth + 1, ..*self })
    }
}
