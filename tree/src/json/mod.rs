//! Reads JSON into the arena, in one pass.
//!
//! Strict RFC 8259. What is JSON but not FHIR JSON (nested arrays, a `_name` that belongs to
//! nothing) is kept as a [`super::Fault`] and reading goes on.

mod duplicates;
mod guess;
mod members;
mod scan;
#[cfg(test)]
mod tests;

use guess::Guesses;
use members::{Members, Underscored};
use scan::Scanner;

use super::builder::{Builder, Chain, too_deep};
use super::document::{Document, Syntax};
use super::fault::{FaultKind, Unreadable};
use super::limits::MAX_DEPTH;
use super::name::{Name, Number};
use super::node::{Data, Kind, NodeId, Role, Text};

pub(super) fn parse(source: &str) -> Result<Document<'_>, Box<Unreadable>> {
    let mut build = Builder::new(source);
    let start = build.skip_byte_order_mark();
    let mut reader = Reader { scan: Scanner::new(source, start), build, guesses: Guesses::default() };
    if reader.scan.skip_space().is_none() {
        return Err(FaultKind::Empty.at(reader.scan.at..reader.scan.at));
    }
    let start = reader.scan.at;
    if is_text(&source[start..]) {
        return Err(FaultKind::NeitherJsonNorXml.at(start..start));
    }
    let is_object = reader.scan.peek() == Some(b'{');
    reader.value(&mut Chain::of(NodeId::NONE), &mut Member::default(), 1)?;
    let end = reader.scan.at;
    if let Some(next) = reader.scan.skip_space() {
        if is_object && next == b'{' {
            return Err(FaultKind::SecondObject.at(reader.scan.at..reader.scan.at + 1));
        }
        return Err(reader.scan.unexpected("nothing more after the resource"));
    }
    if !is_object {
        return Err(no_object(&source[start..end]).at(start..end));
    }
    reader.require_resource_type();
    Ok(reader.build.finish(Syntax::Json))
}

