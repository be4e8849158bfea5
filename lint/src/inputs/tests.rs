use std::fs;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::{Found, InputError, Item, Part, Source, each, find, lines};

fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for file in files {
        let (name, text) = file.split_once('=').unwrap_or((file, "{}"));
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}

fn names(at: &TempDir, found: &Found) -> Vec<String> {
    let prefix = format!("{}/", at.path().display());
    found.sources.iter().map(|source| source.name().replace(&prefix, "")).collect()
}

fn found_in(at: &TempDir, path: &str) -> Found {
    find(&[at.path().join(path)], None)
}

#[test]
fn ignore_files_are_heeded_as_git_does_and_counted() {
    let at = folder(&[
        ".gitignore=build/\n*.tmp.json\n",
        ".ersfhirignore=!kept.tmp.json\n",
        "a.json",
        "b.tmp.json",
        "kept.tmp.json",
        "build/c.json",
        "deep/.gitignore=/d.json\n!build/\n",
        "deep/d.json",
        "deep/more/d.json",
        "deep/build/e.json",
        "node_modules/f.json",
        ".hidden/g.json",
        "readme.md",
    ]);
    let found = found_in(&at, "");
    assert_eq!(names(&at, &found), ["a.json", "deep/build/e.json", "deep/more/d.json", "kept.tmp.json"]);
    assert_eq!((found.ignored, found.errors.len()), (3, 0));
    // What is named is checked.
    assert_eq!(names(&at, &found_in(&at, "b.tmp.json")), ["b.tmp.json"]);
}

#[test]
fn ignore_files_above_hold_within_a_repository() {
    let at = folder(&[
        ".git/HEAD=",
        ".git/info/exclude=x.json\n",
        ".gitignore=in/a.json\n",
        "in/a.json",
        "in/b.json",
        "in/x.json",
    ]);
    let found = found_in(&at, "in");
    assert_eq!((names(&at, &found), found.ignored), (vec!["in/b.json".to_owned()], 2));
}

#[test]
fn a_broken_ignore_file_is_said() {
    let at = folder(&[".ersfhirignore=[z-a]\n", "a.json"]);
    let found = found_in(&at, "");
    assert!(matches!(&*found.errors, [InputError::Ignore { path, .. }] if path.ends_with(".ersfhirignore")));
    assert_eq!(names(&at, &found), ["a.json"]);
}

#[test]
fn globs_are_read_where_a_shell_left_them() {
    let at = folder(&[".git/HEAD=", "a/1.json", "a/b/2.json", "a/3.txt", ".gitignore=4.json", "a/4.json"]);
    assert_eq!(names(&at, &found_in(&at, "**/*.json")), ["a/1.json", "a/b/2.json"]);
    assert_eq!(names(&at, &found_in(&at, "a/*")), ["a/1.json"]);
    assert_eq!(names(&at, &found_in(&at, "a/*.txt")), ["a/3.txt"]);
    assert!(matches!(&*found_in(&at, "b/*.json").errors, [InputError::EmptyPattern(_)]));
    assert!(matches!(&*found_in(&at, "a/[.json").errors, [InputError::Pattern(_)]));
}

#[test]
fn what_is_named_twice_is_checked_once() {
    let at = folder(&["a.json", "b.json"]);
    let paths = [at.path().join("b.json"), at.path().to_owned(), at.path().join("./a.json")];
    assert_eq!(names(&at, &find(&paths, None)), ["b.json", "a.json"]);
}

/// What each part is called, and what is said of it.
fn taken(source: &Source) -> Vec<String> {
    let mut all = Vec::new();
    each(source, &mut |item| {
        match item {
            Item::Lines(block) => all.extend(block.parts().map(Item::Part).map(told)),
            other => all.push(told(other)),
        }
        true
    });
    all
}

fn told(item: Item) -> String {
    let last = |name: &str| name.rsplit_once("tmp").map_or(name, |(_, rest)| rest).to_owned();
    let last = |name: &str| last(name).split_once('/').map_or(String::new(), |(_, rest)| rest.to_owned());
    match item {
        Item::Whole(source) => source.name(),
        Item::Part(part) => {
            let bytes = part.bytes.map_or(0, |bytes| bytes.len());
            format!("{} {bytes} {:?}", last(&part.name), part.before)
        }
        Item::Skipped(name, why) => format!("{} {why}", last(&name)),
        Item::Failed(error) => last(&error.to_string()),
        Item::Lines(block) => panic!("taken apart before: {block:?}"),
    }
}

