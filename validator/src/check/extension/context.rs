//! Where a definition allows its extension to be used.
//!
//! Source: <http://hl7.org/fhir/R4/defining-extensions.html#context>.

use ers_fhir_fhirpath::{Value, WithVariable};
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;

use super::is_extension;
use crate::check::canonical::has_canonical;
use crate::check::focus::{Focus, Surroundings};
use crate::check::name;
use crate::check::no_result::no_result;
use crate::check::{Checker, Finding};
use crate::rule::extension as rules;
use crate::rule::invariant::INVARIANT_NOT_EVALUATED;
use crate::schema::{Condition, Context, Schema, SchemaIndex};

/// Checks that one of the contexts of the definition matches the place of the extension.
///
/// What an expression selects is only known when the walk is over, so a definition with one is left for
/// [`settle`].
pub(super) fn check<'v, 'd>(ctx: &Checker<'v, 'd>, node: Node<'d>, index: SchemaIndex, schema: &'v Schema) {
    let Some(holder) = node.parent() else { return };
    let is_allowed =
        schema.context.is_empty() || schema.context.iter().any(|context| allows(ctx, holder, context));
    let has_expressions = schema.context.iter().any(|context| matches!(context, Context::Selected(_)));
    if is_allowed && schema.context_invariants.is_empty() {
        return;
    }
    if is_allowed || has_expressions {
        ctx.waiting.extensions.borrow_mut().push((node, index));
    } else {
        report_place(ctx, node, holder, schema);
    }
}

/// Checks the expressions that were left for the end of the walk.
pub(crate) fn settle(ctx: &Checker<'_, '_>) {
    for (node, index) in ctx.waiting.extensions.take() {
        let (Some(holder), Ok(schema)) = (node.parent(), ctx.validator.schemas().get(index)) else {
            continue;
        };
        let mut doubt = None;
        let is_allowed = schema.context.iter().any(|context| match context {
            Context::Selected(selection) => selects(ctx, holder, selection).unwrap_or_else(|reason| {
                doubt = Some((selection, reason));
                false
            }),
            Context::Element(_) | Context::Extension(_) => allows(ctx, holder, context),
        });
        if !is_allowed && !schema.context.is_empty() {
            match doubt {
                Some((selection, reason)) => not_evaluated(ctx, node, schema, (selection, &reason)),
                None => report_place(ctx, node, holder, schema),
            }
            continue;
        }
        for condition in &schema.context_invariants {
            match holds(ctx, node, holder, condition) {
                Ok(true) => {}
                Ok(false) => {
                    let message =
                        text!("{} is only for a place where {}", def(&schema.url), def(&condition.text));
                    report(ctx, node, message);
                }
                Err(reason) => not_evaluated(ctx, node, schema, (condition, &reason)),
            }
        }
    }
}

fn report_place(ctx: &Checker<'_, '_>, node: Node<'_>, holder: Node<'_>, schema: &Schema) {
    if is_sample(ctx, holder) || is_in_snapshot(holder) {
        return;
    }
    let mut places: Vec<&str> = Vec::new();
    for place in schema.context.iter().map(Context::text) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let fact = ctx.fact(holder);
    // An element without a type of its own is known by its path.
    let of_type = fact.type_name().filter(|name| !matches!(*name, "Element" | "BackboneElement"));
    let here = of_type.or(fact.element.map(|element| &*element.id)).unwrap_or("this element");
    let message =
        text!("{} is not for {}; it is for {}", def(&schema.url), def(here), def(places.join(", ")));
    report(ctx, node, message);
}

fn report(ctx: &Checker<'_, '_>, node: Node<'_>, message: Message) {
    let finding = Finding::new(&rules::EXTENSION_CONTEXT, node, message);
    ctx.report(match node.child(name::URL) {
        Some(url) => finding.underline(url),
        None => finding,
    });
}

/// Whether a node is part of an ElementDefinition's example, default, fixed value or pattern: a
/// value that belongs somewhere else.
pub(crate) fn is_sample(ctx: &Checker<'_, '_>, node: Node<'_>) -> bool {
    let mut around = Some(node);
    while let Some(node) = around {
        let element = ctx.fact(node).element;
        if element.is_some_and(|element| element.is_choice && element.id.starts_with("ElementDefinition.")) {
            return true;
        }
        around = node.parent();
    }
    false
}

/// Whether a node is in the snapshot of a definition: everything there was copied from the bases, whose own
/// differentials are checked for it.
fn is_in_snapshot(node: Node<'_>) -> bool {
    let mut around = Some(node);
    while let Some(node) = around {
        let holder = node.parent();
        if node.is_called("snapshot")
            && holder.is_some_and(|holder| holder.resource_type() == Some("StructureDefinition"))
        {
            return true;
        }
        around = holder;
    }
    false
}

