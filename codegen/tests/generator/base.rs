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

#[test]
fn a_code_that_is_called_like_a_primitive_imports_nothing() {
    // STU3 has no type `url`, and a contact point may be one.
    let config = Config::new(FhirVersion::Stu3).resources(["Patient"]);
    let code = config.generate_file().unwrap_or_else(|error| panic!("{error}"));
    let imports = code.split_once("primitives::{").and_then(|(_, rest)| rest.split_once('}'));
    let (imports, rest) = imports.expect("a patient has primitives");
    assert!(rest.contains("    Url,") && imports.contains("Uri") && !imports.contains("Url"), "{imports}");
}
