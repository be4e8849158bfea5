//! Annotations of GitHub's runner: each finding shows on its line of the pull request.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use super::checked::Checked;
use super::exit::printable;
use super::format::Render;
use super::notes::line;
use super::region::Lines;
use super::summary::Summary;
use crate::Severity;

/// The format.
#[derive(Debug)]
pub struct GitHub {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

impl Render for GitHub {
    fn payload(&self, checked: &Checked) -> String {
        let lines = Lines::of(checked);
        let file = property(checked.name.strip_prefix("./").unwrap_or(&checked.name));
        let annotation = |diagnostic: &crate::Diagnostic| {
            let (start, end) = (diagnostic.position, lines.end(diagnostic));
            // Columns of several lines are refused.
            let columns = if start.line == end.line {
                format!(",col={},endColumn={}", start.column, end.column)
            } else {
                String::new()
            };
            format!(
                "::{} file={file},line={},endLine={}{columns},title={}::{}\n",
                command(diagnostic.severity),
                start.line,
                end.line,
                property(diagnostic.rule.code),
                data(&line(diagnostic, self.masks))
            )
        };
        checked.report.diagnostics.iter().map(annotation).collect()
    }

    fn failure(&self, error: &str) -> String {
        format!("::error::{}\n", data(error))
    }

    fn close(&self, _: &Summary) -> String {
        String::new()
    }
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Fatal | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "notice",
    }
}

/// A text as the message of a command.
fn data(text: &str) -> String {
    printable(text).replace('%', "%25")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
