//! FHIR packages: a manifest and an index of definitions, read from a folder, an archive or a
//! resource file.
//!
//! Opening a package finds its definitions; a definition is decoded when it is asked for. Publishers' own
//! indexes (`.index.json`) are not relied on: they are often absent, partial or out of date, and finding the
//! heads of resources costs less than unpacking them did.

mod archive;
mod bundle;
pub mod extra;
mod folder;
mod head;
mod index;
mod known;
mod manifest;
mod text;
mod zip;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use archive::{EntryNames, each_file};
use head::Member;
pub use head::{Global, Head, Kind};
pub use known::Known;
pub use manifest::Manifest;
use text::Text;

use crate::datum::Datum;
use crate::error::Error;

/// A set of definitions that belong together.
#[derive(Debug, Clone, Default)]
pub struct Package {
    manifest: Manifest,
    /// The text of every JSON definition, one after the other.
    text: Text,
    entries: Vec<Entry>,
    /// Kind, key and entry, sorted; a key is a canonical URL or the unique id of a NamingSystem.
    keys: Vec<(Kind, Box<str>, usize)>,
    problems: Vec<Problem>,
    /// Definitions of kinds that are not looked up.
    others: usize,
    origin: Option<PathBuf>,
}

/// One definition of a package.
#[derive(Debug, Clone)]
struct Entry {
    head: Head,
    file: Box<str>,
    content: Content,
}

/// Where the content of a definition is.
#[derive(Debug, Clone)]
enum Content {
    /// JSON, in this part of the package's text.
    Json(Range<usize>),
    /// Decoded when the package was opened, as it came in XML or in a Bundle.
    Read(Arc<Datum>),
}

/// A file of a package that cannot be used, or only after a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the package names it.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Whether a resource is a definition of a kind that nothing here looks up.
fn is_other(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "ActivityDefinition"
            | "CapabilityStatement"
            | "CompartmentDefinition"
            | "ConceptMap"
            | "DataElement"
            | "EventDefinition"
            | "ExampleScenario"
            | "GraphDefinition"
            | "MessageDefinition"
            | "PlanDefinition"
            | "ServiceDefinition"
            | "StructureMap"
            | "TerminologyCapabilities"
            | "TestScript"
    )
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.reason)
    }
}

impl Package {
    /// Opens a package folder, a folder of resources, a `.tgz` or `.zip` archive, or a file that holds one
    /// resource or a Bundle of them, as JSON or XML.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let metadata = path.metadata().map_err(|e| Error::io(path, e))?;
        if metadata.is_dir() {
            return Self::from_folder(path);
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let lower = name.to_ascii_lowercase();
        let has = |extension: &str| lower.ends_with(extension);
        if has(".tgz") || has(".tar.gz") {
            let file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
            return Self::from_archive(&name, file);
        }
        if has(".zip") {
            let file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
            return Self::from_zip(&name, std::io::BufReader::new(file));
        }
        if !(has(".json") || has(".xml")) {
            return Err(Error::NotAPackage { path: path.to_owned() });
        }
        Self::from_resource(&name, &folder::read(path)?)
    }

    /// Name of the package, or of the file or folder it came from.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// The manifest of the package.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The path it was opened from, if that was given.
    pub fn origin(&self) -> Option<&Path> {
        self.origin.as_deref()
    }

    /// The package with the path it was opened from.
    #[must_use]
    pub fn opened_at(self, path: &Path) -> Self {
        Self { origin: Some(path.to_owned()), ..self }
    }

    /// Adds dependencies that its manifest does not list but other files of its project do.
    pub fn depend_on(&mut self, dependencies: impl IntoIterator<Item = (String, String)>) {
        self.manifest.dependencies.extend(dependencies);
    }

    /// Files that cannot be used, or only after a correction, in the package's order. All others can.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Number of definitions.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no definition.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Number of definitions of kinds that nothing here looks up, such as `ConceptMap` or Library.
    pub fn others(&self) -> usize {
        self.others
    }

