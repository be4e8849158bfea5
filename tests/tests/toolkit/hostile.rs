//! Mutilated payloads: whatever is left of them, the validator says something sensible.

use ers_fhir_ers::Ers;
use ers_fhir_ers::rule::{self, Example};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Options, Validator};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::create_referral::{PROFILE, ours};

/// One thing done to the bytes of a payload; places are taken modulo its length.
#[derive(Debug, Clone)]
enum Mutation {
    Truncate(usize),
    Flip(usize, u8),
    Insert(usize, &'static str),
    Duplicate(usize, usize),
    Remove(usize, usize),
    Nest(usize, &'static str, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<usize>();
    let pieces = [
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "1e999999999",
        "\\ud800",
        "\u{feff}",
        "<",
        "&",
        "-->",
        "\u{0}",
    ];
    let openers = ["[", "{\"extension\":[", "{\"contained\":[", "<extension>", "<div>"];
    prop_oneof![
        place.prop_map(Mutation::Truncate),
        (place, any::<u8>()).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        (place, prop::sample::select(pieces.to_vec())).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        (place, 1..400_usize).prop_map(|(at, length)| Mutation::Duplicate(at, length)),
        (place, 1..200_usize).prop_map(|(at, length)| Mutation::Remove(at, length)),
        (place, prop::sample::select(openers.to_vec()), 1..5_000_usize)
            .prop_map(|(at, opener, depth)| Mutation::Nest(at, opener, depth)),
    ]
}

fn mutate(payload: &mut Vec<u8>, mutation: &Mutation) {
    let within = |at: usize| at % (payload.len() + 1);
    let span = |at: usize, length: usize| within(at)..(within(at) + length).min(payload.len());
    match *mutation {
        Mutation::Truncate(at) => payload.truncate(within(at)),
        Mutation::Flip(at, bits) => {
            let at = within(at);
            if let Some(byte) = payload.get_mut(at) {
                *byte ^= bits;
            }
        }
        Mutation::Insert(at, piece) => {
            let at = within(at);
            payload.splice(at..at, piece.bytes());
        }
        Mutation::Duplicate(at, length) => payload.extend_from_within(span(at, length)),
        Mutation::Remove(at, length) => drop(payload.drain(span(at, length))),
        Mutation::Nest(at, opener, depth) => {
            let at = within(at);
            payload.splice(at..at, opener.repeat(depth).into_bytes());
        }
    }
}

pub(crate) fn mutilated_payloads() {
    let validators =
        [FhirVersion::Stu3, FhirVersion::R4].map(|v| Validator::new(ers_fhir_ers::definitions(v)));
    let options = Options { profiles: vec![PROFILE.to_owned()], ..Ers::new().into() };
    let payloads: Vec<(FhirVersion, Vec<u8>)> = rule::all()
        .flat_map(|rule| [&rule.bad, &rule.good])
        .filter(|example| example.definitions.is_empty())
        .map(|example: &Example| (example.version, example.payload.bytes().into_owned()))
        .filter(|(_, payload)| payload.len() < 10_000)
        .chain(std::iter::repeat_n((FhirVersion::Stu3, ours().into_bytes()), 40))
        .collect();
    let cases = (prop::sample::select(payloads), prop::collection::vec(mutation(), 1..4));
    TestRunner::new(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })
        .run(&cases, |((version, mut payload), mutations)| {
            for mutation in &mutations {
                mutate(&mut payload, mutation);
            }
            let validator = validators.iter().find(|v| v.version() == version).expect("both releases");
            for diagnostic in validator.check(&payload, &options).all() {
                prop_assert!(!diagnostic.message.revealed().is_empty());
                prop_assert!(diagnostic.span.start <= diagnostic.span.end);
                prop_assert!(diagnostic.span.end <= payload.len(), "{diagnostic:?}");
                prop_assert!(diagnostic.position.line >= 1 && diagnostic.position.column >= 1);
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
