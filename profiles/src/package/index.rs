//! An index of the definitions of a package, in a file next to it: a run that needs ten of four thousand
//! definitions reads only ten.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use super::head::{Head, Kind};
use super::text::{Text, TextFile};
use super::{Content, Entry, Manifest, Package, Problem};

/// The beginning of an index. It changes with the file format and with the way heads are read.
const MAGIC: &[u8] = b"ers-fhir index 4\n";
/// The length of a text that is absent.
const NONE: u32 = u32::MAX;

impl Package {
    /// The text of its JSON definitions, one after the other, as the [index](Self::to_index) refers to it.
    pub fn text(&self) -> &[u8] {
        match &self.text {
            Text::Memory(text) => text,
            Text::File(_) => &[],
        }
    }

    /// The definitions of the package and their places in its [text](Self::text); `None` if some of them are
    /// not in it, because they came in XML or in a Bundle, or if the package was opened [by an
    /// index](Self::from_index).
    pub fn to_index(&self) -> Option<Vec<u8>> {
        let Text::Memory(text) = &self.text else { return None };
        let mut out = Writer::default();
        out.number(u32::try_from(text.len()).ok()?);
        out.text(&serde_json::to_string(&self.manifest).ok()?);
        out.number(u32::try_from(self.others).ok()?);
        out.number(self.problems.len() as u32);
        for Problem { file, reason } in &self.problems {
            out.text(file);
            out.text(reason);
        }
        out.number(u32::try_from(self.entries.len()).ok()?);
        for Entry { head, file, content } in &self.entries {
            let Content::Json(range) = content else { return None };
            out.number(u32::try_from(range.start).ok()?);
            out.number(u32::try_from(range.end).ok()?);
            out.text(file);
            out.number(head.kind as u32 | u32::from(head.is_constraint) << 8);
            out.text(&head.url);
            for text in [
                &head.version,
                &head.name,
                &head.type_name,
                &head.structure_kind,
                &head.fhir_version,
                &head.supplements,
                &head.value_set,
            ] {
                out.option(text.as_deref());
            }
            out.number(head.unique_ids.len() as u32);
            for id in &head.unique_ids {
                out.text(id);
            }
            out.number(head.globals.len() as u32);
            for (type_name, profile) in &head.globals {
                out.text(type_name);
                out.text(profile);
            }
        }
        // The sorted keys, as sorting takes longer than reading: the entry, and which of its ids.
        out.number(self.keys.len() as u32);
        for (kind, key, place) in &self.keys {
            out.number(*place as u32);
            let ids = || self.entries[*place].head.unique_ids.iter().position(|id| id == key);
            let id = if *kind == Kind::NamingSystem { ids().map_or(NONE, |at| at as u32) } else { NONE };
            out.number(id);
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend(checksum(&out.0).to_le_bytes());
        bytes.extend(out.0);
        Some(bytes)
    }

    /// Opens a package by its index and the file of its text; `None` if they do not belong together, or are
    /// damaged.
    pub fn from_index(index: &[u8], text: &Path) -> Option<Self> {
        let (sum, rest) = index.strip_prefix(MAGIC)?.split_first_chunk()?;
        if checksum(rest) != u32::from_le_bytes(*sum) {
            return None;
        }
        let file = File::open(text).ok()?;
        let mut reader = Reader(rest);
        let length = reader.number()?;
        if file.metadata().ok()?.len() != u64::from(length) {
            return None;
        }
        let manifest = Manifest::from_json(reader.text()?.as_bytes()).ok()?;
        let others = reader.number()? as usize;
        let problems = (0..reader.number()?)
            .map(|_| Some(Problem { file: reader.text()?.to_owned(), reason: reader.text()?.to_owned() }))
            .collect::<Option<_>>()?;
        let entries: Vec<Entry> = (0..reader.number()?).map(|_| reader.entry()).collect::<Option<_>>()?;
        let count = reader.number()?;
        let mut key = || {
            let (place, id) = (reader.number()? as usize, reader.number()?);
            let head = &entries.get(place)?.head;
            let text = if id == NONE { &head.url } else { head.unique_ids.get(id as usize)? };
            Some((head.kind, text.clone(), place))
        };
        let keys = (0..count).map(|_| key()).collect::<Option<_>>()?;
        let text = Text::File(Arc::new(TextFile::new(text.to_owned(), file)));
        Some(Self { manifest, text, entries, keys, problems, others, origin: None })
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend(text.as_bytes());
    }

    fn option(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.number(NONE),
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    fn text(&mut self) -> Option<&'a str> {
        self.option()?
    }

    #[expect(clippy::option_option, reason = "absent in the file, and absent in the definition")]
    fn option(&mut self) -> Option<Option<&'a str>> {
        let length = self.number()?;
        if length == NONE {
            return Some(None);
        }
        let (text, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Some)
    }

    #[expect(clippy::option_option, reason = "absent in the file, and absent in the definition")]
    fn boxed(&mut self) -> Option<Option<Box<str>>> {
        Some(self.option()?.map(Box::from))
    }

    fn entry(&mut self) -> Option<Entry> {
        let (start, end) = (self.number()? as usize, self.number()? as usize);
        let file = self.text()?.into();
        let kind = self.number()?;
        let head = Head {
            kind: *Kind::ALL.get((kind & 0xff) as usize)?,
            is_constraint: kind >> 8 != 0,
            url: self.text()?.into(),
            version: self.boxed()?,
            name: self.boxed()?,
            type_name: self.boxed()?,
            structure_kind: self.boxed()?,
            fhir_version: self.boxed()?,
            supplements: self.boxed()?,
            value_set: self.boxed()?,
            unique_ids: (0..self.number()?).map(|_| self.text().map(Box::from)).collect::<Option<_>>()?,
            globals: (0..self.number()?)
                .map(|_| Some((self.text()?.into(), self.text()?.into())))
                .collect::<Option<_>>()?,
        };
        (start <= end).then_some(Entry { head, file, content: Content::Json(start..end) })
    }
}
