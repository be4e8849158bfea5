//! Every invariant of STU3, R4 and e-RS has words of ours.

use std::collections::BTreeSet;

use ers_fhir_ers::rule::WORDS;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::words::{Words, core};

/// Calls back for each invariant of each structure of both releases: key, expression, what the package says.
fn each(mut found: impl FnMut(&str, &str, Option<&str>)) {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let store: Definitions = ers_fhir_ers::definitions(version);
        for known in store.known(Kind::Structure) {
            let Some(structure) = store.structure(known.url).expect("the package is readable") else {
                continue;
            };
            for constraint in structure.differential.iter().flat_map(|element| &element.constraints) {
                let expression = constraint.expression.as_deref().unwrap_or_default();
                found(&constraint.key, expression, constraint.human.as_deref());
            }
        }
    }
}

/// The words on an invariant: what a package says itself is of e-RS.
fn words(key: &str, expression: &str, human: Option<&str>) -> Option<Words> {
    if human.is_some() { WORDS.find(key, expression) } else { core().find(key, expression) }
}

#[test]
fn every_invariant_says_what_is_wrong_and_what_to_do() {
    let mut count = 0;
    each(|key, expression, human| {
        count += 1;
        let Some(Words { wrong, fix }) = words(key, expression, human) else {
            panic!(
                "no words on {key}, {expression}: add a line to a table (validator/src/words, ers/src/words.txt)"
            );
        };
        for text in [wrong, fix] {
            assert!(
                !text.is_empty() && !text.ends_with('.'),
                "{key}: {text:?} is to be a clause without a full stop"
            );
            assert!(text.starts_with(|letter: char| letter.is_ascii_lowercase()), "{key}: {text:?}");
            let first = text.split(' ').next().unwrap_or_default();
            assert!(!first.contains(['.', '(', '=', '$', '%']), "{key}: {text:?} begins like an expression");
            for other in [human.unwrap_or_default(), expression] {
                assert!(!text.eq_ignore_ascii_case(other), "{key}: {text:?} only repeats the rule");
            }
        }
        assert_ne!(wrong, fix, "{key}");
    });
    assert!(count > 500, "{count} invariants");
}

#[test]
fn no_line_is_of_an_invariant_that_is_not_there() {
    let mut said = BTreeSet::new();
    each(|key, expression, human| {
        said.extend(words(key, expression, human).map(|words| (key.to_owned(), words.wrong)));
    });
    for table in [core(), &WORDS] {
        for key in table.keys() {
            for words in table.all(key) {
                assert!(
                    said.contains(&(key.to_owned(), words.wrong)),
                    "{key}: nothing leads to {:?}",
                    words.wrong
                );
            }
        }
    }
}

#[test]
fn words_on_different_rules_of_one_key_differ() {
    let find = |key: &str, expression: &str| core().find(key, expression).map(|words| words.wrong);
    let parts = find("inv-1", "(part.exists() and value.empty() and resource.empty()) or part.empty()");
    let times = find("inv-1", "lastModified.hasValue().not() or authoredOn.hasValue().not()");
    assert!(parts.is_some() && times.is_some() && parts != times);
    assert_eq!(find("inv-1", "name.exists()"), None);
}
