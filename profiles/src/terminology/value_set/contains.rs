//! Whether a value set holds a code.

use std::sync::Arc;

use ers_fhir_values::form::Form;

use super::expansion::{Expansion, Systems};
use super::rule::{Listed, Rule};
use super::walk::{Budget, Walk};
use crate::terminology::code_system::known::{Known, is_inactive};
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::memo::Found;
use crate::terminology::service::Terminology;

impl Expansion {
    /// Whether the value set holds a code.
    ///
    /// Without a system (as for a `code` element) a code of any system of the set is accepted.
    pub fn contains(&self, terminology: &Terminology, system: Option<&str>, code: &str) -> Membership {
        self.contains_version(terminology, system, None, code)
    }

    /// The same for a code of the named version of its system, if that version is here. A version that the
    /// value set itself names takes precedence.
    pub fn contains_version(
        &self,
        terminology: &Terminology,
        system: Option<&str>,
        version: Option<&str>,
        code: &str,
    ) -> Membership {
        let budget = Budget::for_one_code();
        let walk = Walk::start(terminology, &budget).of_version(version);
        if self.lists(&walk, system, code) {
            return Membership::In;
        }
        match system {
            Some(system) => match self.contains_within(&walk, system, code) {
                // A text that is not a code of its system is in no set of its codes.
                Membership::Undecided(_) if is_malformed(system, code) => Membership::Out,
                answer => answer,
            },
            None => self.contains_in_any_system(&walk, code),
        }
    }

    /// Whether an include of its own lists the code and nothing excludes codes again: this is true of most
    /// codes, and needs no walk.
    fn lists(&self, walk: &Walk<'_>, system: Option<&str>, code: &str) -> bool {
        self.excludes.is_empty()
            && self.definition.inactive != Some(false)
            && self.includes.iter().any(|rule| rule.lists(walk, system, code))
    }

    /// Whether the value set, or one that it imports, itself gives a code this display, or a designation in
    /// any language.
    pub fn accepts_display(
        &self,
        terminology: &Terminology,
        system: &str,
        code: &str,
        display: &str,
    ) -> bool {
        let budget = Budget::for_one_code();
        self.calls_within(&Walk::start(terminology, &budget), system, code, display)
    }

    fn calls_within(&self, outer: &Walk<'_>, system: &str, code: &str, display: &str) -> bool {
        let Ok(walk) = outer.enter(self) else { return false };
        self.includes.iter().any(|rule| {
            let is_own = rule.system.as_deref() == Some(system) && rule.calls(code, display);
            is_own
                || rule.imports.iter().any(|canonical| {
                    let imported = walk.import(canonical).ok().flatten();
                    imported.is_some_and(|imported| imported.calls_within(&walk, system, code, display))
                })
        })
    }

    pub(super) fn contains_within(&self, outer: &Walk<'_>, system: &str, code: &str) -> Membership {
        outer.begin();
        match outer.enter(self) {
            Ok(walk) => match self.composes(&walk, system, code) {
                Membership::Undecided(reason) => self.publishes(&walk, Some(system), code, reason),
                answer => answer,
            },
            Err(reason) => Membership::Undecided(reason),
        }
    }

    /// What the published expansion says about a code that is undecided otherwise. It lists codes of the set,
    /// but not necessarily all of them.
    fn publishes(&self, walk: &Walk<'_>, system: Option<&str>, code: &str, reason: Reason) -> Membership {
        let of_rule = |rule: &Rule| match (system, &rule.system) {
            (Some(system), _) => rule.picks(walk, system, code),
            (None, Some(own)) => rule.picks(walk, own, code),
            (None, None) => Membership::Out,
        };
        match self.published.iter().map(of_rule).fold(Membership::Out, Membership::or) {
            Membership::Out if !self.definition.is_whole_expansion => Membership::Undecided(reason),
            answer => answer,
        }
    }

