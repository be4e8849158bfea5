//! Markers of patients: wherever one occurs in a payload, masked output does not show it.

use ers_fhir_ers::Ers;
use ers_fhir_report::render::{Checked, Json, OperationOutcome, Render, Summary, Text, Told};
use ers_fhir_tree::{Document, Syntax};
use ers_fhir_validator::detect::detect;
use ers_fhir_validator::{Options, Severity, unreadable};

use crate::VALIDATORS;

/// What seeds and mutations put where data may occur.
pub const MARKERS: [&str; 3] = ["Exampler", "Quentin", "9999999999"];

/// Checks a payload as the command line does and writes what is found in every format, values masked.
fn written(data: &[u8]) -> String {
    let options = Options { now: "2026-03-01T00:00:00Z".parse().ok(), ..Ers::new().into() };
    let validator = |version| {
        VALIDATORS.iter().find(|validator| validator.version() == version).unwrap_or(&VALIDATORS[0])
    };
    let text = match std::str::from_utf8(data) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&data[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut checked =
        Checked { text: text.to_owned(), syntax: Syntax::of(data), ..Checked::blank("payload".to_owned()) };
    match Document::parse(data) {
        Ok(document) => {
            let found = detect(&document, &[], |version| validator(version).definitions());
            let (found, report) =
                found.check(|version| validator(version).check_document(&document, &options));
            checked.version = Some(found.version);
            checked.told_by = Some(Told { by: found.clue.message(), is_guess: false, is_by_trial: true });
            checked.report = report;
        }
        Err(refused) => checked.report = unreadable(data, &refused),
    }
    checked.fails = checked.report.has(Severity::Error);
    for finding in checked.report.all() {
        assert!(!finding.message.revealed().is_empty(), "a finding says nothing");
        assert!(finding.span.start <= finding.span.end && finding.span.end <= data.len(), "a span leads out");
    }
    let formats: [&dyn Render; 3] = [
        &Text { colors: false, masks: true, quiet: false },
        &Json { masks: true },
        &OperationOutcome { masks: true },
    ];
    let figures = Summary::of(&checked);
    formats.iter().map(|format| format.payload(&checked) + &format.close(&figures)).collect()
}

/// Markers and commands to build runners that masked output contains; empty if all is well.
pub fn leaks(data: &[u8]) -> Vec<String> {
    let output = written(data);
    let shows = |line: &&str| {
        MARKERS.iter().any(|marker| line.contains(marker))
            || line.trim_start().starts_with("::")
            || line.contains("##[")
            || line.chars().any(|letter| letter.is_control() && letter != '\t')
    };
    output.lines().filter(shows).map(str::to_owned).collect()
}

/// Nothing leaks, and a second run says the same.
pub fn validate(data: &[u8]) {
    let found = leaks(data);
    assert!(found.is_empty(), "masked output shows: {found:?}");
    assert!(written(data) == written(data), "a second run gives another result");
}
