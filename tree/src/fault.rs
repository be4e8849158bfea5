//! What syntax alone shows to be wrong. The words for it are found where findings are made.

use std::ops::Range;

use crate::node::NodeId;

/// Something that syntax alone shows to be wrong, in a payload that could still be read.
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
/// Text of the payload is held as it was written: whoever shows it decides whether to mask it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The bytes stop being UTF-8 here.
    NotUtf8 {
        /// Offset of the first byte that is not.
        at: usize,
        /// Whether the payload begins as UTF-16 does.
        is_utf16: bool,
    },
    /// The payload begins with a byte-order mark.
    ByteOrderMark,
    /// The payload has that many bytes, which is more than [`MAX_BYTES`](crate::MAX_BYTES).
    TooLarge(u64),
    /// There are more elements than are read; the number that is.
    TooManyElements(usize),
    /// XML: a tag has more attributes, or declares more namespaces, than are read; the number that is.
    TooManyAttributes(usize),
    /// There are more XML nodes than are read.
    TooManyNodes,
    /// Nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep,
    /// JSON: something else was expected; `found` is `None` at the end of the payload.
    Unexpected {
        /// What would have been right.
        expected: &'static str,
        /// The character that is there.
        found: Option<char>,
    },
    /// JSON: a comma behind which nothing follows.
    SurplusComma,
    /// JSON: a control character in a string.
    ControlCharacter(u8),
    /// JSON: the payload ends inside a string.
    StringCutOff,
    /// JSON: a backslash before something that is no escape.
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
    /// A page for a browser.
    Html,
    /// JSON: a payload that is no object.
    NotAnObject,
    /// JSON: a payload that is an array of objects.
    ArrayOfObjects,
    /// JSON: a payload that is a string, in which the payload is.
    InString,
    /// JSON: another object behind the first.
    SecondObject,
    /// JSON: an object without `resourceType` at the top.
    NoResourceType,
    /// JSON: `resourceType` in other letters, at the top.
    ResourceTypeKey,
    /// JSON: a `resourceType` that is no string.
    ResourceTypeKind,
    /// JSON: an array inside an array.
    NestedArray,
    /// JSON: the same `_name` once more in one object; the name without the underscore.
    DuplicateUnderscore(String),
    /// JSON: of `name` and `_name` one is an array and the other is not.
    UnderscoreArray,
    /// JSON: `_name` beside something that is no primitive.
    UnderscoreOfStructure,
    /// JSON: `_name` holds something else than objects and nulls.
    UnderscoreValue,
    /// JSON: `_name` is null, or holds nothing but nulls, or a null where there is no value either.
    UnderscoreNull,
    /// JSON: `_name` holds an object without members beside a value.
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
    /// XML: the same attribute once more in one tag.
    DuplicateAttribute(String),
    /// XML: not well formed in another way, in words.
    NotWellFormed(&'static str),
    /// XML: a document type declaration.
    DocumentType,
    /// XML: a declared encoding other than UTF-8.
    Encoding(String),
    /// XML: text between elements.
    TextBetweenElements,
    /// XML: a processing instruction in the resource, or one before it that is not about its display.
    ProcessingInstruction,
    /// XML: another resource in an element that holds one.
    SeveralResources(String),
    /// XML: an attribute in a namespace of its own.
    ForeignAttribute(String),
    /// XML: an element in another namespace than the one it belongs in.
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
    #[expect(clippy::unnecessary_box_returns, reason = "it goes into a result that hardly ever holds it")]
    pub(crate) fn at(self, span: Range<usize>) -> Box<Unreadable> {
        Box::new(Unreadable { kind: self, span })
    }
}

impl Unreadable {
    /// The payload with a question mark for each byte that is not UTF-8, so that the rest of it can be checked
    /// and stands where it stood. `None` where something else is wrong.
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
