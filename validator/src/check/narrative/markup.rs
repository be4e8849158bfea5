//! Reads the markup of a narrative in one pass without building a tree.
//!
//! Only the XHTML that FHIR allows is understood: elements, attributes, text, comments, CDATA. A document
//! type is refused, so that no entity can be declared.

use std::borrow::Cow;

use super::word::packed;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 200;

/// The parts of the markup, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An element begins.
    Element(&'a str),
    /// An attribute of the element that began last; entities are not resolved.
    Attribute { name: &'a str, value: &'a str },
    /// Text between tags; entities are not resolved.
    Text(&'a str),
    /// A reference such as `nbsp`, which XML itself does not define.
    Entity(&'a str),
    /// The element that is open ends.
    End,
}

/// Why the markup is not well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Malformed {
    /// What is wrong.
    pub(super) what: &'static str,
    /// The element that is open, if that matters.
    pub(super) open: Option<String>,
    /// The tag or reference it is about.
    pub(super) found: String,
}

/// Reads the markup and hands every event to `visit`.
pub(super) fn scan<'a>(markup: &'a str, mut visit: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    let open = Vec::with_capacity(USUAL_DEPTH);
    Scanner { markup, at: 0, open, attributes: Vec::new() }.run(&mut visit)
}

/// How deep narratives usually nest.
const USUAL_DEPTH: usize = 16;

