//! Decoded values, shared between threads.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

/// Values made once for each key.
///
/// Two threads that miss at once both make the value, and the first to finish is kept: nothing is
/// locked while a value is made, so that making one may look up others.
#[derive(Debug)]
pub(super) struct Cache<K, T> {
    values: RwLock<FxHashMap<K, Arc<T>>>,
}

impl<K, T> Default for Cache<K, T> {
    fn default() -> Self {
        Self { values: RwLock::default() }
    }
}

impl<K: Eq + Hash + Copy, T> Cache<K, T> {
    /// The value for a key, made if it does not exist yet. A failure is not kept.
    pub(super) fn get_or_make<E>(&self, key: K, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let known = self.values.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(value) = known {
            return Ok(value);
        }
        let value = Arc::new(make()?);
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(values.entry(key).or_insert(value)))
    }
}