fn allows(ctx: &Checker<'_, '_>, holder: Node<'_>, context: &Context) -> bool {
    match context {
        Context::Element(paths) => is_at_any(ctx, holder, paths),
        Context::Extension(url) => {
            let url = url.split_once('#').map_or(&**url, |(url, _)| url);
            is_with(holder, url)
                || holder.parent().is_some_and(|around| is_value(holder) && is_with(around, url))
        }
        Context::Selected(_) => false,
    }
}

/// Whether a node is an extension with that URL.
fn is_with(node: Node<'_>, url: &str) -> bool {
    is_extension(node) && node.child_value(name::URL) == Some(url)
}

/// Whether a node is the value of an extension, if its parent is an extension: extensions of the primitive
/// value are there.
fn is_value(node: Node<'_>) -> bool {
    node.name().starts_with("value")
}

fn is_at_any(ctx: &Checker<'_, '_>, holder: Node<'_>, paths: &str) -> bool {
    paths.split(',').any(|path| is_at(ctx, holder, path.trim()))
}

/// Whether an expression selects the holder, starting from its resource; an error where it cannot be evaluated.
fn selects<'d>(ctx: &Checker<'_, 'd>, holder: Node<'d>, selection: &Condition) -> Result<bool, String> {
    let expression = selection.expression.as_ref().map_err(ToString::to_string)?;
    let (resource, _) = ctx.resources_of(holder);
    let host = Surroundings { ctx, node: resource };
    let selected =
        expression.evaluate(&host, Focus { ctx, node: resource }).map_err(|error| no_result(&error))?;
    Ok(selected.into_iter().any(|value| matches!(value, Value::Node(focus) if focus.node == holder)))
}

/// Whether a condition on an extension, `%extension`, holds at its holder; an error where it cannot be
/// evaluated.
fn holds<'d>(
    ctx: &Checker<'_, 'd>,
    extension: Node<'d>,
    holder: Node<'d>,
    condition: &Condition,
) -> Result<bool, String> {
    let expression = condition.expression.as_ref().map_err(ToString::to_string)?;
    let around = Surroundings { ctx, node: holder };
    let host = WithVariable::new(&around, "extension", Focus { ctx, node: extension });
    let answer =
        expression.evaluate_bool(&host, Focus { ctx, node: holder }).map_err(|error| no_result(&error))?;
    Ok(answer == Some(true))
}

#[cold]
fn not_evaluated(
    ctx: &Checker<'_, '_>,
    node: Node<'_>,
    schema: &Schema,
    (condition, reason): (&Condition, &str),
) {
    let message = text!(
        "whether {} is allowed here could not be evaluated ({}): {}",
        def(&schema.url),
        def(&condition.text),
        def(reason)
    );
    ctx.report(
        Finding::new(&INVARIANT_NOT_EVALUATED, node, message).severity(Severity::Information).at_key(node),
    );
}

/// Whether a path leads to a node: the path is that of its definition, or its steps are the names of the node
/// and its ancestors, and the node before the first step has the type that the path starts with.
fn is_at(ctx: &Checker<'_, '_>, node: Node<'_>, path: &str) -> bool {
    let path = path.rsplit_once('#').map_or(path, |(_, path)| path);
    if matches!(path, "Element" | "Any" | "*") || definition_path(ctx, node) == Some(path) {
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

/// Path of the element that describes a node, or of the element whose content it shares: `Questionnaire.item`
/// for an item in an item.
fn definition_path<'v>(ctx: &Checker<'v, '_>, node: Node<'_>) -> Option<&'v str> {
    let element = ctx.fact(node).element?;
    let Some(content) = element.content else { return Some(&element.id) };
    let (type_name, _) = element.id.split_once('.')?;
    Some(&ctx.validator.schemas().of_type(type_name)?.element(content).id)
}

/// Whether a node has that name; `value[x]` and `value` stand for any choice.
fn is_called(ctx: &Checker<'_, '_>, node: Node<'_>, step: &str) -> bool {
    let name = step.strip_suffix("[x]").unwrap_or(step);
    node.is_called(name)
        || ctx.fact(node).element.is_some_and(|element| element.is_choice && &*element.name == name)
}

fn is_of_type(ctx: &Checker<'_, '_>, node: Node<'_>, type_name: &str) -> bool {
    let Some(actual) = node.resource_type().or(ctx.fact(node).type_name()) else {
        // A node that the walk does not know has been reported by it.
        return true;
    };
    match type_name {
        // Interfaces of later releases: whatever has a canonical URL. A Basic may represent a resource of a
        // later release.
        "CanonicalResource" | "MetadataResource" => actual == "Basic" || has_canonical(ctx, actual),
        _ => actual == type_name || ctx.validator.schemas().is_subtype(actual, type_name),
    }
}
