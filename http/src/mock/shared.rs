//! What all calls share.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::kept::Kept;

/// What all calls share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) kept: Arc<Kept>,
    /// Where it listens: `http://127.0.0.1:8290`.
    pub(super) origin: Arc<str>,
    /// How many calls there were.
    pub(super) count: Arc<AtomicU64>,
}
