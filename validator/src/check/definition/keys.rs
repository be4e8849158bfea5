//! The keys of invariants: each names one rule.
//!
//! Source: <http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint.key>.

use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_report::Message;
use rustc_hash::FxHashMap;

use super::stated::Step;
use crate::check::{Checker, Finding};
use crate::rule::definition as rules;

/// Checks that no invariant of the differential uses a key that already stands for another expression, in the
/// base or in the differential itself.
pub(super) fn check(ctx: &Checker<'_, '_>, steps: &[Step<'_, '_>], url: &str, base: Option<&Snapshot>) {
    let mut known: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for constraint in base.iter().flat_map(|base| base.elements()).flat_map(|element| &element.constraints) {
        if let Some(expression) = constraint.expression.as_deref() {
            known.entry(&constraint.key).or_default().push(expression);
        }
    }
    for Step { node, own, .. } in steps {
        for constraint in &own.constraints {
            // An invariant copied from elsewhere may come from another version.
            let is_own = constraint.source.as_deref().is_none_or(|source| source == url);
            let Some(expression) = constraint.expression.as_deref().filter(|_| is_own) else { continue };
            let others = known.entry(&constraint.key).or_default();
            let is_new = !others.iter().any(|other| is_same(other, expression));
            if is_new && !others.is_empty() {
                let mut nodes = node.named("constraint").filter_map(|node| node.child("key"));
                let at = nodes.find(|node| node.value() == Some(&constraint.key)).unwrap_or(*node);
                let message = Message::text("the key ")
                    .value(&constraint.key)
                    .then(" belongs to another invariant, with a different expression");
                ctx.report(Finding::new(&rules::CONSTRAINT_KEY, at, message));
            }
            if is_new {
                others.push(expression);
            }
        }
    }
}

/// Whether two expressions differ only in white space.
fn is_same(one: &str, other: &str) -> bool {
    let signs = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    one == other || signs(one) == signs(other)
}
