//! What an evaluation knows while it goes on.

use std::cell::{Cell, OnceCell};

use ers_fhir_values::Temporal;

use crate::collection::Collection;
use crate::host::Host;
use crate::syntax::tree::Expr;
use crate::value::Value;

/// How many bytes of computed text cost as much as a step.
pub(super) const BYTES_PER_STEP: u64 = 16;

/// One evaluation. The host is called through a table: it is asked seldom, and one engine for all hosts is built once.
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
