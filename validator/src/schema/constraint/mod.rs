//! The constraints of a definition on an element. There is one file for each constraint of ElementDefinition,
//! which reads it from a definition, holds it, checks it and reports what is wrong.
//!
//! - [`Check`] lists those that are checked on a single node.
//! - [`cardinality`] and [`slicing`] are checked on all repeats of an element at once, where they are
//!   counted.
//! - [`host`] is the interface of the run for constraints.

mod binding;
mod cardinality;
mod expected;
pub(crate) mod fixed;
pub(super) mod host;
mod invariant;
mod limit;
mod max_length;
mod max_value;
mod min_length;
mod min_value;
mod must_have_value;
mod narrative_languages;
mod narrative_origins;
mod pattern;
mod regex;
mod slicing;
pub(super) mod types;
mod value_alternatives;

use ers_fhir_profiles::definition::{ElementDefinition, Max};
use ers_fhir_tree::Node;

use self::regex::ValueForm;
use super::baseline::Baseline;
use super::catalogue::Catalogue;
use crate::check::finding::Source;
pub(crate) use binding::{Binding, membership};
pub(crate) use cardinality::{Cardinality, Wanted};
pub(crate) use fixed::Fixed;
pub(crate) use host::Host;
pub(crate) use invariant::{Invariant, MOST_NOTED, Present};
use max_length::MaxLength;
use max_value::MaxValue;
use min_length::MinLength;
use min_value::MinValue;
use narrative_languages::NarrativeLanguages;
use narrative_origins::NarrativeOrigins;
use pattern::Pattern;
pub(crate) use pattern::contains;
pub(crate) use slicing::Slicing;
use types::Types;
use value_alternatives::ValueAlternatives;

/// A constraint on a node, in order of cost: those that look at the node alone come first.
#[derive(Debug)]
pub(crate) enum Check {
    MaxLength(MaxLength),
    MinLength(MinLength),
    Form(ValueForm),
    MustHaveValue,
    NoValue,
    Fixed(Fixed),
    MinValue(MinValue),
    MaxValue(MaxValue),
    Pattern(Pattern),
    ValueAlternatives(ValueAlternatives),
    Types(Types),
    NarrativeLanguages(NarrativeLanguages),
    NarrativeOrigins(NarrativeOrigins),
    Binding(Binding),
    Invariant(Invariant),
    /// Of a primitive that may lack a value: what its value must keep to.
    OfValue(Box<[Check]>),
}

/// The constraints of a definition on a node, without those that its base, if any, already has.
pub(super) fn compile(
    catalogue: &Catalogue,
    definition: &ElementDefinition,
    baseline: Option<&Baseline>,
    is_profile: bool,
) -> Box<[Check]> {
    let base = baseline.map(Baseline::element);
    let mut checks = Vec::new();
    checks.extend(MaxLength::compile(definition, base).map(Check::MaxLength));
    checks.extend(MinLength::compile(definition, base).map(Check::MinLength));
    checks.extend(ValueForm::compile(definition, base).map(Check::Form));
    checks.extend(must_have_value::compile(definition).then_some(Check::MustHaveValue));
    checks.extend(Fixed::compile(definition, base).map(Check::Fixed));
    checks.extend(MinValue::compile(definition, base).map(Check::MinValue));
    checks.extend(MaxValue::compile(definition, base).map(Check::MaxValue));
    checks.extend(Pattern::compile(definition, base).map(Check::Pattern));
    checks.extend(ValueAlternatives::compile(definition).map(Check::ValueAlternatives));
    if is_profile {
        checks.extend(Types::compile(catalogue, definition, base).map(Check::Types));
    }
    checks.extend(NarrativeLanguages::compile(definition).map(Check::NarrativeLanguages));
    checks.extend(NarrativeOrigins::compile(definition).map(Check::NarrativeOrigins));
    checks.extend(Binding::compile(definition, base).map(Check::Binding));
    checks.extend(Invariant::compile_all(catalogue, definition, baseline).map(Check::Invariant));
    checks.into()
}

/// The constraints of a profile on the value of a primitive, which has its own element: they are checked on
/// the primitive itself.
pub(super) fn compile_value(
    catalogue: &Catalogue,
    definition: &ElementDefinition,
    baseline: Option<&Baseline>,
) -> Vec<Check> {
    let mut of_text = definition.clone();
    // Other content of the primitive, such as extensions, is not part of its value.
    of_text.pattern = of_text.fixed.take().or(of_text.pattern);
    let mut checks = Vec::new();
    if of_text.must_have_value.take() == Some(true) || definition.min.unwrap_or(0) > 0 {
        checks.push(Check::MustHaveValue);
    }
    checks.extend((definition.max == Some(Max::Count(0))).then_some(Check::NoValue));
    let of_value = compile(catalogue, &of_text, baseline, false);
    checks.extend((!of_value.is_empty()).then_some(Check::OfValue(of_value)));
    checks
}

impl Check {
    /// Checks a node, and reports what is wrong with it.
    pub(crate) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        match self {
            Self::MaxLength(check) => check.check(host, node, source),
            Self::MinLength(check) => check.check(host, node, source),
            Self::Form(check) => check.check(host, node, source),
            Self::MustHaveValue => must_have_value::check(host, node, source),
            Self::NoValue => must_have_value::check_absence(host, node, source),
            Self::Fixed(check) => check.check(host, node, source),
            Self::MinValue(check) => check.check(host, node, source),
            Self::MaxValue(check) => check.check(host, node, source),
            Self::Pattern(check) => check.check(host, node, source),
            Self::ValueAlternatives(check) => check.check(host, node, source),
            Self::Types(check) => check.check(host, node, source),
            Self::NarrativeLanguages(check) => check.check(host, node, source),
            Self::NarrativeOrigins(_) => NarrativeOrigins::check(host, node, source),
            Self::Binding(check) => check.check(host, node, source),
            Self::Invariant(check) => check.check_unless_idle(host, node, source),
            Self::OfValue(checks) if node.value().is_some() => {
                checks.iter().for_each(|check| check.check(host, node, source));
            }
            Self::OfValue(_) => {}
        }
    }
}
