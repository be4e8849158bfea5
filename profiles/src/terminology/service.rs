//! The terminology service: definitions in, answers out, everything read at most once.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::code_system::{Known, SystemIndex};
use super::membership::Reason;
use super::source::Source;
use super::value_set::Expansion;
use crate::error::Error;

/// Answers questions about codes from a [`Source`] of definitions.
///
/// What it reads it keeps. It may be shared between threads.
#[derive(Debug)]
pub struct Terminology {
    source: Box<dyn Source>,
    expansions: Memo<Result<Arc<Expansion>, Reason>>,
    systems: Memo<Known>,
    supplements: Memo<Arc<[Arc<SystemIndex>]>>,
}

impl Terminology {
    /// Terminology from that source.
    pub fn new(source: impl Source + 'static) -> Self {
        Self {
            source: Box::new(source),
            expansions: Memo::default(),
            systems: Memo::default(),
            supplements: Memo::default(),
        }
    }

    /// The value set with that canonical URL, which may carry a `|version`, ready for questions;
    /// else the reason why no question about it can be answered.
    pub fn expansion(&self, canonical: &str) -> Result<Arc<Expansion>, Reason> {
        self.expansions.get(canonical, || match self.source.value_set(canonical) {
            Ok(Some(definition)) => Ok(Arc::new(Expansion::new(definition))),
            Ok(None) => Err(Reason::NoValueSet(canonical.into())),
            Err(error) => Err(unreadable(canonical, &error)),
        })
    }

    /// What is known of the code system with that URL.
    pub(super) fn system(&self, url: &str) -> Known {
        self.systems.get(url, || match self.source.code_system(url) {
            Ok(definition) => Known::new(url, definition),
            Err(error) => Known::Nothing(unreadable(url, &error)),
        })
    }

    /// What is known of a given version of a code system; failing that, of whichever is here.
    pub(super) fn system_version(&self, url: &str, version: &str) -> Known {
        let any = self.system(url);
        if let Known::Concepts { index, .. } = &any
            && index.definition.version.as_deref() == Some(version)
        {
            return any;
        }
        match self.source.code_system(&format!("{url}|{version}")) {
            Ok(Some(definition)) => Known::new(url, Some(definition)),
            Ok(None) => any.of_other_version(),
            Err(error) => Known::Nothing(unreadable(url, &error)),
        }
    }

    /// The code systems that add to the one with that URL; none where they cannot be read.
    pub(super) fn supplements(&self, url: &str) -> Arc<[Arc<SystemIndex>]> {
        self.supplements.get(url, || {
            let found = self.source.supplements(url).unwrap_or_default();
            found.into_iter().map(|definition| Arc::new(SystemIndex::new(definition))).collect()
        })
    }
}

fn unreadable(canonical: &str, error: &Error) -> Reason {
    Reason::Unreadable { canonical: canonical.into(), error: error.to_string().into() }
}

/// Values computed once for each key.
#[derive(Debug)]
struct Memo<V>(RwLock<FxHashMap<Box<str>, V>>);

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<V: Clone> Memo<V> {
    /// The value for a key. Not locked while it is computed: another thread may do so as well, and
    /// the first result stays.
    fn get(&self, key: &str, compute: impl FnOnce() -> V) -> V {
        if let Some(value) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return value.clone();
        }
        let value = compute();
        let mut map = self.0.write().unwrap_or_else(PoisonError::into_inner);
        map.entry(key.into()).or_insert(value).clone()
    }
}
