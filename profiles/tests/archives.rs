//! Packages as archives: what is read, and what is refused.

use std::io::Write;

use ers_fhir_profiles::Error;
use ers_fhir_profiles::package::{Kind, Package};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

const VALUE_SET: &str = r#"{"resourceType":"ValueSet","url":"http://example.org/v","version":"1.0.0"}"#;

struct Archive(Builder<GzEncoder<Vec<u8>>>);

impl Archive {
    fn new() -> Self {
        Self(Builder::new(GzEncoder::new(Vec::new(), Compression::fast())))
    }

    /// Adds an entry, whatever its path: the builder would refuse the ones these tests are about.
    fn entry(mut self, path: &str, kind: EntryType, content: &[u8]) -> Self {
        let mut header = Header::new_old();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.0.append(&header, content).unwrap();
        self
    }

    fn file(self, path: &str, content: &str) -> Self {
        self.entry(path, EntryType::Regular, content.as_bytes())
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap().finish().unwrap()
    }

    fn open(self) -> Result<Package, Error> {
        Package::from_archive("test.tgz", self.bytes().as_slice())
    }
}

fn refusal(archive: Archive) -> String {
    match archive.open() {
        Err(error @ Error::Archive { .. }) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_long_name_comes_before_its_file_whatever_the_format_of_its_header() {
    let name = format!("package/ValueSet-{}.json", "v".repeat(120));
    let package = Archive::new()
        .file("package/package.json", r#"{"name":"a.b","version":"1.2.3"}"#)
        .entry("././@LongLink", EntryType::GNULongName, format!("{name}\0").as_bytes())
        .file(&name[..100], VALUE_SET)
        .file("package/ValueSet-e.json", &VALUE_SET.replace("/v", "/e"))
        .open()
        .unwrap();
    assert!(package.problems().is_empty(), "{:?}", package.problems());
    let mut urls: Vec<&str> = package.heads().map(|head| &*head.url).collect();
    urls.sort_unstable();
    assert_eq!(urls, ["http://example.org/e", "http://example.org/v"]);
    let outside = Archive::new()
        .entry("././@LongLink", EntryType::GNULongName, b"../../evil.json\0")
        .file("package/ValueSet-v.json", VALUE_SET);
    assert!(refusal(outside).contains("points outside"));
}

#[test]
fn definitions_are_taken_from_the_top_folder() {
    let package = Archive::new()
        .entry("package/", EntryType::Directory, b"")
        .file("package/package.json", r#"{"name":"a.b","version":"1.2.3","fhirVersions":["4.0.1"]}"#)
        .file("package/ValueSet-v.json", VALUE_SET)
        .file("package/._ValueSet-v.json", "not JSON, but a trace of macOS")
        .file("package/example/ValueSet-e.json", &VALUE_SET.replace("/v", "/e"))
        .file("package/Patient-p.json", r#"{"resourceType":"Patient"}"#)
        .open()
        .unwrap();
    assert_eq!((package.name(), package.len()), ("a.b", 1));
    assert_eq!(package.manifest().fhir_versions, ["4.0.1"]);
    assert_eq!(package.find(Kind::ValueSet, "http://example.org/v").collect::<Vec<_>>(), [0]);
    assert_eq!(package.problems(), []);
}

#[test]
fn a_broken_resource_is_a_problem_and_the_others_load() {
    let package = Archive::new()
        .file("package/a.json", r#"{"resourceType":"ValueSet","url":"#)
        .file("package/b.json", VALUE_SET)
        .file("package/package.json", "[")
        .open()
        .unwrap();
    assert_eq!((package.name(), package.len()), ("test.tgz", 1));
    let files: Vec<_> = package.problems().iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, ["a.json", "package.json"]);
}

#[test]
fn paths_that_leave_the_archive_are_refused() {
    for path in ["../a.json", "package/../../a.json", "/a.json", "C:\\a.json", "package\\..\\a.json"] {
        let message = refusal(Archive::new().file(path, VALUE_SET));
        assert!(message.contains("points outside"), "{path}: {message}");
    }
}

#[test]
fn links_and_devices_are_refused() {
    for (kind, word) in [
        (EntryType::Symlink, "a link"),
        (EntryType::Link, "a link"),
        (EntryType::Char, "a device"),
        (EntryType::Fifo, "a device"),
        (EntryType::Continuous, "unusual"),
    ] {
        let message = refusal(Archive::new().entry("package/a.json", kind, b""));
        assert!(message.contains(word), "{kind:?}: {message}");
    }
}

#[test]
fn bombs_are_refused_before_they_fill_the_memory() {
    // A file that claims more than it may have, and names as long as a file.
    let mut header = Header::new_gnu();
    header.set_path("package/a.json").unwrap();
    header.set_size(1 << 40);
    header.set_cksum();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(header.as_bytes()).unwrap();
    let error = Package::from_archive("test.tgz", encoder.finish().unwrap().as_slice()).unwrap_err();
    assert!(error.to_string().contains("exceeds"), "{error}");

    let long = vec![b'a'; 8 << 20];
    let mut header = Header::new_gnu();
    header.set_path("././@LongLink").unwrap();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(long.len() as u64);
    header.set_cksum();
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    builder.append(&header, long.as_slice()).unwrap();
    let message = refusal(Archive(builder));
    assert!(message.contains("headers are too large"), "{message}");
}

#[test]
fn damaged_archives_are_refused() {
    let mut whole = Archive::new().file("package/b.json", &VALUE_SET.repeat(1000)).bytes();
    whole.truncate(whole.len() / 2);
    for bytes in [whole.as_slice(), b"not an archive", b""] {
        let result = Package::from_archive("test.tgz", bytes);
        assert!(matches!(result, Err(Error::Archive { .. })), "{result:?}");
    }
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn unzipped(bytes: &[u8]) -> Result<Package, Error> {
    Package::from_zip("test.zip", std::io::Cursor::new(bytes))
}

#[test]
fn a_zip_archive_holds_a_package_or_a_project() {
    let manifest = r#"{"name":"a.b","version":"1.0.0"}"#;
    let xml = r#"<CodeSystem xmlns="http://hl7.org/fhir"><url value="http://example.org/c"/></CodeSystem>"#;
    let project = zipped(&[
        ("repository-main/package.json", manifest),
        ("repository-main/input/v.json", VALUE_SET),
        ("repository-main/input/c.xml", xml),
        ("repository-main/.github/v.json", VALUE_SET),
        ("repository-main/node_modules/x/package.json", "{}"),
    ]);
    let package = unzipped(&project).unwrap();
    assert_eq!((package.name(), package.len(), package.problems()), ("a.b", 2, &[][..]));
    let unpacked = zipped(&[
        ("package/package.json", manifest),
        ("package/ValueSet-v.json", VALUE_SET),
        ("package/example/v.json", VALUE_SET),
    ]);
    assert_eq!(unzipped(&unpacked).unwrap().len(), 1);
    for (bytes, said) in [
        (zipped(&[("../v.json", VALUE_SET)]), "outside the archive"),
        (zipped(&[("/v.json", VALUE_SET)]), "outside the archive"),
        (b"PK\x03\x04".to_vec(), "damaged"),
        (project[..project.len() / 2].to_vec(), "damaged"),
    ] {
        let error = unzipped(&bytes).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn what_an_index_finds_is_what_the_archive_holds() {
    let naming =
        r#"{"resourceType":"NamingSystem","name":"N","uniqueId":[{"value":"1.2"},{"value":"urn:x"}]}"#;
    let archive = || {
        Archive::new()
            .file(
                "package/package.json",
                r#"{"name":"a.b","version":"1.0.0","dependencies":{"a.c":"1.0.x"}}"#,
            )
            .file("package/v.json", VALUE_SET)
            .file("package/n.json", naming)
            .file("package/broken.json", "{\"resourceType\":\"ValueSet\"")
            .file("package/map.json", r#"{"resourceType":"ConceptMap"}"#)
    };
    let package = archive().open().unwrap();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("index");
    std::fs::create_dir_all(&folder).unwrap();
    let text = folder.join("text");
    std::fs::write(&text, package.text()).unwrap();
    let index = package.to_index().unwrap();
    let indexed = Package::from_index(&index, &text).unwrap();
    assert_eq!(indexed.manifest(), package.manifest());
    assert_eq!(indexed.problems(), package.problems());
    assert_eq!(indexed.others(), 1);
    assert!(indexed.heads().eq(package.heads()));
    for (kind, key) in [(Kind::ValueSet, "http://example.org/v"), (Kind::NamingSystem, "urn:x")] {
        let place = indexed.find(kind, key).next().unwrap();
        assert_eq!(indexed.datum(place).unwrap(), package.datum(place).unwrap());
    }
    // Whatever is damaged is not used.
    for at in 0..index.len() {
        let mut damaged = index.clone();
        damaged[at] ^= 1;
        assert!(Package::from_index(&damaged, &text).is_none(), "byte {at}");
        assert!(Package::from_index(&index[..at], &text).is_none(), "{at} bytes");
    }
    std::fs::write(&text, &package.text()[1..]).unwrap();
    assert!(Package::from_index(&index, &text).is_none(), "the text is another");
}
