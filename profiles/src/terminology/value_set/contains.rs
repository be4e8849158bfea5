//! Whether a value set holds a code.

use std::sync::Arc;

use ers_fhir_values::form::Form;

use super::expansion::{Expansion, Systems};
use super::rule::{Listed, Rule};
use super::walk::{Budget, Walk};
use crate::terminology::code_system::known::{Known, is_inactive};
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::service::Terminology;

impl Expansion {
    /// Whether the value set holds a code.
    ///
    /// Without a system (as for a `code` element) a code of any system of the set is accepted.
    pub fn contains(&self, terminology: &Terminology, system: Option<&str>, code: &str) -> Membership {
        if self.lists(terminology, system, code) {
            return Membership::In;
        }
        let budget = Budget::for_one_code();
        let walk = Walk::start(terminology, &budget);
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
    fn lists(&self, terminology: &Terminology, system: Option<&str>, code: &str) -> bool {
        self.excludes.is_empty()
            && self.definition.inactive != Some(false)
            && self.includes.iter().any(|rule| rule.lists(terminology, system, code))
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
                    let imported = walk.terminology.expansion(canonical);
                    imported.is_ok_and(|imported| imported.calls_within(&walk, system, code, display))
                })
        })
    }

    pub(super) fn contains_within(&self, outer: &Walk<'_>, system: &str, code: &str) -> Membership {
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
                // All imports of an include hold its codes, so those of one of them are enough.
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

/// Whether a code lacks the form that all codes of its system have.
fn is_malformed(system: &str, code: &str) -> bool {
    Form::of_code(system).is_some_and(|form| form.expected_of(code).is_some())
}

impl Rule {
    /// What is known about a system of this rule, read when first needed.
    pub(super) fn known(&self, terminology: &Terminology, system: &str) -> &Known {
        self.known.get_or_init(|| match &self.version {
            Some(version) => terminology.system_version(system, version),
            None => terminology.system(system).clone(),
        })
    }

    /// Whether this rule lists the code, and nothing else counts.
    fn lists(&self, terminology: &Terminology, system: Option<&str>, code: &str) -> bool {
        let Some(own) = self.system.as_deref() else { return false };
        system.is_none_or(|system| system == own)
            && self.filters.is_empty()
            && self.imports.is_empty()
            && match &self.listed {
                Some(listed) => listed.by_code.contains_key(code),
                None => self.known(terminology, own).lists(code),
            }
    }

    /// Whether this rule picks the code. `walk` is in the value set that the rule belongs to.
    pub(super) fn picks(&self, walk: &Walk<'_>, system: &str, code: &str) -> Membership {
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
}
