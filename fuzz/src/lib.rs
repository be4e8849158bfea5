//! What must hold for any bytes, as one function for each part of the toolkit, which panics if it does not.
//!
//! `cargo fuzz` runs them with coverage (`fuzz_targets/`), [`drive`] without, on any compiler.

#![expect(clippy::missing_panics_doc, reason = "to panic is how a target says that something does not hold")]

mod drive;
mod leak;
mod mutate;
mod watch;

use std::sync::LazyLock;

use ers_fhir_codegen::Config;
use ers_fhir_fhirpath::Expression;
use ers_fhir_model::runtime::Json;
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_tree::{Document, LineIndex, Node, Syntax};
use ers_fhir_validator::{Options, Severity, Validator};

pub use drive::{Outcome, TARGETS, Target, drive};
pub use leak::{MARKERS, leaks, validate};

/// Validators of both releases, with what e-RS adds.
pub static VALIDATORS: LazyLock<[Validator; 2]> = LazyLock::new(|| {
    [FhirVersion::Stu3, FhirVersion::R4].map(|v| Validator::new(ers_fhir_ers::definitions(v)))
});

/// All positions that are read lie within the payload.
pub fn read(data: &[u8]) {
    match Document::parse(data) {
        Ok(document) => {
            let lines = LineIndex::new(document.source());
            for node in document.nodes() {
                assert!(
                    node.span().end <= data.len() && node.key_span().end <= data.len(),
                    "a span leads out"
                );
                assert!(lines.position(node.span().start).line >= 1);
            }
            assert!(document.faults().iter().all(|fault| fault.span.end <= data.len()), "a fault leads out");
        }
        Err(refused) => assert!(refused.span.end <= data.len(), "the fault leads out"),
    }
}

/// The evaluation of a condition ends, whatever it says.
pub fn fhirpath(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if Expression::parse(text).is_err() {
        return;
    }
    let profile =
        PROFILE.replace("true", &text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    let Ok(package) = Package::from_resource("a.json", profile.as_bytes()) else { return };
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(package);
    let options = Options { profiles: vec!["http://example.org/p".to_owned()], ..Options::default() };
    Validator::new(definitions).check(PATIENT.as_bytes(), &options);
}

/// A profile whose one condition is put in for `true`.
const PROFILE: &str = r#"{"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P",
    "status":"draft","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[{"id":"Patient",
    "path":"Patient","constraint":[{"key":"p-1","severity":"error","human":"x","expression":"true"}]}]}}"#;

const PATIENT: &str = include_str!("../corpus/payload/patient.json");

/// A definition file of any content can be opened.
pub fn package(data: &[u8]) {
    for name in ["a.json", "a.xml"] {
        if let Ok(package) = Package::from_resource(name, data) {
            assert!(package.heads().count() <= package.len());
        }
    }
    let _ = Package::from_archive("a.tgz", data);
}

/// A snapshot is made, or an error says why not.
pub fn snapshot(data: &[u8]) {
    let Some((definitions, urls)) = defined(data) else { return };
    for url in urls {
        if let Ok(Some(json)) = definitions.snapshot_json(&url) {
            assert!(Document::parse(json.as_bytes()).is_ok(), "the snapshot cannot be read");
        }
    }
}

/// Types and schemas are made from a profile, or an error says why not.
pub fn codegen(data: &[u8]) {
    if defined(data).is_none() {
        return;
    }
    let Ok(package) = Package::from_resource("a.json", data) else { return };
    let _ = Config::new(FhirVersion::R4).package(package).all_profiles().generate_file();
}

/// The definitions of a file on top of those of R4, and the URLs of its structures.
fn defined(data: &[u8]) -> Option<(Definitions, Vec<String>)> {
    let package = Package::from_resource("a.json", data).ok()?;
    let structures = package.heads().filter(|head| head.kind == Kind::Structure);
    let urls: Vec<String> = structures.map(|head| head.url.to_string()).collect();
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(package);
    (!urls.is_empty()).then_some((definitions, urls))
}

/// What the model reads, it can write and read again as the same.
pub fn model(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(resource) = ers_fhir_model::stu3::Resource::from_json(text) {
        let written = resource.to_json();
        match ers_fhir_model::stu3::Resource::from_json(&written) {
            Ok(again) => assert!(again == resource, "the model reads something other than it wrote"),
            Err(error) => panic!("the model cannot read what it wrote: {:?}", error.fault()),
        }
    }
}

/// A payload that is converted and converted back is the same.
pub fn convert(data: &[u8]) {
    let Ok(document) = Document::parse(data) else { return };
    for validator in &*VALIDATORS {
        // Content that FHIR does not know may come back in another form: an attribute as an element.
        let report = validator.check_document(&document, &Options::default());
        let is_known = report.all().all(|found| found.rule.severity < Severity::Error);
        let Some(xml) = validator.convert(&document, Syntax::Xml).ok().filter(|_| is_known) else { continue };
        let as_xml =
            Document::parse(xml.as_bytes()).unwrap_or_else(|_| panic!("what was written cannot be read"));
        if let Ok(json) = validator.convert(&as_xml, Syntax::Json) {
            let back = Document::parse(json.as_bytes())
                .unwrap_or_else(|_| panic!("what was written cannot be read"));
            let Ok(again) = validator.convert(&back, Syntax::Xml) else {
                panic!("the result is no longer XML")
            };
            assert!(again == xml, "a value is lost on the way");
        }
    }
}

/// The values below a node, for tests.
pub fn values(node: Node<'_>) -> Vec<String> {
    node.children()
        .flat_map(|child| child.value().map(str::to_owned).into_iter().chain(values(child)))
        .collect()
}
