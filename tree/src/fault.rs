//! Faults that syntax alone reveals. Their wording belongs to the code that reports findings.

use std::ops::Range;

use crate::node::NodeId;

/// A fault that syntax alone reveals, in a payload that could still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The node it belongs to.
    pub node: NodeId,
    /// The offending bytes of the source.
    pub span: Range<usize>,
}

/// Why a payload could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where reading stopped.
    pub span: Range<usize>,
}

/// What can be wrong with the syntax of a payload.
///
/// Text of the payload is held as written: code that shows it decides whether to mask it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The bytes stop being UTF-8 here.
    NotUtf8 {
        /// Offset of the first byte that is not UTF-8.
        at: usize,
        /// Whether the payload begins like UTF-16.
        is_utf16: bool,
    },
    /// The payload begins with a byte-order mark.
    ByteOrderMark,
    /// The payload has this many bytes, which is more than [`MAX_BYTES`](crate::MAX_BYTES).
    TooLarge(u64),
    /// There are more elements than this limit.
    TooManyElements(usize),
    /// XML: a tag has more attributes, or declares more namespaces, than this limit.
    TooManyAttributes(usize),
    /// There are too many XML nodes.
    TooManyNodes,
    /// Nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep,
    /// JSON: something else was expected; `found` is `None` at the end of the payload.
    Unexpected {
        /// What was expected.
        expected: &'static str,
        /// The character that was found.
        found: Option<char>,
    },
    /// JSON: a comma that nothing follows.
    SurplusComma,
    /// JSON: a control character in a string.
    ControlCharacter(u8),
    /// JSON: the payload ends inside a string.
    StringCutOff,
    /// JSON: a backslash that begins no known escape.
    UnknownEscape,
    /// JSON: one half of a surrogate pair.
    LoneSurrogate,
    /// JSON: `\u` without four hexadecimal digits.
    ShortEscape,
    /// JSON: a number that begins with 0.
    LeadingZero,
    /// There is nothing but white space.
    Empty,
    /// The payload begins like neither JSON nor XML.
    NeitherJsonNorXml,
    /// An HTML page.
    Html,
    /// JSON: a payload that is not an object.
    NotAnObject,
    /// JSON: a payload that is an array of objects.
    ArrayOfObjects,
    /// JSON: a payload that is a string with the actual payload in it.
    InString,
    /// JSON: another object after the first.
    SecondObject,
    /// JSON: an object without `resourceType` at the top.
    NoResourceType,
    /// JSON: a misspelt `resourceType` key at the top.
    ResourceTypeKey,
    /// JSON: a `resourceType` that is not a string.
    ResourceTypeKind,
    /// JSON: an array inside an array.
    NestedArray,
    /// JSON: a second `_name` of the same name in one object; the name without the underscore.
    DuplicateUnderscore(String),
    /// JSON: only one of `name` and `_name` is an array.
    UnderscoreArray,
    /// JSON: `_name` of an element that is not a primitive.
    UnderscoreOfStructure,
    /// JSON: `_name` holds something other than objects and nulls.
    UnderscoreValue,
    /// JSON: `_name` is null, holds only nulls, or holds a null for an item that has no value either.
    UnderscoreNull,
    /// JSON: `_name` holds an empty object for an item that has a value.
    UnderscoreEmpty,
    /// JSON: `_name` has more items than `name`.
    UnderscoreSurplus,
    /// XML: there is no element.
    NoElement,
    /// XML: the payload ends inside an element.
    ElementCutOff,
    /// XML: an end tag that does not close the element that is open.
    WrongEndTag {
        /// The element that is open.
        expected: String,
        /// The element that the tag names.
        found: String,
    },
    /// XML: a prefix without a namespace.
    UnknownPrefix(String),
    /// XML: an entity that is not defined.
    UnknownEntity(String),
    /// XML: a second attribute of the same name in one tag.
    DuplicateAttribute(String),
    /// XML: not well formed in some other way, described in words.
    NotWellFormed(&'static str),
    /// XML: a document type declaration.
    DocumentType,
    /// XML: a declared encoding other than UTF-8.
    Encoding(String),
    /// XML: text between elements.
    TextBetweenElements,
    /// XML: a processing instruction in the resource, or one before it that does not concern its display.
    ProcessingInstruction,
    /// XML: a second resource in an element that may hold only one.
    SeveralResources(String),
    /// XML: an attribute in a namespace.
    ForeignAttribute(String),
    /// XML: an element in the wrong namespace.
    WrongNamespace {
        /// The element.
        name: String,
        /// Its namespace, where it has one.
        found: Option<String>,
        /// The namespace it belongs in.
        expected: &'static str,
    },
}

impl FaultKind {
    #[expect(clippy::unnecessary_box_returns, reason = "it is stored in a result that is rarely an error")]
    pub(crate) fn at(self, span: Range<usize>) -> Box<Unreadable> {
        Box::new(Unreadable { kind: self, span })
    }
}

impl Unreadable {
    /// The payload with a question mark for each byte that is not UTF-8, so that the rest of it can be checked
    /// and keeps its place. `None` where something else is wrong.
    pub fn repaired(&self, bytes: &[u8]) -> Option<String> {
        let FaultKind::NotUtf8 { is_utf16: false, .. } = self.kind else { return None };
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
        Some(text)
    }
}
