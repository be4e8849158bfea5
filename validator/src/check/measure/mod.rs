//! Checks reports against their Measure.
//!
//! This runs after the walk, on reports whose Measure is available: contained, in the same Bundle, or in a
//! loaded package. A report has the groups, populations and stratifiers of its Measure, identified by their
//! codes, and a score that fits the scoring of the Measure.
//!
//! - [`parts`] pairs the parts of a report with those of its Measure.
//! - [`score`] checks the score of a group.
//! - [`criteria`] checks a Measure itself against its libraries.
//!
//! STU3 identifies the parts by identifiers that are unknown elsewhere, so only R4 is checked.
//!
//! Source: <http://hl7.org/fhir/R4/measurereport.html> and <http://hl7.org/fhir/R4/measure.html>.

mod criteria;
mod parts;
mod score;

use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Gap, Message, text};
use ers_fhir_tree::Node;

use super::shelf::Shelf;
use super::{Checker, Finding};
use crate::rule::measure as rules;
use parts::Part;

/// Checks every report of the document.
pub(super) fn settle(ctx: &Checker<'_, '_>) {
    let waiting = ctx.waiting.reports.take();
    criteria::settle(ctx);
    if ctx.version() != FhirVersion::R4 {
        for report in waiting {
            ctx.pass(Gap::Form, report);
        }
        return;
    }
    if waiting.is_empty() {
        return;
    }
    let mut shelf = Shelf::new(ctx, Kind::Measure);
    for report in waiting {
        let Some(named) = report.child("measure") else { continue };
        let Some(canonical) = named.value().filter(|text| !text.is_empty()) else { continue };
        if let Some(measure) = shelf.find(ctx, named, canonical) {
            Report::new(ctx, report, &measure).check();
        } else if ctx.resolve(canonical, named).is_none() {
            // Something else in its place is reported as that.
            let message = Message::text("the Measure ")
                .value(canonical)
                .then(" is not available, so the report was not checked against it");
            let finding = Finding::new(&rules::MEASURE_UNKNOWN, named, message)
                .suggest(Message::text("load the Measure with --ig, or contain it"));
            ctx.report(finding);
        }
    }
}

/// A report and its Measure.
struct Report<'c, 'v, 'd> {
    ctx: &'c Checker<'v, 'd>,
    node: Node<'d>,
    measure: &'c Datum,
    kind: ReportKind,
    /// Whether the report is complete.
    is_complete: bool,
}

/// The type of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportKind {
    /// The result for one subject, or counts for many.
    Counts,
    /// Who is in each population.
    SubjectList,
    /// The data alone, before it is evaluated.
    DataCollection,
}

impl<'c, 'v, 'd> Report<'c, 'v, 'd> {
    fn new(ctx: &'c Checker<'v, 'd>, node: Node<'d>, measure: &'c Datum) -> Self {
        let kind = match node.child_value("type") {
            Some("subject-list") => ReportKind::SubjectList,
            Some("data-collection") => ReportKind::DataCollection,
            _ => ReportKind::Counts,
        };
        Self { ctx, node, measure, kind, is_complete: node.child_value("status") == Some("complete") }
    }

    fn check(&self) {
        // It has no groups: mrp-1 says so of those that are there.
        if self.kind == ReportKind::DataCollection {
            return;
        }
        let defined: Vec<&Datum> = self.measure.all("group").collect();
        let reported: Vec<Node<'d>> = self.node.named("group").collect();
        // The only group of a Measure needs no code; if both have one, they agree.
        if let ([group], [only]) = (defined.as_slice(), reported.as_slice()) {
            if only.child("code").is_some() && group.get("code").is_some() {
                self.pair(self.node, &reported, &defined, Part::Group);
            }
            self.check_group(*only, group);
        } else if !defined.is_empty() {
            for (node, group) in self.pair(self.node, &reported, &defined, Part::Group) {
                self.check_group(node, group);
            }
        }
    }

    fn check_group(&self, node: Node<'d>, group: &'c Datum) {
        score::check(self, node);
        let parts = |name| group.all(name).collect::<Vec<_>>();
        let nodes = |name| node.named(name).collect::<Vec<_>>();
        for (population, _) in self.pair(node, &nodes("population"), &parts("population"), Part::Population) {
            self.check_subjects(population);
        }
        let stratifiers = nodes("stratifier");
        for (stratifier, defined) in self.pair(node, &stratifiers, &parts("stratifier"), Part::Stratifier) {
            parts::check_strata(self, stratifier, defined, group);
        }
    }

    /// The count of a population is the number of listed subjects, if the list is available.
    fn check_count(&self, population: Node<'d>, listed: Node<'d>) {
        let list = listed.child_value("reference").and_then(|reference| self.ctx.resolve(reference, listed));
        let Some(list) = list.filter(|list| list.resource_type() == Some("List")) else { return };
        let Some((count, stated)) = population.child("count").and_then(|node| Some((node, node.value()?)))
        else {
            return;
        };
        let actual = list.named("entry").filter(|entry| entry.child_value("deleted") != Some("true")).count();
        if stated.parse() != Ok(actual) {
            let message = Message::text("the count is ")
                .value(stated)
                .then(text!(", but the list of subjects has {}", actual));
            self.ctx.report(Finding::new(&rules::MEASURE_REPORT_SUBJECTS, count, message));
        }
    }

    /// The subjects in a population, if there are any, are listed if the report is a subject list, and only then.
    fn check_subjects(&self, population: Node<'d>) {
        let listed = population.child("subjectResults");
        if let Some(listed) = listed.filter(|_| self.kind == ReportKind::SubjectList) {
            self.check_count(population, listed);
        }
        let (at, message) = match (listed, self.kind) {
            (Some(listed), ReportKind::Counts) => {
                (listed, "only a report of type 'subject-list' lists its subjects")
            }
            (None, ReportKind::SubjectList) if self.is_complete && is_counted(population) => {
                (population, "a report of type 'subject-list' lists the subjects of each population")
            }
            _ => return,
        };
        let finding = Finding::new(&rules::MEASURE_REPORT_SUBJECTS, at, Message::text(message));
        self.ctx.report(finding.at_key(at));
    }
}

/// Whether a population has any subjects, as far as its count says.
fn is_counted(population: Node<'_>) -> bool {
    population.child_value("count").and_then(|count| count.parse().ok()).is_some_and(|count: u64| count > 0)
}
