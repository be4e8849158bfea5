//! The XML of `JUnit`, which every build server reads: a payload is a suite, a finding that fails the run a failed case.
//!
//! Source: <https://github.com/testmoapp/junitxml>.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::checked::Checked;
use super::exit::printable;
use super::format::Render;
use super::notes::{Note, notes};
use super::shown::{place, shown};
use super::summary::Summary;
use crate::{Diagnostic, Severity};

/// The format.
#[derive(Debug)]
pub struct JUnit {
    /// Whether values of the payload are hidden.
    pub masks: bool,
    /// Least weight of a finding that is a failure.
    pub fail_on: Severity,
}

impl JUnit {
    fn case(&self, checked: &Checked, diagnostic: &Diagnostic) -> TestCase {
        let message = shown(&diagnostic.message, self.masks);
        let mut text = format!("{}: {message}", checked.at_in_repository(diagnostic));
        if let Some(suggestion) = &diagnostic.suggestion {
            let part = shown(suggestion, self.masks);
            text = format!("{text}\nhelp: {part}");
        }
        for Note { word, text: note } in notes(diagnostic, self.masks) {
            text = format!("{text}\n{word}: {note}");
        }
        if let Some(profile) = &diagnostic.profile {
            text = format!("{text}\ndemanded by: {profile}");
        }
        let text = text.lines().map(printable).collect::<Vec<_>>().join("\n");
        let title = match (diagnostic.part, &*place(&diagnostic.location, self.masks)) {
            (Some(part), _) => format!("{} at {part}", diagnostic.rule.code),
            (None, "") => diagnostic.rule.code.to_owned(),
            (None, place) => format!("{} at {place}", diagnostic.rule.code),
        };
        let mut case = if diagnostic.severity >= self.fail_on {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(diagnostic.rule.code).set_message(&*printable(&message)).set_description(text);
            TestCase::new(printable(&title), status)
        } else {
            let mut case = TestCase::new(printable(&title), TestCaseStatus::success());
            case.set_system_out(text);
            case
        };
        case.set_classname(printable(&checked.name_in_repository()));
        case
    }
}

impl Render for JUnit {
    fn open(&self) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ers-fhir\">\n".to_owned()
    }

    fn payload(&self, checked: &Checked) -> String {
        let mut suite = TestSuite::new(printable(&checked.name_in_repository()));
        for diagnostic in &checked.report.diagnostics {
            suite.add_test_case(self.case(checked, diagnostic));
        }
        if checked.report.diagnostics.is_empty() {
            let mut case = TestCase::new("valid", TestCaseStatus::success());
            case.set_classname(printable(&checked.name_in_repository()));
            suite.add_test_case(case);
        }
        written(suite)
    }

    fn failure(&self, error: &str) -> String {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("not-checked").set_message(&*printable(error));
        let mut suite = TestSuite::new("inputs that could not be checked");
        suite.add_test_case(TestCase::new("readable", status));
        written(suite)
    }

    fn close(&self, _: &Summary) -> String {
        "</testsuites>\n".to_owned()
    }
}

/// One suite: what its writer puts between the tags of the whole.
fn written(suite: TestSuite) -> String {
    let mut report = Report::new("ers-fhir");
    report.add_test_suite(suite);
    // Only memory is written to.
    let whole = report.to_string().unwrap_or_default();
    let start = whole.find("    <testsuite ").unwrap_or_default();
    let end = whole.rfind("</testsuites>").unwrap_or(whole.len());
    whole[start..end].to_owned()
}