    /// The head of each definition, in the package's order.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.entries.iter().map(|entry| &entry.head)
    }

    /// The definitions of a kind under a canonical URL or unique id, by place in the package's order.
    /// There are several where versions differ.
    pub fn find(&self, kind: Kind, key: &str) -> impl Iterator<Item = usize> {
        let start = self.keys.partition_point(|(k, name, _)| (*k, &**name) < (kind, key));
        self.keys[start..]
            .iter()
            .take_while(move |(k, name, _)| *k == kind && &**name == key)
            .map(|key| key.2)
    }

    /// The head of the definition at a place.
    pub fn head(&self, place: usize) -> Option<&Head> {
        Some(&self.entries.get(place)?.head)
    }

    /// The file with the definition at a place.
    pub fn file(&self, place: usize) -> Option<&str> {
        Some(&self.entries.get(place)?.file)
    }

    /// The JSON of the definition at a place; `None` where it came in XML or in a Bundle.
    pub fn json(&self, place: usize) -> Result<Option<Cow<'_, [u8]>>, Error> {
        match self.entries.get(place).map(|entry| &entry.content) {
            Some(Content::Json(range)) => self.text_of(range).map(Some),
            Some(Content::Read(_)) | None => Ok(None),
        }
    }

    fn text_of(&self, range: &Range<usize>) -> Result<Cow<'_, [u8]>, Error> {
        self.text.get(range.clone()).map_err(|error| match &self.text {
            Text::File(file) => Error::io(file.path(), error),
            Text::Memory(_) => Error::io(Path::new(self.name()), error),
        })
    }

    /// The definition at a place as plain data.
    pub fn datum(&self, place: usize) -> Result<Option<Arc<Datum>>, Error> {
        let Some(entry) = self.entries.get(place) else { return Ok(None) };
        match &entry.content {
            Content::Read(datum) => Ok(Some(Arc::clone(datum))),
            Content::Json(range) => match Datum::from_json(&self.text_of(range)?) {
                Ok(datum) => Ok(Some(Arc::new(datum))),
                Err(source) => Err(Error::Definition {
                    package: self.manifest.name.clone(),
                    canonical: entry.file.to_string(),
                    source,
                }),
            },
        }
    }

    /// Adds a JSON file of the package, if it is a definition.
    fn add_json(&mut self, file: &str, json: &[u8]) {
        let json = crate::datum::without_byte_order_mark(json);
        match Head::scan(json) {
            Ok(Some(head)) => {
                let Text::Memory(text) = &mut self.text else { return };
                let start = text.len();
                text.extend_from_slice(json);
                let range = start..text.len();
                self.add(file, head, Content::Json(range));
            }
            Ok(None) => self.others += usize::from(head::leading_type(json).is_some_and(is_other)),
            Err(e) => match self.repaired(file, json) {
                Some(repaired) if Head::scan(&repaired).is_ok() => self.add_json(file, &repaired),
                _ => self.problem(file, &e),
            },
        }
    }

    /// The JSON of a file with its raw control characters escaped, which is recorded; `None` if there are
    /// none.
    fn repaired(&mut self, file: &str, json: &[u8]) -> Option<Vec<u8>> {
        let (repaired, first) = crate::datum::escaped(json)?;
        let line = json[..first].split(|byte| *byte == b'\n').count();
        let reason = format!(
            "line {line} has a control character that is not written as an escape; it is read as one"
        );
        self.problem(file, &reason);
        Some(repaired)
    }

    fn add(&mut self, file: &str, head: Head, content: Content) {
        self.entries.push(Entry { head, file: file.into(), content });
    }

    fn add_datum(&mut self, file: &str, datum: Datum) {
        let unique_ids = datum.all("uniqueId").filter_map(|id| id.str("value").map(Box::from)).collect();
        let text = |member: Member| datum.str(member.name()).map(Box::from);
        let globals = datum.all("global").filter_map(|global| {
            let profile = global.get("profile")?;
            let profile = profile.text.as_deref().or_else(|| profile.str("reference"))?;
            Some((global.str("type")?.into(), profile.into()))
        });
        match Head::from_members(text, unique_ids, globals.collect()) {
            Some(head) => self.add(file, head, Content::Read(Arc::new(datum))),
            None => self.others += usize::from(datum.str("resourceType").is_some_and(is_other)),
        }
    }

    fn problem(&mut self, file: &str, reason: &dyn fmt::Display) {
        self.problems.push(Problem { file: file.to_owned(), reason: reason.to_string() });
    }

    /// Sorts the keys, once every file is added.
    fn index(mut self) -> Self {
        for (place, Entry { head, .. }) in self.entries.iter().enumerate() {
            match head.kind {
                Kind::NamingSystem => {
                    self.keys.extend(head.unique_ids.iter().map(|id| (head.kind, id.clone(), place)));
                }
                _ => self.keys.push((head.kind, head.url.clone(), place)),
            }
        }
        self.keys.sort_unstable();
        if let Text::Memory(text) = &mut self.text {
            text.shrink_to_fit();
        }
        self
    }
}
