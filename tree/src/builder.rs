//! The arena under construction, shared by both readers; it enforces the limits that keep a
//! hostile payload from filling memory.

use std::ops::Range;

use super::document::{Document, Syntax};
use super::fault::{Fault, FaultKind, Unreadable};
use super::name::Number;
use super::node::{Data, Kind, NodeId, Role, Text};

/// Most nodes of one document: as many as 512 MB of ordinary FHIR holds, in about 1 GB of arena.
const MAX_NODES: usize = 1 << 24;

/// Nodes that a document of any size may have, and how many bytes of source it needs for each further node: a
/// node takes many times the memory of `1,`.
const ANY_NODES: usize = 500_000;
const LEAST_BYTES_PER_NODE: usize = 5;

/// Faults beyond this many would only repeat what the first have said.
const MAX_FAULTS: usize = 1000;

/// Bytes of JSON or XML per node, measured on HL7's examples and rounded up.
const BYTES_PER_NODE: usize = 48;

/// What a U+FEFF at the start of a payload looks like.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A document as far as it has been read.
#[derive(Debug)]
pub(super) struct Builder<'s> {
    pub(super) source: &'s str,
    pub(super) nodes: Vec<Data>,
    pub(super) decoded: String,
    /// The limit on the number of nodes.
    most: usize,
    faults: Vec<Fault>,
}

/// The children of one node so far; new ones go to the end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    parent: NodeId,
    last: NodeId,
    /// The first node of the run of equal names that `last` belongs to, and the number of that name.
    run: NodeId,
    number: Number,
}

impl Chain {
    pub(super) fn of(parent: NodeId) -> Self {
        Self { parent, last: NodeId::NONE, run: NodeId::NONE, number: Number::NONE }
    }

    pub(super) fn parent(self) -> NodeId {
        self.parent
    }

    pub(super) fn last(self) -> NodeId {
        self.last
    }
}

impl Data {
    /// A node without children or siblings.
    pub(super) fn new(kind: Kind, name: Text, value: Text, span: Range<usize>) -> Self {
        Self {
            name,
            value,
            span: (span.start as u32, span.end as u32),
            key: (span.start as u32, span.start as u32),
            parent: NodeId::NONE,
            first_child: NodeId::NONE,
            next: NodeId::NONE,
            next_run: NodeId::NONE,
            index: 0,
            number: Number::NONE,
            kind,
            role: Role::new(false, true),
        }
    }
}

impl<'s> Builder<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let capacity = (source.len() / BYTES_PER_NODE).clamp(16, MAX_NODES);
        let most = (ANY_NODES + source.len() / LEAST_BYTES_PER_NODE).min(MAX_NODES);
        Self { source, nodes: Vec::with_capacity(capacity), decoded: String::new(), most, faults: Vec::new() }
    }

    /// Adds a node at the end of a chain; the first of all is the root, whatever its chain.
    #[inline]
    pub(super) fn append(&mut self, chain: &mut Chain, data: Data) -> Result<NodeId, Box<Unreadable>> {
        if self.nodes.len() >= self.most {
            let at = data.span.0 as usize;
            return Err(FaultKind::TooManyElements(self.most).at(at..at));
        }
        let id = NodeId(self.nodes.len() as u32);
        let number = data.number;
        self.nodes.push(Data { parent: chain.parent, ..data });
        self.link(chain.parent, chain.last, id);
        let goes_on = chain.run != NodeId::NONE
            && chain.number == number
            && (number != Number::NONE || self.same_name(chain.run, id));
        if !goes_on {
            if chain.run != NodeId::NONE {
                self[chain.run].next_run = id;
            }
            (chain.run, chain.number) = (id, number);
        }
        chain.last = id;
        Ok(id)
    }

    /// Finds the runs of equal names again, after children were moved.
    pub(super) fn link_runs(&mut self, owner: NodeId) {
        let mut run = self[owner].first_child;
        while run != NodeId::NONE {
            let mut end = self[run].next;
            while end != NodeId::NONE && self.same_name(run, end) {
                end = self[end].next;
            }
            self[run].next_run = end;
            run = end;
        }
    }

    /// Links a node behind another one, or as the first child where there is none.
    pub(super) fn link(&mut self, parent: NodeId, previous: NodeId, id: NodeId) {
        if previous != NodeId::NONE {
            self[previous].next = id;
        } else if parent != NodeId::NONE {
            self[parent].first_child = id;
        }
    }

    pub(super) fn name(&self, id: NodeId) -> &str {
        self[id].name.of(self.source, &self.decoded)
    }

    pub(super) fn fault(&mut self, kind: FaultKind, node: NodeId, span: Range<usize>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { kind, node, span });
        }
    }

    /// Reports a byte-order mark and returns where the payload after it begins.
    pub(super) fn skip_byte_order_mark(&mut self) -> usize {
        if !self.source.starts_with(BYTE_ORDER_MARK) {
            return 0;
        }
        let span = 0..BYTE_ORDER_MARK.len();
        self.fault(FaultKind::ByteOrderMark, NodeId::ROOT, span.clone());
        span.end
    }

    pub(super) fn finish(self, syntax: Syntax) -> Document<'s> {
        let Self { source, nodes, decoded, faults, .. } = self;
        Document { source, syntax, nodes, decoded, faults }
    }

    fn same_name(&self, left: NodeId, right: NodeId) -> bool {
        let (left, right) = (&self[left], &self[right]);
        let text = |data: &Data| data.name.of(self.source, &self.decoded);
        left.number == right.number
            && (left.number != Number::NONE || left.name == right.name || text(left) == text(right))
    }
}

impl std::ops::Index<NodeId> for Builder<'_> {
    type Output = Data;

    fn index(&self, id: NodeId) -> &Data {
        &self.nodes[id.index()]
    }
}

impl std::ops::IndexMut<NodeId> for Builder<'_> {
    fn index_mut(&mut self, id: NodeId) -> &mut Data {
        &mut self.nodes[id.index()]
    }
}

/// The error of nesting deeper than [`super::MAX_DEPTH`].
#[expect(clippy::unnecessary_box_returns, reason = "it is stored in a result that is rarely an error")]
pub(super) fn too_deep(at: usize) -> Box<Unreadable> {
    FaultKind::TooDeep.at(at..at + 1)
}
