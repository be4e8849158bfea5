//! A site as people read it, in a browser: its HTML validates, axe finds nothing in any kind of page, and a new user
//! finds what they want.
//!
//! `tests/fetch-consumers` fetches what is needed; tests without it are ignored.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use ers_fhir_corpora::{Suite, program, tests, workspace};
use ers_fhir_docs::{Release, Sources, Theme, publish, site};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::package::extra::extras;
use serde_json::Value;

fn consumer(name: &str) -> PathBuf {
    let folder = std::env::var_os("ERS_FHIR_CONSUMERS");
    folder.map_or_else(|| workspace(".cache/consumers"), PathBuf::from).join(name)
}

fn main() -> ExitCode {
    let needed = [
        consumer("node_modules/axe-core"),
        consumer("node_modules/html-validate"),
        program("node"),
        program("chromium"),
    ];
    Suite::new()
        .reading(&needed, tests![a_new_user_reads_the_site_of_the_service, the_site_of_a_package_can_be_read])
        .run()
}

/// Reads the site of these sources, and says what was wrong with it.
fn read(name: &str, sources: &Sources) -> Value {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let theme = Theme::new().expect("our theme");
    publish(&folder, theme.files(&site(sources)), true).expect("a folder for the site");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reader.cjs");
    let mut node = Command::new(program("node"));
    node.arg(script).arg(consumer("")).arg(&folder).env("CHROMIUM", program("chromium"));
    let run = node.output().expect("node starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

/// Wants nothing wrong.
fn is_readable(found: &Value) {
    for what in ["faults", "violations", "failed", "elsewhere"] {
        assert_eq!(found[what].as_array().map(Vec::len), Some(0), "{what}: {found:#}");
    }
}

fn a_new_user_reads_the_site_of_the_service() {
    let release = |version| Release::new(|| ers_fhir_ers::definitions(version));
    let found = read(
        "site-of-service",
        &Sources {
            title: "e-RS".to_owned(),
            releases: vec![release(FhirVersion::Stu3), release(FhirVersion::R4)],
            packages: vec!["ers-fhir.ers.stu3".to_owned(), "ers-fhir.ers.r4".to_owned()],
            extras: Vec::new(),
            has_service: true,
            base_url: None,
        },
    );
    is_readable(&found);
    assert!(found["examined"].as_u64().is_some_and(|pages| pages >= 20), "{found}");
}

fn the_site_of_a_package_can_be_read() {
    let clinic = workspace("examples/clinic");
    let package = Package::open(&clinic).expect("a package");
    let release = Release::new(|| {
        let mut definitions = ers_fhir_ers::definitions(FhirVersion::R4);
        definitions.add(package.clone());
        definitions
    });
    let extras = extras(&clinic).expect("what else is in it");
    let found = read(
        "site-of-package",
        &Sources {
            title: "Clinic".to_owned(),
            releases: vec![release],
            packages: vec![package.name().to_owned()],
            extras: extras.into_iter().map(|extra| (FhirVersion::R4, extra)).collect(),
            has_service: false,
            base_url: Some("https://docs.example.org".to_owned()),
        },
    );
    is_readable(&found);
}
