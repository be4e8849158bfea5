//! PlanDefinition and RequestGroup: actions name goals and other actions that are there.
//!
//! Source: <http://hl7.org/fhir/R4/plandefinition-definitions.html#PlanDefinition.action>.

use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use rustc_hash::FxHashSet;

use crate::check::{Checker, Finding, name};
use crate::rule::conformance as rules;

/// Checks a plan.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, plan: Node<'d>) {
    let mut actions: Vec<Node<'d>> = plan.named("action").collect();
    let mut next = 0;
    while let Some(action) = actions.get(next).copied() {
        actions.extend(action.named("action"));
        next += 1;
    }
    let goals = || actions.iter().flat_map(|action| action.named("goalId"));
    if goals().next().is_some() {
        check_ids(ctx, goals(), &ids(plan.named("goal")), "no goal of the plan has the id ");
    }
    let related = || actions.iter().flat_map(|action| action.named("relatedAction"));
    if related().next().is_some() {
        let named = related().filter_map(|related| related.child("actionId"));
        check_ids(ctx, named, &ids(actions.iter().copied()), "no action of the plan has the id ");
    }
}

fn ids<'d>(elements: impl Iterator<Item = Node<'d>>) -> FxHashSet<&'d str> {
    elements.filter_map(|element| element.child_value(name::ID)).collect()
}

fn check_ids<'d>(
    ctx: &Checker<'_, 'd>,
    named: impl Iterator<Item = Node<'d>>,
    known: &FxHashSet<&str>,
    says: &'static str,
) {
    for node in named {
        if let Some(id) = node.value().filter(|id| !known.contains(id)) {
            let message = Message::text(says).value(id);
            ctx.report(Finding::new(&rules::PLAN_UNKNOWN_ID, node, message));
        }
    }
}
