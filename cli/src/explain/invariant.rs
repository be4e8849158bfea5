//! The page of an invariant: what breaks it, what to do, and what the definitions require.

use std::collections::BTreeMap;
use std::fmt::Write;

use ers_fhir_ers::rule::WORDS;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::definition::{Constraint, ConstraintSeverity};
use ers_fhir_profiles::package::Kind;
use ers_fhir_validator::words::{Words, core};
use serde_json::{Value, json};

use super::wrapped::{indented, sentence, wrapped};

/// The most places that a page lists.
const MOST_PLACES: usize = 8;

/// One of the rules that a key stands for.
#[derive(Debug)]
pub(super) struct Invariant {
    expression: String,
    words: Option<Words>,
    is_error: bool,
    /// Where it holds: release and element.
    places: Vec<(FhirVersion, String)>,
}

/// The rules that a key stands for in FHIR and e-RS.
pub(super) fn of(key: &str) -> Vec<Invariant> {
    let is_known = core().all(key).chain(WORDS.all(key)).next().is_some();
    // Searching all definitions takes a while, so this is only done for existing keys.
    if is_known { collected(|found| found == key).remove(key).unwrap_or_default() } else { Vec::new() }
}

/// All of them, for programs.
pub(super) fn all() -> Vec<Value> {
    collected(|_| true).iter().map(|(key, invariants)| described(key, invariants)).collect()
}

/// The invariants whose keys are wanted, by key.
fn collected(is_wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Vec<Invariant>> {
    let mut collected: BTreeMap<String, Vec<Invariant>> = BTreeMap::new();
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let store = ers_fhir_ers::definitions(version);
        for known in store.known(Kind::Structure) {
            let Ok(Some(structure)) = store.structure(known.url) else { continue };
            for element in &structure.differential {
                for constraint in element.constraints.iter().filter(|of| is_wanted(&of.key)) {
                    let Some(expression) = &constraint.expression else { continue };
                    let place = (version, element.id.clone());
                    let same = collected.entry(constraint.key.clone()).or_default();
                    match same.iter_mut().find(|other| other.expression == *expression) {
                        Some(other) => other.places.push(place),
                        None => same.push(invariant(constraint, expression, place)),
                    }
                }
            }
        }
    }
    collected
}

fn invariant(constraint: &Constraint, expression: &str, place: (FhirVersion, String)) -> Invariant {
    let key = &constraint.key;
    Invariant {
        words: WORDS.find(key, expression).or_else(|| core().find(key, expression)),
        expression: expression.to_owned(),
        is_error: constraint.severity == ConstraintSeverity::Error,
        places: vec![place],
    }
}

/// The page of a key.
pub(super) fn page(key: &str, invariants: &[Invariant]) -> String {
    let mut text = String::new();
    for Invariant { expression, words, is_error, places } in invariants {
        let separator = if text.is_empty() { "" } else { "\n" };
        let severity = severity(*is_error);
        let _ = writeln!(text, "{separator}{key} (an invariant, {severity})");
        if let Some(Words { wrong, fix }) = words {
            let _ = write!(text, "{}\n\n{}\n", wrapped(&sentence(wrong)), wrapped(&sentence(fix)));
        }
        let _ = write!(text, "\nThe definition asks for:\n{}", indented(expression));
        text.push_str("\nOf:\n");
        for (version, element) in places.iter().take(MOST_PLACES) {
            let _ = writeln!(text, "    {element} ({version})");
        }
        if places.len() > MOST_PLACES {
            let _ = writeln!(text, "    and {} more", places.len() - MOST_PLACES);
        }
    }
    text
}

/// The same for programs.
pub(super) fn described(key: &str, invariants: &[Invariant]) -> Value {
    let rules = invariants.iter().map(|Invariant { expression, words, is_error, places }| {
        let places = places
            .iter()
            .map(|(version, element)| json!({ "fhirVersion": version.number(), "element": element }));
        json!({
            "severity": severity(*is_error),
            "summary": words.map(|words| words.wrong),
            "explanation": words.map(|words| words.fix),
            "expression": expression,
            "elements": places.collect::<Vec<_>>(),
        })
    });
    json!({ "kind": "invariant", "code": key, "rules": rules.collect::<Vec<_>>() })
}

fn severity(is_error: bool) -> &'static str {
    if is_error { "error" } else { "warning" }
}
