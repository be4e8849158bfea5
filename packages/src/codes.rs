//! Makes the terminology that users bring compact: SNOMED CT as RF2, lists as CSV, and definitions of code
//! systems.
//!
//! RF2: <https://confluence.ihtsdotools.org/display/DOCRELFMT>. The snapshots of concepts, relationships and
//! simple reference sets of a release are read; of the relationships only "is a" (`116680003`).

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::read;
use ers_fhir_profiles::terminology::compact::{Compact, CompactBuilder, CompactError, CompactHead};
use ers_fhir_profiles::{Error, FhirVersion};

/// The code system of RF2.
const SNOMED: &str = "http://snomed.info/sct";
/// The "is a" relationship, from a concept to its parent.
const IS_A: &str = "116680003";
/// Longest line that is read.
const MAX_LINE: u64 = 1 << 20;
/// Deepest level of folders that is searched.
const MAX_DEPTH: usize = 16;

/// Why terminology was not made compact.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CodesError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// A line cannot be read.
    #[error("{} line {line}: {reason}", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from one.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// There is nothing that can be read as terminology.
    #[error(
        "{}: it neither contains an RF2 snapshot (sct2_Concept_…Snapshot….txt), nor is it a .csv with codes or a \
         CodeSystem", .0.display()
    )]
    Nothing(PathBuf),
    /// The code system of a list is not named.
    #[error("{}: say which code system it lists, with --system URL", .0.display())]
    System(PathBuf),
    /// A definition cannot be read.
    #[error(transparent)]
    Definition(#[from] Error),
    /// It is too large to be made compact, or contradicts itself.
    #[error("{}: {source}", .path.display())]
    Compact {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        source: CompactError,
    },
}

/// Makes terminology compact: the folder of a release of SNOMED CT, a `.csv` file, or a `CodeSystem`.
///
/// `head` describes the code system; anything that it leaves out is taken from the files.
pub fn compact(path: &Path, mut head: CompactHead) -> Result<Compact, CodesError> {
    let failed = |source| CodesError::Compact { path: path.to_owned(), source };
    let is = |wanted: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
    if path.is_dir() {
        let mut files = Vec::new();
        search(path, MAX_DEPTH, &mut files)?;
        if !files.iter().any(|(kind, _)| *kind == Rf2::Concept) {
            return Err(CodesError::Nothing(path.to_owned()));
        }
        if head.url.is_empty() {
            SNOMED.clone_into(&mut head.url);
        }
        if head.edition.is_empty() {
            head.edition = edition(&files);
        }
        let mut builder = CompactBuilder::new(head);
        for (kind, file) in &files {
            rf2(*kind, file, &mut builder)?;
        }
        return builder.build().map_err(failed);
    }
    if is("csv") {
        if head.url.is_empty() {
            return Err(CodesError::System(path.to_owned()));
        }
        let mut builder = CompactBuilder::new(head);
        csv(path, &mut builder)?;
        return builder.build().map_err(failed);
    }
    if is("json") || is("xml") {
        return defined(path, head);
    }
    Err(CodesError::Nothing(path.to_owned()))
}

/// What a file of RF2 holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rf2 {
    Concept,
    Relationship,
    Set,
}

impl Rf2 {
    fn of(name: &str) -> Option<Self> {
        let is_text = Path::new(name).extension().is_some_and(|extension| extension == "txt");
        if !name.contains("Snapshot") || !is_text {
            return None;
        }
        let is = |kind: &str| name.trim_start_matches('x').starts_with(kind);
        if is("sct2_Concept_") {
            Some(Self::Concept)
        } else if is("sct2_Relationship_") {
            Some(Self::Relationship)
        } else if is("der2_Refset_Simple") || is("der2_Refset_SimpleRefset") {
            Some(Self::Set)
        } else {
            None
        }
    }
}

fn search(folder: &Path, depth: usize, files: &mut Vec<(Rf2, PathBuf)>) -> Result<(), CodesError> {
    let failed = |source| CodesError::Io { path: folder.to_owned(), source: Arc::new(source) };
    let mut below = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if kind.is_dir() && depth > 0 {
            below.push(entry.path());
        } else if kind.is_file()
            && let Some(kind) = Rf2::of(&name)
        {
            files.push((kind, entry.path()));
        }
    }
    below.sort();
    below.iter().try_for_each(|folder| search(folder, depth - 1, files))?;
    files.sort();
    Ok(())
}

/// The edition, as the names of the files of concepts end: `INT_20250101`.
fn edition(files: &[(Rf2, PathBuf)]) -> String {
    let concepts = files.iter().filter(|(kind, _)| *kind == Rf2::Concept);
    let ends = concepts.filter_map(|(_, path)| {
        let name = path.file_stem()?.to_str()?;
        let (_, end) = name.split_once("Snapshot_")?;
        Some(end.to_owned())
    });
    ends.collect::<Vec<_>>().join(", ")
}

