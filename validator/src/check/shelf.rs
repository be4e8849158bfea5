//! Definitions of one kind that payloads name (Questionnaire, Measure), wherever they can be found:
//! contained, elsewhere in the document, or in a loaded package.

use std::sync::Arc;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::package::Kind;
use ers_fhir_tree::{Node, NodeId};
use ers_fhir_values::canonical;
use rustc_hash::FxHashMap;

use super::Checker;

/// The definitions of a kind found in a run, each read once.
pub(super) struct Shelf<'d> {
    kind: Kind,
    /// The definitions in the document that are not contained, by URL.
    entries: FxHashMap<&'d str, Vec<Node<'d>>>,
    read: FxHashMap<NodeId, Arc<Datum>>,
    loaded: FxHashMap<&'d str, Option<Arc<Datum>>>,
}

impl<'d> Shelf<'d> {
    pub(super) fn new(ctx: &Checker<'_, 'd>, kind: Kind) -> Self {
        let mut entries: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for node in ctx.document.nodes() {
            if ctx.fact(node).type_name() == Some(kind.resource_type())
                && node.name() != "contained"
                && let Some(url) = node.child_value("url")
            {
                entries.entry(url).or_default().push(node);
            }
        }
        Self { kind, entries, read: FxHashMap::default(), loaded: FxHashMap::default() }
    }

    /// The definition that a canonical URL or reference at a node means.
    pub(super) fn find(
        &mut self,
        ctx: &Checker<'_, 'd>,
        at: Node<'d>,
        canonical: &'d str,
    ) -> Option<Arc<Datum>> {
        let kind = self.kind;
        let in_document = ctx
            .resolve(canonical, at)
            .filter(|node| node.resource_type() == Some(kind.resource_type()))
            .or_else(|| self.entry(canonical));
        if let Some(node) = in_document {
            return Some(Arc::clone(self.read.entry(node.id()).or_insert_with(|| Arc::new(datum(node)))));
        }
        let definitions = ctx.validator.definitions();
        // A definition that cannot be read is treated as absent: the loader reports it.
        let load = || definitions.resource(kind, canonical).ok().flatten();
        self.loaded.entry(canonical).or_insert_with(load).clone()
    }

    fn entry(&self, canonical: &str) -> Option<Node<'d>> {
        let (url, version) = canonical::split(canonical);
        let is_meant = |node: &&Node<'d>| version.is_none() || node.child_value("version") == version;
        self.entries.get(url)?.iter().find(is_meant).copied()
    }
}

/// A part of the payload as plain data. The tree is never deeper than its parser allows.
pub(super) fn datum(node: Node<'_>) -> Datum {
    let fields = node.children().map(|child| (child.name().into(), datum(child))).collect();
    Datum { text: node.value().map(Into::into), fields }
}