#[test]
fn lines_keep_their_numbers() {
    let mut all = Vec::new();
    let text = "{\"resourceType\":1}\r\n\n  \n {}\n{}";
    let file = lines::Lines { name: "a.ndjson".into(), path: "a.ndjson".into(), is_found: true };
    let read = lines::of(BufReader::new(text.as_bytes()), file, &mut |item| {
        if let Item::Lines(block) = item {
            let told = |part: Part| (part.name, part.before, part.bytes.expect("it is not too large").len());
            all.extend(block.parts().map(told));
        }
        true
    });
    assert!(read.expect("it can be read"));
    assert_eq!(
        all,
        [
            ("a.ndjson, line 1".to_owned(), Some((0, 0)), 18),
            ("a.ndjson, line 4".to_owned(), Some((3, 24)), 3),
            ("a.ndjson, line 5".to_owned(), Some((4, 28)), 2),
        ]
    );
}

fn tar(members: &[(&str, &str, tar::EntryType)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), flate2::Compression::best()));
    for (name, text, kind) in members {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().expect("it is one").name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(text.len() as u64);
        header.set_cksum();
        archive.append(&header, text.as_bytes()).expect("it can be added");
    }
    archive.into_inner().and_then(GzEncoder::finish).expect("it can be written")
}

fn in_file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let at = folder(&[]);
    let path = at.path().join(name);
    fs::write(&path, bytes).expect("it can be written");
    (at, path)
}

#[test]
fn archives_are_read_without_leading_out_of_them() {
    let file = tar::EntryType::Regular;
    let bytes = tar(&[
        ("./a.json", "{}", file),
        ("../b.json", "{}", file),
        ("c.json", "", tar::EntryType::Symlink),
        ("d/e.ndjson", "{\"resourceType\":1}\n{}\n", file),
        ("f.zip", "", file),
        ("g.md", "", file),
        (".index.json", "{}", file),
    ]);
    let (_at, path) = in_file("x.tgz", &bytes);
    assert_eq!(
        taken(&Source::File(path.clone())),
        [
            "x.tgz/a.json 2 None",
            "x.tgz/../b.json: its name leads outside the archive: it is not checked",
            "x.tgz/c.json a link or special file, in an archive",
            "x.tgz/d/e.ndjson, line 1 18 Some((0, 0))",
            "x.tgz/d/e.ndjson, line 2 2 Some((1, 19))",
            "x.tgz/f.zip an archive in an archive",
        ]
    );
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*bytes), &mut plain).expect("it is whole");
    let (_in, unpacked) = in_file("y.tar", &plain);
    assert_eq!(taken(&Source::File(unpacked))[0], "y.tar/a.json 2 None");
    let names = super::names(&Source::File(path.clone()));
    assert_eq!(names, [path.join("a.json"), path.join("d/e.ndjson")]);
    let (_at, path) = in_file("x.tgz", &bytes[..bytes.len() / 2]);
    let last = taken(&Source::File(path)).pop().expect("something is said");
    assert!(last.starts_with("x.tgz: the archive cannot be read: "), "{last}");
}

#[test]
fn zip_archives_are_read_too() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["a.json", "../b.json"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("it can be added");
        archive.write_all(b"{}").expect("it can be written");
    }
    let link = zip::write::SimpleFileOptions::default();
    archive.add_symlink("c.json", "/etc/passwd", link).expect("it can be added");
    let bytes = archive.finish().expect("it can be written").into_inner();
    let (_at, path) = in_file("x.zip", &bytes);
    assert_eq!(
        taken(&Source::File(path)),
        [
            "x.zip/a.json 2 None",
            "x.zip/../b.json: its name leads outside the archive: it is not checked",
            "x.zip/c.json a link or special file, in an archive",
        ]
    );
    let (_at, path) = in_file("x.zip", b"PK");
    assert!(taken(&Source::File(path))[0].starts_with("x.zip: the archive cannot be read: "));
    assert!(matches!(
        taken(&Source::Stdin(Some(Path::new("a.zip").into()))).as_slice(),
        [only] if only.is_empty() || only.contains("name its file")
    ));
}

#[test]
fn a_member_that_is_packed_too_well_is_left_and_the_rest_read() {
    let huge = " ".repeat(30 << 20);
    let file = tar::EntryType::Regular;
    let (_at, path) = in_file("x.tgz", &tar(&[("a.json", &huge, file), ("b.json", "{}", file)]));
    let all = taken(&Source::File(path));
    assert!(all[0].starts_with("x.tgz/a.json: it unpacks to more than 150 times its size"), "{all:?}");
    assert_eq!(all[1..], ["x.tgz/b.json 2 None"]);
}

#[test]
fn an_archive_that_swells_is_left() {
    let huge = "0".repeat(64 << 20);
    let bytes = tar(&[("a.md", &huge, tar::EntryType::Regular)]);
    let mut reader = super::archive::Bounded { left: 1 << 20, inner: flate2::read::GzDecoder::new(&*bytes) };
    let error = std::io::copy(&mut reader, &mut std::io::sink()).expect_err("it is too much");
    assert!(error.to_string().contains("unpack it"), "{error}");
}
