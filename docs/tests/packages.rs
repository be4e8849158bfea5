//! The site of a package as HL7 publishes one.
//!
//! `tests/fetch-packages` fetches it; where it is absent, the test is ignored.

mod support;

use std::collections::HashSet;
use std::process::ExitCode;

use ers_fhir_corpora::{Suite, package, tests};
use ers_fhir_docs::{Release, Sources};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::package::extra::extras;
use support::{attributes, broken, files, is_page};

const IPS: &str = "hl7.fhir.uv.ips-2.0.0.tgz";

fn main() -> ExitCode {
    Suite::new().reading([&package(IPS)], tests![every_artefact_has_a_page_and_no_link_is_broken]).run()
}

fn every_artefact_has_a_page_and_no_link_is_broken() {
    let archive = package(IPS);
    let opened = Package::open(&archive).expect("a package");
    let extras = extras(&archive).expect("what else is in it");
    let artefacts = opened
        .heads()
        .filter(|head| matches!(head.kind.resource_type(), "StructureDefinition" | "ValueSet" | "CodeSystem"))
        .count()
        + extras.len();
    let release = Release::new(|| {
        let mut definitions = ers_fhir_ers::definitions(FhirVersion::R4);
        definitions.add(opened.clone());
        definitions
    });
    let made = files(&Sources {
        title: "IPS".to_owned(),
        releases: vec![release],
        packages: vec![opened.name().to_owned()],
        extras: extras.into_iter().map(|extra| (FhirVersion::R4, extra)).collect(),
        has_service: false,
        base_url: None,
    });
    let pages: HashSet<&str> = made
        .iter()
        .filter(|file| is_page(file) && !file.path.ends_with("index.html"))
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(pages.len(), artefacts);
    assert!(artefacts > 100, "{artefacts}");
    let links: usize = made.iter().map(|file| attributes(&file.text, "href").len()).sum();
    assert!(links > 3000, "{links}");
    assert!(broken(&made).is_empty(), "{:?}", broken(&made));
}
