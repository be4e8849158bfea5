//! The packages in the binary: packs that the build script makes from `packages/`.
//!
//! Starting costs nothing: the index of a pack is searched in place, and a block of some 64 KB is inflated
//! when a definition in it is first asked for.

mod layout;

use std::sync::{Arc, LazyLock, OnceLock};

use flate2::{Decompress, FlushDecompress};

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::error::{Error, ReadError};
use crate::package::{Kind, Known};

/// A package in the binary, before it is opened.
struct Pack {
    package: &'static str,
    release: FhirVersion,
    bytes: &'static [u8],
}

static PACKS: &[Pack] = &include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The packages that were asked for, by the index of their packs.
static OPENED: LazyLock<Box<[OnceLock<Embedded>]>> =
    LazyLock::new(|| PACKS.iter().map(|_| OnceLock::new()).collect());

/// The package of a release that holds FHIR itself.
fn core(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Stu3 => "ers-fhir.core.stu3",
        FhirVersion::R4 => "ers-fhir.core.r4",
    }
}

/// One package in the binary.
#[derive(Debug)]
pub(crate) struct Embedded {
    entries: Table,
    keys: Table,
    supplements: Table,
    blocks: Table,
    strings: &'static [u8],
    data: &'static [u8],
    inflated: Box<[OnceLock<Vec<u8>>]>,
}

/// A table in a pack: records of the same number of words.
#[derive(Debug, Clone, Copy)]
struct Table {
    bytes: &'static [u8],
    width: usize,
}

impl Table {
    fn len(self) -> usize {
        self.bytes.len() / (4 * self.width)
    }

    /// A word of a record; zero past the end, which our own packs never ask for.
    fn word(self, record: usize, word: usize) -> u32 {
        let at = 4 * (record * self.width + word);
        let bytes = self.bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    }

    /// The first record for which `is_before` does not hold.
    fn partition_point(self, is_before: impl Fn(usize) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if is_before(middle) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl Embedded {
    /// The package with that name for a release.
    pub(crate) fn package(name: &str, release: FhirVersion) -> Option<&'static Self> {
        let place = PACKS.iter().position(|pack| pack.package == name && pack.release == release)?;
        Some(OPENED.get(place)?.get_or_init(|| Self::new(PACKS[place].bytes)))
    }

    /// FHIR itself.
    pub(crate) fn core(version: FhirVersion) -> Option<&'static Self> {
        Self::package(core(version), version)
    }

    fn new(pack: &'static [u8]) -> Self {
        let header = Table { bytes: pack, width: layout::HEADER };
        let mut rest = pack.get(4 * layout::HEADER..).unwrap_or_default();
        let mut part = |length: usize| {
            let (part, after) = rest.split_at_checked(length).unwrap_or_default();
            rest = after;
            part
        };
        let mut table = |word: usize, width: usize| {
            let records = header.word(0, word) as usize;
            Table { bytes: part(4 * width * records), width }
        };
        let entries = table(0, layout::ENTRY);
        let keys = table(1, layout::KEY);
        let supplements = table(2, layout::SUPPLEMENT);
        let blocks = table(3, layout::BLOCK);
        let strings = part(header.word(0, 4) as usize);
        let inflated = (0..blocks.len()).map(|_| OnceLock::new()).collect();
        Self { entries, keys, supplements, blocks, strings, data: rest, inflated }
    }

