//! Fixed and pattern values.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_report::Message;
use ers_fhir_tree::Node;

use super::{Checker, Finding};
use crate::rule::value as rules;
use crate::schema::Origin;

/// Checks a node against the fixed value and the pattern of an element.
pub(super) fn check<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    if let Some(fixed) = &origin.element.fixed
        && !equals(node, &fixed.value)
    {
        report(ctx, &rules::FIXED_VALUE, node, "must be exactly", &fixed.value, origin);
    }
    if let Some(pattern) = &origin.element.pattern
        && !contains(node, &pattern.value)
    {
        report(ctx, &rules::PATTERN_VALUE, node, "must contain", &pattern.value, origin);
    }
}

/// Checks that a primitive has the value, or one of the extensions in place of it, that a profile
/// demands.
pub(super) fn check_presence<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    if node.value().is_some()
        || !origin.element.must_have_value && origin.element.value_alternatives.is_empty()
    {
        return;
    }
    let alternatives = &origin.element.value_alternatives;
    let stands_in = |extension: Node<'_>| {
        extension.child_value("url").is_some_and(|url| alternatives.iter().any(|known| **known == *url))
    };
    if !origin.element.must_have_value && node.named("extension").any(stands_in) {
        return;
    }
    let mut message = Message::text(format!("'{}' must have a value", origin.element.id));
    if !origin.element.must_have_value {
        message = message.then(format!(" or the extension {}", alternatives.join(" or ")));
    }
    ctx.report(Finding::new(&rules::MISSING_VALUE, node, message).demanded_by(origin).at_key(node));
}

fn report<'v>(
    ctx: &Checker<'v, '_>,
    rule: &'static ers_fhir_report::Rule,
    node: Node<'_>,
    relation: &str,
    expected: &Datum,
    origin: Origin<'v>,
) {
    let mut message = Message::text(format!("'{}' {relation} {}", origin.element.id, written(expected)));
    if let Some(found) = node.value() {
        message = message.then(", found ").value(found);
    }
    ctx.report(
        Finding::new(rule, node, message)
            .demanded_by(origin)
            .suggest(Message::text(format!("use {}", written(expected)))),
    );
}

/// Whether a node is exactly a value: the same text, and the same children in the same order.
pub(crate) fn equals(node: Node<'_>, expected: &Datum) -> bool {
    if node.value() != expected.text.as_deref() {
        return false;
    }
    let mut fields = expected.fields.iter();
    let same = node.children().all(|child| {
        fields.next().is_some_and(|(name, datum)| **name == *child.name() && equals(child, datum))
    });
    (same && fields.next().is_none()) || (!expected.fields.is_empty() && equals_in_any_order(node, expected))
}

/// Object members have no order; only repeats of one name do.
fn equals_in_any_order(node: Node<'_>, expected: &Datum) -> bool {
    node.children().count() == expected.fields.len()
        && expected.fields.iter().all(|(name, _)| {
            let mut found = node.named(&**name);
            expected.all(name).all(|datum| found.next().is_some_and(|child| equals(child, datum)))
                && found.next().is_none()
        })
}

/// Whether a node holds at least what a pattern holds; each repeat of the pattern needs a repeat.
pub(crate) fn contains(node: Node<'_>, pattern: &Datum) -> bool {
    if pattern.text.is_some() && node.value() != pattern.text.as_deref() {
        return false;
    }
    pattern.fields.iter().all(|(name, datum)| node.named(&**name).any(|child| contains(child, datum)))
}

/// A value as a reader of a message wants it: text in quotes, structures in braces.
fn written(datum: &Datum) -> String {
    if let Some(text) = &datum.text {
        return format!("'{text}'");
    }
    let fields: Vec<String> =
        datum.fields.iter().map(|(name, field)| format!("{name}: {}", written(field))).collect();
    format!("{{ {} }}", fields.join(", "))
}
