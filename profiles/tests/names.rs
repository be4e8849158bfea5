//! The names of elements that `tree` knows by number: those of FHIR's own definitions.
//!
//! `ERS_FHIR_BLESS=1 cargo test -p ers-fhir-profiles --test names` regenerates them.

use std::collections::BTreeSet;
use std::fs;

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tree/src/name/names.txt");

#[test]
fn the_names_of_all_elements_are_known_by_number() {
    let mut names = BTreeSet::from(["resourceType".to_owned()]);
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let definitions = Definitions::embedded(version);
        for known in definitions.known(Kind::Structure).into_iter().filter(|known| !known.is_constraint) {
            let snapshot = definitions.snapshot(known.url).expect("FHIR's own types are sound");
            let snapshot = snapshot.unwrap_or_else(|| panic!("{} is there", known.url));
            for element in snapshot.elements().iter().skip(1) {
                let name = element.name();
                if let Some(stem) = name.strip_suffix("[x]") {
                    names.extend(element.types.iter().map(|of| choice(stem, &of.code)));
                }
                names.insert(name.to_owned());
            }
        }
    }
    // A name of a choice in one type that is an element in another is listed once.
    let choices: Vec<String> =
        names.iter().filter_map(|name| name.strip_suffix("[x]")).map(str::to_owned).collect();
    for name in &choices {
        names.remove(name);
    }
    let mut expected = names.into_iter().collect::<Vec<_>>().join("\n");
    expected.push('\n');
    if std::env::var_os("ERS_FHIR_BLESS").is_some() {
        fs::write(FILE, &expected).expect("the table can be written");
    }
    let found = fs::read_to_string(FILE).expect("the table is there");
    assert!(found == expected, "{FILE} is out of date; ERS_FHIR_BLESS=1 writes it");
}

/// `value` and `dateTime`: `valueDateTime`.
fn choice(stem: &str, code: &str) -> String {
    let mut name = stem.to_owned();
    let mut letters = code.chars();
    name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    name.push_str(letters.as_str());
    name
}
