//! A payload as one arena of nodes, the same whether it was written as JSON or XML.
//!
//! There is one [`Node`] for each *element occurrence*: the items of a JSON array are siblings of
//! the same name, and `name` and `_name` are one node that holds both a value and children. So
//! every rule is written once. What JSON alone can get wrong (an object where an array belongs, an
//! empty array) is kept in [`Kind`] and in the flags.
//!
//! Text is borrowed from the source; only text with escapes or entities is decoded into a side
//! buffer. Positions are byte offsets into the source.

mod builder;
mod fault;
mod json;
mod lines;
mod name;
mod node;
#[cfg(test)]
mod outline;
mod xml;

pub use fault::{Fault, FaultKind, Unreadable};
pub use lines::{LineIndex, Position};
pub use name::{Name, Wanted};
pub use node::{Children, Kind, Node, NodeId};
use node::{Data, Text};

/// Deepest nesting of objects, arrays or XML elements that is read.
pub const MAX_DEPTH: usize = 200;

/// Largest payload that is read, in bytes.
pub const MAX_BYTES: usize = 512 << 20;

/// How a payload is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// FHIR JSON.
    Json,
    /// FHIR XML.
    Xml,
}

impl Syntax {
    /// What the first character announces, white space and a byte-order mark left out.
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
    source: &'s str,
    syntax: Syntax,
    nodes: Vec<Data>,
    decoded: String,
    faults: Vec<Fault>,
}

impl<'s> Document<'s> {
    /// Reads JSON or XML, whichever the first character announces.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] where the bytes are not UTF-8, not JSON or XML, nested deeper than
    /// [`MAX_DEPTH`] or longer than [`MAX_BYTES`].
    pub fn parse(bytes: &'s [u8]) -> Result<Self, Unreadable> {
        let source = text_of(bytes)?;
        match Syntax::of(bytes) {
            Syntax::Json => json::parse(source),
            Syntax::Xml => xml::parse(source),
        }
        .map_err(|unreadable| *unreadable)
    }

    /// Adds what was found wrong with a payload before it could be read: see [`Unreadable::mended`].
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

    /// What syntax alone shows to be wrong.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The resource at the top.
    pub fn root(&self) -> Node<'_> {
        self.node(NodeId::ROOT)
    }

    /// The node of that id, which must come from this document.
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

    /// Whether there is no node at all, which no parsed document is.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    #[inline]
    fn text(&self, text: Text) -> &str {
        text.of(self.source, &self.decoded)
    }
}

/// Refuses a payload of more than [`MAX_BYTES`], best before it is in memory.
///
/// # Errors
///
/// [`Unreadable`] where it is larger.
pub fn check_size(bytes: u64) -> Result<(), Unreadable> {
    if bytes <= MAX_BYTES as u64 {
        return Ok(());
    }
    Err(*FaultKind::TooLarge(bytes).at(0..0))
}

/// The bytes as text, or where they stop being UTF-8.
fn text_of(bytes: &[u8]) -> Result<&str, Unreadable> {
    check_size(bytes.len() as u64)?;
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let at = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        let is_utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
        *FaultKind::NotUtf8 { at, is_utf16 }.at(at..at)
    })
}
