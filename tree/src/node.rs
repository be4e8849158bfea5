//! Nodes of the arena and the handle through which they are read.

use std::fmt;
use std::ops::Range;

use super::document::Document;
use super::name::{Name, Number, Wanted};

/// Index of a node in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The resource at the top.
    pub const ROOT: Self = Self(0);
    pub(super) const NONE: Self = Self(u32::MAX);

    /// Position in tables that run parallel to the document's nodes.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A JSON object, or a primitive with only its `_name` part.
    Object,
    /// A JSON string.
    String,
    /// A JSON number.
    Number,
    /// JSON `true` or `false`.
    Boolean,
    /// JSON `null` that no `_name` sibling fills.
    Null,
    /// A JSON array without items, kept so that it can be reported.
    EmptyArray,
    /// An XML element, with or without a `value` attribute.
    XmlElement,
    /// An XML attribute other than `value` (`id`, `url`).
    XmlAttribute,
    /// An XHTML element of a narrative, whole: its text is the markup as written.
    Xhtml,
}

/// Text of the source or of the side buffer: start, and length with the top bit for the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text {
    start: u32,
    len: u32,
}

const DECODED: u32 = 1 << 31;

impl Text {
    pub(super) const NONE: Self = Self { start: u32::MAX, len: 0 };
    pub(super) const EMPTY: Self = Self { start: 0, len: 0 };

    pub(super) fn source(range: Range<usize>) -> Self {
        Self { start: range.start as u32, len: (range.end - range.start) as u32 }
    }

    /// Whether the text is in the side buffer.
    pub(super) fn is_decoded(self) -> bool {
        self.len & DECODED != 0
    }

    pub(super) fn decoded(range: Range<usize>) -> Self {
        Self { start: range.start as u32, len: (range.end - range.start) as u32 | DECODED }
    }

    /// The same text without its first byte, which must be ASCII.
    pub(super) fn behind_first_byte(self) -> Self {
        Self { start: self.start + 1, len: self.len - 1 }
    }

    #[inline]
    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Its bytes.
    pub(super) fn bytes_of<'a>(self, source: &'a str, decoded: &'a str) -> &'a [u8] {
        let buffer = if self.len & DECODED == 0 { source } else { decoded };
        let start = self.start as usize;
        buffer.as_bytes().get(start..start + (self.len & !DECODED) as usize).unwrap_or_default()
    }

    /// The text itself.
    #[inline]
    pub(super) fn of<'a>(self, source: &'a str, decoded: &'a str) -> &'a str {
        if self.is_none() {
            return "";
        }
        let buffer = if self.len & DECODED == 0 { source } else { decoded };
        let start = self.start as usize;
        buffer.get(start..start + (self.len & !DECODED) as usize).unwrap_or("")
    }
}

/// One element occurrence as stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Data {
    /// Element name as written, without a leading `_`; empty at the root.
    pub(super) name: Text,
    /// Primitive value, [`Text::NONE`] where there is none.
    pub(super) value: Text,
    /// The whole value in the source, quotes and braces included.
    pub(super) span: (u32, u32),
    /// The key (JSON, with quotes) or the tag name (XML) in the source.
    pub(super) key: (u32, u32),
    pub(super) parent: NodeId,
    pub(super) first_child: NodeId,
    pub(super) next: NodeId,
    /// Where this node is the first in a run of siblings of one name: the first node after the run.
    pub(super) next_run: NodeId,
    /// Position among siblings of the same name.
    pub(super) index: u32,
    /// The name, where FHIR has it.
    pub(super) number: Number,
    pub(super) kind: Kind,
    pub(super) role: Role,
}

/// The role of a node in the JSON member that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Role(u8);

impl Role {
    const IN_ARRAY: u8 = 1;
    const OPENS_MEMBER: u8 = 2;

    #[inline]
    pub(super) fn new(in_array: bool, opens_member: bool) -> Self {
        Self((u8::from(in_array) * Self::IN_ARRAY) | (u8::from(opens_member) * Self::OPENS_MEMBER))
    }

    /// Whether it is an item of a JSON array.
    #[inline]
    pub(super) fn in_array(self) -> bool {
        self.0 & Self::IN_ARRAY != 0
    }

    /// Whether it opens a JSON member; a second opener of the same name is a duplicate key.
    #[inline]
    pub(super) fn opens_member(self) -> bool {
        self.0 & Self::OPENS_MEMBER != 0
    }

    pub(super) fn with_opens_member(self, opens_member: bool) -> Self {
        Self::new(self.in_array(), opens_member)
    }
}

/// A node of a document.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    id: NodeId,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.document, other.document)
    }
}

impl Eq for Node<'_> {}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.name(), self.id.0)
    }
}

impl<'d> Node<'d> {
    #[inline]
    pub(super) fn new(document: &'d Document<'_>, id: NodeId) -> Self {
        Self { document, id }
    }

