//! The terminology service: definitions in, answers out, everything read at most once.

use std::sync::Arc;

use super::code_system::known::{Known, SystemIndex};
use super::code_system::parted::{Parted, unreadable};
use super::membership::Reason;
use super::memo::{Found, Memo, Name};
use super::source::Source;
use super::value_set::Expansion;

/// Answers questions about codes from a [`Source`] of definitions.
///
/// It keeps everything it reads, and a limited number of names that it does not have. It may be shared
/// between threads.
#[derive(Debug)]
pub struct Terminology {
    source: Box<dyn Source>,
    expansions: Memo<Result<Arc<Expansion>, Reason>>,
    systems: Memo<Known>,
    supplements: Memo<Arc<[Arc<SystemIndex>]>>,
}

impl Terminology {
    /// Terminology from a source.
    pub fn new(source: impl Source + 'static) -> Self {
        Self {
            source: Box::new(source),
            expansions: Memo::default(),
            systems: Memo::default(),
            supplements: Memo::default(),
        }
    }

    /// The value set with that canonical URL, which may carry a `|version`, ready for questions; otherwise
    /// the reason why no question about it can be answered.
    pub fn expansion(&self, canonical: &str) -> Result<Arc<Expansion>, Reason> {
        let found = self.expansions.get(canonical, || match self.source.value_set(canonical) {
            Ok(Some(definition)) => {
                let name = Name::of(canonical, &definition.url, definition.version.as_deref());
                (name, Ok(Arc::new(Expansion::new(definition))))
            }
            Ok(None) => {
                let implicit = self.source.implicit_value_set(canonical);
                let found = implicit.map(|definition| Arc::new(Expansion::new(Arc::new(definition))));
                (Name::Any, found.ok_or_else(|| Reason::NoValueSet(canonical.into())))
            }
            Err(error) => (Name::Any, Err(unreadable(canonical, &error))),
        });
        found.clone()
    }

    /// What is known about the code system with that URL.
    pub(super) fn system(&self, url: &str) -> Found<'_, Known> {
        self.systems.get(url, || match self.source.compact(url).map(|file| file.content()) {
            Some(Ok(compact)) => (Name::Any, Known::Compact(compact, url.into())),
            Some(Err(error)) => (Name::Any, Known::Nothing(unreadable(url, &error))),
            None => match self.source.code_system_parts(url) {
                Some(parts) => (
                    {
                        let known = parts.known();
                        Name::of(url, known.url, known.version)
                    },
                    Known::Parted(Arc::new(Parted::new(url, parts))),
                ),
                None => self.defined(url),
            },
        })
    }

    fn defined(&self, url: &str) -> (Name, Known) {
        match self.source.code_system(url) {
            Ok(definition) => {
                let name = definition.as_ref().map_or(Name::Any, |definition| {
                    Name::of(url, &definition.url, definition.version.as_deref())
                });
                (name, Known::new(url, definition))
            }
            Err(error) => (Name::Any, Known::Nothing(unreadable(url, &error))),
        }
    }

    /// What is known about a version of a code system that is here besides the current one; `None` if it is
    /// not, or if the code system is not a list of codes, which alone has versions.
    pub(super) fn other_version(&self, url: &str, version: &str) -> Option<Found<'_, Known>> {
        let current = self.system(url);
        if !current.is_list() || current.version() == Some(version) {
            return None;
        }
        let named = self.system(&format!("{url}|{version}"));
        (named.version() == Some(version)).then_some(named)
    }

    /// What is known about the versions of a code system that are here besides the current one, the newest
    /// first.
    pub(super) fn other_versions(&self, url: &str) -> impl Iterator<Item = Found<'_, Known>> {
        // A list that names no version stands for all of them.
        let has_versions = self.system(url).version().is_some();
        let versions = if has_versions { self.source.code_system_versions(url) } else { Vec::new() };
        versions.into_iter().rev().filter_map(move |version| self.other_version(url, &version))
    }

    /// What is known about a given version of a code system; failing that, about whichever version is here.
    pub(super) fn system_version(&self, url: &str, version: &str) -> Known {
        let any = self.system(url);
        if any.version() == Some(version) || matches!(*any, Known::Compact(..)) {
            return any.clone();
        }
        match self.source.code_system(&format!("{url}|{version}")) {
            Ok(Some(definition)) => Known::new(url, Some(definition)),
            Ok(None) => any.of_other_version(),
            Err(error) => Known::Nothing(unreadable(url, &error)),
        }
    }

    /// The code systems that supplement the one with that URL; none if they cannot be read.
    pub(super) fn supplements(&self, url: &str) -> Found<'_, Arc<[Arc<SystemIndex>]>> {
        self.supplements.get(url, || {
            let found = self.source.supplements(url).unwrap_or_default();
            let name = if found.is_empty() { Name::Any } else { Name::OfDefinition };
            (name, found.into_iter().map(|definition| Arc::new(SystemIndex::new(definition))).collect())
        })
    }
}
