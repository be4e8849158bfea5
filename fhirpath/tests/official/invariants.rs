//! Every invariant that the core packages publish.

use ers_fhir_fhirpath::Expression;

use crate::definitions::Definitions;

fn parse_all(package: &str, at_least: usize) {
    let Some(definitions) = Definitions::of_package(package) else { return };
    let mut faults = Vec::new();
    for (key, expression) in &definitions.invariants {
        if let Err(error) = Expression::parse(expression) {
            faults.push(format!("{key}: {error}: {expression}"));
        }
    }
    assert!(definitions.invariants.len() >= at_least, "only {} invariants", definitions.invariants.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_stu3_invariant_parses() {
    parse_all("hl7.fhir.r3.examples-3.0.2", 190);
}

#[test]
fn every_r4_invariant_parses() {
    parse_all("hl7.fhir.r4.examples-4.0.1", 240);
}
