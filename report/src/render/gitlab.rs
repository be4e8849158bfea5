//! The report that GitLab shows in merge requests.
//!
//! Source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use serde_json::json;

use super::checked::Checked;
use super::exit::{printable, printable_json};
use super::fingerprint::Fingerprints;
use super::format::Render;
use super::notes::line_in;
use super::region::Lines;
use super::summary::Summary;
use crate::Severity;

/// The format.
#[derive(Debug)]
pub struct GitLab {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

impl Render for GitLab {
    fn open(&self) -> String {
        "[\n".to_owned()
    }

    fn has_fingerprints(&self) -> bool {
        true
    }

    fn payload(&self, checked: &Checked) -> String {
        let lines = Lines::of(checked);
        let mut fingerprints = Fingerprints::of(checked);
        let issue = |diagnostic: &crate::Diagnostic| {
            // The format requires a line even where there is none.
            let has_place = checked.has_place(diagnostic);
            let (begin, end) =
                if has_place { (diagnostic.position.line, lines.end(diagnostic).line) } else { (1, 1) };
            let issue = json!({
                "check_name": diagnostic.rule.code,
                "description": printable(&line_in(checked, diagnostic, self.masks)),
                "fingerprint": fingerprints.next(diagnostic),
                "severity": severity(diagnostic.severity),
                "location": {
                    "path": checked.file(),
                    "lines": { "begin": begin, "end": end },
                },
            });
            printable_json(issue.to_string())
        };
        checked.report.diagnostics.iter().map(issue).collect::<Vec<_>>().join(self.separator())
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    /// Nothing: the format has no place for failures, which go to standard error and the exit status.
    fn failure(&self, _: &str) -> String {
        String::new()
    }

    fn close(&self, _: &Summary) -> String {
        "\n]\n".to_owned()
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Fatal => "blocker",
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Information => "info",
    }
}
