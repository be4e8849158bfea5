//! The shape of a text, JSON or XML, however unfinished: what is being typed is seldom well-formed.
//!
//! The reader of payloads refuses what it cannot read; this one takes what is there. It is for hints alone, never
//! for a verdict. XML has the shape of the JSON that says the same.

mod xml;

use std::ops::Range;

use ers_fhir_validator::tree::Syntax;

/// The members and items of a text.
#[derive(Debug)]
pub(crate) struct Outline<'s> {
    source: &'s str,
    parts: Vec<Part>,
    /// Tags and the like, where it is XML.
    markup: Option<Vec<xml::Markup>>,
}

/// A member of an object, an item of an array, or the text's one value.
#[derive(Debug)]
pub(crate) struct Part {
    /// What it is part of; the first part has none.
    pub(crate) parent: Option<usize>,
    /// The key, with its quotes where it has any, of a member.
    pub(crate) key: Option<Range<usize>>,
    /// Where the colon behind the key is.
    colon: Option<usize>,
    /// What the value is.
    pub(crate) kind: Kind,
    /// The value; empty where there is none.
    pub(crate) span: Range<usize>,
    /// The type of the resource that it is, where an element is named like it.
    type_name: Option<Range<usize>>,
    /// Members or items.
    pub(crate) parts: Vec<usize>,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string, with or without its end.
    String,
    /// A number, a boolean, null, or what might become one.
    Word,
    /// Nothing yet.
    Missing,
}

/// What is at a place of the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A key, or where one may stand.
    Key {
        /// The object.
        object: usize,
        /// The member whose key it is.
        member: Option<usize>,
        /// What of the text is the key.
        token: Range<usize>,
    },
    /// A value, or where one may stand.
    Value {
        /// The member or the item; the array, where an item may stand.
        part: usize,
        /// What of the text is the value.
        token: Range<usize>,
    },
    /// The type of a resource, as the name of an element, or where one may stand.
    Type {
        /// What of the text it is.
        token: Range<usize>,
    },
    /// The end of an element.
    End {
        /// The element.
        element: usize,
        /// What of the text it is.
        token: Range<usize>,
    },
}

/// Members that were begun and not ended: the key, and the colon.
type Begun = Option<(Range<usize>, Option<usize>)>;

