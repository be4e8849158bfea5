//! Reads the markup of a narrative in one pass without building a tree.
//!
//! Only what XHTML in FHIR may be is understood: elements, attributes, text, comments, CDATA. A
//! document type is refused, so that no entity can be declared.

use std::borrow::Cow;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 200;

/// What stands in the markup, in order.
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
}

/// Why the markup is not well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Malformed {
    /// What is wrong.
    pub(super) what: &'static str,
    /// The tag or reference it is about.
    pub(super) found: String,
}

/// Reads the markup and hands every event to `visit`.
pub(super) fn scan<'a>(markup: &'a str, mut visit: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    Scanner { markup, at: 0, open: Vec::new() }.run(&mut visit)
}

struct Scanner<'a> {
    markup: &'a str,
    at: usize,
    open: Vec<&'a str>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        let mut has_root = false;
        while self.at < self.markup.len() {
            let rest = self.rest();
            if let Some(after) = rest.strip_prefix("</") {
                self.close(after)?;
            } else if rest.starts_with("<!--") {
                self.skip_to("-->", "the comment is not closed")?;
            } else if rest.starts_with("<![CDATA[") && !self.open.is_empty() {
                let start = self.at + "<![CDATA[".len();
                self.skip_to("]]>", "the CDATA section is not closed")?;
                visit(Event::Text(&self.markup[start..self.at - "]]>".len()]));
            } else if rest.starts_with("<?") {
                self.skip_to("?>", "the processing instruction is not closed")?;
            } else if rest.starts_with("<!") {
                return Err(self.malformed("a document type is not allowed"));
            } else if rest.starts_with('<') {
                if has_root && self.open.is_empty() {
                    return Err(self.malformed("there is more than one element at the top"));
                }
                has_root = true;
                self.open_tag(visit)?;
            } else {
                self.text(visit)?;
            }
        }
        match self.open.last() {
            Some(open) => Err(Malformed { what: "the element is not closed", found: format!("<{open}>") }),
            None if !has_root => Err(self.malformed("there is no element")),
            None => Ok(()),
        }
    }

    fn rest(&self) -> &'a str {
        &self.markup[self.at..]
    }

    fn malformed(&self, what: &'static str) -> Malformed {
        Malformed { what, found: self.rest().chars().take(40).collect() }
    }

    fn skip_to(&mut self, end: &str, what: &'static str) -> Result<(), Malformed> {
        match self.rest().find(end) {
            Some(found) => {
                self.at += found + end.len();
                Ok(())
            }
            None => Err(self.malformed(what)),
        }
    }

    fn text(&mut self, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        let rest = self.rest();
        let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let text = &rest[..end];
        if self.open.is_empty() && !text.trim().is_empty() {
            return Err(self.malformed("text stands outside the element"));
        }
        references(text, visit)?;
        visit(Event::Text(text));
        self.at += end;
        Ok(())
    }

    fn close(&mut self, after: &'a str) -> Result<(), Malformed> {
        let name = &after[..name_len(after)];
        let tail = after[name.len()..].trim_start_matches(is_space);
        match self.open.last() {
            Some(open) if *open == name && tail.starts_with('>') => {}
            _ => return Err(self.malformed("the end tag does not close the element that is open")),
        }
        self.open.pop();
        self.at = self.markup.len() - tail.len() + 1;
        Ok(())
    }

    fn open_tag(&mut self, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        let tag = &self.rest()[1..];
        let name = &tag[..name_len(tag)];
        if name.is_empty() {
            return Err(self.malformed("'<' must be written as '&lt;' in text"));
        }
        visit(Event::Element(name));
        let mut tail = &tag[name.len()..];
        loop {
            let trimmed = tail.trim_start_matches(is_space);
            if let Some(after) = trimmed.strip_prefix("/>") {
                self.at = self.markup.len() - after.len();
                return Ok(());
            }
            if let Some(after) = trimmed.strip_prefix('>') {
                if self.open.len() == MAX_DEPTH {
                    return Err(self.malformed("the markup is nested too deep"));
                }
                self.open.push(name);
                self.at = self.markup.len() - after.len();
                return Ok(());
            }
            if trimmed.len() == tail.len() {
                return Err(self.malformed("the tag is malformed"));
            }
            tail = self.attribute(trimmed, visit)?;
        }
    }

    /// Reads one attribute and gives what follows it.
    fn attribute(&self, text: &'a str, visit: &mut impl FnMut(Event<'a>)) -> Result<&'a str, Malformed> {
        let name = &text[..name_len(text)];
        let after = text[name.len()..].trim_start_matches(is_space);
        let value = after.strip_prefix('=').map(|after| after.trim_start_matches(is_space));
        let (Some(value), false) = (value, name.is_empty()) else {
            return Err(self.malformed("an attribute has no value"));
        };
        let quote = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => return Err(self.malformed("an attribute value is not in quotes")),
        };
        let value = &value[1..];
        let Some(end) = memchr::memchr2(quote, b'<', value.as_bytes()) else {
            return Err(self.malformed("an attribute value is not closed"));
        };
        if value.as_bytes()[end] == b'<' {
            return Err(self.malformed("'<' must be written as '&lt;' in an attribute"));
        }
        let (value, after) = (&value[..end], &value[end + 1..]);
        references(value, visit)?;
        visit(Event::Attribute { name, value });
        Ok(after)
    }
}

/// Checks the references in a text.
fn references<'a>(text: &'a str, visit: &mut impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let rest = &text[at + 1..];
        let found = || Malformed {
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
            character(number).ok_or_else(found)?;
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

/// An attribute's value with the references by number resolved, which may hide what it says.
pub(super) fn resolved(value: &str) -> Cow<'_, str> {
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

/// Length of the XML name at the start of a text.
fn name_len(text: &str) -> usize {
    let is_first = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || byte >= 0x80;
    let is_next = |byte: u8| is_first(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    match text.as_bytes() {
        [first, ..] if is_first(*first) => text.bytes().position(|byte| !is_next(byte)).unwrap_or(text.len()),
        _ => 0,
    }
}

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
                Event::Element("br"),
                Event::Text("<"),
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
            "<div><!-- </div>",
            "<!DOCTYPE div><div>x</div>",
            "<div>x</div",
        ] {
            assert!(scan(markup, |_| ()).is_err(), "{markup}");
        }
        assert!(scan(&"<div>".repeat(100_000), |_| ()).is_err());
    }
}
