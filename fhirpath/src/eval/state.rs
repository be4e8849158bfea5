//! The state of an evaluation.

use std::cell::{Cell, OnceCell};

use ers_fhir_values::Temporal;

use crate::collection::Collection;
use crate::host::Host;
use crate::syntax::tree::Expr;
use crate::value::Value;

/// How many bytes of computed text cost one step.
pub(super) const BYTES_PER_STEP: u64 = 16;

/// One evaluation. The host is a trait object: calls to it are rare, and the engine is compiled once for all hosts.
pub(crate) struct Evaluator<'e, N> {
    pub(super) host: &'e dyn Host<N>,
    pub(super) root: &'e Expr,
    pub(super) context: Option<N>,
    pub(super) now: OnceCell<Option<Temporal>>,
    pub(super) steps: Cell<u64>,
    pub(super) limit: u64,
}

/// What `$this`, `$index` and `$total` stand for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'e, N> {
    pub(super) this: &'s [Value<'e, N>],
    pub(super) index: usize,
    pub(super) total: Option<&'s Collection<'e, N>>,
}

impl<'s, 'e, N> Scope<'s, 'e, N> {
    /// The scope of a criterion or projection for one item.
    pub(super) fn item(&self, value: &'s Value<'e, N>, index: usize) -> Self {
        Scope { this: std::slice::from_ref(value), index, total: self.total }
    }
}
