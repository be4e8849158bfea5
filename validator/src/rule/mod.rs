//! The rules that are checked here, each declared once with its texts and examples.
//!
//! Each family of rules has its own file; [`all`] lists every rule. A code never changes its meaning. A test
//! checks for every rule that its bad example breaks it and its good example does not.

pub mod binding;
pub mod bundle;
pub mod cardinality;
pub mod coding;
pub mod conformance;
pub mod contained;
pub mod datatype;
pub mod definition;
pub mod extension;
pub mod invariant;
pub mod measure;
pub mod narrative;
pub mod primitive;
pub mod profile;
pub mod questionnaire;
pub mod reference;
mod registry;
pub mod slicing;
pub mod structure;
pub mod structure_map;
pub mod syntax;
pub mod terminology;
pub mod value;

use ers_fhir_report::Gap;
pub use ers_fhir_report::{Example, Issue, Payload, Rule};
pub use registry::{all, find, nearest};

use crate::validator::Options;

/// What a finding under this rule reports as not checked; `None` if it reports a fault.
pub fn gap(rule: &Rule) -> Option<Gap> {
    const GAPS: [(&Rule, Gap); 11] = [
        (&syntax::BUDGET_SPENT, Gap::Work),
        (&profile::UNKNOWN_PROFILE, Gap::Profile),
        (&reference::REFERENCE_UNKNOWN_PROFILE, Gap::Profile),
        (&profile::UNUSABLE_DEFINITION, Gap::Definition),
        (&definition::PROFILE_NOT_CHECKED, Gap::Definition),
        (&coding::CODE_NOT_CHECKED, Gap::Code),
        (&invariant::INVARIANT_NOT_EVALUATED, Gap::Invariant),
        (&measure::MEASURE_UNKNOWN, Gap::Form),
        (&measure::MEASURE_NOT_CHECKED, Gap::Form),
        (&questionnaire::QUESTIONNAIRE_UNKNOWN, Gap::Form),
        (&questionnaire::QUESTIONNAIRE_NOT_CHECKED, Gap::Form),
    ];
    GAPS.iter().find(|(known, _)| std::ptr::eq(*known, rule)).map(|(_, gap)| *gap)
}

/// Whether a finding under this rule means that the node was not checked: nothing is known of its content.
pub fn hides(rule: &Rule) -> bool {
    const HIDING: [&Rule; 2] = [&structure::UNKNOWN_RESOURCE_TYPE, &structure::UNKNOWN_ELEMENT];
    HIDING.iter().any(|known| std::ptr::eq(*known, rule))
}

/// The options with which an example is checked.
#[doc(hidden)]
pub fn options(example: &Example) -> Options {
    Options {
        profiles: example.profiles.iter().map(|profile| (*profile).to_owned()).collect(),
        now: example.now.and_then(|now| now.parse().ok()),
        ..Options::default()
    }
}
