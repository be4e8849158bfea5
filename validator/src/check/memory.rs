//! What the rule families remember during a run. This is only the data; the logic is in their files.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use ers_fhir_tree::{Node, NodeId};
use rustc_hash::FxHashSet;

use super::finding::Finding;
use crate::schema::SchemaIndex;

/// Nodes of a kind whose check waits for the end of the walk.
#[derive(Debug, Default)]
pub(super) struct Waiting<'d> {
    /// Extensions whose context is an expression, with their definitions.
    pub(super) extensions: RefCell<Vec<(Node<'d>, SchemaIndex)>>,
    /// Responses to Questionnaires.
    pub(super) responses: RefCell<Vec<Node<'d>>>,
    /// Reports on Measures.
    pub(super) measures: RefCell<Vec<Node<'d>>>,
    pub(super) reports: RefCell<Vec<Node<'d>>>,
}

/// The anchors of the resource that was last asked about, gathered when the first link needs them.
#[derive(Debug, Default)]
pub(super) struct Anchors(pub(super) RefCell<Option<KnownAnchors>>);

/// The anchors of a resource.
#[derive(Debug)]
pub(super) struct KnownAnchors {
    /// The narrative that asked last.
    pub(super) narrative: NodeId,
    /// The resource around it.
    pub(super) resource: NodeId,
    pub(super) anchors: FxHashSet<Box<str>>,
}

/// What the checks of codes have reported.
#[derive(Debug, Default)]
pub(super) struct Codes<'v> {
    /// Code systems and value sets that were reported as not checked.
    pub(super) unchecked: RefCell<FxHashSet<Box<str>>>,
    /// Those that are genuine code systems: neither value sets nor misspelt.
    pub(super) unknown_systems: RefCell<FxHashSet<Box<str>>>,
    /// Codings whose display is not the code system's, but may be that of a bound value set.
    pub(super) displays: RefCell<BTreeMap<NodeId, Finding<'v>>>,
}

/// The last answer of [`Checker::resources_of`](super::Checker::resources_of): node, its resource, its
/// outermost resource.
pub(super) type NearestResource = Cell<Option<(NodeId, NodeId, NodeId)>>;
