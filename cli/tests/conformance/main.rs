//! The conformance yardstick: the binary's verdicts against those of HL7's reference validator.
//!
//! `tests/scores/validator.txt` has a line for each case: `invalid: 3 at 2` means three errors at two
//! places; `, 1 as expected` says how many of the expected places are among ours, if not all are.

use std::path::Path;
use std::process::{Command, ExitCode};

use ers_fhir_corpora::board::{Case, hold};
use ers_fhir_corpora::{Suite, program, shared, tests, workspace};

/// Least share of cases, in percent, with the verdict of the reference validator. The scoreboard is
/// stricter, and is written anew by one command; this is not.
const LEAST_AGREEMENT: usize = 97;

const VALID: &str = "valid";

fn main() -> ExitCode {
    let needed = [shared("conformance/validator"), program("python3")];
    Suite::new().reading(&needed, tests![verdicts_agree_with_the_reference_validator]).run()
}

fn verdicts_agree_with_the_reference_validator() {
    let yardstick = shared("conformance/validator");
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance.jsonl");
    let command = format!(
        "'{}' validate --fhir-version {{version}} {{igs}} {{profiles}} --format operation-outcome {{file}}",
        env!("CARGO_BIN_EXE_ers-fhir")
    );
    run(Command::new("python3")
        .arg(yardstick.join("score.py"))
        .args(["--cmd", &command, "--save"])
        .arg(&results));
    let ours = workspace("cli/tests/conformance/verdicts.py");
    let told = run(Command::new("python3").arg(ours).arg(&yardstick).arg(&results));
    let cases: Vec<Case> = told.lines().map(case).collect();

    hold("validator.txt", &cases);
    let is_valid = |verdict: &str| verdict == VALID;
    let agreeing = cases.iter().filter(|case| is_valid(&case.expected) == is_valid(&case.ours)).count();
    assert!(agreeing * 100 >= LEAST_AGREEMENT * cases.len(), "{agreeing} of {} verdicts agree", cases.len());
    // A false alarm is worse than a miss.
    let alarms = cases.iter().filter(|case| is_valid(&case.expected) && !is_valid(&case.ours));
    let alarms: Vec<&str> = alarms.map(|case| &*case.name).collect();
    assert!(alarms.is_empty(), "valid, and refused: {alarms:?}");
}

fn case(line: &str) -> Case {
    let mut columns = line.split('\t').map(str::to_owned);
    let mut next = || columns.next().expect("a case has three columns");
    Case { name: next(), expected: next(), ours: next() }
}

/// What a command prints; it must succeed.
fn run(command: &mut Command) -> String {
    let run = command.env("PYTHONDONTWRITEBYTECODE", "1").output().expect("python3 runs");
    let told = String::from_utf8(run.stdout).expect("it prints text");
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    told
}
