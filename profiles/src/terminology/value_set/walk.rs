//! The way from a value set through its imports, kept finite.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::expansion::Expansion;
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::service::Terminology;

/// No honest value set nests imports more deeply than this.
const MAX_DEPTH: usize = 32;

/// Value sets looked at for one code.
const STEPS_FOR_ONE_CODE: u32 = 10_000;

/// Value sets looked at for a whole list of codes: at least one for each of them.
const STEPS_FOR_ALL_CODES: u32 = 500_000;

/// After so many value sets, the answers of further ones are remembered, as they may be imported again.
const STEPS_WITHOUT_MEMORY: u32 = 16;

/// How much work one question may still cause, and what was found on the way.
pub(crate) struct Budget {
    steps: Cell<u32>,
    /// The steps that were left when the question about the present code began.
    begin: Cell<u32>,
    /// The answers of imported value sets about the present code.
    answers: RefCell<FxHashMap<Box<str>, Membership>>,
    /// The value sets that [`Walk::import`] gave.
    imported: RefCell<FxHashSet<Box<str>>>,
}

impl Budget {
    pub(crate) fn for_one_code() -> Self {
        Self::new(STEPS_FOR_ONE_CODE)
    }

    pub(crate) fn for_all_codes() -> Self {
        Self::new(STEPS_FOR_ALL_CODES)
    }

    fn new(steps: u32) -> Self {
        let steps = Cell::new(steps);
        Self { begin: steps.clone(), steps, answers: RefCell::default(), imported: RefCell::default() }
    }
}

/// The value sets that were entered to answer one question, innermost first.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub(crate) terminology: &'a Terminology,
    /// The version of its code system that a coding names.
    pub(super) version: Option<&'a str>,
    budget: &'a Budget,
    inside: Option<(&'a Expansion, &'a Walk<'a>)>,
    depth: usize,
}

impl<'a> Walk<'a> {
    /// Outside every value set.
    pub(crate) fn start(terminology: &'a Terminology, budget: &'a Budget) -> Self {
        Self { terminology, version: None, budget, inside: None, depth: 0 }
    }

    /// The same for codes of that version of their code system.
    pub(crate) fn of_version(self, version: Option<&'a str>) -> Self {
        Self { version, ..self }
    }

    /// Begins a question about a code: what was remembered about another is forgotten.
    pub(crate) fn begin(&self) {
        if self.inside.is_none() {
            self.budget.begin.set(self.budget.steps.get());
            self.budget.answers.borrow_mut().clear();
        }
    }

    /// What an imported value set says about the present code: it is only asked once, however many others
    /// import it.
    pub(crate) fn once(&self, canonical: &str, ask: impl FnOnce() -> Membership) -> Membership {
        if let Some(known) = self.budget.answers.borrow().get(canonical) {
            return known.clone();
        }
        let answer = ask();
        if self.budget.begin.get() - self.budget.steps.get() > STEPS_WITHOUT_MEMORY {
            self.budget.answers.borrow_mut().insert(canonical.into(), answer.clone());
        }
        answer
    }

    /// An imported value set; `None` if it was given before.
    pub(crate) fn import(&self, canonical: &str) -> Result<Option<Arc<Expansion>>, Reason> {
        let imported = self.terminology.expansion(canonical)?;
        self.check_outside(&imported)?;
        let is_new = self.budget.imported.borrow_mut().insert(canonical.into());
        Ok(is_new.then_some(imported))
    }

    /// Checks that a value set was not entered: entering it again would form a cycle.
    fn check_outside(&self, expansion: &Expansion) -> Result<(), Reason> {
        let mut outer = self.inside;
        while let Some((entered, walk)) = outer {
            if std::ptr::eq(entered, expansion) {
                return Err(Reason::Cycle(expansion.url().into()));
            }
            outer = walk.inside;
        }
        Ok(())
    }

    /// Canonical URL of the value set that was entered last; empty outside all of them.
    pub(crate) fn value_set(&self) -> &'a str {
        self.inside.map_or("", |(expansion, _)| expansion.url())
    }

    /// Enters a value set, unless that would form a cycle or go too deep.
    pub(crate) fn enter(&'a self, expansion: &'a Expansion) -> Result<Self, Reason> {
        self.check_outside(expansion)?;
        let steps = self.budget.steps.get();
        if self.depth >= MAX_DEPTH || steps == 0 {
            return Err(Reason::TooComplex(expansion.url().into()));
        }
        self.budget.steps.set(steps - 1);
        Ok(Self { inside: Some((expansion, self)), depth: self.depth + 1, ..*self })
    }
}
