//! The strata of a group: their components and populations are those that the Measure has.
//!
//! Source: <http://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.stratifier.stratum>.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_report::{Severity, def, text};
use ers_fhir_tree::Node;

use super::Report;
use super::parts::is_same_concept;
use crate::check::Finding;
use crate::rule::measure as rules;

/// Checks the strata of a stratifier, which the Measure defines in a group.
pub(super) fn check<'d>(report: &Report<'_, '_, 'd>, stratifier: Node<'d>, defined: &Datum, group: &Datum) {
    for stratum in stratifier.named("stratum") {
        check_codes(report, stratum, "component", defined);
        check_codes(report, stratum, "population", group);
        for population in stratum.named("population") {
            report.check_subjects(population);
        }
    }
}

/// Each part of a stratum has a code of a part of the Measure.
fn check_codes<'d>(report: &Report<'_, '_, 'd>, stratum: Node<'d>, name: &str, holder: &Datum) {
    let defined: Vec<&Datum> = holder.all(name).filter_map(|part| part.get("code")).collect();
    // Parts without codes, as in a Measure of one population, cannot be told apart.
    if defined.len() < holder.all(name).count() {
        return;
    }
    for code in stratum.named(name).filter_map(|part| part.child("code")) {
        if !defined.iter().any(|defined| is_same_concept(code, defined)) {
            let message = text!("the Measure has no {} of this code here", def(name));
            let finding = Finding::new(&rules::MEASURE_REPORT_CODE, code, message);
            // Of the populations of a stratum the specification says no more than that they fit the Measure.
            let severity = if name == "population" { Severity::Warning } else { Severity::Error };
            report.ctx.report(finding.at_key(code).severity(severity));
        }
    }
}
