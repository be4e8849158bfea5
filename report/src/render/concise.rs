//! One line a finding: `file:line:column: severity[rule]: message`.

use super::checked::Checked;
use super::exit::printable;
use super::format::Render;
use super::notes::line;
use super::summary::Summary;
use super::text::Text;
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
    fn line(&self, name: &str, diagnostic: &Diagnostic) -> String {
        let position = diagnostic.position;
        let message = line(diagnostic, self.masks);
        let place = format!("{name}:{}:{}", position.line, position.column);
        let text = format!("{place}: {}[{}]: {message}", diagnostic.severity, diagnostic.rule.code);
        format!("{}\n", printable(&text))
    }
}

impl Render for Concise {
    fn payload(&self, checked: &Checked) -> String {
        checked.report.diagnostics.iter().map(|diagnostic| self.line(&checked.name, diagnostic)).collect()
    }

    /// Standard error has it.
    fn failure(&self, _: &str) -> String {
        String::new()
    }

    fn close(&self, summary: &Summary) -> String {
        Text { colors: false, masks: self.masks, quiet: self.quiet }.close(summary)
    }
}
