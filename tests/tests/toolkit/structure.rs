//! Rules about the sources themselves: the size of files, the circles in which they import each other, and
//! that no test hides in a target that does not run it.

use std::path::{Path, PathBuf};
use std::process::Command;

use ers_fhir_corpora::workspace;

use crate::imports::{self, File};

/// The most lines that a file may have.
const MOST_LINES: usize = 500;
/// How many files of a crate may import each other in a circle. An import goes to the file that the path names:
/// `crate::Name` to `lib.rs`, whose re-exports are imports of its own.
const LARGEST_CIRCLE: usize = 3;

pub(crate) fn no_written_file_is_too_long() {
    let files = sources(&workspace(""));
    assert!(files.len() > 300, "{} files", files.len());
    let long: Vec<String> = files
        .iter()
        .filter(|(_, text)| text.lines().count() > MOST_LINES)
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "more than {MOST_LINES} lines, and not generated: {long:#?}");
}

pub(crate) fn circles_of_imports_are_small() {
    let mut wrong = Vec::new();
    for member in members().iter().filter(|member| workspace(member).join("src").is_dir()) {
        let folder = workspace(member).join("src");
        let files: Vec<File> = sources(&folder)
            .into_iter()
            .map(|(path, text)| File::new(path.strip_prefix(&folder).unwrap_or(&path), &text))
            .collect();
        let largest = imports::circles(&files).into_iter().max_by_key(Vec::len).unwrap_or_default();
        if largest.len() > LARGEST_CIRCLE {
            wrong.push(format!("{member}, {} files: {largest:#?}", largest.len()));
        }
    }
    assert!(wrong.is_empty(), "files that import each other in a circle:\n{}", wrong.join("\n"));
}

/// Libtest collects `#[test]`; without it, the attribute removes the function.
pub(crate) fn targets_without_libtest_have_no_test_attributes() {
    let mut targets = 0;
    for member in members() {
        let manifest = std::fs::read_to_string(workspace(&member).join("Cargo.toml")).expect("it is there");
        for target in manifest.split("\n[[test]]").skip(1) {
            let name = target.split('"').nth(1).expect("a target has a name");
            assert!(target.contains("harness = false"), "{member}: {name}");
            targets += 1;
            let tests = workspace(&member).join("tests");
            let files = if tests.join(name).is_dir() {
                sources(&tests.join(name))
            } else {
                let path = tests.join(format!("{name}.rs"));
                vec![(path.clone(), std::fs::read_to_string(path).expect("the target has a file"))]
            };
            for (path, text) in files {
                let is_marked = text.lines().any(|line| line.trim_start().starts_with("#[test]"));
                assert!(!is_marked, "{}: list it in a Suite instead", path.display());
            }
        }
    }
    assert!(targets >= 9, "{targets} targets without libtest");
}

/// A test whose package is absent is ignored, which its line shows, and counts as neither passed nor failed.
pub(crate) fn a_test_without_its_package_is_ignored() {
    let this = std::env::current_exe().expect("a test has a path");
    let run = Command::new(this).arg("examples::r4").env("ERS_FHIR_PACKAGES", "/nonexistent").output();
    let run = run.expect("the test runs");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}");
    let line = "[absent: /nonexistent/hl7.fhir.r4.examples-4.0.1.tgz] examples::r4_examples ... ignored";
    assert!(told.contains(line), "{told}");
    assert!(told.contains("0 passed; 0 failed; 1 ignored"), "{told}");
}

/// The folders of the crates of the workspace.
pub(crate) fn members() -> Vec<String> {
    let manifest = std::fs::read_to_string(workspace("Cargo.toml")).expect("the workspace has a manifest");
    let line = manifest.lines().find(|line| line.starts_with("members")).expect("the workspace has members");
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The Rust files below a folder that people wrote, with their texts.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("folders can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !name.ends_with(".snap.rs") {
            let text = std::fs::read_to_string(&path).expect("sources are text");
            if !text.starts_with("// @generated") {
                found.push((path, text));
            }
        }
    }
    found
}