    fn string(&self, place: u32) -> Option<&'static str> {
        if place == layout::NONE {
            return None;
        }
        let (length, text) = self.strings.get(place as usize..)?.split_first_chunk::<2>()?;
        std::str::from_utf8(text.get(..usize::from(u16::from_le_bytes(*length)))?).ok()
    }

    /// What is known of the definition at a place.
    pub(crate) fn known(&self, place: usize) -> Known<'static> {
        let text = |word: usize| self.string(self.entries.word(place, word));
        let flags = self.entries.word(place, 0);
        let kind = (flags & (layout::CONSTRAINT - 1)) as usize;
        Known {
            kind: Kind::ALL[kind.min(Kind::ALL.len() - 1)],
            url: text(1).unwrap_or_default(),
            version: text(2),
            name: text(3),
            type_name: text(4),
            is_constraint: flags & layout::CONSTRAINT != 0,
            globals: &[],
            package: text(5).unwrap_or_default(),
        }
    }

    /// Every definition.
    pub(crate) fn all(&self) -> impl Iterator<Item = Known<'static>> {
        (0..self.entries.len()).map(|place| self.known(place))
    }

    /// Places of the definitions of a kind under a canonical URL or unique id.
    pub(crate) fn find<'a>(&'a self, kind: Kind, key: &'a str) -> impl Iterator<Item = usize> + 'a {
        let hash = layout::hash(kind as u32, key);
        let start = self.keys.partition_point(|record| self.keys.word(record, 0) < hash);
        let is_meant = move |record: &usize| {
            self.keys.word(*record, 1) == kind as u32 && self.string(self.keys.word(*record, 2)) == Some(key)
        };
        (start..self.keys.len())
            .take_while(move |record| self.keys.word(*record, 0) == hash)
            .filter(is_meant)
            .map(|record| self.keys.word(record, 3) as usize)
    }

    /// URLs of the code systems that supplement the one with that URL.
    pub(crate) fn supplements_of(&self, url: &str) -> impl Iterator<Item = &'static str> {
        let at = |record: usize| self.string(self.supplements.word(record, 0)).unwrap_or_default();
        let start = self.supplements.partition_point(|record| at(record) < url);
        (start..self.supplements.len())
            .take_while(move |record| at(*record) == url)
            .map(|record| self.known(self.supplements.word(record, 1) as usize).url)
    }

    /// The definition at a place as plain data.
    pub(crate) fn datum(&self, place: usize) -> Result<Arc<Datum>, Error> {
        if self.parts(place) > 0 {
            return self.joined(place).map(Arc::new);
        }
        let word = |word: usize| self.entries.word(place, word) as usize;
        let (start, length) = (word(8), word(9));
        let json = self.block(word(7)).get(start..start + length).unwrap_or_default();
        self.read(place, json).map(Arc::new)
    }

    /// The code system at a place, assembled from all its parts.
    fn joined(&self, place: usize) -> Result<Datum, Error> {
        let mut whole = Datum::default();
        let mut concepts: Vec<(u32, Datum)> = Vec::new();
        for part in 0..self.parts(place) {
            let part = self.part(place, part)?;
            let (own, head): (Vec<_>, Vec<_>) =
                part.fields.into_iter().partition(|(name, _)| **name == *"concept");
            whole.fields = head;
            for (_, mut concept) in own {
                let ordinal = concept.number(layout::ORDINAL).unwrap_or(u32::MAX);
                concept.fields.retain(|(name, _)| **name != *layout::ORDINAL);
                concepts.push((ordinal, concept));
            }
        }
        concepts.sort_by_key(|(ordinal, _)| *ordinal);
        whole.fields.extend(concepts.into_iter().map(|(_, concept)| ("concept".into(), concept)));
        Ok(whole)
    }

    /// How many parts the code system at a place has; none if it is small.
    pub(crate) fn parts(&self, place: usize) -> u32 {
        self.entries.word(place, 11)
    }

    /// A part of the code system at a place.
    pub(crate) fn part(&self, place: usize, part: u32) -> Result<Datum, Error> {
        // Not kept, as the result of reading it is.
        self.read(place, &self.inflate((self.entries.word(place, 10) + part) as usize))
    }

    /// Which of that many parts holds a code.
    pub(crate) fn part_of(code: &str, parts: u32) -> u32 {
        layout::part(code, parts)
    }

    fn read(&self, place: usize, json: &[u8]) -> Result<Datum, Error> {
        Datum::from_json(json).map_err(|source| self.error(place, source))
    }

    /// The error that the definition at a place cannot be read.
    pub(crate) fn error(&self, place: usize, source: ReadError) -> Error {
        Error::Definition {
            package: self.known(place).package.to_owned(),
            canonical: self.string(self.entries.word(place, 6)).unwrap_or_default().to_owned(),
            source,
        }
    }

    /// The text of a block; a damaged block comes out short, so that its definitions cannot be parsed.
    fn block(&self, block: usize) -> &[u8] {
        let Some(cell) = self.inflated.get(block) else { return &[] };
        cell.get_or_init(|| self.inflate(block))
    }

    fn inflate(&self, block: usize) -> Vec<u8> {
        let word = |word: usize| self.blocks.word(block, word) as usize;
        let deflated = self.data.get(word(0)..word(0) + word(1)).unwrap_or_default();
        let mut text = Vec::with_capacity(word(2));
        // Damage shows as missing text.
        let _ = Decompress::new(false).decompress_vec(deflated, &mut text, FlushDecompress::Finish);
        text
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_definition_is_found_and_can_be_decoded() {
        for pack in PACKS {
            let pack = Embedded::package(pack.package, pack.release).unwrap();
            for (place, known) in pack.all().enumerate() {
                assert!(pack.find(known.kind, known.url).any(|hit| hit == place), "{known:?}");
                let datum = pack.datum(place).unwrap();
                assert_eq!(datum.str("resourceType"), Some(known.kind.resource_type()), "{known:?}");
            }
        }
    }

    /// The same datum with the children of each element sorted by name, as JSON does not fix their order.
    fn sorted(datum: &Datum) -> Datum {
        let mut fields: Vec<_> =
            datum.fields.iter().map(|(name, child)| (name.clone(), sorted(child))).collect();
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        Datum { text: datum.text.clone(), fields }
    }

    #[test]
    fn a_large_code_system_is_whole_again_and_has_each_code_in_its_part() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("packages");
        let mut systems = 0;
        for pack in PACKS {
            let folder = source.join(pack.package).join("package");
            let pack = Embedded::package(pack.package, pack.release).unwrap();
            for place in (0..pack.entries.len()).filter(|place| pack.parts(*place) > 0) {
                let file = pack.string(pack.entries.word(place, 6)).unwrap();
                let written = Datum::from_json(&fs::read(folder.join(file)).unwrap()).unwrap();
                let joined = pack.datum(place).unwrap();
                assert_eq!(sorted(&joined), sorted(&written), "{file}");
                for code in written.all("concept").filter_map(|concept| concept.str("code")) {
                    let part = pack.part(place, Embedded::part_of(code, pack.parts(place))).unwrap();
                    assert!(
                        part.all("concept").any(|concept| concept.str("code") == Some(code)),
                        "{file} {code}"
                    );
                }
                systems += 1;
            }
        }
        assert!(systems > 10, "{systems}");
    }
}
