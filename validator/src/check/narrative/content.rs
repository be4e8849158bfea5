//! Which elements may be inside which, and which hold text.
//!
//! Source: <https://www.w3.org/TR/xhtml1/dtds.html#a_dtd_XHTML-1.0-Transitional>, the more lenient of the two
//! models of XHTML.

use super::vocabulary::{Element, bits};

const BLOCK: u64 = bits(&[
    "address",
    "blockquote",
    "div",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
]);
const INLINE: u64 = bits(&[
    "a", "abbr", "acronym", "b", "bdo", "big", "br", "cite", "code", "dfn", "em", "i", "img", "kbd", "map",
    "q", "samp", "small", "span", "strong", "sub", "sup", "tt", "var",
]);
const FLOW: u64 = BLOCK | INLINE;

/// Elements that hold inline elements only. An inline element holds no blocks either.
const HOLDS_INLINE: u64 = bits(&["address", "caption", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre"])
    | (INLINE & !bits(&["map"]));
/// Elements that hold other elements, but no text.
const HOLDS_NO_TEXT: u64 =
    bits(&["colgroup", "dl", "map", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"]) | EMPTY;
const EMPTY: u64 = bits(&["area", "br", "col", "hr", "img"]);
const ROWS: u64 = bits(&["tbody", "tfoot", "thead"]);

/// Whether an element is always empty.
pub(super) fn is_void(name: &str) -> bool {
    Element::named(name).is_some_and(|element| element.is_among(EMPTY))
}

/// The elements that are open.
#[derive(Default)]
pub(super) struct Open {
    stack: Vec<Option<Element>>,
    links: usize,
}

impl Open {
    /// Called when an element begins; returns the enclosing element if it is not allowed there. An element
    /// outside the vocabulary is reported as such, and may hold anything.
    pub(super) fn begin(&mut self, element: Option<Element>) -> Option<(Element, Element)> {
        let around = self.stack.last().copied().flatten();
        self.stack.push(element);
        let element = element?;
        if element == Element::A {
            self.links += 1;
            if self.links > 1 {
                return Some((element, Element::A));
            }
        }
        around.filter(|around| !holds(*around, element)).map(|around| (element, around))
    }

    /// The innermost element ends.
    pub(super) fn end(&mut self) {
        if let Some(Some(Element::A)) = self.stack.pop() {
            self.links -= 1;
        }
    }

    /// Called for text; returns the innermost element if it may not hold text.
    pub(super) fn text(&self) -> Option<Element> {
        self.stack.last().copied().flatten().filter(|holder| holder.is_among(HOLDS_NO_TEXT))
    }
}

/// For each element the bits of those that may be directly inside it.
static HELD: [u64; Element::COUNT] = {
    let mut held = [FLOW; Element::COUNT];
    let mut at = 0;
    while at < held.len() {
        let bit = 1 << at;
        if bit & HOLDS_INLINE != 0 {
            held[at] = INLINE;
        }
        if bit & EMPTY != 0 {
            held[at] = 0;
        }
        let mut next = 0;
        while next < HOLDS_OTHERS.len() {
            if bit & HOLDS_OTHERS[next].0 != 0 {
                held[at] = HOLDS_OTHERS[next].1;
            }
            next += 1;
        }
        at += 1;
    }
    held
};

/// Elements that hold neither blocks nor text, with the elements that they hold.
const HOLDS_OTHERS: [(u64, u64); 7] = [
    (bits(&["ul", "ol"]), bits(&["li"])),
    (bits(&["dl"]), bits(&["dd", "dt"])),
    (bits(&["table"]), ROWS | bits(&["caption", "col", "colgroup", "tr"])),
    (ROWS, bits(&["tr"])),
    (bits(&["tr"]), bits(&["td", "th"])),
    (bits(&["colgroup"]), bits(&["col"])),
    (bits(&["map"]), BLOCK | bits(&["area"])),
];

/// Whether an element may be directly inside another.
fn holds(around: Element, element: Element) -> bool {
    element.is_among(HELD[around.position()])
}
