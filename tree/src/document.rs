//! A parsed payload: its source, and its nodes in one arena.

use crate::fault::{Fault, Unreadable};
use crate::node::{Data, Node, NodeId, Text};

/// How a payload is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// FHIR JSON.
    Json,
    /// FHIR XML.
    Xml,
}

impl Syntax {
    /// The syntax that the first character indicates, ignoring white space and a byte-order mark.
    pub fn of(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match bytes.trim_ascii_start().first() {
            Some(b'<') => Self::Xml,
            _ => Self::Json,
        }
    }
}

/// A parsed payload.
#[derive(Debug)]
pub struct Document<'s> {
    pub(crate) source: &'s str,
    pub(crate) syntax: Syntax,
    pub(crate) nodes: Vec<Data>,
    pub(crate) decoded: String,
    pub(crate) faults: Vec<Fault>,
}

impl<'s> Document<'s> {
    /// Adds a fault that had to be repaired before the payload could be read: see [`Unreadable::repaired`].
    pub fn note(&mut self, found: Unreadable) {
        self.faults.insert(0, Fault { kind: found.kind, node: NodeId::ROOT, span: found.span });
    }

    /// The whole source text.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// How the payload is written.
    #[inline]
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The faults that syntax alone reveals.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The resource at the top.
    pub fn root(&self) -> Node<'_> {
        self.node(NodeId::ROOT)
    }

    /// The node with this id, which must come from this document.
    #[inline]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node::new(self, id)
    }

    /// All nodes, parents before their children.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.nodes.len() as u32).map(|index| self.node(NodeId(index)))
    }

    /// How many nodes there are; indexes run from 0 to this.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes at all, which is never the case for a parsed document.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    #[inline]
    pub(crate) fn text(&self, text: Text) -> &str {
        text.of(self.source, &self.decoded)
    }
}
