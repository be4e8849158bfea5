//! What becomes of the features of profiles: a definition each in `features/profile`, and beside it the
//! code, over the base types of the model.

use ers_fhir_codegen::{Config, FhirVersion};

use crate::support::{features, folder};

/// The code for the profiles in a feature's definitions.
fn generate(feature: &str) -> Config {
    Config::new(FhirVersion::Stu3)
        .package(folder("profile").join(feature).with_extension("json"))
        .all_profiles()
        .resources(["Binary", "Parameters"])
        .base_path("::ers_fhir_model::stu3")
}

features! {
    "profile", generate:
    binding
    cardinality
    choice
    choice_narrowed
    choice_required
    choice_sliced
    choice_types
    counts
    derived
    extension
    fixed
    forbidden
    names_taken
    nested_resource
    pattern
    reference
    slices_by_alternatives
    slices_by_binding
    slices_by_existence
    slices_by_pattern
    slices_by_profile
    slices_by_type
    slices_by_value
    slices_closed
    slices_default
    slices_ordered
    slices_undecided
    slices_without_discriminator
    sole_member
    wrapped_values
}
