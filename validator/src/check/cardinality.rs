//! How often elements occur.

use ers_fhir_report::Message;
use ers_fhir_tree::{Node, Syntax};

use super::{Checker, Finding};
use crate::rule::cardinality as rules;
use crate::rule::syntax::DUPLICATE_KEY;
use crate::schema::Origin;

/// Checks the second and later occurrence of an element.
pub(super) fn check_repeat<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, count: u32, origin: Origin<'v>) {
    if ctx.document.syntax() == Syntax::Json && node.opens_member() && node.index() > 0 {
        let message = Message::text(format!("the key '{}' stands twice in one object", node.name()));
        ctx.report(Finding::new(&DUPLICATE_KEY, node, message).demanded_by(origin).at_key(node));
    } else if origin.element.max != u32::MAX && count == origin.element.max + 1 {
        too_many(ctx, node, origin);
    }
}

/// Reports the first occurrence beyond the maximum.
pub(super) fn too_many<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let message = Message::text(match origin.element.max {
        0 => format!("'{}' is not allowed here", origin.element.id),
        1 => format!("'{}' may occur only once", origin.element.id),
        max => format!("'{}' may occur at most {max} times", origin.element.id),
    });
    let suggestion = if origin.element.max == 0 { "remove it" } else { "remove the surplus" };
    ctx.report(
        Finding::new(&rules::CARDINALITY_MAX, node, message)
            .demanded_by(origin)
            .at_key(node)
            .suggest(Message::text(suggestion)),
    );
}

/// Reports an element that occurs less often than it must.
pub(super) fn too_few<'v>(ctx: &Checker<'v, '_>, parent: Node<'_>, count: u32, origin: Origin<'v>) {
    let message = Message::text(if count == 0 {
        format!("'{}' is missing", origin.element.id)
    } else {
        format!("'{}' occurs {count} times; at least {} are required", origin.element.id, origin.element.min)
    });
    ctx.report(
        Finding::new(&rules::CARDINALITY_MIN, parent, message)
            .demanded_by(origin)
            .at_key(parent)
            .suggest(Message::text(format!("add '{}'", origin.element.name))),
    );
}
