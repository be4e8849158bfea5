//! How often each rule is broken, and where first, instead of the findings.

use super::checked::Checked;
use super::figures::{figures, table};
use super::format::Render;
use super::summary::Summary;

/// The format.
#[derive(Debug)]
pub struct Statistics;

impl Render for Statistics {
    fn payload(&self, _: &Checked) -> String {
        String::new()
    }

    fn failure(&self, _: &str) -> String {
        String::new()
    }

    fn close(&self, summary: &Summary) -> String {
        let figures: Vec<String> = figures(summary).collect();
        format!("{}{}\n", table(summary), figures.join("\n"))
    }
}
