//! NDJSON: one payload per line, read block by block, so that only a block and a line are in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use ers_fhir_tree::{MAX_BYTES, Unreadable, check_size};

use super::error::InputError;
use super::source::{Item, Part, Source};

/// The number of bytes that are read and handed over at once.
const BUFFER: usize = 256 << 10;
/// The number of lines that are handed over at once: the findings in short lines are longer than
/// the lines.
const MOST_LINES: usize = 256;

/// Hands over the lines of a source.
pub(super) fn each<'s>(source: &'s Source, take: &mut dyn FnMut(Item<'s>) -> bool) -> bool {
    let opened: io::Result<Box<dyn BufRead>> = match source.named_or_found() {
        Some(path) => File::open(path).map(|file| Box::new(BufReader::with_capacity(BUFFER, file)) as _),
        None => Ok(Box::new(io::stdin().lock())),
    };
    let name = source.name();
    let path = source.path().unwrap_or(name.as_ref()).to_owned();
    let failed = |error| Item::Failed(InputError::Unreadable { name: source.name(), source: error });
    let file = Lines { name: name.clone(), path, is_found: matches!(source, Source::Found(_)) };
    match opened {
        Ok(reader) => of(reader, file, take).unwrap_or_else(|error| take(failed(error))),
        Err(error) => take(failed(error)),
    }
}

/// A file of lines.
pub(super) struct Lines {
    /// Its name.
    pub(super) name: String,
    /// Its path for the settings.
    pub(super) path: PathBuf,
    /// Whether there may be files other than payloads next to it.
    pub(super) is_found: bool,
}

/// Hands over the lines of a reader, block by block.
pub(super) fn of<'s>(
    mut reader: impl BufRead,
    file: Lines,
    take: &mut dyn FnMut(Item<'s>) -> bool,
) -> io::Result<bool> {
    let is_found = file.is_found;
    let mut block = Block::new(file.name, file.path);
    let (mut line, mut byte) = (0, 0);
    // Logs have this format too: nothing is handed over until a line looks like FHIR.
    let mut is_sure = !is_found;
    loop {
        let start = block.text.len();
        let mut length = reader.by_ref().take(MAX_BYTES as u64 + 1).read_until(b'\n', &mut block.text)?;
        if length == 0 {
            break;
        }
        let (before, ends) = ((line, byte), block.text.last() == Some(&b'\n'));
        let mut too_large = None;
        if length > MAX_BYTES && !ends {
            block.text.truncate(start);
            length += pass_line(&mut reader)?;
            too_large = check_size(length as u64).err();
        }
        line += 1;
        byte += length;
        let end = start + block.text[start..].trim_ascii_end().len();
        block.text.truncate(end);
        if too_large.is_none() && block.text[start..].trim_ascii().is_empty() {
            block.text.truncate(start);
            continue;
        }
        is_sure = is_sure || too_large.is_some() || may_be_fhir(&block.text[start..]);
        block.lines.push(Line { span: start..end, before, too_large });
        if !is_sure && (block.lines.len() >= MOST_STRANGE || block.text.len() >= MOST_STRANGE_BYTES) {
            break;
        }
        let is_full = block.text.len() >= BUFFER || block.lines.len() >= MOST_LINES;
        if is_sure && is_full && !take(Item::Lines(block.rest())) {
            return Ok(false);
        }
    }
    Ok(match block.lines.is_empty() {
        true => true,
        false if is_sure => take(Item::Lines(block)),
        false => take(Item::Skipped(block.name, "not FHIR")),
    })
}

/// After this many lines at the beginning that do not look like FHIR, a file is taken to have no payloads.
const MOST_STRANGE: usize = 20;
/// The greatest size of these lines, in bytes.
const MOST_STRANGE_BYTES: usize = 1 << 20;

/// Consecutive lines, each a payload, which one thread checks together, so that little is passed between threads.
#[derive(Debug)]
pub struct Block {
    /// The name of the file.
    name: String,
    /// Its path for the settings.
    path: PathBuf,
    text: Vec<u8>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Its position in the text.
    span: Range<usize>,
    /// Lines and bytes of the file before it.
    before: (usize, usize),
    /// Why its content is not in the text.
    too_large: Option<Unreadable>,
}

impl Block {
    fn new(name: String, path: PathBuf) -> Self {
        Self { name, path, text: Vec::new(), lines: Vec::new() }
    }

    /// Takes the whole block; leaves an empty one with the same capacity.
    fn rest(&mut self) -> Self {
        let mut empty = Self::new(self.name.clone(), self.path.clone());
        empty.text.reserve(BUFFER + BUFFER / 4);
        std::mem::replace(self, empty)
    }

    /// Roughly how much memory it takes.
    pub(super) fn weight(&self) -> usize {
        // The findings in a line take memory too.
        const OF_LINE: usize = 2 << 10;
        self.text.len() + self.lines.len() * OF_LINE
    }

    /// Its payloads, in order.
    pub fn parts(self) -> impl Iterator<Item = Part> {
        let Self { name, path, text, lines } = self;
        lines.into_iter().map(move |Line { span, before, too_large }| Part {
            name: format!("{name}, line {}", before.0 + 1),
            within: name.clone(),
            path: path.clone(),
            before: Some(before),
            bytes: too_large.map_or_else(|| Ok(text[span].to_vec()), Err),
            is_found: false,
        })
    }
}

fn may_be_fhir(line: &[u8]) -> bool {
    const TYPE: &[u8] = b"\"resourceType\"";
    line.windows(TYPE.len()).any(|window| window == TYPE)
}

/// Skips the rest of a line, and returns its length.
fn pass_line(reader: &mut impl BufRead) -> io::Result<usize> {
    let mut passed = 0;
    loop {
        let buffer = reader.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (length, is_last) = (end.map_or(buffer.len(), |end| end + 1), end.is_some() || buffer.is_empty());
        reader.consume(length);
        passed += length;
        if is_last {
            return Ok(passed);
        }
    }
}

impl Source {
    fn named_or_found(&self) -> Option<&Path> {
        if matches!(self, Self::Stdin(_)) { None } else { self.path() }
    }
}
