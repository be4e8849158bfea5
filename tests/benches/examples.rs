//! How long payloads take to validate, compared with the time in which `serde_json` builds a `Value` from the same
//! bytes: HL7's examples, and those of e-RS under the profiles that they declare.
//!
//! All run in turn on one thread, so that other load on the machine affects each alike; the ratios of the medians are
//! what counts. Run `cargo bench -p ers-fhir-tests --bench examples`, with a part of a name after `--` to measure only
//! matching corpora: `-- "Stu3, e-RS"`.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ers_fhir_corpora::workspace;
use ers_fhir_ers::Ers;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::ers::{folder, published};
use ers_fhir_tests::{archive, examples};
use ers_fhir_validator::tree::Document;
use ers_fhir_validator::{Options, Phase, Validator};

/// Least number of rounds, and least time, that a corpus is measured for.
const ROUNDS: usize = 7;
const LEAST_TIME: Duration = Duration::from_secs(2);
/// Files from this size on are Bundles of hundreds of definitions, and tell little of payloads.
const LARGE: usize = 1_000_000;

fn main() {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let archive = archive(version);
        if archive.exists() {
            let (small, large): (Vec<_>, Vec<_>) = examples(version)
                .into_iter()
                .map(|example| example.bytes)
                .partition(|bytes| bytes.len() < LARGE);
            measure(version, "HL7's examples below 1 MB", &small);
            if !large.is_empty() {
                measure(version, "HL7's examples", &[small, large].concat());
            }
        } else {
            say(&format!("{version:?}, HL7's examples: not measured, {} is absent", archive.display()));
        }
        let release = match version {
            FhirVersion::Stu3 => "stu3",
            FhirVersion::R4 => "r4",
        };
        let ours = workspace(&format!("profiles/packages/ers-fhir.ers.{release}/package/example"));
        measure(version, "e-RS payloads of ours", &files(&ours));
        if folder().exists() {
            let of_release = |payload: &ers_fhir_tests::ers::Published| payload.path.starts_with(release);
            let payloads = published().into_iter().filter(of_release).map(|payload| payload.bytes);
            measure(version, "e-RS payloads as published", &payloads.collect::<Vec<_>>());
        } else {
            say(&format!(
                "{version:?}, e-RS payloads as published: not measured, {} is absent",
                folder().display()
            ));
        }
    }
}

/// A corpus to measure, and its name.
type Task<'a> = (&'a str, &'a dyn Fn(&[u8]));

fn measure(version: FhirVersion, which: &str, payloads: &[Vec<u8>]) {
    let name = format!("{version:?}, {which}");
    let mut wanted = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).peekable();
    if wanted.peek().is_some() && !wanted.any(|part| name.contains(&part)) {
        return;
    }
    let validator = Validator::new(ers_fhir_ers::definitions(version));
    let options = Options::from(Ers::new());
    let tasks: [Task<'_>; 3] = [
        ("serde_json", &|bytes| drop(black_box(serde_json::from_slice::<serde_json::Value>(bytes)))),
        ("read", &|bytes| drop(black_box(Document::parse(bytes)))),
        ("validate", &|bytes| drop(black_box(validator.check(bytes, &options)))),
    ];
    let mut times = [const { Vec::new() }; 3];
    // The first round compiles the definitions, and is not counted.
    let mut round = 0;
    let begun = Instant::now();
    while round <= ROUNDS || begun.elapsed() < LEAST_TIME {
        for ((_, task), times) in tasks.iter().zip(&mut times) {
            let start = Instant::now();
            for bytes in payloads {
                task(without_mark(bytes));
            }
            if round > 0 {
                times.push(start.elapsed());
            }
        }
        round += 1;
    }
    let bytes: usize = payloads.iter().map(Vec::len).sum();
    say(&format!("{name}: {} files, {} kB", payloads.len(), bytes / 1_000));
    let base = median(&mut times[0]);
    for ((name, _), times) in tasks.iter().zip(&mut times) {
        let time = median(times);
        let ratio = time.as_secs_f64() / base.as_secs_f64();
        say(&format!("  {name:<12} {:>9.2} ms  {ratio:>6.2} x serde_json", time.as_secs_f64() * 1_000.0));
    }
    let phases = phases(&validator, &options, payloads);
    let all: Duration = phases.iter().map(|(_, time)| *time).sum();
    let share = |(name, time): &(&str, Duration)| {
        format!("{name} {:.0} %", time.as_secs_f64() / all.as_secs_f64() * 100.0)
    };
    say(&format!("  of which     {}", phases.iter().map(share).collect::<Vec<_>>().join(", ")));
}

/// How the time of a validation is spread over its phases.
fn phases(validator: &Validator, options: &Options, payloads: &[Vec<u8>]) -> [(&'static str, Duration); 5] {
    let mut times =
        ["read", "walk", "invariants", "profiles", "report"].map(|name| (name, Duration::default()));
    for bytes in payloads {
        let start = Instant::now();
        let Ok(document) = Document::parse(without_mark(bytes)) else { continue };
        times[0].1 += start.elapsed();
        let mut begun = Instant::now();
        validator.check_by_phases(&document, options, |phase| {
            let at = match phase {
                Phase::Walk => 1,
                Phase::Invariants => 2,
                Phase::Profiles => 3,
                _ => 4,
            };
            times[at].1 += begun.elapsed();
            begun = Instant::now();
        });
    }
    times
}

/// The files of a folder.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("the file is readable")).collect()
}

/// `serde_json` takes no byte-order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "the figures are what a bench is for")]
fn say(text: &str) {
    println!("{text}");
}
