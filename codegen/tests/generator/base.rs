//! What becomes of the features of types: a definition each in `features/base`, and beside it the
//! code. The model's tests compile that code and send payloads through it.

use std::path::Path;

use ers_fhir_codegen::{Config, FhirVersion};

use crate::support::folder;

/// The code for `Lamp` as a feature's definitions have it.
fn check(feature: &str) {
    let folder = folder("base");
    let code = Config::new(FhirVersion::R4)
        .package(folder.join(feature).with_extension("json"))
        .resources(["Lamp"])
        // What every type reaches is not what these tests are about.
        .skip("Extension.value[x]")
        .command("INSTA_UPDATE=always cargo test -p ers-fhir-codegen --test generator")
        .generate_file()
        .unwrap_or_else(|error| panic!("{error}"));
    insta::with_settings!({ snapshot_path => Path::new(&folder), prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_binary_snapshot!(&format!("{feature}.rs"), code.into_bytes());
    });
}

macro_rules! features {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )*

        #[test]
        fn every_definition_is_tested() {
            let tested = [$(stringify!($name)),*];
            let files = std::fs::read_dir(folder("base")).expect("the folder is there").flatten();
            for path in files.map(|entry| entry.path()) {
                let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
                let is_definition = path.extension().is_some_and(|extension| extension == "json");
                assert!(!is_definition || tested.contains(&name), "{} has no test", path.display());
            }
        }
    };
}

features! {
    choice
    codes
    content_reference
    fields
    nested
    primitives
    recursion
    resource
}