fn rf2(kind: Rf2, path: &Path, builder: &mut CompactBuilder) -> Result<(), CodesError> {
    let file = File::open(path)
        .map_err(|source| CodesError::Io { path: path.to_owned(), source: Arc::new(source) })?;
    let mut lines =
        Lines { path, reader: BufReader::with_capacity(1 << 18, file), line: 0, text: Vec::new() };
    // The first line has the names of the columns.
    lines.next()?;
    while let Some(line) = lines.next()? {
        let mut columns = line.split('\t');
        let mut column = |at: usize| columns.nth(at).unwrap_or_default();
        let id = column(0);
        let is_active = column(1) == "1";
        let added = match kind {
            Rf2::Concept => builder.concept(id, is_active),
            _ if !is_active => Ok(()),
            Rf2::Relationship => {
                let (source, target) = (column(1), column(0));
                if column(1) == IS_A { builder.kind_of(source, target) } else { Ok(()) }
            }
            Rf2::Set => {
                let (set, member) = (column(1), column(0));
                builder.member(set, member)
            }
        };
        if let Err(error) = added {
            return Err(lines.bad(error.to_string()));
        }
    }
    Ok(())
}

/// A list: a column with the code, optionally one with its parent code, and one that says whether it is in
/// use.
fn csv(path: &Path, builder: &mut CompactBuilder) -> Result<(), CodesError> {
    let file = File::open(path)
        .map_err(|source| CodesError::Io { path: path.to_owned(), source: Arc::new(source) })?;
    let mut lines =
        Lines { path, reader: BufReader::with_capacity(1 << 18, file), line: 0, text: Vec::new() };
    let Some(first) = lines.next()?.map(str::to_owned) else {
        return Err(CodesError::Nothing(path.to_owned()));
    };
    let names: Vec<String> = fields(&first).iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    let place = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
    let code = place(&["code", "id", "organisation code", "sctid", "conceptid"]);
    let (parent, active) = (place(&["parent", "parent code"]), place(&["active"]));
    let mut line = if code.is_some() { None } else { Some(first) };
    // Lists without names of columns have the code in the first.
    let code = code.unwrap_or_default();
    loop {
        let row = match line.take() {
            Some(row) => row,
            None => match lines.next()? {
                Some(row) => row.to_owned(),
                None => return Ok(()),
            },
        };
        if row.trim().is_empty() {
            continue;
        }
        let fields = fields(&row);
        let field = |at: usize| fields.get(at).map_or("", |field| field.trim());
        let is_active =
            active.is_none_or(|at| !matches!(field(at).to_ascii_lowercase().as_str(), "0" | "false" | "no"));
        let above = parent.map(field).filter(|above| !above.is_empty());
        let added = builder
            .concept(field(code), is_active)
            .and_then(|()| above.map_or(Ok(()), |above| builder.kind_of(field(code), above)));
        if let Err(error) = added {
            return Err(lines.bad(error.to_string()));
        }
    }
}

/// The fields of a line, which may be in quotes.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut in_quotes = false;
    let mut letters = line.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if in_quotes && letters.peek() == Some(&'"') => {
                letters.next();
                fields.last_mut().expect("there is one").push('"');
            }
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => fields.push(String::new()),
            _ => fields.last_mut().expect("there is one").push(letter),
        }
    }
    fields
}

fn defined(path: &Path, mut head: CompactHead) -> Result<Compact, CodesError> {
    let failed = |source| CodesError::Compact { path: path.to_owned(), source };
    let package = Package::open(path)?;
    let mut systems = package.heads().enumerate().filter(|(_, head)| head.kind == Kind::CodeSystem);
    let Some((place, found)) = systems.next() else { return Err(CodesError::Nothing(path.to_owned())) };
    let release = found.fhir_version.as_deref().and_then(|text| text.parse().ok()).unwrap_or(FhirVersion::R4);
    let datum = package.datum(place)?.unwrap_or_default();
    let system = read::terminology::code_system(&datum, release).map_err(|source| Error::Definition {
        package: package.name().to_owned(),
        canonical: found.url.to_string(),
        source,
    })?;
    if head.url.is_empty() {
        head.url.clone_from(&system.url);
    }
    if head.edition.is_empty() {
        head.edition = system.version.clone().unwrap_or_default();
    }
    let mut builder = CompactBuilder::new(head);
    for concept in &system.concepts {
        let is =
            |name: &str, value: &str| concept.properties.iter().any(|(it, text)| it == name && text == value);
        let is_active = !is("inactive", "true") && !is("status", "retired") && !is("status", "inactive");
        builder.concept(&concept.code, is_active).map_err(failed)?;
        // Nesting with another meaning says nothing about "is a".
        let is_kind = matches!(system.hierarchy_meaning.as_deref(), None | Some("is-a"));
        let nested = concept
            .parent
            .filter(|_| is_kind)
            .and_then(|at| system.concepts.get(at))
            .map(|parent| parent.code.as_str());
        let named =
            concept.properties.iter().filter(|(name, _)| name == "parent").map(|(_, code)| code.as_str());
        for parent in nested.into_iter().chain(named) {
            builder.kind_of(&concept.code, parent).map_err(failed)?;
        }
    }
    builder.build().map_err(failed)
}

