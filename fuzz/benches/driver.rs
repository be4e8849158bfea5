//! `cargo bench -p ers-fhir-fuzz --bench driver -- [SECONDS [NUMBER [TARGET]]]`: runs every target in turn, for this
//! many seconds in total. Inputs that break something are written to `target/fuzz`, and the exit status is then 1.
#![expect(clippy::print_stdout, reason = "it is a program for maintainers")]

use std::process::ExitCode;
use std::time::Duration;

use ers_fhir_fuzz::{TARGETS, drive};

/// Where inputs that break something are kept.
const BROKEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fuzz");

fn main() -> ExitCode {
    // Cargo passes `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let seconds: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    let number: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let only = arguments.next();
    let targets: Vec<_> =
        TARGETS.iter().filter(|target| only.as_deref().is_none_or(|name| name == target.0)).collect();
    std::panic::set_hook(Box::new(|_| {}));
    let time = Duration::from_secs(seconds) / targets.len().max(1) as u32;
    let mut is_broken = false;
    for target in targets {
        let outcome = drive(target, number, time);
        println!("{}: {} inputs, the slowest took {:?}", target.0, outcome.tried, outcome.slowest.1);
        for (at, (data, what)) in outcome.broken.iter().enumerate() {
            is_broken = true;
            let path = format!("{BROKEN}/{}-{number}-{at}", target.0);
            let is_kept = std::fs::create_dir_all(BROKEN).and_then(|()| std::fs::write(&path, data));
            println!("  {what}{}", if is_kept.is_ok() { format!(" ({path})") } else { String::new() });
        }
    }
    ExitCode::from(u8::from(is_broken))
}
