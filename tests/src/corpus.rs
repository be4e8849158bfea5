//! The example instances of HL7's packages, read from the archives into memory.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use ers_fhir_profiles::FhirVersion;
use flate2::read::GzDecoder;

/// Resources that define or describe, rather than record: they are not examples of use.
const CONFORMANCE: [&str; 16] = [
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "DataElement",
    "ExpansionProfile",
    "GraphDefinition",
    "ImplementationGuide",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "SearchParameter",
    "StructureDefinition",
    "StructureMap",
    "TerminologyCapabilities",
    "ValueSet",
];

/// One example instance.
#[derive(Debug)]
pub struct Instance {
    /// Name of its file: `Patient-example.json`.
    pub file: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// HL7's package with the examples of a release.
pub fn archive(version: FhirVersion) -> PathBuf {
    ers_fhir_corpora::package(match version {
        FhirVersion::Stu3 => "hl7.fhir.r3.examples-3.0.2.tgz",
        FhirVersion::R4 => "hl7.fhir.r4.examples-4.0.1.tgz",
    })
}

/// Every example instance of HL7's package of a release, in order of file name.
///
/// # Panics
///
/// Where the archive is absent or damaged.
pub fn examples(version: FhirVersion) -> Vec<Instance> {
    let file = File::open(archive(version)).expect("the package is there");
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut examples = Vec::new();
    for entry in archive.entries().expect("HL7's packages are archives") {
        let mut entry = entry.expect("HL7's packages are whole");
        let path = entry.path().expect("names are text").to_string_lossy().into_owned();
        let Some(name) = path.strip_prefix("package/").filter(|name| is_example(name)) else { continue };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("HL7's packages are whole");
        examples.push(Instance { file: name.to_owned(), bytes });
    }
    examples.sort_by(|a, b| a.file.cmp(&b.file));
    examples
}

/// Whether a file of a package is an example: files are named `<resource type>-<id>.json`.
fn is_example(name: &str) -> bool {
    let Some((resource_type, rest)) = name.split_once('-') else { return false };
    let is_type = resource_type.starts_with(|c: char| c.is_ascii_uppercase());
    is_type
        && rest.strip_suffix(".json").is_some()
        && !name.contains('/')
        && !CONFORMANCE.contains(&resource_type)
}
