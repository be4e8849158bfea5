//! The engine against what HL7 publishes: every invariant of the core packages, and the `FHIRPath`
//! suites.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "tests read packages and suites")]

use std::process::ExitCode;

use ers_fhir_corpora::{Suite, package, shared, tests};

mod definitions;
mod document;
mod invariants;
mod suite;

use definitions::{R4, STU3};

fn main() -> ExitCode {
    let [stu3, r4] = [STU3, R4].map(package);
    let suites = shared("conformance/fhirpath");
    Suite::new()
        .reading([&stu3], tests![invariants::every_stu3_invariant_parses])
        .reading([&r4], tests![invariants::every_r4_invariant_parses])
        .reading([&suites, &stu3], tests![suite::stu3_suite])
        .reading([&suites, &r4], tests![suite::r4_suite])
        .run()
}
