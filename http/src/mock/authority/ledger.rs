//! The ledger of issued tokens and codes, with their expiry. It stores secrets only as hashes.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use ers_fhir_local::Token;
use ers_fhir_values::base64::encode_for_addresses;

use super::lasting::{Entry, Lasting, Who};
use super::refused::Refused;

/// What was given.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Ids of assertions: each is valid once.
    assertions: Table<()>,
    pub(super) codes: Table<Code>,
    pub(super) tokens: Table<(u64, Token)>,
    pub(super) refreshes: Table<Refresh>,
    /// Where entries are kept, except for codes, whose minute is soon over.
    file: Option<Lasting>,
    /// How much was written since the last complete rewrite.
    written: usize,
}

impl Ledger {
    /// What was given before, and is still good; from now on it is kept beside the state in that file. The second part is a
    /// number that no login has.
    pub(super) fn kept(state: &Path, is_new: bool, now: i64) -> io::Result<(Self, u64)> {
        let path = Lasting::beside(state);
        let entries = Lasting::read(&path)?;
        let (mut ledger, mut next) = (Self::default(), 0);
        for entry in entries.into_iter().filter(|_| !is_new) {
            if let Entry::Token { login, .. } | Entry::Refresh { login, .. } = &entry {
                next = next.max(login + 1);
            }
            ledger.replay(entry, now);
        }
        ledger.file = Some(Lasting::begin(&path, ledger.entries(now))?);
        Ok((ledger, next))
    }

    fn replay(&mut self, entry: Entry, now: i64) {
        match entry {
            Entry::Assertion { hash, until } => self.assertions.put(hash, (), until, now),
            Entry::Token { hash, until, login, who } => {
                if let Some(who) = who.token() {
                    self.tokens.put(hash, (login, who), until, now);
                }
            }
            Entry::Refresh { hash, until, login, who, application, count } => {
                if let Some(who) = who.token() {
                    let refresh = Refresh { application, who, login, until, count };
                    self.refreshes.put(hash, refresh, until, now);
                }
            }
            Entry::Used { hash } => {
                self.refreshes.entries.remove(&hash);
            }
            Entry::Ended { login } => self.forget(login),
        }
    }

    /// All valid entries, to be written.
    fn entries(&self, now: i64) -> Vec<Entry> {
        let assertions = self.assertions.good_ones(now);
        let assertions = assertions.map(|(hash, (), until)| Entry::Assertion { hash, until });
        let tokens = self.tokens.good_ones(now).filter_map(|(hash, (login, who), until)| {
            Some(Entry::Token { hash, until, login: *login, who: Who::of(who)? })
        });
        let refreshes = self.refreshes.good_ones(now).filter_map(|(hash, refresh, _)| refresh.entry(hash));
        assertions.chain(tokens).chain(refreshes).collect()
    }

    fn write(&mut self, entry: Option<Entry>, now: i64) -> Result<(), Refused> {
        let (Some(entry), Some(file)) = (entry, &mut self.file) else { return Ok(()) };
        self.written += 1;
        let written = if self.written <= MOST {
            file.append(&entry)
        } else {
            let path = file.path().to_owned();
            self.written = 0;
            Lasting::begin(&path, self.entries(now)).map(|file| self.file = Some(file))
        };
        written.map_err(|_| Refused::unkept())
    }

    /// Remembers an assertion; returns whether it is new.
    pub(super) fn assert(&mut self, known: &str, until: i64, now: i64) -> Result<bool, Refused> {
        let is_new = self.assertions.add(known, (), until, now)?;
        if is_new {
            self.write(Some(Entry::Assertion { hash: hash(known), until }), now)?;
        }
        Ok(is_new)
    }

    /// Issues an access token for a login.
    pub(super) fn give(
        &mut self,
        token: &str,
        (login, who): (u64, Token),
        until: i64,
        now: i64,
    ) -> Result<(), Refused> {
        let entry = Who::of(&who).map(|who| Entry::Token { hash: hash(token), until, login, who });
        self.tokens.add(token, (login, who), until, now)?;
        self.write(entry, now)
    }

    /// Issues a refresh token for a login.
    pub(super) fn give_refresh(&mut self, text: &str, refresh: Refresh, now: i64) -> Result<(), Refused> {
        let entry = refresh.entry(hash(text));
        let until = refresh.until;
        self.refreshes.add(text, refresh, until, now)?;
        self.write(entry, now)
    }

    /// Redeems a refresh token, which is valid once.
    pub(super) fn use_up(&mut self, text: &str, now: i64) -> Result<(), Refused> {
        self.refreshes.remove(text);
        self.write(Some(Entry::Used { hash: hash(text) }), now)
    }

    /// Revokes everything that was issued for a login.
    pub(super) fn end(&mut self, login: u64, now: i64) -> Result<(), Refused> {
        self.forget(login);
        self.write(Some(Entry::Ended { login }), now)
    }

    fn forget(&mut self, login: u64) {
        self.tokens.keep(|(of, _)| *of != login);
        self.refreshes.keep(|refresh| refresh.login != login);
    }
}

/// A login, before or after its code has been redeemed.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Code {
    pub(in crate::mock) application: String,
    pub(in crate::mock) callback: String,
    /// The challenge that the application must answer to redeem the code.
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
    /// When it expires, in milliseconds since 1970.
    pub(super) until: i64,
    /// How often it was refreshed.
    pub(super) count: u64,
}

impl Refresh {
    fn entry(&self, hash: Hash) -> Option<Entry> {
        let Self { application, who, login, until, count } = self;
        let (application, who) = (application.clone(), Who::of(who)?);
        Some(Entry::Refresh { hash, until: *until, login: *login, who, application, count: *count })
    }
}

/// The largest number of valid entries in a table.
const MOST: usize = 50_000;

/// The hash of a text.
pub(super) type Hash = [u8; 32];

/// Texts that stand for something until they expire.
#[derive(Debug)]
pub(super) struct Table<V> {
    entries: HashMap<Hash, Good<V>>,
}

#[derive(Debug)]
struct Good<V> {
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

/// An unguessable text.
pub(super) fn random() -> Result<String, Refused> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| Refused::full())?;
    Ok(encode_for_addresses(&bytes))
}

impl<V> Table<V> {
    /// Remembers a text; returns whether it is new.
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
            self.entries.insert(key, Good { value, until });
        }
        Ok(is_new)
    }

    /// Restores remembered texts that are still valid.
    fn put(&mut self, key: Hash, value: V, until: i64, now: i64) {
        if until > now && self.entries.len() < MOST {
            self.entries.insert(key, Good { value, until });
        }
    }

    /// The valid entries, always in the same order.
    fn good_ones(&self, now: i64) -> impl Iterator<Item = (Hash, &V, i64)> {
        let good = self.entries.iter().filter(|(_, entry)| entry.until > now);
        let mut good: Vec<_> = good.map(|(hash, entry)| (*hash, &entry.value, entry.until)).collect();
        good.sort_by_key(|(hash, _, until)| (*until, *hash));
        good.into_iter()
    }

    /// What a text stands for, and whether it has expired.
    pub(super) fn look(&self, text: &str, now: i64) -> Option<(&V, bool)> {
        self.entries.get(&hash(text)).map(|entry| (&entry.value, entry.until <= now))
    }

    /// What a text stands for, while it is valid.
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
