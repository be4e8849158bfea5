//! The rules of e-RS: each bad example breaks its rule, each good one breaks nothing; and none is
//! missing.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use ers_fhir_profiles::ers::duties;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::rule::{self, Example, Payload, Rule};
use ers_fhir_validator::{Report, Severity, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));

fn check(example: &Example) -> Report {
    assert_eq!(example.version, FhirVersion::Stu3);
    if let Payload::Edited { text, find, .. } = example.payload {
        assert!(text.contains(find), "the example does not hold {find}");
    }
    STU3.check(&example.payload.bytes(), &example.options())
}

fn rules() -> Vec<&'static Rule> {
    rule::all().filter(|rule| rule.code.starts_with("ers-rule-") || rule.code == "ers-no-body").collect()
}

#[test]
fn examples_do_what_their_pages_say() {
    let mut wrong = Vec::new();
    for rule in rules() {
        if !check(&rule.bad).diagnostics.iter().any(|found| found.rule == rule) {
            wrong.push(format!("{}: the bad example does not break it", rule.code));
        }
        let good = check(&rule.good);
        for found in
            good.diagnostics.iter().filter(|found| found.severity >= Severity::Error || found.rule == rule)
        {
            wrong.push(format!(
                "{}: its good example breaks {} at {}: {}",
                rule.code,
                found.rule.code,
                found.location,
                found.message.revealed()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_clock_can_be_fixed() {
    let rule = rule::find("ers-rule-51").expect("it is declared");
    assert!(check(&rule.good).is_valid());
    let later = rule.good.options().now.is_some();
    assert!(later, "the good example is good at its own time only");
    let mut options = rule.good.options();
    options.now = "2026-02-01T00:00:00Z".parse().ok();
    let report = STU3.check(&rule.good.payload.bytes(), &options);
    let broken: Vec<&str> = report.diagnostics.iter().map(|found| found.rule.code).collect();
    assert!(broken.contains(&"ers-rule-51"), "{broken:?}");
}

#[test]
fn every_documented_rule_is_declared_or_a_duty() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ers/business-rules.md");
    let Ok(text) = std::fs::read_to_string(&path) else {
        skip(&path);
        return;
    };
    let declared: BTreeSet<&str> = rules().iter().map(|rule| rule.code).collect();
    let duties: BTreeSet<&str> = duties().iter().map(|duty| duty.code).collect();
    let both: Vec<_> = declared.intersection(&duties).collect();
    assert!(both.is_empty(), "declared, and a duty too: {both:?}");
    let documented: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| {
            line.strip_prefix("| ers-rule-").map(|_| line[2..].split(' ').next().unwrap_or_default())
        })
        .collect();
    assert!(documented.len() > 140, "{documented:?}");
    let missing: Vec<_> =
        documented.iter().filter(|code| !declared.contains(*code) && !duties.contains(*code)).collect();
    assert!(missing.is_empty(), "neither declared nor a duty: {missing:?}");
}

#[expect(clippy::print_stderr, reason = "a test that checks nothing must say so")]
fn skip(path: &Path) {
    eprintln!("skipped: {} is not there", path.display());
}
