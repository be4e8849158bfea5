//! Every rule's bad example breaks it, and nothing is wrong with its good one.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use ers_fhir_ers::rule::{self, Example};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Package;
use ers_fhir_validator::{Report, Validator};
use rayon::prelude::*;

pub(crate) fn examples_of_every_rule() {
    let plain = [FhirVersion::Stu3, FhirVersion::R4].map(|v| Validator::new(ers_fhir_ers::definitions(v)));
    let rules: Vec<_> = rule::all().collect();
    let wrong: String = rules
        .par_iter()
        .map(|rule| {
            let mut wrong = String::new();
            let bad = check(&rule.bad, &plain);
            // No payload is known that brings the tool down; one that did would be fixed.
            let has_example = rule.code != "internal-fault";
            if has_example && bad.all().all(|d| d.rule.code != rule.code) {
                writeln!(wrong, "{}: the bad example does not break it: {}", rule.code, list(&bad))
                    .expect("memory");
            }
            let good = check(&rule.good, &plain);
            if !good.is_valid() || good.all().any(|d| d.rule.code == rule.code) {
                writeln!(wrong, "{}: the good example is not good: {}", rule.code, list(&good))
                    .expect("memory");
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong}");
}

pub(crate) fn codes_are_unique_and_in_kebab_case() {
    let codes: Vec<&str> = rule::all().map(|rule| rule.code).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "{codes:?}");
    for code in codes {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        assert!(code.split('-').all(is_word), "{code}");
        assert_eq!(rule::find(code).map(|rule| rule.code), Some(code));
    }
}

/// A rule that is declared but not listed would be reported under a code that nothing explains.
pub(crate) fn every_declared_rule_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut declared = 0;
    for folder in ["validator/src", "ers/src"] {
        for file in sources(&root.join(folder)) {
            let source = fs::read_to_string(&file).expect("a source file");
            for (_, rest) in source.match_indices(": Rule =").map(|(at, _)| source.split_at(at)) {
                let code = rest.split('"').nth(1).unwrap_or_default();
                assert!(rule::find(code).is_some(), "{}: '{code}' is in no list", file.display());
                declared += 1;
            }
        }
    }
    assert_eq!(declared, rule::all().count());
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .chain(folders.iter().flat_map(|folder| sources(folder)))
        .collect()
}

fn check(example: &Example, plain: &[Validator; 2]) -> Report {
    let options = rule::options(example);
    let payload = example.payload.bytes();
    if example.definitions.is_empty() {
        let ready = plain.iter().find(|validator| validator.version() == example.version);
        return ready.expect("both releases are ready").check(&payload, &options);
    }
    let mut definitions = ers_fhir_ers::definitions(example.version);
    for (number, definition) in example.definitions.iter().enumerate() {
        let package = Package::from_resource(&format!("{number}.json"), definition.as_bytes());
        definitions.add(package.expect("definitions of examples can be read"));
    }
    Validator::new(definitions).check(&payload, &options)
}

fn list(report: &Report) -> String {
    let lines: Vec<_> = report
        .all()
        .map(|d| format!("{} {} at {}: {}", d.severity, d.rule.code, d.location, d.message.revealed()))
        .collect();
    if lines.is_empty() { "nothing is found".to_owned() } else { lines.join("; ") }
}
