//! `ers-fhir mock`: what it prints, and what it refuses to start with.

#![cfg(feature = "mock")]

mod support;

use serde_json::{Value, json};
use support::{ers_fhir, folder, write};

fn printed(args: &[&str]) -> Value {
    let folder = folder(&format!("mock-{}", args.join("")));
    let run = ers_fhir(&folder, args);
    assert_eq!(run.status, 0, "{args:?}: {}", run.err);
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{args:?}: {error}"))
}

#[test]
fn a_seed_has_a_schema_that_knows_right_from_wrong() {
    let schema = printed(&["mock", "--seed-schema"]);
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    let seed = printed(&["mock", "--print-seed"]);
    let wrong: Vec<String> = schema.iter_errors(&seed).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (pointer, value) in [
        ("/organisations/0/kind", json!("hospital")),
        ("/users/0/roles", json!("REFERRING_CLINICIAN")),
        ("/services/0/bookable", json!("sometimes")),
        ("/sessions/0/days", json!(-1)),
        ("/patients/0", json!({ "name": "Nobody" })),
        ("/clinicalTerms/0/colour", json!("red")),
    ] {
        let mut broken = seed.clone();
        let (at, key) = pointer.rsplit_once('/').expect("it has a parent");
        match broken.pointer_mut(at).expect("it is there") {
            Value::Array(items) => items[key.parse::<usize>().expect("a place")] = value,
            other => other[key] = value,
        }
        assert!(!schema.is_valid(&broken), "{pointer}");
    }
    let settings = printed(&["mock", "--settings-schema"]);
    assert_eq!(
        settings["properties"]["versionStep"]["description"],
        "How much a change increases the version of a referral."
    );
}

#[test]
fn a_seed_that_makes_no_sense_is_refused_with_the_place() {
    let folder = folder("mock-seeds");
    for (seed, words) in [
        ("{\n  \"people\": [] }", "seed.json: line 2, column 10: unknown field `people`"),
        ("{ \"clock\": \"noon\" }", "'noon' is not a moment"),
        (
            r#"{ "organisations": [{ "ods": "X26", "name": "A", "kind": "referrer" }, { "ods": "X26", "name": "B", "kind": "provider" }] }"#,
            "seed.json: organisations[1]: 'X26' is a duplicate",
        ),
        (
            r#"{ "sessions": [{ "service": "1", "appointmentType": "ROUTINE", "afterDays": 1, "days": 1, "fromMinute": 1, "minutes": 1, "slots": 1 }] }"#,
            "seed.json: sessions[0]: there is no service '1'",
        ),
        (
            r#"{ "sessions": [{ "service": "1", "appointmentType": "ROUTINE", "afterDays": 1, "days": 4000000000, "fromMinute": 1, "minutes": 1, "slots": 4000000000 }] }"#,
            "seed.json: sessions: they make more than 1000000 slots",
        ),
        (
            r#"{ "referrals": 5 }"#,
            "seed.json: referrals: there is no patient to refer, or no service to refer to",
        ),
    ] {
        write(&folder, "seed.json", seed);
        let run = ers_fhir(&folder, &["mock", "--seed", "seed.json", "--print-seed"]);
        assert_eq!(run.status, 2, "{seed}: {}", run.out);
        assert!(run.err.contains(words), "{seed}: {}", run.err);
    }
}

#[test]
fn a_larger_seed_is_the_same_each_time() {
    let args = ["mock", "--seed-size", "2000", "--print-seed"];
    let seed = printed(&args);
    assert_eq!(seed["referrals"], 2000);
    assert_eq!(seed, printed(&args));
}
