//! The structure of a JSON or XML text, however incomplete: a text that is being typed is seldom well-formed.
//!
//! The reader of payloads refuses malformed text; this one accepts whatever is there. It is only for hints, never
//! for a verdict. XML has the structure of the equivalent JSON.

mod xml;

use std::ops::Range;

use ers_fhir_validator::tree::Syntax;

/// The members and items of a text.
#[derive(Debug)]
pub(crate) struct Outline<'s> {
    source: &'s str,
    parts: Vec<Part>,
    /// Tags and other markup, if it is XML.
    markup: Option<Vec<xml::Markup>>,
}

/// A member of an object, an item of an array, or the text's one value.
#[derive(Debug)]
pub(crate) struct Part {
    /// The parent; the first part has none.
    pub(crate) parent: Option<usize>,
    /// The key of a member, with its quotes if it has any.
    pub(crate) key: Option<Range<usize>>,
    /// The position of the colon after the key.
    colon: Option<usize>,
    /// The kind of the value.
    pub(crate) kind: Kind,
    /// The value; empty if there is none.
    pub(crate) span: Range<usize>,
    /// The resource type, if an element is named like one.
    type_name: Option<Range<usize>>,
    /// Members or items.
    pub(crate) parts: Vec<usize>,
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string, terminated or not.
    String,
    /// A number, a boolean, null, or the beginning of one.
    Word,
    /// Nothing yet.
    Missing,
}

/// The syntax at a place in the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A key, or a place for one.
    Key {
        /// The object.
        object: usize,
        /// The member whose key it is.
        member: Option<usize>,
        /// The range of the key.
        token: Range<usize>,
    },
    /// A value, or a place for one.
    Value {
        /// The member or the item, or the array for a new item.
        part: usize,
        /// The range of the value.
        token: Range<usize>,
    },
    /// A resource type as the name of an element, or a place for one.
    Type {
        /// Its range in the text.
        token: Range<usize>,
    },
    /// The end of an element.
    End {
        /// The element.
        element: usize,
        /// Its range in the text.
        token: Range<usize>,
    },
}

/// Members that were begun but not ended: the key, and the colon.
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

    /// The part with that number.
    pub(crate) fn part(&self, part: usize) -> &Part {
        &self.parts[part]
    }

    /// The first part, if there is one.
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

    /// The member of an object with that key.
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

    /// The part and its ancestors, from the inside out.
    pub(crate) fn ancestors(&self, part: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(part), |part| self.parts[*part].parent)
    }

    /// The values of an object with a name: its members with that name, or the items of those that
    /// are arrays.
    pub(crate) fn repeats(&self, object: usize, key: &str) -> Vec<usize> {
        let members = self.parts[object].parts.iter().filter(|part| self.key(**part) == Some(key));
        let repeats = members.flat_map(|part| match &self.parts[*part] {
            Part { kind: Kind::Array, parts, .. } => parts.as_slice(),
            _ => std::slice::from_ref(part),
        });
        repeats.copied().collect()
    }

    /// The type of the resource that a part represents.
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

    /// The syntax at a byte.
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
            // Parts are in order: only the last one that begins before the place may contain it.
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
            // After a colon, and before a comma.
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

    /// Whether a place is between the brackets of a part, or inside its value.
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

    /// Ends the innermost object or array of a kind, and everything open in it.
    fn close(&mut self, kind: Kind, at: usize) {
        // Searching for a missing one would take time for each surplus bracket.
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
            // Anything after the value of the text belongs to nothing.
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

/// The position after the closing quote, or else the end of the line.
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

/// A text without the quotes around it, even if one is missing.
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
