//! The conformance yardstick: the binary's verdicts against those of HL7's reference validator.
//!
//! The score of each module is kept in `tests/scores/validator.txt`. A module that loses fails the
//! test; `ERS_FHIR_UPDATE_SCORES=1` writes the file anew, so that a diff shows gains and losses.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use ers_fhir_corpora::{shared, workspace};
use ers_fhir_tests::note;
use serde_json::Value;

/// Least share of cases, in percent, with the verdict of the reference validator.
const LEAST_AGREEMENT: f64 = 75.0;
/// Least share of the valid cases, in percent, that pass: a false alarm is worse than a miss.
const LEAST_VALID: f64 = 90.0;

/// Cases, and how many of them have the verdict of the reference validator.
type Score = (String, u64, u64);

pub(crate) fn verdicts_agree_with_the_reference_validator() {
    let script = shared("conformance/validator/score.py");
    let figures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance.json");
    let command = format!(
        "'{}' validate --fhir-version {{version}} {{igs}} {{profiles}} --format operation-outcome {{file}}",
        binary().display()
    );
    let run = Command::new("python3")
        .arg(&script)
        .args(["--cmd", &command, "--show", "-1", "--json"])
        .arg(&figures)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 runs");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let figures = std::fs::read_to_string(&figures).expect("the script writes its figures");
    let figures: Value = serde_json::from_str(&figures).expect("the figures are JSON");

    let count = |of: &Value, what: &str| of[what].as_u64().expect("a count");
    let total = &figures["total"];
    let share =
        |part: &str, whole: &str| 100.0 * as_float(count(total, part)) / as_float(count(total, whole));
    assert!(share("agree", "n") >= LEAST_AGREEMENT, "{told}");
    assert!(share("val_ok", "val") >= LEAST_VALID, "{told}");

    let modules = figures["modules"].as_object().expect("figures by module");
    let mut scores: Vec<Score> =
        modules.iter().map(|(name, of)| (name.clone(), count(of, "n"), count(of, "agree"))).collect();
    scores.sort_unstable();
    scores.push(("all".to_owned(), count(total, "n"), count(total, "agree")));
    scores.push(("valid".to_owned(), count(total, "val"), count(total, "val_ok")));
    compare(&scores, &told);
}

/// Compares with the scores that are kept, or writes them.
fn compare(scores: &[Score], told: &str) {
    let path = workspace("tests/scores/validator.txt");
    let written = write(scores);
    if std::env::var_os("ERS_FHIR_UPDATE_SCORES").is_some() {
        std::fs::write(&path, written).expect("the scores can be written");
        return;
    }
    let kept = read(&std::fs::read_to_string(&path).expect("the scores are kept"));
    let lost = kept.iter().any(|(name, _, before)| {
        scores.iter().find(|(module, ..)| module == name).is_none_or(|(_, _, now)| now < before)
    });
    assert!(!lost, "kept:\n{}\nnow:\n{written}\n{told}", write(&kept));
    if kept != scores {
        note(&format!("{} is out of date; now:\n{written}", path.display()));
    }
}

fn write(scores: &[Score]) -> String {
    let mut text = String::new();
    for (name, cases, agree) in scores {
        let percent = 100.0 * as_float(*agree) / as_float(*cases);
        writeln!(text, "{name:<20} {agree:>4} of {cases:>4} {percent:>6.1} %").expect("memory");
    }
    text
}

fn read(text: &str) -> Vec<Score> {
    text.lines()
        .map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().expect("a module").to_owned();
            let mut numbers = words.filter_map(|word| word.parse().ok());
            let agree = numbers.next().expect("how many agree");
            (name, numbers.next().expect("how many there are"), agree)
        })
        .collect()
}

fn as_float(count: u64) -> f64 {
    u32::try_from(count).map(f64::from).expect("there are not that many cases")
}

/// The binary as it is now, of the profile that this test was built with.
///
/// Cargo names binaries only to the tests of their own package. So it is asked for it: `cargo test
/// --workspace` has built it, and otherwise it is built now.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.ancestors().nth(2).expect("tests are in target/<profile>/deps");
    let target = folder.parent().expect("profiles are in the target folder");
    let is_release = folder.ends_with("release");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "ers-fhir", "--bin", "ers-fhir"])
        .args(["--profile", if is_release { "release" } else { "test" }])
        .arg("--target-dir")
        .arg(target)
        .current_dir(workspace("."))
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the binary can be built");
    folder.join(format!("ers-fhir{}", std::env::consts::EXE_SUFFIX))
}