struct Scanner<'a> {
    markup: &'a str,
    at: usize,
    open: Vec<&'a str>,
    /// The attributes of the tag that is being read.
    attributes: Vec<&'a str>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        let mut has_root = false;
        while let Some(byte) = self.byte(self.at) {
            if byte != b'<' {
                self.text(visit)?;
                continue;
            }
            match self.byte(self.at + 1) {
                Some(b'/') => {
                    self.close()?;
                    visit(Event::End);
                }
                Some(b'?') => self.skip_to("?>", "the processing instruction is not closed")?,
                Some(b'!') => self.declaration(visit)?,
                _ => {
                    if has_root && self.open.is_empty() {
                        return Err(self.malformed("there is more than one element at the top"));
                    }
                    has_root = true;
                    self.open_tag(visit)?;
                }
            }
        }
        match self.open.last() {
            Some(open) => {
                Err(Malformed { what: "the element is not closed", open: None, found: format!("<{open}>") })
            }
            None if !has_root => Err(self.malformed("there is no element")),
            None => Ok(()),
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.markup.as_bytes().get(at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.markup[self.at..]
    }

    #[cold]
    fn malformed(&self, what: &'static str) -> Malformed {
        Malformed { what, open: None, found: self.rest().chars().take(40).collect() }
    }

    /// Moves past the end of a construct, which ends in `>`.
    fn skip_to(&mut self, end: &str, what: &'static str) -> Result<(), Malformed> {
        let rest = self.rest().as_bytes();
        let mut ends = memchr::memchr_iter(b'>', rest).map(|found| found + 1);
        let end =
            ends.find(|at| rest[..*at].ends_with(end.as_bytes())).ok_or_else(|| self.malformed(what))?;
        self.at += end;
        Ok(())
    }

    /// Reads a comment or a CDATA section.
    fn declaration(&mut self, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        const CDATA: &str = "<![CDATA[";
        if self.rest().starts_with("<!--") {
            return self.skip_to("-->", "the comment is not closed");
        }
        if !self.rest().starts_with(CDATA) || self.open.is_empty() {
            return Err(self.malformed("a document type is not allowed"));
        }
        let start = self.at + CDATA.len();
        self.skip_to("]]>", "the CDATA section is not closed")?;
        visit(Event::Text(&self.markup[start..self.at - "]]>".len()]));
        Ok(())
    }

    fn text(&mut self, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        let (end, has_references) = text_end(self.markup.as_bytes(), self.at);
        let text = &self.markup[self.at..end];
        if self.open.is_empty() && !text.trim().is_empty() {
            return Err(self.malformed("there is text outside the element"));
        }
        if has_references {
            references(text, visit)?;
        }
        visit(Event::Text(text));
        self.at = end;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Malformed> {
        const MISMATCH: &str = "the end tag does not close the element that is open";
        let Some(open) = self.open.last() else { return Err(self.malformed(MISMATCH)) };
        let (start, end) = (self.at + "</".len(), self.at + "</".len() + open.len());
        let is_same =
            self.markup.as_bytes().get(start..end).is_some_and(|name| is_same(name, open.as_bytes()));
        let end = self.skip_space(end);
        if !is_same || self.byte(end) != Some(b'>') {
            return Err(Malformed { open: Some((*open).to_owned()), ..self.malformed(MISMATCH) });
        }
        self.open.pop();
        self.at = end + 1;
        Ok(())
    }

    fn open_tag(&mut self, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        let start = self.at + 1;
        let mut at = self.name_end(start);
        let name = &self.markup[start..at];
        if name.is_empty() {
            return Err(self.malformed("'<' must be written as '&lt;' in text"));
        }
        visit(Event::Element(name));
        self.attributes.clear();
        loop {
            let next = self.skip_space(at);
            match self.byte(next) {
                Some(b'>') => {
                    self.refuse_repeats()?;
                    if self.open.len() == MAX_DEPTH {
                        return Err(self.malformed("the markup is nested too deeply"));
                    }
                    self.open.push(name);
                    self.at = next + 1;
                    return Ok(());
                }
                Some(b'/') if self.byte(next + 1) == Some(b'>') => {
                    self.refuse_repeats()?;
                    visit(Event::End);
                    self.at = next + 2;
                    return Ok(());
                }
                _ if next == at => return Err(self.malformed("the tag is malformed")),
                _ => at = self.attribute(next, visit)?,
            }
        }
    }

    /// Refuses a tag that has one attribute twice.
    fn refuse_repeats(&mut self) -> Result<(), Malformed> {
        if self.attributes.len() < 2 {
            return Ok(());
        }
        self.attributes.sort_unstable();
        if self.attributes.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(self.malformed("one tag has an attribute twice"));
        }
        Ok(())
    }

    /// Reads one attribute and says where it ends.
    fn attribute(&mut self, start: usize, visit: &mut impl FnMut(Event<'a>)) -> Result<usize, Malformed> {
        let end = self.name_end(start);
        let name = &self.markup[start..end];
        let equals = self.skip_space(end);
        if name.is_empty() || self.byte(equals) != Some(b'=') {
            return Err(self.malformed("an attribute has no value"));
        }
        let opening = self.skip_space(equals + 1);
        let Some(quote @ (b'"' | b'\'')) = self.byte(opening) else {
            return Err(self.malformed("an attribute value is not in quotes"));
        };
        let mut has_references = false;
        let mut closing = opening + 1;
        loop {
            closing = first_of([quote, b'<', b'&'], self.markup.as_bytes(), closing);
            match self.byte(closing) {
                Some(b'&') => has_references = true,
                Some(b'<') => return Err(self.malformed("'<' must be written as '&lt;' in an attribute")),
                Some(_) => break,
                None => return Err(self.malformed("an attribute value is not closed")),
            }
            closing += 1;
        }
        let value = &self.markup[opening + 1..closing];
        if has_references {
            references(value, visit)?;
        }
        self.attributes.push(name);
        visit(Event::Attribute { name, value });
        Ok(closing + 1)
    }

    /// The end of the white space that begins here.
    fn skip_space(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    /// The end of the XML name that begins here.
    fn name_end(&self, start: usize) -> usize {
        let bytes = self.markup.as_bytes();
        if !bytes.get(start).is_some_and(|byte| NAMES[usize::from(*byte)].may_begin) {
            return start;
        }
        let mut at = start + 1;
        while bytes.get(at).is_some_and(|byte| NAMES[usize::from(*byte)].may_go_on) {
            at += 1;
        }
        at
    }
}

/// The end of a text, which is at the next tag, and whether it has references.
fn text_end(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut has_references = false;
    loop {
        at = first_of([b'<', b'&'], bytes, at);
        if bytes.get(at) != Some(&b'&') {
            return (at, has_references);
        }
        has_references = true;
        at += 1;
    }
}

/// The position of the first of some bytes from there on, or the end if there is none. It looks at eight
/// bytes at a time, as most texts and values are short.
fn first_of<const N: usize>(wanted: [u8; N], bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    // Sets the high bit of bytes that are zero; bits above the lowest set bit may be wrong.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let found = wanted.iter().fold(0, |found, byte| found | zero(word ^ (ONES * u64::from(*byte))));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !wanted.contains(byte)) {
        at += 1;
    }
    at
}

/// Whether two names of the same length are equal.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    match packed(left) {
        0 => left == right,
        key => key == packed(right),
    }
}

