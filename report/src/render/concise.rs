//! One line per finding: `file:line:column: severity[rule]: message`.

use super::checked::Checked;
use super::exit::printable;
use super::figures::figures;
use super::format::Render;
use super::notes::line;
use super::summary::Summary;
use crate::Diagnostic;

/// The format.
#[derive(Debug)]
pub struct Concise {
    /// Whether values of the payload are hidden.
    pub masks: bool,
    /// Whether no summary is written.
    pub quiet: bool,
}

impl Concise {
    fn line(&self, checked: &Checked, diagnostic: &Diagnostic) -> String {
        let (rule, message) = (diagnostic.rule.code, line(diagnostic, self.masks));
        let text = format!("{}: {}[{rule}]: {message}", checked.at(diagnostic), diagnostic.severity);
        format!("{}\n", printable(&text))
    }
}

impl Render for Concise {
    fn payload(&self, checked: &Checked) -> String {
        checked.report.diagnostics.iter().map(|diagnostic| self.line(checked, diagnostic)).collect()
    }

    /// Nothing: failures go to standard error.
    fn failure(&self, _: &str) -> String {
        String::new()
    }

    fn close(&self, summary: &Summary) -> String {
        if self.quiet { String::new() } else { figures(summary).map(|line| line + "\n").collect() }
    }
}
