//! Known deviations of the live e-RS service from base FHIR, each for the direction in which it occurs.
//!
//! What the service itself sends must not fail a supplier's check, but must not be hidden either. In a
//! payload of e-RS such a finding becomes information under a code of its own, with the reason;
//! everywhere else, and in [strict](crate::Ers::strict) mode, it stays unchanged. A client is always
//! excused for the form that the service demands, and for nothing else: the service does not accept its
//! other deviations from clients.

use ers_fhir_report::{Issue, Rule};
use ers_fhir_validator::rule::{binding, bundle, coding, datatype, profile, reference, structure};
use ers_fhir_validator::service::Found;

use crate::call::Direction;
use crate::marks;
use crate::rule::deviation as rules;
use crate::service::SINGLE_OBJECTS;

/// The placeholder for the base address of an environment in the documentation of the service.
pub(crate) const PLACEHOLDER: &str = "_baseurl_";

/// Whether a value begins with the placeholder.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.starts_with('_')
        && text.get(..PLACEHOLDER.len()).is_some_and(|start| start.eq_ignore_ascii_case(PLACEHOLDER))
}

/// Who sends the payload, as far as that is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side {
    /// Its direction; `None` if no call is known.
    pub(crate) direction: Option<Direction>,
    /// Whether the deviations of the service stay errors.
    pub(crate) is_strict: bool,
}

impl Side {
    fn is_client(self) -> bool {
        self.direction == Some(Direction::Request)
    }
}

/// The deviation that a finding is an instance of, for that side.
pub(crate) fn deviation(found: &Found<'_>, side: Side) -> Option<&'static Rule> {
    if found.rule.issue == Issue::BusinessRule {
        // A requirement of e-RS itself is never excused.
        return None;
    }
    if let Some(rule) = demanded(found) {
        return (side.is_client() || !side.is_strict).then_some(rule);
    }
    if side.is_strict {
        return None;
    }
    if found.rule.is(&coding::WRONG_DISPLAY) {
        return Some(&rules::ERS_DISPLAY);
    }
    if side.is_client() { None } else { sent(found) }
}

/// Deviations that the service demands of clients, and sends as well.
fn demanded(found: &Found<'_>) -> Option<&'static Rule> {
    let is_single = || found.element.is_some_and(|element| SINGLE_OBJECTS.contains(&element));
    if found.rule.is(&structure::ARRAY_EXPECTED) && is_single() {
        return Some(&rules::ERS_SINGLE_OBJECT);
    }
    let is_as_system = || AS_SYSTEMS.iter().any(|(url, _)| *url == found.text);
    if found.rule.is(&coding::CODING_SYSTEM_IS_VALUE_SET) && is_as_system() {
        return Some(&rules::ERS_VALUE_SET_SYSTEM);
    }
    if found.rule.is(&profile::UNKNOWN_PROFILE) && found.node.value().is_some_and(marks::is_of_others) {
        return Some(&rules::ERS_PROFILE_OF_OTHERS);
    }
    None
}

/// Deviations that only the service sends.
fn sent(found: &Found<'_>) -> Option<&'static Rule> {
    if found.rule.is(&structure::EMPTY_ARRAY) {
        return Some(&rules::ERS_EMPTY_ARRAY);
    }
    match found.key {
        Some("dom-2") => return Some(&rules::ERS_NESTED_CONTAINED),
        // Resources contained in a nested resource are resolved and referenced from further out.
        Some("dom-3") if found.node.name() == "contained" => {
            return Some(&rules::ERS_NESTED_CONTAINED);
        }
        Some("dom-4") => return Some(&rules::ERS_CONTAINED_VERSION),
        _ => {}
    }
    if found.rule.is(&reference::UNRESOLVED_LOCAL_REFERENCE) {
        return Some(&rules::ERS_LOCAL_REFERENCE);
    }
    if is_relative_placeholder(found) {
        let is_full_url = found.rule.is(&bundle::BUNDLE_FULL_URL_RELATIVE);
        return Some(if is_full_url { &rules::ERS_FULL_URL } else { &rules::ERS_PLACEHOLDER });
    }
    let of_full_url = [&bundle::BUNDLE_FULL_URL_RELATIVE, &bundle::BUNDLE_FULL_URL_MISMATCH];
    of_full_url.into_iter().any(|rule| found.rule.is(rule)).then_some(&rules::ERS_FULL_URL)
}

/// Whether a finding says that a URI is relative, although it begins with the placeholder.
pub(crate) fn is_relative_placeholder(found: &Found<'_>) -> bool {
    let relative: [&Rule; 4] = [
        &coding::CODING_SYSTEM_RELATIVE,
        &datatype::IDENTIFIER_SYSTEM_RELATIVE,
        &datatype::CANONICAL_RELATIVE,
        &bundle::BUNDLE_FULL_URL_RELATIVE,
    ];
    relative.into_iter().any(|rule| found.rule.is(rule)) && is_placeholder(found.text)
}

/// Value sets whose URLs the service uses as systems, with their codes.
const AS_SYSTEMS: &[(&str, &[&str])] = &[
    (
        "http://hl7.org/fhir/ValueSet/encounter-participant-type",
        &[
            "ADM",
            "ATND",
            "CALLBCK",
            "CON",
            "DIS",
            "ESC",
            "PART",
            "PPRF",
            "REF",
            "SPRF",
            "emergency",
            "translator",
        ],
    ),
    (
        "http://hl7.org/fhir/ValueSet/list-empty-reason",
        &["closed", "nilknown", "notasked", "notstarted", "unavailable", "withheld"],
    ),
];

/// Whether a finding says that a code is not in its value set, because its system is the URL of that value
/// set.
pub(crate) fn is_of_value_set_system(found: &Found<'_>) -> bool {
    let weak = [&binding::BINDING_EXTENSIBLE, &binding::BINDING_PREFERRED];
    if !weak.into_iter().any(|rule| found.rule.is(rule)) {
        return false;
    }
    let mut codings = found.node.named("coding").chain([found.node]);
    codings.any(|coding| {
        let system = coding.child_value("system").unwrap_or_default();
        let code = coding.child_value("code").unwrap_or_default();
        AS_SYSTEMS.iter().any(|(url, codes)| *url == system && codes.contains(&code))
    })
}
