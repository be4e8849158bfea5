//! What the tests share.

use std::path::{Path, PathBuf};

use ers_fhir_codegen::{Config, FhirVersion};
use ers_fhir_profiles::package::Package;

/// The folder of definitions for a kind of feature.
pub(crate) fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/features").join(kind)
}

/// A run over one StructureDefinition.
pub(crate) fn with_definition(json: &str) -> Config {
    let package = Package::from_resource("sample.json", json.as_bytes()).expect("the sample is JSON");
    Config::new(FhirVersion::R4).package(package)
}

/// A definition of a datatype `Lamp` with these elements, beside its own.
pub(crate) fn lamp(elements: &str) -> String {
    format!(
        r#"{{
            "resourceType": "StructureDefinition", "url": "http://hl7.org/fhir/StructureDefinition/Lamp",
            "name": "Lamp", "kind": "complex-type", "type": "Lamp", "derivation": "specialization",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Element",
            "differential": {{"element": [{{"id": "Lamp", "path": "Lamp"}}, {elements}]}}
        }}"#
    )
}

/// The text of an item that starts so, to the end of its block.
pub(crate) fn item<'a>(code: &'a str, start: &str) -> &'a str {
    let at = code.find(start).unwrap_or_else(|| panic!("no '{start}' was generated in\n{code}"));
    let rest = &code[at..];
    rest.split_once("\n}").map_or(rest, |(item, _)| item)
}

/// Holds the code of a run against the snapshot beside the definitions.
pub(crate) fn assert_code(kind: &str, feature: &str, config: Config) {
    let code = config
        .command("INSTA_UPDATE=always cargo test -p ers-fhir-codegen --test generator")
        .generate_file()
        .unwrap_or_else(|error| panic!("{error}"));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder(kind));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_binary_snapshot!(&format!("{feature}.rs"), code.into_bytes()));
}

/// A test for each feature, and one that no definition goes without.
macro_rules! features {
    ($kind:literal, $generate:path: $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $crate::support::assert_code($kind, stringify!($name), $generate(stringify!($name)));
            }
        )*

        #[test]
        fn every_definition_is_tested() {
            let tested = [$(stringify!($name)),*];
            let files = std::fs::read_dir($crate::support::folder($kind)).expect("the folder is there").flatten();
            for path in files.map(|entry| entry.path()) {
                let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
                let is_definition = path.extension().is_some_and(|extension| extension == "json");
                assert!(!is_definition || tested.contains(&name), "{} has no test", path.display());
            }
        }
    };
}
pub(crate) use features;
