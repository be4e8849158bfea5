//! The business rules of the documentation, compared with those that are declared.

use std::collections::BTreeSet;
use std::process::ExitCode;

use ers_fhir_corpora::{Suite, shared, tests};
use ers_fhir_ers::rule;
use ers_fhir_ers::service::duties;

/// The rules of the documentation, by number, in the folder next to the checkout.
const DOCUMENTATION: &str = "ers/business-rules.md";

fn main() -> ExitCode {
    Suite::new().reading([&shared(DOCUMENTATION)], tests![every_documented_rule_is_declared_or_a_duty]).run()
}

fn every_documented_rule_is_declared_or_a_duty() {
    let text = std::fs::read_to_string(shared(DOCUMENTATION)).expect("the file is readable");
    let declared: BTreeSet<&str> =
        rule::all().map(|rule| rule.code).filter(|c| c.starts_with("ers-rule-")).collect();
    let duties: BTreeSet<&str> = duties().iter().map(|duty| duty.code).collect();
    let both: Vec<_> = declared.intersection(&duties).collect();
    assert!(both.is_empty(), "declared, and a duty too: {both:?}");
    let documented: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|line| line.split(' ').next().filter(|code| code.starts_with("ers-rule-")))
        .collect();
    assert!(documented.len() > 140, "{documented:?}");
    let missing: Vec<_> =
        documented.iter().filter(|code| !declared.contains(*code) && !duties.contains(*code)).collect();
    assert!(missing.is_empty(), "neither declared nor a duty: {missing:?}");
}
