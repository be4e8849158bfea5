//! What is particular to e-RS is in this crate alone: the general crates do not name it.

use std::path::{Path, PathBuf};

/// The crates that serve any FHIR.
const GENERAL: [&str; 6] = ["values", "tree", "profiles", "fhirpath", "report", "validator"];

/// What the project itself is called.
const OURS: [&str; 3] = ["https://ers-fhir.org", "ers-fhir", "ers_fhir"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Whether a line of source names the service or whoever runs it.
fn names_service(line: &str) -> bool {
    let line = OURS.iter().fold(line.to_owned(), |line, name| line.replace(name, ""));
    let lower = line.to_ascii_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_camel = |word: &str| {
        word.strip_prefix("Ers").is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_uppercase()))
    };
    words.any(|word| word == "ers" || word.contains("nhs"))
        || lower
            .match_indices("e-rs")
            .any(|(at, _)| !lower[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric()))
        || line.split(|letter: char| !letter.is_ascii_alphanumeric()).any(is_camel)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the engine reads no file, but its test does")]
fn general_crates_do_not_name_the_service() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut wrong = Vec::new();
    for name in GENERAL {
        let mut files = Vec::new();
        sources(&root.join(name).join("src"), &mut files);
        assert!(!files.is_empty(), "{name} has sources");
        for file in files {
            let text = std::fs::read_to_string(&file).expect("sources are text");
            let lines = text.lines().zip(1..).filter(|(line, _)| names_service(line));
            wrong.extend(lines.map(|(line, number)| format!("{}:{number}: {line}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn its_names_are_recognised() {
    for line in
        ["use super::ers;", "/// A list of e-RS.", "under_ers", "eRS-Priority-1", "ErsList", "fhir.NHS.uk"]
    {
        assert!(names_service(line), "{line}");
    }
    for line in ["parameters", "use ers_fhir_tree::Node;", "https://ers-fhir.org/R4", "some-rss", "Errors"] {
        assert!(!names_service(line), "{line}");
    }
}
