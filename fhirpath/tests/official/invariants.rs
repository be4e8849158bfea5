//! Every invariant that the core packages publish.

use ers_fhir_fhirpath::Expression;

use crate::definitions::{Definitions, R4, STU3};

fn parse_all(package: &str, at_least: usize) {
    let definitions = Definitions::of_package(package);
    let mut faults = Vec::new();
    for (key, expression) in &definitions.invariants {
        if let Err(error) = Expression::parse(expression) {
            faults.push(format!("{key}: {error}: {expression}"));
        }
    }
    assert!(definitions.invariants.len() >= at_least, "only {} invariants", definitions.invariants.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

pub(crate) fn every_stu3_invariant_parses() {
    parse_all(STU3, 190);
}

pub(crate) fn every_r4_invariant_parses() {
    parse_all(R4, 240);
}