    /// Whether the includes and excludes pick a code. `walk` is in this value set.
    fn composes(&self, walk: &Walk<'_>, system: &str, code: &str) -> Membership {
        if self.includes.is_empty() {
            return Membership::Undecided(Reason::NoContent(self.url().into()));
        }
        let mut answer = Membership::Out;
        for rule in &self.includes {
            answer = answer.or(rule.picks(walk, system, code));
            if answer == Membership::In {
                break;
            }
        }
        for rule in &self.excludes {
            if answer == Membership::Out {
                return answer;
            }
            answer = answer.but_not(rule.picks(walk, system, code));
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
            Some(reason) => answer.or(self.publishes(walk, None, code, reason.clone())),
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
        let before = found.gap.clone();
        if self.includes.is_empty() {
            found.gap.get_or_insert_with(|| Reason::NoContent(self.url().into()));
        }
        for rule in self.includes.iter().chain(&self.published) {
            match &rule.system {
                Some(system) if !found.urls.contains(system) => found.urls.push(Arc::clone(system)),
                Some(_) => {}
                // All imports of an include hold its codes, so those of one of them are enough.
                None => match rule.imports.first().map(|canonical| walk.import(canonical)) {
                    Some(Ok(Some(imported))) => imported.gather_systems(&walk, found),
                    Some(Err(reason)) => {
                        found.gap.get_or_insert(reason);
                    }
                    Some(Ok(None)) | None => {}
                },
            }
        }
        if self.definition.is_whole_expansion {
            found.gap = before;
        }
    }
}

/// Whether a code lacks the form that all codes of its system have.
fn is_malformed(system: &str, code: &str) -> bool {
    Form::of_code(system).is_some_and(|form| form.expected_of(code).is_some())
}

impl Rule {
    /// What is known about a system of this rule, read when first needed: about the version that the rule
    /// names, or else about the one that a coding names.
    pub(super) fn known<'a>(&'a self, walk: &Walk<'a>, system: &str) -> Found<'a, Known> {
        let named = walk.version.filter(|_| self.version.is_none());
        let other = named.and_then(|version| walk.terminology.other_version(system, version));
        other.unwrap_or_else(|| {
            Found::Kept(self.known.get_or_init(|| match &self.version {
                Some(version) => walk.terminology.system_version(system, version),
                None => walk.terminology.system(system).clone(),
            }))
        })
    }

    /// Whether this rule lists the code, and nothing else counts.
    fn lists(&self, walk: &Walk<'_>, system: Option<&str>, code: &str) -> bool {
        let Some(own) = self.system.as_deref() else { return false };
        system.is_none_or(|system| system == own)
            && self.filters.is_empty()
            && self.imports.is_empty()
            && match &self.listed {
                Some(listed) => listed.by_code.contains_key(code),
                None => self.known(walk, own).lists(code),
            }
    }

    /// Whether this rule picks the code. `walk` is in the value set that the rule belongs to.
    pub(super) fn picks(&self, walk: &Walk<'_>, system: &str, code: &str) -> Membership {
        let mut answer = match &self.system {
            Some(own) if **own != *system => return Membership::Out,
            Some(own) => self.picks_from(walk, own, code),
            None if self.imports.is_empty() => {
                return Membership::Undecided(Reason::NoContent(walk.value_set().into()));
            }
            None => Membership::In,
        };
        for canonical in &self.imports {
            if answer == Membership::Out {
                return answer;
            }
            answer = answer.and(walk.once(canonical, || match walk.terminology.expansion(canonical) {
                Ok(imported) => imported.contains_within(walk, system, code),
                Err(reason) => Membership::Undecided(reason),
            }));
        }
        answer
    }

    /// Whether the list or the filters pick a code of the rule's own system.
    fn picks_from(&self, walk: &Walk<'_>, system: &str, code: &str) -> Membership {
        let mut answer = match &self.listed {
            Some(listed) if listed.by_code.contains_key(code) => Membership::In,
            Some(listed) => self.lists_in_other_case(listed, walk, system, code),
            None => self.known(walk, system).contains(code),
        };
        for filter in &self.filters {
            if answer == Membership::Out {
                return answer;
            }
            answer = answer.and(filter.picks(&self.known(walk, system), code));
        }
        answer
    }

    /// A code that is not listed as written may be listed in another case, which is the same code
    /// in some systems.
    fn lists_in_other_case(&self, listed: &Listed, walk: &Walk<'_>, system: &str, code: &str) -> Membership {
        if !listed.entries.iter().any(|(known, _)| known.eq_ignore_ascii_case(code)) {
            return Membership::Out;
        }
        let known = self.known(walk, system);
        match (known.case_sensitive(), &*known) {
            (Some(sensitive), _) => (!sensitive).into(),
            (None, Known::Nothing(reason)) => Membership::Undecided(reason.clone()),
            (None, _) => Membership::Out,
        }
    }
}
