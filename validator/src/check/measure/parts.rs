//! Matches each part of a report to the part of the Measure with the same code, including the strata of a
//! group.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_report::{Gap, Message, Severity, def, text};
use ers_fhir_tree::Node;

use super::Report;
use crate::check::Finding;
use crate::rule::measure as rules;

/// A population with this code is computed from others, and not reported.
const OBSERVATION: &str = "measure-observation";

/// A kind of part that reports and Measures have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Group,
    Population,
    Stratifier,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Population => "population",
            Self::Stratifier => "stratifier",
        }
    }
}

impl<'c, 'd> Report<'c, '_, 'd> {
    /// Pairs the parts of a report with those of the Measure, and reports those without a partner.
    pub(super) fn pair(
        &self,
        holder: Node<'d>,
        reported: &[Node<'d>],
        defined: &[&'c Datum],
        part: Part,
    ) -> Vec<(Node<'d>, &'c Datum)> {
        // Without its code, it is not clear which part of the Measure is meant.
        if part == Part::Stratifier && defined.iter().any(|datum| datum.get("code").is_none()) {
            if !reported.is_empty() {
                self.ctx.pass(Gap::Form, holder);
            }
            return Vec::new();
        }
        let mut pairs: Vec<(Node<'d>, &'c Datum)> = Vec::new();
        for node in reported {
            let Some(code) = node.child("code") else {
                let message = text!("the {} has no code to say which one of the Measure it is", part.name());
                self.wrong_code(*node, message);
                continue;
            };
            let find = |is_same: fn(Node<'_>, &Datum) -> bool| {
                let mut defined = defined.iter().copied();
                defined.find(|datum| datum.get("code").is_some_and(|defined| is_same(code, defined)))
            };
            let is_paired = |datum| is_among(&pairs, datum);
            match find(is_same_concept) {
                Some(datum) if is_paired(datum) => {
                    self.wrong_code(code, text!("there is already a {} with this code", part.name()));
                }
                Some(datum) => pairs.push((*node, datum)),
                None => match find(is_same_code).filter(|datum| !is_paired(datum)) {
                    // It is not missing as well.
                    Some(datum) => {
                        self.wrong_code(
                            code,
                            text!(
                                "the Measure has a {} with this code, in a system that is not given here",
                                part.name()
                            ),
                        );
                        pairs.push((*node, datum));
                    }
                    None => self.wrong_code(code, text!("the Measure has no {} with this code", part.name())),
                },
            }
        }
        if self.is_complete {
            // Where there is no group at all, none of them is there under another code.
            let is_due = |datum: &Datum| is_reported(datum) || part == Part::Group && reported.is_empty();
            for datum in defined.iter().filter(|datum| !is_among(&pairs, datum) && is_due(datum)) {
                self.missing(holder, datum, part);
            }
        }
        pairs
    }

    fn wrong_code(&self, node: Node<'d>, message: Message) {
        self.ctx.report(Finding::new(&rules::MEASURE_REPORT_CODE, node, message).at_key(node));
    }

    fn missing(&self, holder: Node<'d>, datum: &Datum, part: Part) {
        let code = datum.get("code").and_then(|code| {
            code.get("coding").and_then(|coding| coding.str("code")).or_else(|| code.str("text"))
        });
        let mut message = text!("the {} ", part.name());
        if let Some(code) = code {
            message = message.value(code).then(" ");
        }
        let message = message.then("of the Measure is not reported");
        self.ctx.report(Finding::new(&rules::MEASURE_REPORT_MISSING, holder, message).at_key(holder));
    }
}

/// Checks the strata of a stratifier, which the Measure defines in a group.
pub(super) fn check_strata<'d>(
    report: &Report<'_, '_, 'd>,
    stratifier: Node<'d>,
    defined: &Datum,
    group: &Datum,
) {
    for stratum in stratifier.named("stratum") {
        check_codes(report, stratum, "component", defined);
        check_codes(report, stratum, "population", group);
        for population in stratum.named("population") {
            report.check_subjects(population);
        }
    }
}

/// Each part of a stratum has the code of a part of the Measure.
fn check_codes<'d>(report: &Report<'_, '_, 'd>, stratum: Node<'d>, name: &str, holder: &Datum) {
    let defined: Vec<&Datum> = holder.all(name).filter_map(|part| part.get("code")).collect();
    // Parts without codes, as in a Measure with one population, cannot be told apart.
    if defined.len() < holder.all(name).count() {
        return;
    }
    for code in stratum.named(name).filter_map(|part| part.child("code")) {
        if !defined.iter().any(|defined| is_same_concept(code, defined)) {
            let message = text!("the Measure has no {} with this code here", def(name));
            let finding = Finding::new(&rules::MEASURE_REPORT_CODE, code, message);
            // About the populations of a stratum the specification only says that they fit the Measure.
            let severity = if name == "population" { Severity::Warning } else { Severity::Error };
            report.ctx.report(finding.at_key(code).severity(severity));
        }
    }
}

/// Whether a complete report must have this part.
fn is_reported(part: &Datum) -> bool {
    let Some(code) = part.get("code") else { return false };
    code.all("coding").all(|coding| coding.str("code") != Some(OBSERVATION))
}

/// Whether a part of the Measure has a partner.
fn is_among(pairs: &[(Node<'_>, &Datum)], datum: &Datum) -> bool {
    pairs.iter().any(|(_, known)| std::ptr::eq(*known, datum))
}

/// Whether concepts share a code, of whichever system.
fn is_same_code(node: Node<'_>, datum: &Datum) -> bool {
    let mut codes = node.named("coding").filter_map(|coding| coding.child_value("code"));
    codes.any(|code| datum.all("coding").any(|defined| defined.str("code") == Some(code)))
}

/// Concepts are the same if they share a coding; by their text where either has none.
fn is_same_concept(node: Node<'_>, datum: &Datum) -> bool {
    let mut codings = node.named("coding").peekable();
    if codings.peek().is_none() || datum.get("coding").is_none() {
        return node.child_value("text").is_some_and(|text| datum.str("text") == Some(text));
    }
    codings.any(|coding| {
        datum.all("coding").any(|defined| {
            coding.child_value("code") == defined.str("code")
                && coding.child_value("system") == defined.str("system")
        })
    })
}