/// Checks the references in a text.
fn references<'a>(text: &'a str, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let rest = &text[at + 1..];
        let found = || Malformed {
            open: None,
            what: "'&' must be written as '&amp;'",
            found: text[at..].chars().take(20).collect(),
        };
        // The longest name of HTML has 31 letters.
        let end = rest.bytes().take(40).position(|byte| byte == b';').ok_or_else(found)?;
        let name = &rest[..end];
        if matches!(name, "lt" | "gt" | "amp" | "quot" | "apos") {
            continue;
        }
        if let Some(number) = name.strip_prefix('#') {
            if character(number).is_none() {
                let digits = number.strip_prefix('x').unwrap_or(number);
                let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                return Err(if is_number {
                    Malformed { what: "this is the number of a character that XML does not allow", ..found() }
                } else {
                    found()
                });
            }
        } else if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            visit(Event::Entity(name));
        } else {
            return Err(found());
        }
    }
    Ok(())
}

/// The character of a reference by number, if XML can hold it at all.
fn character(number: &str) -> Option<char> {
    let parsed = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    parsed.ok().and_then(char::from_u32).filter(|letter| is_xml(*letter))
}

/// An attribute's value with numeric references resolved, as they may disguise it.
pub(super) fn resolved(value: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', value.as_bytes()).is_none() {
        return value.into();
    }
    let mut parts = value.split("&#");
    let mut text = Cow::from(parts.next().unwrap_or_default());
    for part in parts {
        let reference = part.split_once(';').and_then(|(number, rest)| Some((character(number)?, rest)));
        if let Some((letter, rest)) = reference {
            text.to_mut().push(letter);
            text.to_mut().push_str(rest);
        } else {
            text.to_mut().push_str("&#");
            text.to_mut().push_str(part);
        }
    }
    text
}

/// An element name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Whether XML can hold the character at all.
fn is_xml(letter: char) -> bool {
    letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}') || is_space(letter)
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r')
}

/// Where in an XML name a byte may stand.
#[derive(Clone, Copy)]
struct InName {
    may_begin: bool,
    may_go_on: bool,
}

/// The role of each byte in XML names; all bytes of non-ASCII letters are allowed.
static NAMES: [InName; 256] = {
    let mut names = [InName { may_begin: false, may_go_on: false }; 256];
    let mut byte = 0;
    while byte < names.len() {
        let letter = byte as u8;
        let may_begin = letter.is_ascii_alphabetic() || matches!(letter, b'_' | b':' | 0x80..);
        let may_go_on = may_begin || matches!(letter, b'0'..=b'9' | b'-' | b'.');
        names[byte] = InName { may_begin, may_go_on };
        byte += 1;
    }
    names
};

#[cfg(test)]
mod tests {
    use super::{Event, resolved, scan};

    #[test]
    fn references_by_number_are_resolved() {
        for (value, expected) in
            [("a", "a"), ("a&#58;b&#x3A;c", "a:b:c"), ("a&amp;b", "a&amp;b"), ("&#0;&#;&#1", "&#0;&#;&#1")]
        {
            assert_eq!(resolved(value), expected, "{value}");
        }
    }

    #[test]
    fn events_come_in_order() {
        let mut seen = Vec::new();
        let markup = "<div xmlns='x'><p class=\"a\">1 &lt; 2&nbsp;</p><br/><!-- < --><![CDATA[<]]></div>\n";
        assert_eq!(scan(markup, |event| seen.push(event)), Ok(()));
        assert_eq!(
            seen,
            [
                Event::Element("div"),
                Event::Attribute { name: "xmlns", value: "x" },
                Event::Element("p"),
                Event::Attribute { name: "class", value: "a" },
                Event::Entity("nbsp"),
                Event::Text("1 &lt; 2&nbsp;"),
                Event::End,
                Event::Element("br"),
                Event::End,
                Event::Text("<"),
                Event::End,
                Event::Text("\n"),
            ]
        );
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for markup in [
            "",
            "text",
            "<div>",
            "<div></p>",
            "<div><p></div></p>",
            "<div/><div/>",
            "<div>a & b</div>",
            "<div>a &b c</div>",
            "<div>&#0;</div>",
            "<div>1 < 2</div>",
            "<div a>x</div>",
            "<div a=b>x</div>",
            "<div a=\"b>x</div>",
            "<div a=\"b\"c=\"d\">x</div>",
            "<div a=\"b\" c=\"d\" a=\"e\">x</div>",
            "<div>x<br a=\"b\" a=\"b\"/></div>",
            "<div><!-- </div>",
            "<!DOCTYPE div><div>x</div>",
            "<div>x</div",
        ] {
            assert!(scan(markup, |_| ()).is_err(), "{markup}");
        }
        assert!(scan(&"<div>".repeat(100_000), |_| ()).is_err());
    }
}
