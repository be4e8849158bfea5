//! A type of resource with a profile beside it: the profile is for that type.
//!
//! Source: <http://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global.type>.

use ers_fhir_report::{Message, Rule, def, text};
use ers_fhir_tree::Node;

use crate::check::{Checker, Finding};
use crate::rule::conformance as rules;

/// Checks the profiles that an ImplementationGuide demands of all resources of a type.
pub(in crate::check) fn check_guide(ctx: &Checker<'_, '_>, guide: Node<'_>) {
    for global in guide.named("global") {
        check(ctx, global, "type");
    }
}

/// Checks the resources that a MessageDefinition is about.
pub(in crate::check) fn check_message(ctx: &Checker<'_, '_>, message: Node<'_>) {
    for focus in message.named("focus") {
        check(ctx, focus, "code");
        check_counts(ctx, focus);
    }
}

/// Checks an element that has a profile, and a type in the child with that name.
pub(super) fn check(ctx: &Checker<'_, '_>, pair: Node<'_>, type_element: &str) {
    if let (Some(profile), Some(type_name)) = (pair.child("profile"), pair.child_value(type_element)) {
        check_profile(ctx, &rules::PROFILE_OF_OTHER_TYPE, profile, type_name);
    }
}

/// Checks that a profile, if it is known, is for a type.
pub(super) fn check_profile(ctx: &Checker<'_, '_>, rule: &'static Rule, profile: Node<'_>, type_name: &str) {
    let Some((node, url)) = canonical(profile) else { return };
    let Ok(Some(known)) = ctx.validator.definitions().structure(url) else { return };
    let schemas = ctx.validator.schemas();
    if known.type_name != type_name && !schemas.is_subtype(type_name, &known.type_name) {
        let message = Message::text("the profile ")
            .value(url)
            .then(text!(" is for {}, not for ", def(&known.type_name)))
            .value(type_name);
        ctx.report(Finding::new(rule, node, message));
    }
}

/// The canonical at a node, which STU3 holds in a reference.
pub(super) fn canonical(node: Node<'_>) -> Option<(Node<'_>, &str)> {
    let node = node.child("reference").unwrap_or(node);
    Some((node, node.value()?))
}

/// The least number of resources is not above the greatest.
fn check_counts(ctx: &Checker<'_, '_>, focus: Node<'_>) {
    let number = |name: &str| focus.child_value(name)?.parse::<u32>().ok();
    if let (Some(node), Some(least), Some(most)) = (focus.child("max"), number("min"), number("max"))
        && most < least
    {
        let message = text!("at least {} and at most {} is impossible", least, most);
        ctx.report(Finding::new(&rules::MESSAGE_FOCUS, node, message));
    }
}
