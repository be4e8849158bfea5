//! How often elements occur.

use super::{Checker, Finding};
use crate::diagnostic::Message;
use crate::rule::cardinality as rules;
use crate::rule::syntax::DUPLICATE_KEY;
use crate::schema::{Element, Schema};
use crate::tree::{Node, Syntax};

/// Checks the second and later occurrence of an element.
pub(super) fn check_repeat<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    count: u32,
    schema: &'v Schema,
    element: &'v Element,
) {
    if ctx.document.syntax() == Syntax::Json && node.opens_member() && node.index() > 0 {
        let message = Message::text(format!("the key '{}' stands twice in one object", node.name()));
        ctx.report(Finding::new(&DUPLICATE_KEY, node, message).demanded_by(schema, element).at_key(node));
    } else if element.max != u32::MAX && count == element.max + 1 {
        too_many(ctx, node, schema, element);
    }
}

/// Reports the first occurrence beyond the maximum.
pub(super) fn too_many<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, schema: &'v Schema, element: &'v Element) {
    let message = Message::text(match element.max {
        0 => format!("'{}' is not allowed here", element.id),
        1 => format!("'{}' may occur only once", element.id),
        max => format!("'{}' may occur at most {max} times", element.id),
    });
    let suggestion = if element.max == 0 { "remove it" } else { "remove the surplus" };
    ctx.report(
        Finding::new(&rules::CARDINALITY_MAX, node, message)
            .demanded_by(schema, element)
            .at_key(node)
            .suggest(Message::text(suggestion)),
    );
}

/// Reports an element that occurs less often than it must.
pub(super) fn too_few<'v>(
    ctx: &Checker<'v, '_>,
    parent: Node<'_>,
    count: u32,
    schema: &'v Schema,
    element: &'v Element,
) {
    let message = Message::text(if count == 0 {
        format!("'{}' is missing", element.id)
    } else {
        format!("'{}' occurs {count} times; at least {} are required", element.id, element.min)
    });
    ctx.report(
        Finding::new(&rules::CARDINALITY_MIN, parent, message)
            .demanded_by(schema, element)
            .at_key(parent)
            .suggest(Message::text(format!("add '{}'", element.name))),
    );
}
