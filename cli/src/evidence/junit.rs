//! The cases as `JUnit` XML: each operation is a suite.

use ers_fhir_report::render::printable;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::cases::{Case, Evidence, Verdict, fails};
use super::page::said;

/// The cases that were run, that must be run, or that do not apply.
pub(super) fn xml(evidence: &Evidence<'_>, masks: bool, demands_all: bool) -> Result<String, String> {
    let mut report = Report::new("e-RS onboarding evidence");
    for operation in &evidence.operations {
        let mut suite = TestSuite::new(format!("{} {}", operation.endpoint.id, operation.endpoint.name));
        let shown = operation.cases.iter().filter(|case| case.verdict() != Verdict::NotSeen);
        suite.add_test_cases(shown.map(|case| test(case, masks, demands_all)));
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| format!("cannot write junit.xml: {error}"))
}

fn test(case: &Case<'_>, masks: bool, demands_all: bool) -> TestCase {
    let skipped = |message: &str| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(printable(message).into_owned());
        status
    };
    let failed = |message: &str, text: String| {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(message.to_owned()).set_description(text);
        status
    };
    let status = match case.verdict() {
        Verdict::Passed | Verdict::NotSeen => TestCaseStatus::success(),
        Verdict::Failed => {
            let found = case.runs.iter().flat_map(|run| {
                let findings =
                    run.sides().flat_map(|side| &side.findings).filter(|found| fails(found.severity));
                findings
                    .map(|found| format!("call {} of {}: {}", run.number, run.capture, said(found, masks)))
            });
            let lines: Vec<String> = found.map(|line| printable(&line).into_owned()).collect();
            failed(&format!("{} findings", lines.len()), lines.join("\n"))
        }
        Verdict::NotRun if demands_all => failed("not run", String::new()),
        Verdict::NotRun => skipped("not run"),
        Verdict::NotApplicable => skipped(&format!("not applicable: {}", case.reason.unwrap_or_default())),
    };
    let mut test = TestCase::new(case.title(), status);
    test.set_classname(case.endpoint.id);
    test
}