/// The lines of a file, none of which may be too long.
struct Lines<'p> {
    path: &'p Path,
    reader: BufReader<File>,
    line: usize,
    text: Vec<u8>,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<Option<&str>, CodesError> {
        self.text.clear();
        self.line += 1;
        let read = self.reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut self.text);
        let read =
            read.map_err(|source| CodesError::Io { path: self.path.to_owned(), source: Arc::new(source) })?;
        if read == 0 {
            return Ok(None);
        }
        if read as u64 == MAX_LINE {
            return Err(self.bad("it is too long".to_owned()));
        }
        let end = self.text.trim_ascii_end().len();
        match std::str::from_utf8(&self.text[..end]) {
            Ok(_) => Ok(Some(std::str::from_utf8(&self.text[..end]).unwrap_or_default())),
            Err(_) => Err(self.bad("it is not UTF-8".to_owned())),
        }
    }

    fn bad(&self, reason: String) -> CodesError {
        CodesError::Line { path: self.path.to_owned(), line: self.line, reason }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_release_of_rf2() {
        let temp = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = temp.path().join("Snapshot/Terminology").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert!(matches!(compact(temp.path(), CompactHead::default()), Err(CodesError::Nothing(_))));
        write(
            "sct2_Concept_Snapshot_INT_20250101.txt",
            "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n100\t2025\t1\t9\t9\r\n200\t2025\t1\t9\t9\r\n\
             300\t2025\t0\t9\t9\r\n",
        );
        write(
            "sct2_Relationship_Snapshot_INT_20250101.txt",
            "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tc\tm\n\
             1\t2025\t1\t9\t200\t100\t0\t116680003\t9\t9\n2\t2025\t0\t9\t100\t200\t0\t116680003\t9\t9\n\
             3\t2025\t1\t9\t100\t200\t0\t363698007\t9\t9\n",
        );
        write(
            "der2_Refset_SimpleSnapshot_INT_20250101.txt",
            "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\nx\t2025\t1\t9\t700\t200\n",
        );
        let made = compact(temp.path(), CompactHead::default()).unwrap();
        assert_eq!((made.head().url.as_str(), made.head().edition.as_str()), (SNOMED, "INT_20250101"));
        let find = |code: &str| made.find(code).unwrap();
        assert!(made.is_below(find("200"), find("100")) && !made.is_below(find("100"), find("200")));
        assert_eq!(made.is_member(find("200"), "700"), Some(true));
        assert!(!made.is_active(find("300")));
        write("sct2_Concept_Snapshot_UK_20250101.txt", "id\tx\tactive\nnot a code\t2025\t1\n");
        let error = compact(temp.path(), CompactHead::default()).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("'not a code'"), "{error}");
    }

    #[test]
    fn lists_and_definitions() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("list.csv");
        fs::write(
            &path,
            "Code,Name,Parent,Active\n\"A81001\",\"A, B\",RAE,1\nRAE,\"say \"\"x\"\"\",,false\n",
        )
        .unwrap();
        assert!(matches!(compact(&path, CompactHead::default()), Err(CodesError::System(_))));
        let head = CompactHead { url: "http://example.org/ods".to_owned(), ..CompactHead::default() };
        let made = compact(&path, head.clone()).unwrap();
        let find = |code: &str| made.find(code).unwrap();
        assert!(made.is_below(find("A81001"), find("RAE")) && !made.is_active(find("RAE")));
        fs::write(&path, "A81001,THE PRACTICE\nA81002,ANOTHER\n").unwrap();
        assert_eq!(compact(&path, head).unwrap().len(), 2);
        let path = temp.path().join("system.json");
        let json = r#"{"resourceType":"CodeSystem","url":"http://example.org/c","version":"3","status":"active",
            "content":"complete","concept":[{"code":"1","concept":[{"code":"2"}]}]}"#;
        fs::write(&path, json).unwrap();
        let made = compact(&path, CompactHead::default()).unwrap();
        assert_eq!((made.head().edition.as_str(), made.len()), ("3", 2));
        assert!(made.is_below(made.find("2").unwrap(), made.find("1").unwrap()));
    }
}
