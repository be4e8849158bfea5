//! The checked-in model is what the generator makes of the definitions today.

use std::path::{Path, PathBuf};

use ers_fhir_codegen::{Config, GeneratedFile, Outcome};
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};

/// Resource types that e-RS sends or takes.
const STU3: [&str; 20] = [
    "Appointment",
    "Binary",
    "Bundle",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "DocumentReference",
    "HealthcareService",
    "List",
    "OperationOutcome",
    "Organization",
    "Parameters",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "ReferralRequest",
    "Schedule",
    "Slot",
    "Task",
    "ValueSet",
];

const R4: [&str; 9] = [
    "Bundle",
    "HealthcareService",
    "OperationOutcome",
    "Organization",
    "Parameters",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "ServiceRequest",
];

/// Turns comparing into writing.
const BLESS: &str = "ERS_FHIR_BLESS";

/// The profiles of e-RS, on base types that are there already.
fn profiles(version: FhirVersion, types: &[&str], base: &str) -> Config {
    let package = match version {
        FhirVersion::Stu3 => "ers-fhir.ers.stu3",
        FhirVersion::R4 => "ers-fhir.ers.r4",
    };
    let mut definitions = Definitions::embedded(version);
    assert!(definitions.add_embedded(package));
    let known = definitions.known(Kind::Structure);
    let ours = known.iter().filter(|known| known.package == package && known.is_constraint);
    let config = Config::new(version).embedded(package).resources(types.iter().copied());
    // The first known issue that the service documents for A016 and its like.
    let config = match version {
        FhirVersion::Stu3 => config.single("Appointment.participant.type"),
        FhirVersion::R4 => config,
    };
    config.profiles(ours.map(|known| known.url)).strip_prefix("Ers").model_path("crate").base_path(base)
}

fn resources(version: FhirVersion, types: &[&str]) -> Config {
    Config::new(version).resources(types.iter().copied())
}

/// Holds a module of the model against what is generated, with the names that its types had before.
fn check(folder: &str, config: Config) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = here.join("names").join(format!("{}.txt", folder.replace('/', "-")));
    let known = std::fs::read_to_string(&names).unwrap_or_default();
    let config = config
        .model_path("crate")
        .names(known.as_str())
        .command(format!("{BLESS}=1 cargo test -p ers-fhir-codegen --test model"));
    let outcome: Outcome = config.run().unwrap_or_else(|error| panic!("{error}"));
    assert!(outcome.skipped().is_empty(), "{:?}", outcome.skipped());
    if std::env::var_os(BLESS).is_some() {
        std::fs::create_dir_all(here.join("names")).unwrap();
        std::fs::write(&names, outcome.names()).unwrap();
    } else {
        assert!(
            known == outcome.names(),
            "{} is stale: run {BLESS}=1 cargo test -p ers-fhir-codegen --test model",
            names.display()
        );
    }
    let files: Vec<GeneratedFile> = outcome.modules().unwrap_or_else(|error| panic!("{error}"));
    let files = files.as_slice();
    let folder = here.join("../model/src").join(folder);
    if std::env::var_os(BLESS).is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for file in files {
            std::fs::write(folder.join(&file.name), &file.content).unwrap();
        }
    }
    let stale: Vec<PathBuf> = files
        .iter()
        .map(|file| (folder.join(&file.name), &file.content))
        .filter(|(path, content)| std::fs::read_to_string(path).ok().as_ref() != Some(*content))
        .map(|(path, _)| path)
        .collect();
    assert!(stale.is_empty(), "stale: {stale:?}; run {BLESS}=1 cargo test -p ers-fhir-codegen --test model");
    let present = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(present, files.len(), "{} holds files that are not generated", folder.display());
}

#[test]
fn stu3_is_fresh() {
    check("stu3", resources(FhirVersion::Stu3, &STU3));
}

#[test]
fn r4_is_fresh() {
    check("r4", resources(FhirVersion::R4, &R4));
}

#[test]
fn stu3_profiles_are_fresh() {
    check("ers/stu3", profiles(FhirVersion::Stu3, &STU3, "crate::stu3"));
}

#[test]
fn r4_profiles_are_fresh() {
    check("ers/r4", profiles(FhirVersion::R4, &R4, "crate::r4"));
}

#[test]
fn all_of_stu3_is_fresh() {
    check("full/stu3", Config::new(FhirVersion::Stu3).all_resources());
}

#[test]
fn all_of_r4_is_fresh() {
    check("full/r4", Config::new(FhirVersion::R4).all_resources());
}
