//! Rows by key, with commit and rollback.

use std::collections::BTreeMap;

/// Rows by key. Changes can be rolled back until they are committed.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<V> {
    rows: BTreeMap<String, V>,
    /// The earlier values of the rows that changed since the last commit.
    before: BTreeMap<String, Option<V>>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), before: BTreeMap::new() }
    }
}

impl<V: Clone + PartialEq> Table<V> {
    /// The row with that key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.rows.get(key)
    }

    /// All rows, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.rows.iter().map(|(key, row)| (key.as_str(), row))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Changes a row, if it exists.
    pub fn change(&mut self, key: &str, change: impl FnOnce(&mut V)) {
        let Some(row) = self.rows.get_mut(key) else { return };
        if !self.before.contains_key(key) {
            self.before.insert(key.to_owned(), Some(row.clone()));
        }
        change(row);
    }

    /// Sets a row.
    pub fn set(&mut self, key: &str, row: V) {
        let before = self.rows.insert(key.to_owned(), row);
        self.before.entry(key.to_owned()).or_insert(before);
    }

    /// Removes a row.
    pub fn remove(&mut self, key: &str) {
        if let Some(row) = self.rows.remove(key) {
            self.before.entry(key.to_owned()).or_insert(Some(row));
        }
    }

    /// Sets or removes a row, which cannot be rolled back.
    pub(super) fn put(&mut self, key: String, row: Option<V>) {
        match row {
            Some(row) => self.rows.insert(key, row),
            None => self.rows.remove(&key),
        };
    }

    /// The rows that differ from how they were at the last commit.
    pub(super) fn commit(&mut self) -> Vec<(String, Option<V>)> {
        let before = std::mem::take(&mut self.before);
        let rows = before.into_iter().map(|(key, before)| {
            let now = self.rows.get(&key).cloned();
            (now != before).then_some((key, now))
        });
        rows.flatten().collect()
    }

    pub(super) fn roll_back(&mut self) {
        for (key, row) in std::mem::take(&mut self.before) {
            self.put(key, row);
        }
    }
}