/// Whether a payload begins with a word that is not part of JSON.
fn is_text(source: &str) -> bool {
    let is_letter = source.starts_with(|first: char| first.is_ascii_alphabetic());
    let word = source.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    is_letter && !["true", "false", "null"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Why a payload is not an object.
#[cold]
fn no_object(source: &str) -> FaultKind {
    let behind =
        |opening: char| source.strip_prefix(opening).map(|rest| rest.trim_start().replace("\\n", " "));
    if behind('[').is_some_and(|rest| rest.starts_with('{')) {
        FaultKind::ArrayOfObjects
    } else if behind('"').is_some_and(|rest| rest.trim_start().starts_with(['{', '[', '<', '\\'])) {
        FaultKind::InString
    } else {
        FaultKind::NotAnObject
    }
}

struct Reader<'s> {
    scan: Scanner<'s>,
    build: Builder<'s>,
    guesses: Guesses,
}

/// The member of an object whose value is being read.
#[derive(Debug, Clone, Copy)]
struct Member {
    name: Text,
    number: Number,
    key: (u32, u32),
    /// How many nodes it has added so far.
    count: u32,
    in_array: bool,
    has_nested_array: bool,
}

impl Default for Member {
    fn default() -> Self {
        Self {
            name: Text::EMPTY,
            number: Number::NONE,
            key: (0, 0),
            count: 0,
            in_array: false,
            has_nested_array: false,
        }
    }
}

impl Reader<'_> {
    /// Reads the value that begins here and adds its nodes to the chain.
    fn value(&mut self, chain: &mut Chain, member: &mut Member, depth: usize) -> Result<(), Box<Unreadable>> {
        let start = self.scan.at;
        let (kind, value) = match self.scan.peek() {
            Some(b'"') => (Kind::String, self.scan.string(&mut self.build.decoded)?),
            Some(b'-' | b'0'..=b'9') => (Kind::Number, Text::source(self.scan.number()?)),
            Some(b't') => (Kind::Boolean, Text::source(self.scan.word("true")?)),
            Some(b'f') => (Kind::Boolean, Text::source(self.scan.word("false")?)),
            Some(b'n') => {
                self.scan.word("null")?;
                (Kind::Null, Text::NONE)
            }
            Some(b'{') => {
                let id = self.append(chain, member, Kind::Object, Text::NONE, start)?;
                self.object(id, depth)?;
                self.build[id].span.1 = self.scan.at as u32;
                return Ok(());
            }
            Some(b'[') => return self.array(chain, member, depth),
            _ => return Err(self.scan.unexpected("a value")),
        };
        self.append(chain, member, kind, value, start).map(drop)
    }

    fn append(
        &mut self,
        chain: &mut Chain,
        member: &mut Member,
        kind: Kind,
        value: Text,
        start: usize,
    ) -> Result<NodeId, Box<Unreadable>> {
        let opens_member = member.count == 0;
        let mut data = Data::new(kind, member.name, value, start..self.scan.at);
        if opens_member {
            data.key = member.key;
        }
        data.index = member.count;
        data.number = member.number;
        data.role = Role::new(member.in_array, opens_member);
        member.count += 1;
        self.build.append(chain, data)
    }

    /// Reads an object at its opening brace.
    fn object(&mut self, owner: NodeId, depth: usize) -> Result<(), Box<Unreadable>> {
        if depth > MAX_DEPTH {
            return Err(too_deep(self.scan.at));
        }
        self.scan.at += 1;
        if self.scan.skip_space() == Some(b'}') {
            self.scan.at += 1;
            return Ok(());
        }
        let mut members = Members::of(owner, self.build[owner].number);
        let mut expected = "a key in double quotes, or }";
        loop {
            if self.scan.skip_space() != Some(b'"') {
                return Err(self.scan.unexpected(expected));
            }
            self.member(&mut members, depth)?;
            match self.scan.skip_space() {
                Some(b',') => self.scan.at += 1,
                Some(b'}') => break,
                _ => return Err(self.scan.unexpected("a comma or }")),
            }
            expected = "a key in double quotes";
        }
        self.scan.at += 1;
        members.finish(&mut self.build);
        Ok(())
    }

    /// Reads `"key": value` at the opening quote of the key.
    fn member(&mut self, members: &mut Members, depth: usize) -> Result<(), Box<Unreadable>> {
        let key = self.scan.at;
        let place = members.place;
        let guess = self.guesses.at(place).filter(|guess| self.scan.skip_key(*guess));
        let name = match guess {
            Some(_) => Text::source(key + 1..self.scan.at - 1),
            None => self.scan.string(&mut self.build.decoded)?,
        };
        let mut member = Member { name, key: (key as u32, self.scan.at as u32), ..Member::default() };
        if self.scan.skip_space() != Some(b':') {
            return Err(self.scan.unexpected("a colon after the key"));
        }
        self.scan.at += 1;
        self.scan.skip_space();
        let is_underscored = match self.build.source.as_bytes()[key + 1..] {
            [b'_', next, ..] => next != b'"',
            // An underscore may be written as an escape.
            [b'\\', ..] => {
                matches!(name.bytes_of(self.build.source, &self.build.decoded), [b'_', _, ..])
            }
            _ => false,
        };
        if is_underscored {
            member.name = name.behind_first_byte();
        }
        member.number = match guess {
            Some(name) => name.into(),
            None => Number::of(member.name.bytes_of(self.build.source, &self.build.decoded)),
        };
        self.guesses.note(place, member.number);
        if !is_underscored {
            members.note(&self.build, &member);
        }
        let first = NodeId(self.build.nodes.len() as u32);
        let before = members.chain.last();
        self.value(&mut members.chain, &mut member, depth + 1)?;
        if is_underscored && members.chain.last() != before {
            members.underscored.push(Underscored { first, last: members.chain.last() });
        }
        Ok(())
    }

    /// Reads an array at its opening bracket; its items become siblings.
    fn array(&mut self, chain: &mut Chain, member: &mut Member, depth: usize) -> Result<(), Box<Unreadable>> {
        if depth > MAX_DEPTH {
            return Err(too_deep(self.scan.at));
        }
        let start = self.scan.at;
        let is_nested = member.in_array;
        member.in_array = true;
        // Reported once per member: a matrix would repeat it a thousand times.
        let tells = is_nested && !std::mem::replace(&mut member.has_nested_array, is_nested);
        let first = NodeId(self.build.nodes.len() as u32);
        self.scan.at += 1;
        if self.scan.skip_space() == Some(b']') {
            self.scan.at += 1;
            if !is_nested || member.count == 0 {
                self.append(chain, member, Kind::EmptyArray, Text::NONE, start)?;
            }
        } else {
            loop {
                self.scan.skip_space();
                self.value(chain, member, depth + 1)?;
                match self.scan.skip_space() {
                    Some(b',') => self.scan.at += 1,
                    Some(b']') => break,
                    _ => return Err(self.scan.unexpected("a comma or ]")),
                }
            }
            self.scan.at += 1;
        }
        if tells {
            let has_items = self.build.nodes.len() > first.index();
            let owner = if chain.parent() == NodeId::NONE { NodeId::ROOT } else { chain.parent() };
            let place = if has_items { first } else { owner };
            self.build.fault(FaultKind::NestedArray, place, start..self.scan.at);
        }
        Ok(())
    }

    fn require_resource_type(&mut self) {
        let root = &self.build[NodeId::ROOT];
        let mut child = root.first_child;
        let brace = root.span.0 as usize;
        let wanted = Number::from(Name::known("resourceType"));
        while child != NodeId::NONE && self.build[child].number != wanted {
            child = self.build[child].next;
        }
        let (span, kind) = if child == NodeId::NONE {
            match self.type_key() {
                Some((start, end)) => (start as usize..end as usize, FaultKind::ResourceTypeKey),
                None => (brace..brace + 1, FaultKind::NoResourceType),
            }
        } else if self.build[child].kind != Kind::String {
            let (start, end) = self.build[child].span;
            (start as usize..end as usize, FaultKind::ResourceTypeKind)
        } else {
            return;
        };
        self.build.fault(kind, NodeId::ROOT, span);
    }

    /// A key at the top that differs from `resourceType` only in case and punctuation.
    #[cold]
    fn type_key(&self) -> Option<(u32, u32)> {
        let mut child = self.build[NodeId::ROOT].first_child;
        while child != NodeId::NONE {
            let letters = self.build.name(child).bytes().filter(u8::is_ascii_alphanumeric);
            if letters.map(|letter| letter.to_ascii_lowercase()).eq("resourcetype".bytes()) {
                return Some(self.build[child].key);
            }
            child = self.build[child].next;
        }
        None
    }
}
