//! Whether a code exists in its system, and what it may be called.

use std::sync::Arc;

use super::display;
use super::known::{Known, SystemIndex};
use crate::definition::{CodeSystemContent, Concept};
use crate::terminology::membership::{Membership, Reason};
use crate::terminology::memo::Found;
use crate::terminology::service::Terminology;

/// What is known about a code in a code system.
#[derive(Debug, Clone)]
pub enum CodeLookup<'a> {
    /// The code system is here, and has the code.
    Found(FoundCode<'a>),
    /// The code has the form that codes of its system have; there is no list of them.
    WellFormed,
    /// The code system has no such code.
    Unknown,
    /// The code system is not available, or the available part of it has no such code.
    Undecided(Reason),
}

/// A code that exists.
#[derive(Debug, Clone)]
pub struct FoundCode<'a> {
    terminology: &'a Terminology,
    index: Arc<SystemIndex>,
    concept: u32,
}

impl Terminology {
    /// Looks a code up in its system: in the current version, and if it is unknown there, in the others.
    pub fn lookup(&self, system: &str, code: &str) -> CodeLookup<'_> {
        match self.found(&self.system(system), code) {
            CodeLookup::Unknown => {
                let others = self.other_versions(system).map(|known| self.found(&known, code));
                let mut certain = others.filter(|found| !matches!(found, CodeLookup::Unknown));
                certain.next().unwrap_or(CodeLookup::Unknown)
            }
            found => found,
        }
    }

    /// Looks a code up in the named version of its system. If only another version is here, a code that is
    /// unknown there is undecided.
    pub fn lookup_version(&self, system: &str, version: Option<&str>, code: &str) -> CodeLookup<'_> {
        let Some(version) = version else { return self.lookup(system, code) };
        if let Some(known) = self.other_version(system, version) {
            return self.found(&known, code);
        }
        let current = self.system(system);
        match self.found(&current, code) {
            // A system without a list of codes has no versions of the list either.
            CodeLookup::Unknown
                if current.version() != Some(version) && !matches!(*current, Known::Grammar(..)) =>
            {
                CodeLookup::Undecided(Reason::PartialSystem(system.into()))
            }
            found => found,
        }
    }

    fn found(&self, known: &Known, code: &str) -> CodeLookup<'_> {
        match known.contains(code) {
            Membership::In => match known.find(code) {
                Some((index, concept)) => CodeLookup::Found(FoundCode { terminology: self, index, concept }),
                None => CodeLookup::WellFormed,
            },
            Membership::Out => CodeLookup::Unknown,
            Membership::Undecided(reason) => CodeLookup::Undecided(reason),
        }
    }
}

impl FoundCode<'_> {
    /// URL of the code system it belongs to.
    pub fn system(&self) -> &str {
        &self.index.definition.url
    }

    /// The code as its system writes it, which may differ by case from the one looked up.
    pub fn code(&self) -> &str {
        self.concept().map_or("", |c| &c.code)
    }

    /// The preferred display.
    pub fn display(&self) -> Option<&str> {
        self.concept()?.display.as_deref()
    }

    /// Whether a display is right: the system's, a designation, or one from a supplement; case and
    /// white space make no difference. Where the system gives no display, any will do.
    pub fn accepts_display(&self, display: &str) -> bool {
        let own = self.concept();
        if own.is_some_and(|c| words(c).any(|known| display::is_same(known, display))) {
            return true;
        }
        let supplements = self.supplements();
        let mut added = supplements.iter().filter_map(|s| s.concept(s.find(self.code())?));
        added.any(|c| words(c).any(|known| display::is_same(known, display)))
            || own.is_none_or(|c| words(c).next().is_none())
    }

    /// Every right display, the preferred one first.
    pub fn displays(&self) -> Vec<String> {
        let mut displays: Vec<String> = Vec::new();
        let supplements = self.supplements();
        let added = supplements.iter().filter_map(|s| s.concept(s.find(self.code())?));
        for word in self.concept().into_iter().chain(added).flat_map(words) {
            if !displays.iter().any(|known| display::is_same(known, word)) {
                displays.push(word.to_owned());
            }
        }
        displays
    }

    /// The values of a property of the code.
    pub fn properties(&self, name: &str) -> impl Iterator<Item = &str> {
        let all = self.concept().into_iter().flat_map(|concept| &concept.properties);
        all.filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether all codes of its system are available.
    pub fn is_of_whole(&self) -> bool {
        self.index.definition.content == CodeSystemContent::Complete
    }

    /// Whether the code is no longer to be used.
    pub fn is_inactive(&self) -> bool {
        self.concept().is_some_and(super::known::is_inactive)
    }

    /// Whether it was found in a supplement, which adds to a code system but is not one.
    pub fn is_of_supplement(&self) -> bool {
        self.index.definition.supplements.is_some()
    }

    /// Whether the code only groups others, and is not to be used as a value.
    pub fn is_abstract(&self) -> bool {
        self.concept().is_some_and(super::known::is_abstract)
    }

    fn concept(&self) -> Option<&Concept> {
        self.index.concept(self.concept)
    }

    fn supplements(&self) -> Found<'_, Arc<[Arc<SystemIndex>]>> {
        self.terminology.supplements(&self.index.definition.url)
    }
}

/// What a concept may be called.
fn words(concept: &Concept) -> impl Iterator<Item = &str> {
    let designations = concept.designations.iter().map(|(_, text)| text.as_str());
    concept.display.as_deref().into_iter().chain(designations)
}