    #[inline]
    fn data(self) -> &'d Data {
        &self.document.nodes[self.id.index()]
    }

    #[inline]
    fn other(self, id: NodeId) -> Option<Self> {
        (id != NodeId::NONE).then_some(Self { document: self.document, id })
    }

    /// Its index.
    #[inline]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The document it is part of.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// Element name as written (`valueQuantity`), empty at the top.
    #[inline]
    pub fn name(self) -> &'d str {
        self.document.text(self.data().name)
    }

    /// Its name, where FHIR itself defines it.
    #[inline]
    pub fn known_name(self) -> Option<Name> {
        self.data().number.name()
    }

    /// Whether it has this name.
    #[inline]
    pub fn is_called<'n>(self, name: impl Into<Wanted<'n>>) -> bool {
        let wanted = name.into();
        wanted.is(self.data().number, || self.name() == wanted.text())
    }

    /// What it was written as.
    #[inline]
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// Whether it is an item of a JSON array.
    #[inline]
    pub fn in_array(self) -> bool {
        self.data().role.in_array()
    }

    /// Whether it is the first node of its JSON member (always so for XML elements).
    #[inline]
    pub fn opens_member(self) -> bool {
        self.data().role.opens_member()
    }

    /// Position among siblings of the same name.
    #[inline]
    pub fn index(self) -> usize {
        self.data().index as usize
    }

    /// The primitive value as written, escapes resolved.
    #[inline]
    pub fn value(self) -> Option<&'d str> {
        let value = self.data().value;
        (!value.is_none()).then(|| self.document.text(value))
    }

    /// The whole value in the source.
    pub fn span(self) -> Range<usize> {
        let (start, end) = self.data().span;
        start as usize..end as usize
    }

    /// Whether its JSON key begins with an underscore, even one written as an escape.
    pub fn has_underscored_key(self) -> bool {
        let second = self.document.source().as_bytes().get(self.key_span().start + 1);
        if !matches!(second, Some(b'_' | b'\\')) {
            return false;
        }
        let key = self.document.source().get(self.key_span()).unwrap_or_default();
        key.starts_with("\"_")
            || key
                .get(..7)
                .is_some_and(|start| start.eq_ignore_ascii_case("\"\\u005f") && start.contains('u'))
    }

    /// The key or tag name in the source; empty at the top of a JSON document and for array items
    /// after the first.
    pub fn key_span(self) -> Range<usize> {
        let (start, end) = self.data().key;
        start as usize..end as usize
    }

    /// The node it is a child of.
    #[inline]
    pub fn parent(self) -> Option<Self> {
        self.other(self.data().parent)
    }

    /// Its children in document order.
    #[inline]
    pub fn children(self) -> Children<'d> {
        Children { document: self.document, next: self.data().first_child }
    }

    /// Whether it has children.
    #[inline]
    pub fn has_children(self) -> bool {
        self.data().first_child != NodeId::NONE
    }

    /// Its children of this name, in order.
    #[inline]
    pub fn named<'n, W: Into<Wanted<'n>>>(self, name: W) -> impl Iterator<Item = Self> + use<'d, 'n, W> {
        let wanted = name.into();
        self.selected(move |child| child.is_called(wanted))
    }

    /// Its children that a test selects by their name, in order.
    ///
    /// Siblings in a run of one name are tested once, so skipping a long array costs one test.
    #[inline]
    pub fn selected<F: Fn(Self) -> bool>(self, test: F) -> Selected<'d, F> {
        Selected {
            document: self.document,
            next: self.data().first_child,
            run_end: self.data().first_child,
            is_inside: false,
            test,
        }
    }

    /// The first of each run of children of one name.
    #[inline]
    pub fn runs(self) -> impl Iterator<Item = Self> + use<'d> {
        std::iter::successors(self.other(self.data().first_child), |run| run.other(run.data().next_run))
    }

    /// Its first child of this name.
    #[inline]
    pub fn child<'n>(self, name: impl Into<Wanted<'n>>) -> Option<Self> {
        self.named(name).next()
    }

    /// The value of its first child of this name.
    #[inline]
    pub fn child_value<'n>(self, name: impl Into<Wanted<'n>>) -> Option<&'d str> {
        self.child(name)?.value()
    }

    /// `resourceType`, where the node is a resource.
    pub fn resource_type(self) -> Option<&'d str> {
        const RESOURCE_TYPE: Name = Name::known("resourceType");
        let child = self.child(RESOURCE_TYPE)?;
        // In XML the type is the name of an element, and an element called `resourceType` does not count.
        let is_type = child.kind() != Kind::XmlElement || child.data().name.is_decoded();
        if is_type { child.value() } else { None }
    }
}

/// Iterator over the children of a node.
#[derive(Clone)]
pub struct Children<'d> {
    document: &'d Document<'d>,
    next: NodeId,
}

impl<'d> Iterator for Children<'d> {
    type Item = Node<'d>;

    #[inline]
    fn next(&mut self) -> Option<Node<'d>> {
        if self.next == NodeId::NONE {
            return None;
        }
        let node = Node { document: self.document, id: self.next };
        self.next = node.data().next;
        Some(node)
    }
}

/// Iterator over the children of a node that a test selects.
pub struct Selected<'d, F> {
    document: &'d Document<'d>,
    next: NodeId,
    /// Where the run that `next` is in ends.
    run_end: NodeId,
    /// Whether the test has selected that run.
    is_inside: bool,
    test: F,
}

impl<'d, F: Fn(Node<'d>) -> bool> Iterator for Selected<'d, F> {
    type Item = Node<'d>;

    #[inline]
    fn next(&mut self) -> Option<Node<'d>> {
        while self.next != NodeId::NONE {
            let node = Node { document: self.document, id: self.next };
            let data = node.data();
            if self.next == self.run_end {
                self.run_end = data.next_run;
                self.is_inside = (self.test)(node);
            }
            if self.is_inside {
                self.next = data.next;
                return Some(node);
            }
            self.next = self.run_end;
        }
        None
    }
}
