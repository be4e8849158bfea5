//! Findings for programs that read line by line: one JSON object per finding, with its `file`; the last line has the
//! `summary`. The members are those of the JSON format.

use serde::Serialize;

use super::checked::Checked;
use super::format::Render;
use super::json::{Failure, Figures, Finding, written};
use super::region::Lines;
use super::summary::Summary;

/// The format.
#[derive(Debug)]
pub struct JsonLines {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    finding: Finding<'a>,
}

#[derive(Serialize)]
struct Last<'a> {
    summary: Figures<'a>,
}

impl Render for JsonLines {
    fn payload(&self, checked: &Checked) -> String {
        let lines = Lines::of(checked);
        let line = |diagnostic| {
            let finding = Finding::new(diagnostic, &lines, self.masks);
            format!("{}\n", written(&Line { file: checked.place_name(), finding }))
        };
        checked.report.diagnostics.iter().map(line).collect()
    }

    fn failure(&self, error: &str) -> String {
        format!("{}\n", written(&Failure { error: error.to_owned() }))
    }

    fn close(&self, summary: &Summary) -> String {
        format!("{}\n", written(&Last { summary: Figures::of(summary) }))
    }
}
