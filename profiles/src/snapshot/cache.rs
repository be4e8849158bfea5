//! Snapshots made once and shared.

use std::cell::RefCell;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::definition::StructureDefinition;
use crate::error::Error;

use super::elements::Snapshot;
use super::error::SnapshotError;
use super::generate::{self, Trace, generate};
use super::source::Source;

/// The longest chain of definitions that need one another's snapshots.
const MAX_CHAIN: usize = 64;

/// Snapshots by canonical URL, made when first asked for. May be used from several threads.
#[derive(Debug, Default)]
pub struct SnapshotCache {
    done: RwLock<FxHashMap<Box<str>, Arc<Snapshot>>>,
}

/// Finds a structure by canonical URL.
pub type Structures<'a> = &'a dyn Fn(&str) -> Result<Option<Arc<StructureDefinition>>, Error>;

impl SnapshotCache {
    /// The snapshot of a definition, and on the way those of all it needs; `None` if no package has the
    /// definition. If it cannot be generated, the published one is used.
    pub fn get(
        &self,
        canonical: &str,
        structures: Structures<'_>,
    ) -> Result<Option<Arc<Snapshot>>, SnapshotError> {
        Run { cache: self, structures, chain: RefCell::default() }.snapshot(canonical)
    }

    /// The generated snapshot of a definition. Unlike [`get`](Self::get), this does not fall back to the
    /// published one, and an element without a place is an error.
    pub fn generate(
        &self,
        definition: &StructureDefinition,
        structures: Structures<'_>,
    ) -> Result<Snapshot, SnapshotError> {
        let made = generate(definition, &Run { cache: self, structures, chain: RefCell::default() })?;
        made.faults().first().cloned().map_or(Ok(made), Err)
    }

    /// The snapshot of a definition, with what each element of its differential constrains.
    ///
    /// # Errors
    ///
    /// If there is no base to apply the differential to.
    pub fn trace(
        &self,
        definition: &StructureDefinition,
        structures: Structures<'_>,
    ) -> Result<Trace, SnapshotError> {
        generate::trace(definition, &Run { cache: self, structures, chain: RefCell::default() })
    }

    fn find(&self, canonical: &str) -> Option<Arc<Snapshot>> {
        // The map is intact even if a thread died holding the lock: inserts cannot panic half-way.
        self.done.read().unwrap_or_else(PoisonError::into_inner).get(canonical).cloned()
    }

    fn insert(&self, canonical: &str, snapshot: &Arc<Snapshot>) {
        let mut done = self.done.write().unwrap_or_else(PoisonError::into_inner);
        done.insert(canonical.into(), Arc::clone(snapshot));
    }
}

/// One request, with the definitions that are being processed.
struct Run<'a> {
    cache: &'a SnapshotCache,
    structures: Structures<'a>,
    chain: RefCell<Vec<String>>,
}

impl Source for Run<'_> {
    fn structure(&self, canonical: &str) -> Result<Option<Arc<StructureDefinition>>, SnapshotError> {
        (self.structures)(canonical).map_err(|error| SnapshotError::Unreadable {
            canonical: canonical.to_owned(),
            reason: error.to_string(),
        })
    }

    fn snapshot(&self, canonical: &str) -> Result<Option<Arc<Snapshot>>, SnapshotError> {
        if let Some(done) = self.cache.find(canonical) {
            return Ok(Some(done));
        }
        let Some(definition) = self.structure(canonical)? else { return Ok(None) };
        // A version of a profile may start from an earlier one of the same URL.
        let link = match &definition.version {
            Some(version) => format!("{}|{version}", definition.url),
            None => definition.url.clone(),
        };
        // Payloads name definitions in more ways than there are definitions: only their own names are kept.
        let name = if canonical == definition.url { canonical } else { link.as_str() };
        if let Some(done) = self.cache.find(name) {
            return Ok(Some(done));
        }
        let name = name.to_owned();
        {
            let chain = self.chain.borrow();
            if chain.contains(&link) {
                let chain = [chain.as_slice(), std::slice::from_ref(&link)].concat().join(" -> ");
                return Err(SnapshotError::Cycle { canonical: definition.url.clone(), chain });
            }
            if chain.len() >= MAX_CHAIN {
                return Err(SnapshotError::TooLarge {
                    canonical: definition.url.clone(),
                    what: "definitions that need one another",
                    limit: MAX_CHAIN,
                });
            }
        }
        self.chain.borrow_mut().push(link);
        let made = generate(&definition, self);
        self.chain.borrow_mut().pop();
        // A package may lack what its definitions start from, but carry their snapshots.
        let made = Arc::new(match (made, &definition.snapshot) {
            (Ok(made), None) => made,
            (Ok(made), _) if made.faults().is_empty() => made,
            (_, Some(published)) => Snapshot::from(published.clone()),
            (Err(error), None) => return Err(error),
        });
        self.cache.insert(&name, &made);
        Ok(Some(made))
    }
}
