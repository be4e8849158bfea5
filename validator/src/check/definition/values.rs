//! Values that a definition gives for an element: they have one of the types of the element.
//!
//! Source: <http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_>.

use ers_fhir_profiles::definition::{Derivation, StructureDefinition, TypeRef, TypedValue};
use ers_fhir_profiles::snapshot::Trace;
use ers_fhir_report::{Message, key, text};
use ers_fhir_tree::Node;

use super::stated::Stated;
use crate::check::{Checker, Finding, said};
use crate::rule::definition as rules;

pub(super) fn check<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>, definition: &StructureDefinition) {
    let own = stated.own;
    check_value(ctx, stated, "fixed", own.fixed.as_ref(), false);
    check_value(ctx, stated, "pattern", own.pattern.as_ref(), false);
    check_value(ctx, stated, "minValue", own.min_value.as_ref(), true);
    check_value(ctx, stated, "maxValue", own.max_value.as_ref(), true);
    check_url(ctx, stated, definition);
}

fn value_node<'d>(node: Node<'d>, stem: &str) -> Option<Node<'d>> {
    let is_typed = |rest: &str| rest.starts_with(|c: char| c.is_ascii_uppercase());
    node.children().find(|child| child.name().strip_prefix(stem).is_some_and(is_typed))
}

fn check_value<'d>(
    ctx: &Checker<'_, 'd>,
    stated: &Stated<'_, 'd>,
    stem: &str,
    value: Option<&TypedValue>,
    is_limit: bool,
) {
    let (Some(value), Some(node)) = (value, value_node(stated.node, stem)) else { return };
    let schemas = ctx.validator.schemas();
    let fits = |of: &TypeRef| {
        // A type and the system type of its value have different names.
        let is_open = of.code.starts_with("System.") || schemas.of_type(&of.code).is_none();
        let is_kind =
            (is_limit || value.type_name == "Quantity") && schemas.is_subtype(&of.code, &value.type_name);
        let is_span = is_limit
            && value.type_name == "Quantity"
            && matches!(&*of.code, "date" | "dateTime" | "instant" | "time");
        is_open || of.code == value.type_name || is_kind || is_span
    };
    let types = &stated.now.types;
    if types.is_empty() || types.iter().any(fits) {
        return;
    }
    let mut codes: Vec<&str> = types.iter().map(|of| &*of.code).collect();
    codes.dedup();
    let listed = codes.iter().enumerate().fold(Message::default(), |listed, (at, code)| {
        listed.then(if at > 0 { " or " } else { "" }).key(code)
    });
    let message = text!(
        "{} is {}, but the value is of type {}",
        said::path(&stated.now.path),
        listed,
        key(&value.type_name)
    );
    ctx.report(Finding::new(&rules::ELEMENT_VALUE_TYPE, node, message).at_key(node));
}

/// The definition of an extension fixes the URL by which the extension is found.
pub(super) fn check_own_url(
    ctx: &Checker<'_, '_>,
    structure: Node<'_>,
    definition: &StructureDefinition,
    trace: &Trace,
) {
    let is_extension = definition.derivation == Derivation::Constraint && definition.type_name == "Extension";
    let url = trace.snapshot.find("Extension.url").map(|index| trace.snapshot.element(index));
    if let Some(differential) = structure.child("differential")
        && is_extension
        && url.is_some_and(|url| url.fixed.is_none())
    {
        let message = Message::text("the definition of an extension fixes its own URL, ")
            .value(&definition.url)
            .then(", by fixedUri of Extension.url");
        ctx.report(Finding::new(&rules::EXTENSION_FIXED_URL, differential, message).at_key(differential));
    }
}

/// The URL of an extension is that of its definition.
fn check_url<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>, definition: &StructureDefinition) {
    let is_url = definition.derivation == Derivation::Constraint && stated.own.id == "Extension.url";
    let Some(fixed) = stated.own.fixed.as_ref().filter(|_| is_url) else { return };
    if let (Some(text), Some(node)) = (fixed.value.text.as_deref(), value_node(stated.node, "fixed"))
        && text != definition.url
    {
        let message = Message::text("the definition of an extension fixes its own URL, ")
            .value(&definition.url)
            .then(", not ")
            .value(text);
        ctx.report(Finding::new(&rules::EXTENSION_FIXED_URL, node, message));
    }
}
