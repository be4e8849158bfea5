//! Every example instance in HL7's packages is validated: those with an error are in a list, each with the
//! reason why the file is wrong, and no other has an error.

use std::collections::BTreeSet;
use std::fmt::Write;

use ers_fhir_ers::Ers;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Options, Severity, Validator};
use rayon::prelude::*;

use crate::known_faults::{Fault, R4, STU3};

pub(crate) fn stu3_examples() {
    only_known_faults(FhirVersion::Stu3, STU3);
}

pub(crate) fn r4_examples() {
    only_known_faults(FhirVersion::R4, R4);
}

/// Checks that exactly the files in the list have an error, each by exactly the rules in the list.
fn only_known_faults(version: FhirVersion, known: &[Fault]) {
    let examples = ers_fhir_tests::examples(version);
    let validator = Validator::new(ers_fhir_ers::definitions(version));
    let found: Vec<_> = examples
        .par_iter()
        .map(|example| {
            let options = Options { lists_effects: true, ..Ers::new().into() };
            let report = validator.check(&example.bytes, &options);
            let errors = report.diagnostics.into_iter().filter(|d| d.severity >= Severity::Error);
            (&*example.file, errors.collect::<Vec<_>>())
        })
        .collect();
    let mut surprises = String::new();
    let mut failing = 0;
    for (file, errors) in &found {
        failing += usize::from(!errors.is_empty());
        let rules: BTreeSet<&str> = errors.iter().map(|error| error.rule.code).collect();
        let listed = known.iter().find(|fault| fault.file == *file);
        let expected = listed.map_or_else(BTreeSet::new, |fault| fault.rules.iter().copied().collect());
        if rules == expected {
            continue;
        }
        let reason = listed.map_or("is right as far as is known", |fault| fault.reason);
        writeln!(surprises, "{file}: expected {expected:?} ({reason}), found {rules:?}").expect("memory");
        for error in errors.iter().take(5) {
            let (message, line) = (error.message.revealed(), error.position.line);
            writeln!(surprises, "  line {line}, {}: {message}", error.location).expect("memory");
        }
    }
    for fault in known.iter().filter(|fault| found.iter().all(|(file, _)| *file != fault.file)) {
        writeln!(surprises, "{}: is listed, but is no example", fault.file).expect("memory");
    }
    assert!(surprises.is_empty(), "{failing} of {} files have an error\n{surprises}", found.len());
}
