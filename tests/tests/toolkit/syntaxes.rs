//! A payload gives the same findings as JSON and as XML.

use std::collections::BTreeMap;

use ers_fhir_corpora::shared;
use ers_fhir_ers::Ers;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::Instance;
use ers_fhir_validator::tree::{Document, Syntax};
use ers_fhir_validator::{Options, Report, Validator};
use rayon::prelude::*;

pub(crate) fn stu3_examples() {
    same(FhirVersion::Stu3, &ers_fhir_tests::examples(FhirVersion::Stu3));
}

pub(crate) fn r4_examples() {
    same(FhirVersion::R4, &ers_fhir_tests::examples(FhirVersion::R4));
}

pub(crate) fn published_payloads() {
    let files = std::fs::read_dir(shared("ers/examples")).expect("the folder is there");
    let mut payloads = Vec::new();
    for path in files.map(|file| file.expect("a file").path()) {
        if path.extension().is_some_and(|extension| extension == "json") {
            let bytes = std::fs::read(&path).expect("a file can be read");
            payloads.push(Instance { file: path.display().to_string(), bytes });
        }
    }
    same(FhirVersion::Stu3, &payloads);
}

fn same(version: FhirVersion, payloads: &[Instance]) {
    let validator = Validator::new(ers_fhir_ers::definitions(version));
    let options = Options { now: "2026-03-01T00:00:00Z".parse().ok(), ..Ers::new().into() };
    let wrong: Vec<String> = payloads
        .par_iter()
        .filter_map(|payload| {
            let document =
                Document::parse(&payload.bytes).ok().filter(|document| document.faults().is_empty())?;
            let xml = match validator.convert(&document, Syntax::Xml) {
                Ok(xml) => xml,
                Err(error) => return Some(format!("{}: {error}", payload.file)),
            };
            let as_xml = Document::parse(xml.as_bytes()).expect("what was written can be read");
            let back = validator.convert(&as_xml, Syntax::Json).expect("it was JSON before");
            let as_json = Document::parse(back.as_bytes()).expect("what was written can be read");
            let [first, second] =
                [&as_json, &as_xml].map(|document| listed(&validator.check_document(document, &options)));
            (first != second).then(|| format!("{}: {first:#?} as JSON, {second:#?} as XML", payload.file))
        })
        .collect();
    assert!(wrong.is_empty(), "{} payloads: {}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
}

/// What was found, and how often.
fn listed(report: &Report) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for finding in report.all() {
        let line = format!("{} {}: {}", finding.rule.code, finding.location, finding.message.revealed());
        *found.entry(line).or_default() += 1;
    }
    found
}
