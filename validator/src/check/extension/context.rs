//! Where a definition allows its extension to stand.
//!
//! Source: <http://hl7.org/fhir/R4/defining-extensions.html#context>.

use ers_fhir_profiles::definition::{ContextKind, ExtensionContext};

use crate::check::{Checker, Finding};
use crate::diagnostic::Message;
use crate::rule::extension as rules;
use crate::schema::Schema;
use crate::tree::Node;

/// Checks that one of the contexts of the definition is where the extension stands.
pub(super) fn check(ctx: &Checker<'_, '_>, node: Node<'_>, written: Node<'_>, schema: &Schema) {
    let Some(holder) = node.parent() else { return };
    if schema.context.is_empty() || schema.context.iter().any(|context| allows(ctx, holder, context)) {
        return;
    }
    let places: Vec<&str> = schema.context.iter().map(|context| &*context.expression).collect();
    let here = ctx.fact(holder).type_name.unwrap_or("element");
    let message =
        Message::text(format!("{} is not for a {here}; it is for {}", schema.url, places.join(", ")));
    ctx.report(Finding::new(&rules::EXTENSION_CONTEXT, node, message).underline(written));
}

fn allows(ctx: &Checker<'_, '_>, holder: Node<'_>, context: &ExtensionContext) -> bool {
    match context.kind {
        ContextKind::Element => context.expression.split(',').any(|path| is_at(ctx, holder, path.trim())),
        ContextKind::Extension => {
            let url = context.expression.split_once('#').map_or(&*context.expression, |(url, _)| url);
            matches!(holder.name(), "extension" | "modifierExtension")
                && holder.child_value("url") == Some(url)
        }
        // Which elements an expression selects is only known when the walk is over.
        ContextKind::FhirPath => true,
    }
}

/// Whether a node is where a path leads: its steps are the names of the node and of those around
/// it, and the node before the first step is of the type that the path starts with.
fn is_at(ctx: &Checker<'_, '_>, node: Node<'_>, path: &str) -> bool {
    let path = path.rsplit_once('#').map_or(path, |(_, path)| path);
    if matches!(path, "Element" | "Any" | "*") {
        return true;
    }
    let mut steps = path.split('.');
    let Some(type_name) = steps.next() else { return false };
    let mut at = node;
    for step in steps.rev() {
        let step = step.split_once(':').map_or(step, |(name, _)| name);
        if !is_called(ctx, at, step) {
            return false;
        }
        let Some(parent) = at.parent() else { return false };
        at = parent;
    }
    is_of_type(ctx, at, type_name)
}

/// Whether a node is called that; `value[x]` and `value` stand for any choice.
fn is_called(ctx: &Checker<'_, '_>, node: Node<'_>, step: &str) -> bool {
    let name = step.strip_suffix("[x]").unwrap_or(step);
    node.name() == name
        || ctx.fact(node).element.is_some_and(|element| element.is_choice && &*element.name == name)
}

fn is_of_type(ctx: &Checker<'_, '_>, node: Node<'_>, type_name: &str) -> bool {
    let Some(actual) = node.resource_type().or(ctx.fact(node).type_name) else {
        // A node that the walk does not know is reported by it.
        return true;
    };
    actual == type_name || ctx.validator.schemas().is_subtype(actual, type_name)
}
