//! What becomes of the features of types: a definition each in `features/base`, and beside it the
//! code. The model's tests compile that code and send payloads through it.

use ers_fhir_codegen::{Config, FhirVersion};

use crate::support::{features, folder};

/// The code for `Lamp` as a feature's definitions have it.
fn generate(feature: &str) -> Config {
    Config::new(FhirVersion::R4)
        .package(folder("base").join(feature).with_extension("json"))
        .resources(["Lamp"])
        // What every type reaches is not what these tests are about.
        .skip("Extension.value[x]")
}

features! {
    "base", generate:
    choice
    codes
    content_reference
    fields
    nested
    primitives
    recursion
    resource
}
