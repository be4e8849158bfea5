//! The map says which crate may depend on which; the manifests must agree.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_corpora::workspace;

use crate::structure::members;

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Folders whose crates may depend on anything.
const FREE: [&str; 4] = ["tests", "tests/corpora", "xtask", "fuzz"];

pub(crate) fn crates_depend_on_what_the_map_says() {
    let read =
        |path: &str| std::fs::read_to_string(workspace(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let drawn = drawn(&read("ARCHITECTURE.md"));
    assert!(drawn.len() >= 10, "the map has arrows: {drawn:?}");
    for (folder, expected) in &drawn {
        let found = dependencies(&read(&format!("{folder}/Cargo.toml")));
        assert_eq!(&found, expected, "what {folder} depends on, beside the arrows of ARCHITECTURE.md");
    }
    for folder in members().iter().filter(|folder| !FREE.contains(&&***folder)) {
        assert!(drawn.contains_key(folder), "{folder} is not on the map");
    }
}

/// The arrows of the map: entries `a, b -> c, d` in its fenced block, with wide gaps between them.
fn drawn(map: &str) -> Arrows {
    let block = map.split("```").nth(1).expect("the map draws its arrows in a fenced block");
    let mut arrows = Arrows::new();
    for entry in block.lines().flat_map(|line| line.split("   ")) {
        let Some((from, to)) = entry.split_once(" -> ") else { continue };
        let names = |text: &str| -> BTreeSet<String> {
            text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.contains(' ')).collect()
        };
        for folder in names(from).into_iter().filter(|folder| !FREE.contains(&&**folder)) {
            arrows.entry(folder).or_default().extend(names(to));
        }
    }
    arrows
}

/// The folders of our crates that a manifest depends on, tests and build scripts left out.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let own = manifest.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap_or_default();
    let names = own.lines().filter_map(|line| line.strip_prefix("ers-fhir-"));
    names.map(|rest| rest.split(['.', ' ']).next().unwrap_or_default().to_owned()).collect()
}