impl<'s> Outline<'s> {
    /// Reads a text.
    pub(crate) fn new(source: &'s str) -> Self {
        if Syntax::of(source.as_bytes()) == Syntax::Xml {
            return xml::read(source);
        }
        let outline = Self { source, parts: Vec::new(), markup: None };
        let mut reader = Reader { outline, open: Vec::new(), objects: 0 };
        let bytes = source.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'{' => reader.open(Kind::Object, at),
                b'[' => reader.open(Kind::Array, at),
                b'}' => reader.close(Kind::Object, at),
                b']' => reader.close(Kind::Array, at),
                b',' => reader.abandon(at),
                b':' => reader.colon(at),
                b'"' => {
                    let end = end_of_string(bytes, at);
                    reader.string(at..end);
                    at = end;
                    continue;
                }
                byte if byte.is_ascii_whitespace() => {}
                _ => {
                    let length = bytes[at..].iter().position(|byte| ends_word(*byte));
                    let end = length.map_or(bytes.len(), |length| at + length.max(1));
                    reader.value(Kind::Word, at..end);
                    at = end;
                    continue;
                }
            }
            at += 1;
        }
        reader.finish(source.len())
    }

    /// The part of that number.
    pub(crate) fn part(&self, part: usize) -> &Part {
        &self.parts[part]
    }

    /// The first part, where there is any.
    pub(crate) fn root(&self) -> Option<usize> {
        (!self.parts.is_empty()).then_some(0)
    }

    /// The key of a member.
    pub(crate) fn key(&self, part: usize) -> Option<&'s str> {
        self.parts[part].key.as_ref().map(|key| inner(&self.source[key.clone()]))
    }

    /// The text of a string, as written, or a word.
    pub(crate) fn text(&self, part: usize) -> Option<&'s str> {
        let Part { kind, span, .. } = &self.parts[part];
        matches!(kind, Kind::String | Kind::Word).then(|| inner(&self.source[span.clone()]))
    }

    /// The member of an object that has that key.
    pub(crate) fn member(&self, object: usize, key: &str) -> Option<usize> {
        self.parts[object].parts.iter().copied().find(|part| self.key(*part) == Some(key))
    }

    /// The text of a member.
    pub(crate) fn member_text(&self, object: usize, key: &str) -> Option<&'s str> {
        self.member(object, key).and_then(|part| self.text(part))
    }

    /// The keys of an object.
    pub(crate) fn keys(&self, object: usize) -> impl Iterator<Item = &'s str> {
        self.parts[object].parts.iter().filter_map(|part| self.key(*part))
    }

    /// The part, and what it is part of, from the inside out.
    pub(crate) fn ancestors(&self, part: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(part), |part| self.parts[*part].parent)
    }

    /// What an object has by a name: the members called so, and the items of those that are arrays.
    pub(crate) fn repeats(&self, object: usize, key: &str) -> Vec<usize> {
        let members = self.parts[object].parts.iter().filter(|part| self.key(**part) == Some(key));
        let repeats = members.flat_map(|part| match &self.parts[*part] {
            Part { kind: Kind::Array, parts, .. } => parts.as_slice(),
            _ => std::slice::from_ref(part),
        });
        repeats.copied().collect()
    }

    /// The type of the resource that a part is.
    pub(crate) fn type_name(&self, part: usize) -> Option<&'s str> {
        let as_element = self.parts[part].type_name.as_ref().map(|span| &self.source[span.clone()]);
        as_element.or_else(|| self.member_text(part, "resourceType").filter(|_| !self.is_xml()))
    }

    /// The resource that a member holds: in XML an element of its own.
    pub(crate) fn resource(&self, part: usize) -> usize {
        let inner = self.parts[part].parts.iter().copied();
        inner.into_iter().find(|inner| self.parts[*inner].type_name.is_some()).unwrap_or(part)
    }

    /// Whether it is XML.
    pub(crate) fn is_xml(&self) -> bool {
        self.markup.is_some()
    }

    /// What is at a byte.
    pub(crate) fn spot(&self, offset: usize) -> Option<Spot> {
        match &self.markup {
            Some(markup) => xml::spot(self.source, &self.parts, markup, offset),
            None => self.spot_in_json(offset),
        }
    }

    fn spot_in_json(&self, offset: usize) -> Option<Spot> {
        let mut inside = self.root()?;
        if !self.holds(inside, offset) {
            return None;
        }
        loop {
            let parts = &self.parts[inside].parts;
            // Parts stand in order: the last that begins before the place is the only one that may hold it.
            let begun = parts.partition_point(|part| self.begin(*part) <= offset);
            let Some(last) = begun.checked_sub(1).map(|at| parts[at]) else { break };
            let part = &self.parts[last];
            if let Some(key) = part.key.as_ref().filter(|key| key.start < offset && offset <= key.end) {
                return Some(Spot::Key { object: inside, member: Some(last), token: key.clone() });
            }
            let is_container = matches!(part.kind, Kind::Object | Kind::Array);
            if is_container && self.holds(last, offset) {
                inside = last;
                continue;
            }
            if !is_container
                && part.kind != Kind::Missing
                && (part.span.start..=part.span.end).contains(&offset)
            {
                return Some(Spot::Value { part: last, token: part.span.clone() });
            }
            // Behind a colon, and before a comma.
            if let Some(colon) = part.colon.filter(|colon| *colon < offset)
                && (part.kind == Kind::Missing && offset <= part.span.end.max(colon + 1)
                    || part.kind != Kind::Missing && offset <= part.span.start)
            {
                let token = if part.kind == Kind::Missing { offset..offset } else { part.span.clone() };
                return Some(Spot::Value { part: last, token });
            }
            break;
        }
        Some(match self.parts[inside].kind {
            Kind::Object => Spot::Key { object: inside, member: None, token: offset..offset },
            _ => Spot::Value { part: inside, token: offset..offset },
        })
    }

    /// Whether a place is between the brackets of a part, or it is a value around it.
    fn holds(&self, part: usize, offset: usize) -> bool {
        let Part { kind, span, .. } = &self.parts[part];
        match kind {
            Kind::Object | Kind::Array => {
                let closes =
                    self.source.as_bytes().get(span.end - 1).is_some_and(|byte| matches!(byte, b'}' | b']'));
                let is_closed = closes && span.len() > 1;
                span.start < offset && (offset < span.end || !is_closed && offset <= span.end)
            }
            _ => (span.start..=span.end).contains(&offset),
        }
    }

    fn begin(&self, part: usize) -> usize {
        let Part { key, span, .. } = &self.parts[part];
        key.as_ref().map_or(span.start, |key| key.start)
    }
}

struct Reader<'s> {
    outline: Outline<'s>,
    open: Vec<(usize, Begun)>,
    /// How many of those are objects.
    objects: usize,
}

impl<'s> Reader<'s> {
    fn open(&mut self, kind: Kind, at: usize) {
        if let Some(part) = self.value(kind, at..at + 1) {
            self.open.push((part, None));
            self.objects += usize::from(kind == Kind::Object);
        }
    }

    /// Ends the innermost object or array of a kind, and what is open in it.
    fn close(&mut self, kind: Kind, at: usize) {
        // Looking for one that is not there would take time for each bracket too many.
        let count = if kind == Kind::Object { self.objects } else { self.open.len() - self.objects };
        if count == 0 {
            return;
        }
        let Some(depth) = self.open.iter().rposition(|(part, _)| self.outline.parts[*part].kind == kind)
        else {
            return;
        };
        while self.open.len() > depth {
            let is_it = self.open.len() == depth + 1;
            self.end(if is_it { at + 1 } else { at }, at);
        }
    }

    /// Ends the innermost open part.
    fn end(&mut self, end: usize, at: usize) {
        self.abandon(at);
        if let Some((part, _)) = self.open.pop() {
            let part = &mut self.outline.parts[part];
            part.span.end = end;
            self.objects -= usize::from(part.kind == Kind::Object);
        }
    }

