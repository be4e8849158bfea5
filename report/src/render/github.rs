//! Annotations for GitHub's runner: each finding appears on its line of the pull request.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use std::fmt::Write;

use super::checked::Checked;
use super::exit::printable;
use super::format::Render;
use super::notes::line_in;
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
        let file = property(checked.file());
        let annotation = |diagnostic: &crate::Diagnostic| {
            let (start, end) = (diagnostic.position, lines.end(diagnostic));
            let mut place = format!("file={file}");
            if checked.has_place(diagnostic) {
                let _infallible = write!(place, ",line={},endLine={}", start.line, end.line);
                // GitHub refuses columns for findings over several lines.
                if start.line == end.line {
                    let _infallible = write!(place, ",col={},endColumn={}", start.column, end.column);
                }
            }
            format!(
                "::{} {place},title={}::{}\n",
                command(diagnostic.severity),
                property(diagnostic.rule.code),
                data(&line_in(checked, diagnostic, self.masks))
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
