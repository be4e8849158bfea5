//! Known deviations of the live e-RS service from base FHIR.
//!
//! What the service itself sends must not fail a supplier's check, and must not be hidden either.
//! Under a profile of e-RS such a finding becomes information under a code of its own, with the
//! reason; everywhere else, and under [`Options::strict`](crate::Options), it stays what it is.

use ers_fhir_ers::service::SINGLE_OBJECTS;

use super::Finding;
use crate::diagnostic::Severity;
use crate::rule::{Issue, Rule, binding, bundle, coding, deviation as rules, reference, structure, value};
use crate::tree::Document;

/// What the documentation of the service writes for the base address of an environment.
const PLACEHOLDER: &str = "_baseurl_";

/// The finding as it weighs under a profile of e-RS; `None` where it says nothing there.
pub(super) fn under_ers<'v>(finding: Finding<'v>, document: &Document<'_>) -> Option<Finding<'v>> {
    if finding.rule.is(&binding::BINDING_PREFERRED) {
        // What base FHIR would prefer is no advice where the service has codes of its own.
        return None;
    }
    Some(match deviation(&finding, document) {
        Some(rule) => {
            let message = finding.message.then(format!(" ({})", rule.summary));
            Finding { rule, severity: Severity::Information, message, suggestion: None, ..finding }
        }
        None => finding,
    })
}

/// The deviation that a finding is an instance of.
pub(super) fn deviation(finding: &Finding<'_>, document: &Document<'_>) -> Option<&'static Rule> {
    if finding.rule.issue == Issue::BusinessRule {
        // What e-RS itself demands excuses nothing.
        return None;
    }
    let is = |rule: &'static Rule| finding.rule.is(rule);
    let any = |rules: &[&'static Rule]| rules.iter().any(|rule| is(rule));
    let element = finding.demanded_by.map_or("", |origin| &*origin.element.id);
    if is(&structure::ARRAY_EXPECTED) && SINGLE_OBJECTS.contains(&element) {
        return Some(&rules::ERS_SINGLE_OBJECT);
    }
    if is(&structure::EMPTY_ARRAY) {
        return Some(&rules::ERS_EMPTY_ARRAY);
    }
    match finding.key {
        Some("dom-2") => return Some(&rules::ERS_NESTED_CONTAINED),
        // What a nested resource contains is looked for, and referred to, from further out.
        Some("dom-3") if document.node(finding.node).name() == "contained" => {
            return Some(&rules::ERS_NESTED_CONTAINED);
        }
        Some("dom-4") => return Some(&rules::ERS_CONTAINED_VERSION),
        _ => {}
    }
    if is(&reference::UNRESOLVED_LOCAL_REFERENCE) {
        return Some(&rules::ERS_LOCAL_REFERENCE);
    }
    if is(&coding::CODING_SYSTEM_IS_VALUE_SET) {
        return Some(&rules::ERS_VALUE_SET_SYSTEM);
    }
    if any(&[&bundle::BUNDLE_FULL_URL_RELATIVE, &bundle::BUNDLE_FULL_URL_MISMATCH]) {
        return Some(&rules::ERS_FULL_URL);
    }
    if is(&coding::WRONG_DISPLAY) {
        return Some(&rules::ERS_DISPLAY);
    }
    let found = document.source().get(finding.span.clone()).unwrap_or_default();
    // The value itself: what surrounds one keeps its own faults.
    let is_placeholder = found.trim_start_matches('"').to_ascii_lowercase().starts_with(PLACEHOLDER);
    (is_placeholder && !is(&value::FIXED_VALUE)).then_some(&rules::ERS_PLACEHOLDER)
}
