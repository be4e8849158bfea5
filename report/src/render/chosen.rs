//! The formats by name, and the renderer of each.

use std::str::FromStr;

use super::format::Render;
use super::{
    Concise, GitHub, GitLab, Html, JUnit, Json, JsonLines, Markdown, OperationOutcome, Sarif, Statistics,
    Text,
};
use crate::Severity;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: each finding with the line it is on.
    Text,
    /// One line per finding.
    Concise,
    /// For programs: one JSON object.
    Json,
    /// For programs that read line by line: one JSON object per finding.
    Jsonl,
    /// For FHIR systems: one OperationOutcome.
    OperationOutcome,
    /// For code scanners and editors: SARIF 2.1.0.
    Sarif,
    /// For build servers: the XML of `JUnit`.
    Junit,
    /// Annotations in GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// One page to open in a browser.
    Html,
    /// For the summary of a build job.
    Markdown,
}

/// Options for a format.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether values of payloads are hidden.
    pub masks: bool,
    /// Whether the output is coloured, where the format supports it.
    pub colors: bool,
    /// Whether notes and summaries are left out.
    pub quiet: bool,
    /// Whether formats for people show counts instead of findings.
    pub statistics: bool,
    /// Least weight of a finding that fails the run.
    pub fail_on: Severity,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::OperationOutcome,
        Self::Sarif,
        Self::Junit,
        Self::Github,
        Self::Gitlab,
        Self::Html,
        Self::Markdown,
    ];

    /// Its name: `operation-outcome`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::OperationOutcome => "operation-outcome",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Html => "html",
            Self::Markdown => "markdown",
        }
    }

    /// The media type of its output.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text | Self::Concise | Self::Github => "text/plain",
            Self::Json | Self::Gitlab => "application/json",
            Self::Jsonl => "application/jsonl",
            Self::OperationOutcome => "application/fhir+json",
            Self::Sarif => "application/sarif+json",
            Self::Junit => "application/xml",
            Self::Html => "text/html",
            Self::Markdown => "text/markdown",
        }
    }

    /// Whether it can show counts instead of findings.
    pub fn has_statistics(self) -> bool {
        matches!(self, Self::Text | Self::Concise)
    }

    /// The renderer for it.
    pub fn renderer(self, style: Style) -> Box<dyn Render> {
        let Style { masks, colors, quiet, statistics, fail_on } = style;
        match self {
            _ if statistics && self.has_statistics() => Box::new(Statistics),
            Self::Text => Box::new(Text { colors, masks, quiet }),
            Self::Concise => Box::new(Concise { masks, quiet }),
            Self::Json => Box::new(Json { masks }),
            Self::Jsonl => Box::new(JsonLines { masks }),
            Self::OperationOutcome => Box::new(OperationOutcome { masks }),
            Self::Sarif => Box::new(Sarif::new(env!("CARGO_PKG_VERSION"), masks)),
            Self::Junit => Box::new(JUnit { masks, fail_on }),
            Self::Github => Box::new(GitHub { masks }),
            Self::Gitlab => Box::new(GitLab { masks }),
            Self::Html => Box::new(Html { masks }),
            Self::Markdown => Box::new(Markdown { masks }),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            let names = || Self::ALL.iter().map(|format| format.name());
            match ers_fhir_values::suggest::nearest(name, names()) {
                Some(near) => format!("there is no format '{name}': did you mean '{near}'?"),
                None => {
                    format!(
                        "there is no format '{name}'; there are {}",
                        names().collect::<Vec<_>>().join(", ")
                    )
                }
            }
        })
    }
}
