//! The structure of an XML text, however incomplete, as the equivalent JSON: an element is a member, and the
//! attribute `value` its text.

use std::collections::HashMap;
use std::ops::Range;

use super::{Kind, Outline, Part, Spot};

/// A piece of markup, in the order of the text.
#[derive(Debug)]
pub(super) struct Markup {
    /// Its range.
    span: Range<usize>,
    /// The end of its name, or its beginning if it has none.
    name_end: usize,
    /// The element that it begins or ends.
    element: Option<usize>,
    /// Whether it ends the element.
    is_end: bool,
    /// Values of attributes without their quotes, and the members whose texts they are.
    values: Vec<(Range<usize>, usize)>,
    /// The innermost element around the text that follows.
    inside: Option<usize>,
}

/// Reads a text.
pub(super) fn read(source: &str) -> Outline<'_> {
    let mut reader =
        Reader { source, parts: Vec::new(), markup: Vec::new(), open: Vec::new(), names: HashMap::new() };
    let mut at = 0;
    while let Some(start) = source[at..].find('<').map(|found| at + found) {
        at = reader.markup(start);
    }
    for (part, _) in std::mem::take(&mut reader.open) {
        reader.close(part, source.len());
    }
    Outline { source, parts: reader.parts, markup: Some(reader.markup) }
}

/// What is at a byte.
pub(super) fn spot(source: &str, parts: &[Part], markup: &[Markup], offset: usize) -> Option<Spot> {
    let before = markup.partition_point(|piece| piece.span.start < offset);
    let Some(piece) = before.checked_sub(1).map(|at| &markup[at]) else {
        return Some(Spot::Type { token: offset..offset });
    };
    if offset < piece.span.end || (offset == piece.span.end && piece.name_end == offset) {
        if offset <= piece.name_end {
            let token = piece.span.start..piece.name_end;
            let element = piece.element?;
            return Some(match parts[element].parent {
                _ if piece.is_end => Spot::End { element, token: piece.span.clone() },
                Some(object) => Spot::Key { object, member: Some(element), token },
                None => Spot::Type { token },
            });
        }
        let value = piece.values.iter().find(|(span, _)| (span.start..=span.end).contains(&offset));
        return value.map(|(token, part)| Spot::Value { part: *part, token: token.clone() });
    }
    let is_between = source.get(piece.span.end..offset).is_some_and(|text| text.trim().is_empty());
    match piece.inside.filter(|_| is_between) {
        Some(object) => Some(Spot::Key { object, member: None, token: offset..offset }),
        None => (is_between && parts.is_empty()).then_some(Spot::Type { token: offset..offset }),
    }
}

struct Reader<'s> {
    source: &'s str,
    parts: Vec<Part>,
    markup: Vec<Markup>,
    open: Vec<(usize, &'s str)>,
    /// How often each name is open: searching for a missing one would take time for each surplus end
    /// tag.
    names: HashMap<&'s str, usize>,
}

