//! The list of all rules.

use super::{
    Rule, binding, bundle, coding, contained, datatype, extension, narrative, primitive, reference, syntax,
};

/// Every rule, by family.
static FAMILIES: &[&[&Rule]] = &[
    syntax::RULES,
    primitive::RULES,
    datatype::RULES,
    coding::RULES,
    binding::RULES,
    narrative::RULES,
    extension::RULES,
    reference::RULES,
    contained::RULES,
    bundle::RULES,
];

/// Every rule, in the order in which the documentation lists them.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// The rule of that code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}