    fn colon(&mut self, at: usize) {
        if let Some((_, Some((_, colon)))) = self.open.last_mut() {
            colon.get_or_insert(at);
        }
    }

    fn string(&mut self, span: Range<usize>) {
        let is_key = match self.open.last() {
            Some((part, begun)) if self.outline.parts[*part].kind == Kind::Object => {
                !matches!(begun, Some((_, Some(_))))
            }
            _ => false,
        };
        if is_key {
            self.abandon(span.start);
            if let Some((_, begun)) = self.open.last_mut() {
                *begun = Some((span, None));
            }
        } else {
            self.value(Kind::String, span);
        }
    }

    /// A member that was begun gets no value.
    fn abandon(&mut self, at: usize) {
        let Some((parent, begun)) = self.open.last_mut() else { return };
        let (parent, Some((key, colon))) = (*parent, begun.take()) else { return };
        let start = colon.map_or(key.end, |colon| colon + 1);
        self.add(Part {
            parent: Some(parent),
            key: Some(key),
            colon,
            kind: Kind::Missing,
            span: start..at.max(start),
            type_name: None,
            parts: Vec::new(),
        });
    }

    fn value(&mut self, kind: Kind, span: Range<usize>) -> Option<usize> {
        let (parent, begun) = match self.open.last_mut() {
            Some((parent, begun)) => (Some(*parent), begun.take()),
            // What is behind the value of the text belongs to nothing.
            None if !self.outline.parts.is_empty() => return None,
            None => (None, None),
        };
        let (key, colon) = begun.map_or((None, None), |(key, colon)| (Some(key), colon));
        Some(self.add(Part { parent, key, colon, kind, span, type_name: None, parts: Vec::new() }))
    }

    fn add(&mut self, part: Part) -> usize {
        let number = self.outline.parts.len();
        if let Some(parent) = part.parent {
            self.outline.parts[parent].parts.push(number);
        }
        self.outline.parts.push(part);
        number
    }

    fn finish(mut self, end: usize) -> Outline<'s> {
        while !self.open.is_empty() {
            self.end(end, end);
        }
        self.outline
    }
}

fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"')
}

/// Behind the closing quote; without one, the end of the line.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A text without the quotes around it, be one missing.
fn inner(text: &str) -> &str {
    let Some(text) = text.strip_prefix('"') else { return text };
    text.strip_suffix('"').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without its caret, and where that was.
    fn marked(text: &str) -> (String, usize) {
        (text.replace('‸', ""), text.find('‸').expect("it has a caret"))
    }

    fn key_at(text: &str) -> Option<String> {
        let (text, at) = marked(text);
        let outline = Outline::new(&text);
        match outline.spot(at)? {
            Spot::Key { token, .. } => Some(text[token].to_owned()),
            _ => None,
        }
    }

    fn value_at(text: &str) -> Option<(String, String)> {
        let (text, at) = marked(text);
        let outline = Outline::new(&text);
        match outline.spot(at)? {
            Spot::Value { part, token } => {
                let named = outline.ancestors(part).find_map(|part| outline.key(part));
                Some((named.unwrap_or_default().to_owned(), text[token].to_owned()))
            }
            _ => None,
        }
    }

    #[test]
    fn keys_are_found_however_unfinished_the_text_is() {
        for (text, token) in [
            (r#"{"resourceType": "Patient", "na‸"#, r#""na"#),
            ("{\"a\": 1, \"na‸\n  \"b\": 2}", "\"na"),
            (r#"{"a": {"b‸": 1}}"#, r#""b""#),
            ("{‸}", ""),
            (r#"{"a": 1, ‸}"#, ""),
            (r#"{"a": [{"b": 1}, {‸"#, ""),
        ] {
            assert_eq!(key_at(text).as_deref(), Some(token), "{text}");
        }
    }

    #[test]
    fn values_are_found_with_the_key_that_they_belong_to() {
        for (text, key, token) in [
            (r#"{"gender": "fe‸"}"#, "gender", r#""fe""#),
            (r#"{"gender": ‸}"#, "gender", ""),
            (r#"{"gender":‸, "b": 1}"#, "gender", ""),
            (r#"{"profile": [‸]}"#, "profile", ""),
            (r#"{"profile": ["x‸"]}"#, "profile", r#""x""#),
            (r#"{"active": tr‸}"#, "active", "tr"),
        ] {
            assert_eq!(value_at(text), Some((key.to_owned(), token.to_owned())), "{text}");
        }
    }

    #[test]
    fn nothing_breaks_it() {
        for text in
            ["", "}", "]{", "{]}", "\"", "{\"", "{\"a", "{:::,,,", "[[[[", "{\"a\":\\", "x y", "{\"a\":\"\\"]
        {
            let outline = Outline::new(text);
            for offset in 0..=text.len() + 1 {
                outline.spot(offset);
            }
        }
        let deep = "[".repeat(200_000);
        assert!(Outline::new(&deep).spot(deep.len()).is_some());
    }
}
