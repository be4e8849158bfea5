//! How long HL7's examples take to validate, beside what `serde_json` takes to read the same bytes.
//!
//! All run in turn on one thread, so that what else the machine does falls on each alike; the ratios
//! of the medians are what counts. `cargo bench -p ers-fhir-tests`

use std::hint::black_box;
use std::time::{Duration, Instant};

use ers_fhir_ers::Ers;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::Instance;
use ers_fhir_validator::tree::Document;
use ers_fhir_validator::{Options, Validator};

/// How often each is run.
const ROUNDS: usize = 7;
/// Files from this size on are Bundles of hundreds of definitions, and tell little of payloads.
const LARGE: usize = 1_000_000;

fn main() {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let examples = ers_fhir_tests::examples(version);
        let (small, large): (Vec<_>, Vec<_>) =
            examples.into_iter().partition(|example| example.bytes.len() < LARGE);
        measure(version, "below 1 MB", &small);
        if !large.is_empty() {
            let all: Vec<_> = small.into_iter().chain(large).collect();
            measure(version, "all", &all);
        }
    }
}

/// What is measured, and what it is called.
type Task<'a> = (&'a str, &'a dyn Fn(&[u8]));

#[expect(clippy::print_stdout, reason = "the figures are what a bench is for")]
fn measure(version: FhirVersion, which: &str, examples: &[Instance]) {
    let validator = Validator::new(ers_fhir_ers::definitions(version));
    let options = Options::from(Ers::new());
    let tasks: [Task<'_>; 3] = [
        ("serde_json", &|bytes| drop(black_box(serde_json::from_slice::<serde_json::Value>(bytes)))),
        ("parse", &|bytes| drop(black_box(Document::parse(bytes)))),
        ("validate", &|bytes| drop(black_box(validator.check(bytes, &options)))),
    ];
    let mut times = [const { Vec::new() }; 3];
    // The first round compiles the definitions, and is not counted.
    for round in 0..=ROUNDS {
        for ((_, task), times) in tasks.iter().zip(&mut times) {
            let start = Instant::now();
            for example in examples {
                task(without_mark(&example.bytes));
            }
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    let bytes: usize = examples.iter().map(|example| example.bytes.len()).sum();
    println!("{version:?} examples, {which}: {} files, {} kB", examples.len(), bytes / 1_000);
    let base = median(&mut times[0]);
    for ((name, _), times) in tasks.iter().zip(&mut times) {
        let time = median(times);
        let ratio = time.as_secs_f64() / base.as_secs_f64();
        println!("  {name:<12} {:>9.1} ms  {ratio:>6.2} x serde_json", time.as_secs_f64() * 1_000.0);
    }
}

/// `serde_json` takes no byte-order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
