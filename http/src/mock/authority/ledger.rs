//! What was given, and until when. Of secrets it holds the hash alone.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use ers_fhir_local::Token;
use ers_fhir_values::base64::encode_for_addresses;

use super::refused::Refused;

/// What was given.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Ids of assertions: each is good once.
    pub(super) assertions: Table<()>,
    pub(super) codes: Table<Code>,
    pub(super) tokens: Table<(u64, Token)>,
    pub(super) refreshes: Table<Refresh>,
}

/// A login whose code has not come back yet, or has.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Code {
    pub(in crate::mock) application: String,
    pub(in crate::mock) callback: String,
    /// Hash of what whoever began the login proves themselves by.
    pub(in crate::mock) challenge: Option<String>,
    pub(in crate::mock) who: Token,
    /// Number of the login.
    pub(in crate::mock) login: u64,
    pub(in crate::mock) is_used: bool,
}

/// A login that goes on.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Refresh {
    pub(in crate::mock) application: String,
    pub(in crate::mock) who: Token,
    /// Number of the login.
    pub(in crate::mock) login: u64,
    /// When it is over, in milliseconds since 1970.
    pub(super) until: i64,
    /// How often it was refreshed.
    pub(super) count: u64,
}

/// Most entries of a table that are good at the same time.
const MOST: usize = 50_000;

/// What a text is known by.
type Hash = [u8; 32];

/// Texts that stand for something until their time is over.
#[derive(Debug)]
pub(super) struct Table<V> {
    entries: HashMap<Hash, Entry<V>>,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    /// Milliseconds since 1970.
    until: i64,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { entries: HashMap::new() }
    }
}

pub(super) fn hash(text: &str) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

/// A text that nobody guesses.
pub(super) fn random() -> Result<String, Refused> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| Refused::full())?;
    Ok(encode_for_addresses(&bytes))
}

impl<V> Table<V> {
    /// Remembers a text; whether it is new.
    pub(super) fn add(&mut self, text: &str, value: V, until: i64, now: i64) -> Result<bool, Refused> {
        if self.entries.len() >= MOST {
            self.entries.retain(|_, entry| entry.until > now);
        }
        if self.entries.len() >= MOST {
            return Err(Refused::full());
        }
        let key = hash(text);
        let is_new = self.entries.get(&key).is_none_or(|entry| entry.until <= now);
        if is_new {
            self.entries.insert(key, Entry { value, until });
        }
        Ok(is_new)
    }

    /// What a text stands for, and whether its time is over.
    pub(super) fn look(&self, text: &str, now: i64) -> Option<(&V, bool)> {
        self.entries.get(&hash(text)).map(|entry| (&entry.value, entry.until <= now))
    }

    /// What a text stands for, while it is good.
    pub(super) fn good(&mut self, text: &str, now: i64) -> Option<&mut V> {
        let entry = self.entries.get_mut(&hash(text)).filter(|entry| entry.until > now);
        entry.map(|entry| &mut entry.value)
    }

    /// Forgets a text.
    pub(super) fn remove(&mut self, text: &str) {
        self.entries.remove(&hash(text));
    }

    /// Forgets those that are not to be kept.
    pub(super) fn keep(&mut self, keep: impl Fn(&V) -> bool) {
        self.entries.retain(|_, entry| keep(&entry.value));
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Table};

    #[test]
    fn what_is_over_goes_and_what_is_good_is_never_pushed_out() {
        let mut table = Table::default();
        assert_eq!(table.add("a", 1, 10, 0), Ok(true));
        assert_eq!(table.add("a", 2, 10, 9), Ok(false));
        assert_eq!((table.look("a", 9), table.look("a", 10)), (Some((&1, false)), Some((&1, true))));
        assert_eq!(table.add("a", 3, 20, 10), Ok(true), "its time was over");
        for number in 1..MOST {
            assert_eq!(table.add(&number.to_string(), 4, 15, 10), Ok(true));
        }
        assert!(table.add("b", 5, 30, 14).is_err(), "it is full");
        assert_eq!(table.good("a", 14), Some(&mut 3));
        assert_eq!(table.add("b", 5, 30, 15), Ok(true));
        assert_eq!(table.entries.len(), 2);
    }
}
