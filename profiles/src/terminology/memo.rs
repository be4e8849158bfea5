//! What was computed, by canonical. Payloads name canonicals too, so there is an end to what is kept.

use std::sync::{PoisonError, RwLock};

use rustc_hash::FxHashMap;

/// Most names that are kept of those that are not the names of definitions.
const MOST_PASSING: usize = 1024;

/// Longest name that is kept, in bytes; those of definitions do not come near it.
const LONGEST: usize = 1024;

/// Whether a name is one of those that a definition has, of which there are only so many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    OfDefinition,
    Any,
}

impl Name {
    /// Whether a canonical is the URL of a definition, or that and its version.
    pub(super) fn of(canonical: &str, url: &str, version: Option<&str>) -> Self {
        let is_own = match canonical.strip_prefix(url) {
            Some("") => true,
            Some(rest) => rest.strip_prefix('|').is_some_and(|wanted| Some(wanted) == version),
            None => false,
        };
        if is_own { Self::OfDefinition } else { Self::Any }
    }
}

/// Values computed once for each name of a definition, and for as many other names as there is room for.
#[derive(Debug)]
pub(super) struct Memo<V> {
    lasting: RwLock<FxHashMap<Box<str>, V>>,
    passing: RwLock<FxHashMap<Box<str>, V>>,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { lasting: RwLock::default(), passing: RwLock::default() }
    }
}

impl<V: Clone> Memo<V> {
    /// The value for a name. Not locked while it is computed: another thread may do so as well, and
    /// the first result stays.
    pub(super) fn get(&self, name: &str, compute: impl FnOnce() -> (Name, V)) -> V {
        for kept in [&self.lasting, &self.passing] {
            if let Some(value) = kept.read().unwrap_or_else(PoisonError::into_inner).get(name) {
                return value.clone();
            }
        }
        let (kind, value) = compute();
        if name.len() > LONGEST {
            return value;
        }
        let kept = if kind == Name::OfDefinition { &self.lasting } else { &self.passing };
        let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
        if kind == Name::Any && kept.len() >= MOST_PASSING {
            kept.clear();
        }
        kept.entry(name.into()).or_insert(value).clone()
    }

    /// How many values are kept.
    #[cfg(test)]
    fn len(&self) -> usize {
        [&self.lasting, &self.passing].map(|kept| kept.read().expect("no thread died").len()).iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_definitions_stay_and_others_have_an_end() {
        let memo = Memo::default();
        let own = |name: &str| memo.get(name, || (Name::OfDefinition, 1));
        assert_eq!(own("known"), 1);
        for number in 0..200_000 {
            assert_eq!(memo.get(&format!("urn:{number}"), || (Name::Any, number)), number);
        }
        assert!(memo.len() <= MOST_PASSING + 1, "{}", memo.len());
        assert_eq!(memo.get("known", || unreachable!("it was kept")), 1);
        memo.get(&"x".repeat(LONGEST + 1), || (Name::OfDefinition, 2));
        assert!(memo.len() <= MOST_PASSING + 1, "what is too long is not kept");
    }

    #[test]
    fn only_url_and_version_are_names_of_a_definition() {
        let is_own = |canonical| Name::of(canonical, "urn:a", Some("4.0.1")) == Name::OfDefinition;
        assert!(is_own("urn:a") && is_own("urn:a|4.0.1"));
        assert!(!is_own("urn:a|4.0") && !is_own("urn:a|") && !is_own("urn:ab") && !is_own("urn:b"));
        assert!(Name::of("urn:a|", "urn:a", None) == Name::Any);
    }
}
