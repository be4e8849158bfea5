//! Runs targets without coverage: seeds with random mutations that are the same for the same number.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::mutate::{Random, mutate};
use crate::watch::Watch;

/// A part of the toolkit.
pub type Target = (&'static str, fn(&[u8]), &'static [&'static str]);

/// An input to begin with.
pub(crate) type Seed = &'static str;

const PAYLOADS: &[Seed] = &[
    include_str!("../corpus/payload/patient.json"),
    include_str!("../corpus/payload/patient.xml"),
    include_str!("../corpus/payload/bundle.json"),
    include_str!("../corpus/payload/parameters.json"),
    include_str!("../corpus/payload/response.json"),
    include_str!("../corpus/payload/narrative.xml"),
];

const PROFILES: &[Seed] =
    &[include_str!("../corpus/definition/profile.json"), include_str!("../corpus/definition/terms.json")];

const EXPRESSIONS: &[Seed] = &[
    "name.where(use = 'official').given.first() | 'x'",
    "(1 | 2 | 3).repeat($this + 1).count() > 3 and @2020-01.toString().matches('[0-9]+')",
    "iif({}.empty(), '2020-01-01'.toDate() + 3 days, 1.5 'mg' * 2).type().name",
    "('a' & 'b').replaceMatches('(a)', '$1$1').indexOf('b').power(3).round(2)",
];

/// All of them.
pub const TARGETS: &[Target] = &[
    ("read", crate::read, PAYLOADS),
    ("validate", crate::validate, PAYLOADS),
    ("convert", crate::convert, PAYLOADS),
    ("model", crate::model, PAYLOADS),
    ("fhirpath", crate::fhirpath, EXPRESSIONS),
    ("package", crate::package, PROFILES),
    ("snapshot", crate::snapshot, PROFILES),
    ("codegen", crate::codegen, PROFILES),
];

/// What a run showed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many inputs were tried.
    pub tried: usize,
    /// Inputs that broke something, and what they broke.
    pub broken: Vec<(Vec<u8>, String)>,
    /// The slowest input, and how long it took on the processor.
    pub slowest: (Vec<u8>, Duration),
}

/// The time that an input may take: a tenth of a second, and half of one for each 100 KB.
fn allowed(length: usize) -> Duration {
    Duration::from_millis(100 + length as u64 / 200)
}

/// Tries mutated seeds of a target for some time. The number selects the mutations.
pub fn drive((_, check, seeds): &Target, number: u64, time: Duration) -> Outcome {
    let begun = Instant::now();
    let mut random = Random::new(number + 1);
    let mut outcome = Outcome::default();
    // The cost of compiling on first use must not count for the input.
    for seed in *seeds {
        let _ = catch_unwind(AssertUnwindSafe(|| check(seed.as_bytes())));
    }
    while begun.elapsed() < time && outcome.broken.len() < 20 {
        let mut data = random.pick(seeds).as_bytes().to_vec();
        for _ in 0..=random.below(4) {
            let other = random.pick(seeds).as_bytes();
            mutate(&mut data, other, &mut random);
        }
        let watch = Watch::start();
        let result = catch_unwind(AssertUnwindSafe(|| check(&data)));
        let (took, held) = (watch.time(), watch.memory());
        outcome.tried += 1;
        if let Err(panic) = result {
            let what = panic.downcast_ref::<String>().map(String::as_str);
            let what = what.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panics");
            outcome.broken.push((data, what.to_owned()));
        } else if took > allowed(data.len()) * SLACK {
            outcome.broken.push((data, format!("it takes {took:?}")));
        } else if held > 20 * data.len() + MOST_HELD {
            outcome.broken.push((data, format!("it holds {} KB", held / 1024)));
        } else if took > outcome.slowest.1 {
            outcome.slowest = (data, took);
        }
    }
    outcome
}

/// A target runs a check three times at most, and code that is hardly optimised takes longer.
const SLACK: u32 = if cfg!(debug_assertions) { 9 } else { 3 };

/// Memory that any input may take, in bytes, in addition to twenty times its own size.
const MOST_HELD: usize = 50 << 20;
