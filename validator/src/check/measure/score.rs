//! The score of a group: whether there is one, and what it looks like.
//!
//! Source: <http://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.measureScore>.

use std::cmp::Ordering;

use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::number;

use super::{Report, ReportKind};
use crate::check::Finding;
use crate::rule::measure as rules;

/// Checks the score of a group against how its Measure is scored.
pub(super) fn check<'d>(report: &Report<'_, '_, 'd>, group: Node<'d>) {
    let score = group.child("measureScore");
    let say = |at: Node<'d>, message: Message| {
        report.ctx.report(Finding::new(&rules::MEASURE_REPORT_SCORE, at, message).at_key(at));
    };
    let mut codings = report.measure.get("scoring").into_iter().flat_map(|scoring| scoring.all("coding"));
    let scoring = codings.find_map(|coding| coding.str("code"));
    match (scoring, score) {
        (Some("cohort"), Some(score)) => {
            say(score, Message::text("a Measure that is scored as 'cohort' has no score"));
        }
        (Some(scoring @ ("proportion" | "ratio" | "continuous-variable")), Some(score)) => {
            match score.child("value") {
                None => say(score, text!("a score of a {} has a value", def(scoring))),
                Some(value) if scoring == "proportion" => check_proportion(score, value, &say),
                Some(_) => {}
            }
        }
        (Some(scoring @ ("proportion" | "ratio" | "continuous-variable")), None)
            if report.is_complete && report.kind == ReportKind::Counts =>
        {
            say(group, text!("a Measure that is scored as '{}' has a score", def(scoring)));
        }
        _ => {}
    }
}

/// A proportion is a bare number from 0 to 1.
fn check_proportion<'d>(score: Node<'d>, value: Node<'d>, say: &impl Fn(Node<'d>, Message)) {
    for name in ["unit", "system", "code"] {
        if let Some(unit) = score.child(name) {
            say(unit, Message::text("a proportion has no unit"));
        }
    }
    let Some(text) = value.value() else { return };
    let is_below = |a: &str, b: &str| number::compare(a, b) == Some(Ordering::Less);
    if is_below(text, "0") || is_below("1", text) {
        say(value, Message::text("a proportion is a number from 0 to 1, not ").value(text));
    }
}
