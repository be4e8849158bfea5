//! The toolkit as a whole: HL7's examples, e-RS payloads, the examples of
//! every rule, and hostile input. One binary, so that it is linked once.

use std::process::ExitCode;

use ers_fhir_corpora::{Suite, shared, tests};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::archive;

mod arrows;
mod create_referral;
mod examples;
mod faults;
mod fixes;
mod hostile;
mod imports;
mod known_faults;
mod leaks;
mod rules;
mod structure;
mod syntaxes;

fn main() -> ExitCode {
    let published = shared("ers/examples");
    Suite::new()
        .always(tests![
            arrows::crates_depend_on_what_the_map_says,
            create_referral::without_a_profile_the_nearest_is_named_once,
            faults::every_fault_is_found_on_its_line,
            fixes::edits_fix_and_change_nothing_else,
            fixes::mistakes_are_fixed_byte_for_byte,
            hostile::mutilated_payloads,
            imports::circles_are_found,
            leaks::markers_in_every_slot_are_hidden,
            leaks::whatever_holds_of_any_bytes_holds_of_some,
            rules::codes_are_unique_and_in_kebab_case,
            rules::every_declared_rule_is_listed,
            rules::examples_of_every_rule,
            structure::a_test_without_its_package_is_ignored,
            structure::circles_of_imports_are_small,
            structure::no_written_file_is_too_long,
            structure::targets_without_libtest_have_no_test_attributes,
        ])
        .reading(
            [&archive(FhirVersion::Stu3)],
            tests![examples::stu3_examples, fixes::edits_fix_stu3_examples, syntaxes::stu3_examples],
        )
        .reading(
            [&archive(FhirVersion::R4)],
            tests![examples::r4_examples, fixes::edits_fix_r4_examples, syntaxes::r4_examples],
        )
        .reading(
            [&published],
            tests![
                create_referral::published_payloads_are_valid,
                syntaxes::published_payloads,
                create_referral::deviations_of_the_service_are_information_in_its_payloads_only,
                create_referral::the_responses_do_deviate,
                faults::every_fault_in_a_published_request_is_found_on_its_line,
            ],
        )
        .run()
}
