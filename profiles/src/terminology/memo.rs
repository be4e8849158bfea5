//! Computed values by canonical, which threads read without waiting for each other. As payloads can name any
//! canonical, the number of kept values is limited.

use std::hash::BuildHasher;
use std::ops::Deref;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxBuildHasher;

/// The most names that are kept besides those of definitions.
const MOST_OTHERS: usize = 1024;

/// The longest name that is kept, in bytes; those of definitions do not come near it.
const LONGEST: usize = 1024;

/// The number of chains over which names are distributed.
const CHAINS: usize = 256;

/// Whether a name belongs to a definition; the number of such names is limited.
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

/// Values computed once for each name of a definition, and for a limited number of other names.
#[derive(Debug)]
pub(super) struct Memo<V> {
    chains: Box<[Link<V>]>,
    others: AtomicUsize,
}

/// The rest of a chain, which only ever grows.
type Link<V> = OnceLock<Box<Entry<V>>>;

#[derive(Debug)]
struct Entry<V> {
    name: Box<str>,
    value: V,
    next: Link<V>,
}

/// A value that is kept, or one for which there was no room.
pub(super) enum Found<'m, V> {
    Kept(&'m V),
    Passing(V),
}

impl<V> Deref for Found<'_, V> {
    type Target = V;

    fn deref(&self) -> &V {
        match self {
            Self::Kept(value) => value,
            Self::Passing(value) => value,
        }
    }
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { chains: (0..CHAINS).map(|_| OnceLock::new()).collect(), others: AtomicUsize::new(0) }
    }
}

impl<V> Memo<V> {
    /// The value for a name. If several threads compute it at the same time, the first result is kept.
    pub(super) fn get(&self, name: &str, compute: impl FnOnce() -> (Name, V)) -> Found<'_, V> {
        let mut link = &self.chains[FxBuildHasher.hash_one(name) as usize % CHAINS];
        while let Some(entry) = link.get() {
            if *entry.name == *name {
                return Found::Kept(&entry.value);
            }
            link = &entry.next;
        }
        let (kind, value) = compute();
        if name.len() > LONGEST || (kind == Name::Any && self.is_full()) {
            return Found::Passing(value);
        }
        let mut entry = Box::new(Entry { name: name.into(), value, next: OnceLock::new() });
        loop {
            let Err(unset) = link.set(entry) else { break };
            entry = unset;
            let Some(other) = link.get() else { continue };
            if other.name == entry.name {
                return Found::Kept(&other.value);
            }
            link = &other.next;
        }
        link.get().map_or_else(|| unreachable!("it was set"), |entry| Found::Kept(&entry.value))
    }

    /// Whether there is no room for one more name that does not belong to a definition.
    fn is_full(&self) -> bool {
        // Once full it is only read, so that threads do not wait for each other.
        self.others.load(Ordering::Relaxed) >= MOST_OTHERS
            || self.others.fetch_add(1, Ordering::Relaxed) >= MOST_OTHERS
    }

    /// How many values are kept.
    #[cfg(test)]
    fn len(&self) -> usize {
        let length = |link: &Link<V>| std::iter::successors(link.get(), |entry| entry.next.get()).count();
        self.chains.iter().map(length).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_definitions_stay_and_others_have_an_end() {
        let memo = Memo::default();
        let own = |name: &str| *memo.get(name, || (Name::OfDefinition, 1));
        assert_eq!(own("known"), 1);
        for number in 0..200_000 {
            assert_eq!(*memo.get(&format!("urn:{number}"), || (Name::Any, number)), number);
        }
        assert_eq!(memo.len(), MOST_OTHERS + 1);
        assert_eq!(own("late"), 1);
        assert_eq!(*memo.get("known", || unreachable!("it was kept")), 1);
        assert_eq!(*memo.get("late", || unreachable!("a definition's is always kept")), 1);
        assert_eq!(*memo.get("urn:0", || unreachable!("there was room")), 0);
        memo.get(&"x".repeat(LONGEST + 1), || (Name::OfDefinition, 2));
        assert_eq!(memo.len(), MOST_OTHERS + 2, "what is too long is not kept");
    }

    #[test]
    fn threads_agree_on_the_first_value() {
        let memo = Memo::default();
        let all: Vec<Vec<usize>> = std::thread::scope(|scope| {
            let ask = |thread| {
                let names = (0..2000).map(|name| format!("urn:{name}"));
                names.map(|name| *memo.get(&name, || (Name::OfDefinition, thread))).collect()
            };
            let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || ask(thread))).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
        });
        assert!(all.iter().all(|seen| *seen == all[0]));
        assert_eq!(memo.len(), 2000);
    }

    #[test]
    fn only_url_and_version_are_names_of_a_definition() {
        let is_own = |canonical| Name::of(canonical, "urn:a", Some("4.0.1")) == Name::OfDefinition;
        assert!(is_own("urn:a") && is_own("urn:a|4.0.1"));
        assert!(!is_own("urn:a|4.0") && !is_own("urn:a|") && !is_own("urn:ab") && !is_own("urn:b"));
        assert!(Name::of("urn:a|", "urn:a", None) == Name::Any);
    }
}
