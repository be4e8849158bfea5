//! Packs each package of `packages/` into one file, in the form that `src/embedded/layout.rs` sets, and
//! lists the packs in `packs.rs`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

#[expect(unreachable_pub, dead_code, reason = "the library exports it, and uses the rest")]
#[path = "src/package/head.rs"]
mod head;
#[path = "src/embedded/layout.rs"]
mod layout;

use head::{Head, Kind};

/// Definitions are deflated together up to this size: small enough to inflate in a fraction of a
/// millisecond, large enough to share their words.
const BLOCK_BYTES: usize = 64 << 10;

/// Code systems above this size are split into parts of about this size.
const PART_BYTES: usize = 8 << 10;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let packages = Path::new("packages");
    println!("cargo::rerun-if-changed=packages");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/package/head.rs");
    println!("cargo::rerun-if-changed=src/embedded/layout.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut list = String::from("[\n");
    for package in sorted(packages)? {
        let folder = package.join("package");
        let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if folder.is_dir() {
            let release = release(&folder)?;
            fs::write(out.join(format!("{name}.pack")), pack(definitions(&name, &folder)?)?)?;
            let bytes = format!(r#"include_bytes!(concat!(env!("OUT_DIR"), "/{name}.pack"))"#);
            writeln!(
                list,
                r#"Pack {{ package: "{name}", release: FhirVersion::{release}, bytes: {bytes} }},"#
            )?;
        }
    }
    list.push(']');
    fs::write(out.join("packs.rs"), list)?;
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The release that the manifest names.
fn release(folder: &Path) -> Result<&'static str> {
    let manifest = folder.join("package.json");
    let json: serde_json::Value = serde_json::from_slice(&fs::read(&manifest)?)?;
    match json["fhirVersions"][0].as_str() {
        Some(version) if version.starts_with("3.0") => Ok("Stu3"),
        Some(version) if version.starts_with("4.0") => Ok("R4"),
        _ => Err(format!("{}: fhirVersions must name 3.0.x or 4.0.x", manifest.display()).into()),
    }
}

struct Definition {
    head: Head,
    package: String,
    file: String,
    json: Vec<u8>,
}

impl Definition {
    /// Definitions that are used together are placed next to each other: datatypes, resources, the profiles
    /// of a type, a value set and its code system, which share the end of their URLs.
    fn affinity(&self) -> (u8, &str, &str) {
        let end = self.head.url.rsplit('/').next().unwrap_or_default();
        let kind = self.head.structure_kind.as_deref().unwrap_or_default();
        match (self.head.kind, self.head.is_constraint, kind) {
            (Kind::Structure, false, "primitive-type") => (0, "", end),
            (Kind::Structure, false, "complex-type") => (1, "", end),
            (Kind::Structure, false, _) => (2, "", end),
            (Kind::Structure, true, _) => (3, self.head.type_name.as_deref().unwrap_or_default(), end),
            (Kind::ValueSet | Kind::CodeSystem, ..) => (4, end, ""),
            _ => (5, "", end),
        }
    }
}

fn definitions(package: &str, folder: &Path) -> Result<Vec<Definition>> {
    let mut definitions = Vec::new();
    for path in sorted(folder)? {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json") || file == "package.json" {
            continue;
        }
        let json = without_space(&fs::read(&path)?);
        let head = Head::scan(&json).map_err(|e| format!("{}: {e}", path.display()))?;
        if let Some(head) = head {
            definitions.push(Definition { head, package: package.to_owned(), file, json });
        }
    }
    Ok(definitions)
}

/// JSON without the space between its tokens: it is inflated and read whenever it is used.
fn without_space(json: &[u8]) -> Vec<u8> {
    let (mut is_text, mut is_escaped) = (false, false);
    let is_kept = |byte: &u8| {
        let is_space = !is_text && byte.is_ascii_whitespace();
        is_text ^= *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        !is_space
    };
    json.iter().copied().filter(is_kept).collect()
}

/// A record of the table of keys, in its order.
fn key(kind: Kind, key: &str, place: u32) -> (u32, Kind, &str, u32) {
    (layout::hash(kind as u32, key), kind, key, place)
}

fn pack(mut definitions: Vec<Definition>) -> Result<Vec<u8>> {
    definitions.sort_by(|a, b| (a.affinity(), &a.package, &a.file).cmp(&(b.affinity(), &b.package, &b.file)));
    let mut strings = Strings::default();
    let mut blocks = Blocks::default();
    let mut entries: Vec<[u32; layout::ENTRY]> = Vec::new();
    let mut keys = Vec::new();
    let mut supplements = Vec::new();
    let mut systems = Vec::new();
    for (place, definition) in definitions.iter().enumerate() {
        let Definition { head, package, file, json } = definition;
        let parts = parts(definition)?;
        let json: &[u8] = if parts.is_empty() { json } else { &[] };
        let (block, start) = blocks.add(json)?;
        let constraint = if head.is_constraint { layout::CONSTRAINT } else { 0 };
        entries.push([
            head.kind as u32 | constraint,
            strings.place(Some(&head.url))?,
            strings.place(head.version.as_deref())?,
            strings.place(head.name.as_deref())?,
            strings.place(head.type_name.as_deref())?,
            strings.place(Some(package))?,
            strings.place(Some(file))?,
            block,
            start,
            u32::try_from(json.len())?,
            0,
            u32::try_from(parts.len())?,
        ]);
        systems.push(parts);
        let place = u32::try_from(place)?;
        match head.kind {
            Kind::NamingSystem => keys.extend(head.unique_ids.iter().map(|id| key(head.kind, id, place))),
            _ => keys.push(key(head.kind, &head.url, place)),
        }
        supplements.extend(head.supplements.as_deref().map(|url| (url, place)));
    }
    blocks.close()?;
    for (entry, parts) in entries.iter_mut().zip(systems) {
        entry[10] = u32::try_from(blocks.table.len())?;
        parts.iter().try_for_each(|part| blocks.deflate(part))?;
    }
    keys.sort_unstable();
    supplements.sort_unstable();
    let mut tables: Vec<u32> = entries.into_flattened();
    for (hash, kind, key, place) in &keys {
        let record: [u32; layout::KEY] = [*hash, *kind as u32, strings.place(Some(key))?, *place];
        tables.extend(record);
    }
    for (url, place) in &supplements {
        let record: [u32; layout::SUPPLEMENT] = [strings.place(Some(url))?, *place];
        tables.extend(record);
    }
    let lengths: [usize; layout::HEADER] =
        [definitions.len(), keys.len(), supplements.len(), blocks.table.len(), strings.bytes.len()];
    let mut words = lengths.map(u32::try_from).into_iter().collect::<std::result::Result<Vec<_>, _>>()?;
    words.extend(tables);
    words.extend(blocks.table.into_flattened());
    let mut pack: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    pack.extend(strings.bytes);
    pack.extend(blocks.data);
    Ok(pack)
}

/// The parts of a large code system; empty for a small one, one with nested concepts, or any other
/// definition.
fn parts(definition: &Definition) -> Result<Vec<Vec<u8>>> {
    if definition.head.kind != Kind::CodeSystem || definition.json.len() < PART_BYTES {
        return Ok(Vec::new());
    }
    let mut system: serde_json::Value = serde_json::from_slice(&definition.json)?;
    let serde_json::Value::Array(concepts) = system["concept"].take() else { return Ok(Vec::new()) };
    if concepts.iter().any(|concept| concept.get("concept").is_some()) {
        return Ok(Vec::new());
    }
    let number = definition.json.len().div_ceil(PART_BYTES);
    let mut parts = vec![Vec::new(); number];
    for (ordinal, mut concept) in concepts.into_iter().enumerate() {
        let part = layout::part(concept["code"].as_str().unwrap_or_default(), u32::try_from(number)?);
        concept[layout::ORDINAL] = ordinal.into();
        parts[part as usize].push(concept);
    }
    let with = |concepts: Vec<serde_json::Value>| {
        system["concept"] = concepts.into();
        Ok(serde_json::to_vec(&system)?)
    };
    parts.into_iter().map(with).collect()
}

/// Strings, each once.
#[derive(Default)]
struct Strings {
    bytes: Vec<u8>,
    places: BTreeMap<String, u32>,
}

impl Strings {
    fn place(&mut self, text: Option<&str>) -> Result<u32> {
        let Some(text) = text else { return Ok(layout::NONE) };
        if let Some(place) = self.places.get(text) {
            return Ok(*place);
        }
        let place = u32::try_from(self.bytes.len())?;
        self.bytes.extend(u16::try_from(text.len())?.to_le_bytes());
        self.bytes.extend(text.as_bytes());
        self.places.insert(text.to_owned(), place);
        Ok(place)
    }
}

/// Deflated blocks, and the one that is being filled.
#[derive(Default)]
struct Blocks {
    table: Vec<[u32; layout::BLOCK]>,
    data: Vec<u8>,
    open: Vec<u8>,
}

impl Blocks {
    /// Puts a definition into the open block, or into the next if it would grow too large.
    fn add(&mut self, json: &[u8]) -> Result<(u32, u32)> {
        if !self.open.is_empty() && self.open.len() + json.len() > BLOCK_BYTES {
            self.close()?;
        }
        let place = (self.table.len(), self.open.len());
        self.open.extend(json);
        Ok((u32::try_from(place.0)?, u32::try_from(place.1)?))
    }

    fn close(&mut self) -> Result<()> {
        let open = std::mem::take(&mut self.open);
        if open.is_empty() { Ok(()) } else { self.deflate(&open) }
    }

    /// Makes a block.
    fn deflate(&mut self, text: &[u8]) -> Result<()> {
        let start = self.data.len();
        let mut encoder = DeflateEncoder::new(&mut self.data, Compression::best());
        encoder.write_all(text)?;
        encoder.finish()?;
        let word = |length: usize| u32::try_from(length);
        self.table.push([word(start)?, word(self.data.len() - start)?, word(text.len())?]);
        Ok(())
    }
}
