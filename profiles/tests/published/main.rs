//! Snapshots and expansions against those that HL7 publishes.

use std::process::ExitCode;

use ers_fhir_corpora::{Suite, package, shared, tests};

mod expansions;
mod facts;
mod known;
mod packages;
mod snapshots;
mod suite;

use packages::{R4, R4_EXPANSIONS, STU3, STU3_EXPANSIONS};

fn main() -> ExitCode {
    let [stu3, r4, stu3_expansions, r4_expansions] = [STU3, R4, STU3_EXPANSIONS, R4_EXPANSIONS].map(package);
    Suite::new()
        .reading([&shared("conformance/snapshot"), &stu3, &r4], tests![suite::suite])
        .reading([&stu3], tests![snapshots::stu3_package])
        .reading([&r4], tests![snapshots::r4_package])
        .reading([&stu3, &stu3_expansions], tests![expansions::stu3_expansions_agree])
        .reading([&r4, &r4_expansions], tests![expansions::r4_expansions_agree])
        .reading([&stu3_expansions], tests![expansions::the_embedded_stu3_definitions_expand_alike])
        .reading([&r4_expansions], tests![expansions::the_embedded_r4_definitions_expand_alike])
        .run()
}
