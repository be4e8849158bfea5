//! The core packages are what the distiller makes from the published ones.

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use ers_fhir_corpora::{Suite, package, tests, workspace};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Package;
use ers_fhir_xtask::distil::distil;

const STU3: &str = "hl7.fhir.r3.examples-3.0.2.tgz";
const R4: &str = "hl7.fhir.r4.examples-4.0.1.tgz";

fn main() -> ExitCode {
    Suite::new()
        .reading([&package(STU3)], tests![stu3_is_up_to_date])
        .reading([&package(R4)], tests![r4_is_up_to_date])
        .run()
}

fn check(version: FhirVersion, name: &str, archive: &str) {
    let folder = workspace("profiles/packages").join(name).join("package");
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

    let package = Package::open(&package(archive)).unwrap();
    assert_eq!(package.problems(), []);
    let made = distil(&package, version, name, sha256).unwrap();
    let differing: Vec<_> =
        made.keys().chain(committed.keys()).filter(|file| made.get(*file) != committed.get(*file)).collect();
    assert!(differing.is_empty(), "run `cargo xtask distil`: {differing:?}");
}

fn stu3_is_up_to_date() {
    check(FhirVersion::Stu3, "ers-fhir.core.stu3", STU3);
}

fn r4_is_up_to_date() {
    check(FhirVersion::R4, "ers-fhir.core.r4", R4);
}
