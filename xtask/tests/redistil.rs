//! The core packages are what the distiller makes of the published ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ers_fhir_profiles::FhirVersion;

use ers_fhir_profiles::package::Package;
use ers_fhir_xtask::distil::distil;

/// The folder of fetched packages; `None`, saying so, where there is none.
fn published(archive: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ERS_FHIR_PACKAGES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/packages"), PathBuf::from);
    let path = folder.join(archive);
    if path.is_file() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
    {
        eprintln!("skipped: no {}; set ERS_FHIR_PACKAGES to a folder that has it", path.display());
    }
    None
}

fn check(version: FhirVersion, name: &str, archive: &str) {
    let Some(path) = published(archive) else { return };
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../profiles/packages").join(name).join("package");
    let committed: BTreeMap<String, String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    let manifest: serde_json::Value = serde_json::from_str(&committed["package.json"]).unwrap();
    let sha256 = manifest["distilledFrom"]["sha256"].as_str().unwrap();

    let package = Package::open(&path).unwrap();
    assert_eq!(package.problems(), []);
    let made = distil(&package, version, name, sha256).unwrap();
    let differing: Vec<_> =
        made.keys().chain(committed.keys()).filter(|file| made.get(*file) != committed.get(*file)).collect();
    assert!(differing.is_empty(), "run `cargo xtask distil`: {differing:?}");
}

#[test]
fn stu3_is_up_to_date() {
    check(FhirVersion::Stu3, "ers-fhir.core.stu3", "hl7.fhir.r3.examples-3.0.2.tgz");
}

#[test]
fn r4_is_up_to_date() {
    check(FhirVersion::R4, "ers-fhir.core.r4", "hl7.fhir.r4.examples-4.0.1.tgz");
}
