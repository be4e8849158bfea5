//! The list of all rules.

use ers_fhir_report::Rule;

use super::{
    binding, bundle, cardinality, coding, conformance, contained, datatype, definition, extension, invariant,
    measure, narrative, primitive, profile, questionnaire, reference, slicing, structure, structure_map,
    syntax, terminology, value,
};

/// Every rule, by family.
static FAMILIES: &[&[&Rule]] = &[
    syntax::RULES,
    structure::RULES,
    cardinality::RULES,
    primitive::RULES,
    value::RULES,
    slicing::RULES,
    profile::RULES,
    invariant::RULES,
    datatype::RULES,
    coding::RULES,
    binding::RULES,
    narrative::RULES,
    extension::RULES,
    reference::RULES,
    contained::RULES,
    bundle::RULES,
    questionnaire::RULES,
    measure::RULES,
    terminology::RULES,
    definition::RULES,
    conformance::RULES,
    structure_map::RULES,
];

/// Every rule of FHIR, in the order in which the documentation lists them.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// The rule with that code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// The rule whose code is closest to a mistyped one.
pub fn nearest(code: &str) -> Option<&'static Rule> {
    find(ers_fhir_values::suggest::nearest(code, all().map(|rule| rule.code))?)
}