impl Reader<'_> {
    /// Reads the markup at a place, and returns its end.
    fn markup(&mut self, start: usize) -> usize {
        let rest = &self.source[start..];
        let other = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", "?>")];
        if let Some((begin, end)) = other.into_iter().find(|(begin, _)| rest.starts_with(begin)) {
            let length = rest[begin.len()..].find(end).map(|found| begin.len() + found + end.len());
            return self.put(start..start + length.unwrap_or(rest.len()), start, None, false, Vec::new());
        }
        let is_end = rest.starts_with("</");
        let name = start + 1 + usize::from(is_end);
        let name = name..self.word(name);
        if is_end { self.end(start, &name) } else { self.begin(start, &name) }
    }

    fn put(
        &mut self,
        span: Range<usize>,
        name_end: usize,
        element: Option<usize>,
        is_end: bool,
        values: Vec<(Range<usize>, usize)>,
    ) -> usize {
        let (inside, end) = (self.open.last().map(|(part, _)| *part), span.end);
        self.markup.push(Markup { span, name_end, element, is_end, values, inside });
        end
    }

    fn end(&mut self, start: usize, name: &Range<usize>) -> usize {
        let bytes = self.source.as_bytes();
        let end = if bytes.get(name.end) == Some(&b'>') { name.end + 1 } else { name.end };
        let innermost = self.open.last().map(|(part, _)| *part);
        let text = &self.source[name.clone()];
        if self.names.get(text).is_some_and(|count| *count > 0) {
            while let Some((part, open)) = self.open.pop() {
                self.names.entry(open).and_modify(|count| *count -= 1);
                self.close(part, if open == text { end } else { start });
                if open == text {
                    break;
                }
            }
        }
        self.put(start..end, name.end, innermost, true, Vec::new())
    }

    fn begin(&mut self, start: usize, name: &Range<usize>) -> usize {
        let bytes = self.source.as_bytes();
        let parent = self.open.last().map(|(part, _)| *part);
        if parent.is_none() && !self.parts.is_empty() {
            // Anything after the root belongs to nothing.
            return self.put(start..name.end, start, None, false, Vec::new());
        }
        let text = &self.source[name.clone()];
        let is_type = text.starts_with(|letter: char| letter.is_ascii_uppercase());
        let (key, type_name) = if is_type { (None, Some(name.clone())) } else { (Some(name.clone()), None) };
        let kind = if text.is_empty() { Kind::Missing } else { Kind::Object };
        let element = self.add(Part {
            parent,
            key,
            colon: None,
            kind,
            span: start..name.end,
            type_name,
            parts: Vec::new(),
        });
        let mut values = Vec::new();
        let mut at = name.end;
        loop {
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let named = at..self.word(at);
            match bytes.get(at) {
                Some(b'>') => {
                    self.open.push((element, text));
                    *self.names.entry(text).or_default() += 1;
                    at += 1;
                    break;
                }
                Some(b'/') if bytes.get(at + 1) == Some(&b'>') => {
                    at += 2;
                    break;
                }
                // It was begun, but another one follows.
                None | Some(b'<') => break,
                _ if named.is_empty() => at += self.source[at..].chars().next().map_or(1, char::len_utf8),
                _ => {
                    at = named.end;
                    if let Some(value) = self.value(at) {
                        at = value.end + usize::from(matches!(bytes.get(value.end), Some(b'"' | b'\'')));
                        if let Some(part) = self.attribute(element, &named, &value) {
                            values.push((value, part));
                        }
                    }
                }
            }
        }
        let is_begun = !matches!(bytes.get(at - 1), Some(b'>'));
        let end = if is_begun { at.min(self.source.len()) } else { at };
        self.close(element, end);
        self.put(start..end, name.end, Some(element), false, values)
    }

    /// Sets the end of an element. An element with a value is that value, whatever else is in it.
    fn close(&mut self, element: usize, end: usize) {
        let part = &mut self.parts[element];
        if part.kind != Kind::String {
            part.span.end = end;
        }
    }

    /// The member whose text an attribute is.
    fn attribute(&mut self, element: usize, name: &Range<usize>, value: &Range<usize>) -> Option<usize> {
        match &self.source[name.clone()] {
            "value" => {
                let part = &mut self.parts[element];
                (part.kind, part.span) = (Kind::String, value.clone());
                Some(element)
            }
            name if name.starts_with("xmlns") => None,
            _ => Some(self.add(Part {
                parent: Some(element),
                key: Some(name.clone()),
                colon: None,
                kind: Kind::String,
                span: value.clone(),
                type_name: None,
                parts: Vec::new(),
            })),
        }
    }

    /// The value of an attribute, without its quotes; if unterminated, to the end of the line.
    fn value(&self, at: usize) -> Option<Range<usize>> {
        let rest = self.source[at..].trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let start = self.source.len() - rest.len() + 1;
        let length = self.source[start..].find([quote, '<', '\n', '\r']);
        Some(start..length.map_or(self.source.len(), |length| start + length))
    }

    fn add(&mut self, part: Part) -> usize {
        let number = self.parts.len();
        if let Some(parent) = part.parent {
            self.parts[parent].parts.push(number);
        }
        self.parts.push(part);
        number
    }

    /// The end of the name that begins at a place.
    fn word(&self, at: usize) -> usize {
        let ends =
            |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '/' | '=' | '"' | '\'');
        self.source[at..].find(ends).map_or(self.source.len(), |length| at + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is at the caret: what it is called, and its text.
    fn at(text: &str) -> (String, String) {
        let offset = text.find('‸').expect("it has a caret");
        let text = text.replace('‸', "");
        let outline = Outline::new(&text);
        let (what, token) = match outline.spot(offset) {
            None => return ("nothing".to_owned(), String::new()),
            Some(Spot::Type { token }) => ("type".to_owned(), token),
            Some(Spot::End { element, token }) => {
                (format!("end {}", outline.key(element).unwrap_or_default()), token)
            }
            Some(Spot::Key { object, token, .. }) => {
                (format!("in {}", outline.key(object).unwrap_or_default()), token)
            }
            Some(Spot::Value { part, token }) => {
                (format!("of {}", outline.key(part).unwrap_or_default()), token)
            }
        };
        (what, text[token].to_owned())
    }

    #[test]
    fn places_are_found_however_unfinished_the_text_is() {
        for (text, what, token) in [
            ("<?xml version=\"1.0\"?>\n<Pat‸", "type", "<Pat"),
            ("<Patient xmlns=\"http://hl7.org/fhir\">‸", "in ", ""),
            ("<Patient><na‸\n  <active value=\"true\"/></Patient>", "in ", "<na"),
            ("<Patient><name>‸</name></Patient>", "in name", ""),
            ("<Patient><name/>‸</Patient>", "in ", ""),
            ("<Patient><name><fam‸</name></Patient>", "in name", "<fam"),
            ("<Patient><gender value=\"‸\"/></Patient>", "of gender", ""),
            ("<Patient><gender value='fe‸'/></Patient>", "of gender", "fe"),
            ("<Patient><gender value=\"fe‸\n</Patient>", "of gender", "fe"),
            ("<Patient><extension url=\"h‸\"></Patient>", "of url", "h"),
            ("<Patient><name></‸", "end name", "</"),
            ("<Patient><name>Hal‸</name></Patient>", "nothing", ""),
            ("<Patient><!-- <‸ --></Patient>", "nothing", ""),
            ("<Patient/>‸", "nothing", ""),
        ] {
            assert_eq!(at(text), (what.to_owned(), token.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_shape_is_that_of_the_same_in_json() {
        let outline = Outline::new(
            "<Patient><id value='1'/><contained><Slot><id value='s'/></Slot></contained><name><given value='A'>\
             <extension url='u'/></given><given value='B'/></name></Patient>",
        );
        let root = outline.root().expect("there is one");
        assert_eq!(outline.type_name(root), Some("Patient"));
        assert_eq!(outline.member_text(root, "id"), Some("1"));
        let contained = outline.resource(outline.member(root, "contained").expect("it is there"));
        assert_eq!(
            (outline.type_name(contained), outline.member_text(contained, "id")),
            (Some("Slot"), Some("s"))
        );
        let name = outline.member(root, "name").expect("it is there");
        let given: Vec<_> =
            outline.repeats(name, "given").into_iter().map(|part| outline.text(part)).collect();
        assert_eq!(given, [Some("A"), Some("B")]);
    }

    #[test]
    fn nothing_breaks_it() {
        for text in [
            "<",
            "</",
            "<>",
            "</>",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "<a =",
            "<a é='ß",
            "<!",
            "<!--",
            "<?",
            "<a/>x<b>",
            "<a></b></a></a>",
        ] {
            let outline = Outline::new(text);
            for offset in 0..=text.len() + 1 {
                outline.spot(offset);
            }
        }
        let deep = format!("{}{}", "<a>".repeat(100_000), "</b>".repeat(100_000));
        assert!(Outline::new(&deep).spot(deep.len()).is_some());
    }
}
