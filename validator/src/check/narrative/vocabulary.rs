//! The HTML elements that a narrative may use, and the attributes that each may have.
//!
//! Source: <http://hl7.org/fhir/R4/narrative.html>: chapters 7 to 11 and 15 of HTML 4.0, links and images,
//! without changes (section 4 of chapter 9) and anything that HTML 4 deprecates. Elements that no chapter
//! names (scripts, forms, frames, objects) are not allowed.

use super::word::Words;

const ELEMENTS: [&str; 53] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

/// The attributes, each with the elements that may have it.
const ATTRIBUTES: [(&str, &[&str]); 48] = [
    ("abbr", CELLS),
    ("accesskey", ANY),
    ("align", ALIGNED),
    ("alt", &["area", "img"]),
    ("axis", CELLS),
    ("border", &["img", "table"]),
    ("cellpadding", TABLE),
    ("cellspacing", TABLE),
    ("char", TABLE_PARTS),
    ("charoff", TABLE_PARTS),
    ("charset", LINK),
    ("cite", &["blockquote", "q"]),
    ("class", ANY),
    ("colspan", CELLS),
    ("coords", LINKED),
    ("dir", ANY),
    ("frame", TABLE),
    ("headers", CELLS),
    ("height", IMAGE),
    ("href", LINKED),
    ("hreflang", LINK),
    ("id", ANY),
    ("ismap", IMAGE),
    ("lang", ANY),
    ("longdesc", IMAGE),
    ("name", &["a", "img", "map"]),
    ("nohref", &["area"]),
    ("nowrap", CELLS),
    ("rel", LINK),
    ("rev", LINK),
    ("rowspan", CELLS),
    ("rules", TABLE),
    ("scope", CELLS),
    ("shape", LINKED),
    ("span", &["col", "colgroup"]),
    ("src", IMAGE),
    ("style", ANY),
    ("summary", TABLE),
    ("tabindex", ANY),
    ("title", ANY),
    ("type", LINK),
    ("usemap", IMAGE),
    ("valign", TABLE_PARTS),
    ("width", &["col", "colgroup", "hr", "img", "pre", "table", "td", "th"]),
    ("xml:id", ANY),
    ("xml:lang", ANY),
    ("xml:space", ANY),
    ("xmlns", ANY),
];

const ANY: &[&str] = &ELEMENTS;
const CELLS: &[&str] = &["td", "th"];
const IMAGE: &[&str] = &["img"];
const LINK: &[&str] = &["a"];
const LINKED: &[&str] = &["a", "area"];
const TABLE: &[&str] = &["table"];
const TABLE_PARTS: &[&str] = &["col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"];
/// HTML 4 deprecates `align` except on the parts of tables, but published narratives use it everywhere.
const ALIGNED: &[&str] = &[
    "caption", "col", "colgroup", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "p", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr",
];

const ELEMENT_TABLE: Words<128> = Words::new(&ELEMENTS);
static ELEMENT_WORDS: Words<128> = ELEMENT_TABLE;
static ATTRIBUTE_WORDS: Words<128> = {
    let mut names = [""; ATTRIBUTES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = ATTRIBUTES[at].0;
        at += 1;
    }
    Words::new(&names)
};

/// For each attribute a bit for each element that may have it.
static HOSTS: [u64; ATTRIBUTES.len()] = {
    let mut hosts = [0; ATTRIBUTES.len()];
    let mut at = 0;
    while at < hosts.len() {
        hosts[at] = bits(ATTRIBUTES[at].1);
        at += 1;
    }
    hosts
};
/// The bits of all elements.
const ALL: u64 = (1 << ELEMENTS.len()) - 1;

/// A bit for each of some elements, for constants.
pub(super) const fn bits(names: &[&str]) -> u64 {
    let mut bits = 0;
    let mut next = 0;
    while next < names.len() {
        bits |= 1 << ELEMENT_TABLE.position(names[next]).expect("an element of the list");
        next += 1;
    }
    bits
}

/// An element that a narrative may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element(u8);

impl Element {
    /// How many there are.
    pub(super) const COUNT: usize = ELEMENTS.len();
    pub(super) const A: Self = Self::known("a");
    pub(super) const AREA: Self = Self::known("area");
    pub(super) const IMG: Self = Self::known("img");

    /// The element of that name, if a narrative may have it.
    pub(super) fn named(name: &str) -> Option<Self> {
        ELEMENT_WORDS.position(name).map(Self)
    }

    /// Its place among the elements, which indexes tables about them.
    pub(super) fn position(self) -> usize {
        usize::from(self.0)
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        ELEMENTS[usize::from(self.0)]
    }

    /// Whether it is one of the elements with these bits.
    pub(super) fn is_among(self, bits: u64) -> bool {
        bits >> self.0 & 1 == 1
    }

    const fn known(name: &str) -> Self {
        match ELEMENT_TABLE.position(name) {
            Some(position) => Self(position),
            None => panic!("a narrative has no such element"),
        }
    }
}

/// Whether an element may have that attribute; an element that is not allowed itself may only have those that
/// every element may have.
pub(super) fn allows_attribute(element: Option<Element>, name: &str) -> bool {
    let hosts = ATTRIBUTE_WORDS.position(name).map(|position| HOSTS[usize::from(position)]);
    match (hosts, element) {
        (Some(hosts), Some(Element(position))) => hosts >> position & 1 == 1,
        (Some(hosts), None) => hosts == ALL,
        (None, _) => name.starts_with("xmlns:"),
    }
}

/// What to use in place of an element that HTML 4 deprecates.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "center" => "a div with a style",
        "basefont" | "font" => "a span with a style",
        "dir" | "menu" => "ul",
        "s" | "strike" => "del, or a span with a style",
        "u" => "em, or a span with a style",
        _ => return None,
    })
}
