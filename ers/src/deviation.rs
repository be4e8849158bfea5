//! Known deviations of the live e-RS service from base FHIR.
//!
//! What the service itself sends must not fail a supplier's check, and must not be hidden either.
//! Under a profile of e-RS such a finding becomes information under a code of its own, with the
//! reason; everywhere else, and for those who are [strict](crate::Ers::strict), it stays what it is.

use ers_fhir_report::{Issue, Rule};
use ers_fhir_validator::rule::{bundle, coding, profile, reference, structure, value};
use ers_fhir_validator::service::Found;

use crate::marks;
use crate::rule::deviation as rules;
use crate::service::SINGLE_OBJECTS;

/// What the documentation of the service writes for the base address of an environment.
pub(crate) const PLACEHOLDER: &str = "_baseurl_";

/// The deviation that a finding is an instance of.
pub(crate) fn deviation(found: &Found<'_>) -> Option<&'static Rule> {
    if found.rule.issue == Issue::BusinessRule {
        // What e-RS itself demands excuses nothing.
        return None;
    }
    let is = |rule: &'static Rule| found.rule.is(rule);
    let any = |rules: &[&'static Rule]| rules.iter().any(|rule| is(rule));
    let is_single = || found.element.is_some_and(|element| SINGLE_OBJECTS.contains(&element));
    if is(&structure::ARRAY_EXPECTED) && is_single() {
        return Some(&rules::ERS_SINGLE_OBJECT);
    }
    if is(&structure::EMPTY_ARRAY) {
        return Some(&rules::ERS_EMPTY_ARRAY);
    }
    match found.key {
        Some("dom-2") => return Some(&rules::ERS_NESTED_CONTAINED),
        // What a nested resource contains is looked for, and referred to, from further out.
        Some("dom-3") if found.node.name() == "contained" => {
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
    if is(&profile::UNKNOWN_PROFILE) && found.node.value().is_some_and(marks::is_of_others) {
        return Some(&rules::ERS_PROFILE_OF_OTHERS);
    }
    if is(&coding::WRONG_DISPLAY) {
        return Some(&rules::ERS_DISPLAY);
    }
    // The value itself: what surrounds one keeps its own faults.
    let is_placeholder = found.text.to_ascii_lowercase().starts_with(PLACEHOLDER);
    (is_placeholder && !is(&value::FIXED_VALUE)).then_some(&rules::ERS_PLACEHOLDER)
}
