//! StructureDefinition: a profile narrows its base and never loosens it, and its paths and expressions lead
//! somewhere.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#limitations>.

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::definition::{ElementDefinition, Max};
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;

use super::names::{Focus, follow};
use crate::check::{Checker, Finding};
use crate::rule::definition as rules;
use crate::schema::fixed;

/// Checks a StructureDefinition.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, structure: Node<'d>) {
    let Some(differential) = structure.child("differential") else { return };
    let base = (structure.child_value("derivation") == Some("constraint"))
        .then(|| structure.child_value("baseDefinition"))
        .flatten()
        .and_then(|url| ctx.validator.definitions().snapshot(url).ok().flatten());
    for element in differential.named("element") {
        let Some(path) = element.child_value("path") else { continue };
        if let Some(base) = base.as_deref().and_then(|base| based_on(base, element, path)) {
            check_cardinality(ctx, element, base);
            check_fixed(ctx, element, base);
        }
        check_discriminators(ctx, element, path);
        check_constraints(ctx, element, path);
    }
}

/// The element of the base that an element of a differential constrains: that of its id, if it has one there.
fn based_on<'b>(base: &'b Snapshot, element: Node<'_>, path: &str) -> Option<&'b ElementDefinition> {
    // A slice is as often there as it likes, within the element that it slices.
    let is_slice = |id: &str| id.contains(':');
    let id = element.child_value("id").unwrap_or(path);
    if is_slice(id) || element.child("sliceName").is_some() {
        return None;
    }
    base.find(path).map(|index| base.element(index))
}

fn check_cardinality<'d>(ctx: &Checker<'_, 'd>, element: Node<'d>, base: &ElementDefinition) {
    let report = |node: Node<'d>, message: Message| {
        ctx.report(Finding::new(&rules::PROFILE_LOOSENS, node, message));
    };
    if let Some(min) = element.child("min")
        && let (Some(own), Some(least)) = (min.value().and_then(|text| text.parse::<u32>().ok()), base.min)
        && own < least
    {
        report(min, text!("the base demands at least {} of {}", least, def(&base.path)));
    }
    if let (Some(max), Some(Max::Count(most))) = (element.child("max"), base.max)
        && max.value().is_some_and(|text| text == "*" || text.parse::<u32>().is_ok_and(|own| own > most))
    {
        report(max, text!("the base allows at most {} of {}", most, def(&base.path)));
    }
}

fn check_fixed<'d>(ctx: &Checker<'_, 'd>, element: Node<'d>, base: &ElementDefinition) {
    let Some(fixed) = &base.fixed else { return };
    let own = element.children().find(|child| {
        child
            .name()
            .strip_prefix("fixed")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    });
    if let Some(own) = own.filter(|own| !fixed::equals(*own, &fixed.value)) {
        let message = text!("the base fixes another value of {}", def(&base.path));
        ctx.report(Finding::new(&rules::PROFILE_LOOSENS, own, message));
    }
}

/// The paths that tell slices apart lead to elements of what is sliced.
fn check_discriminators<'d>(ctx: &Checker<'_, 'd>, element: Node<'d>, path: &str) {
    for discriminator in
        element.child("slicing").into_iter().flat_map(|slicing| slicing.named("discriminator"))
    {
        let Some(node) = discriminator.child("path") else { continue };
        let Some(text) = node.value() else { continue };
        // A path that is no FHIRPath is found where it is used.
        let Ok(expression) = Expression::parse(text) else { continue };
        let schemas = ctx.validator.schemas();
        if let Err(unknown) = follow(schemas, expression.root(), &Focus::path(schemas, path)) {
            ctx.report(Finding::new(&rules::DISCRIMINATOR_PATH, node, unknown.message()));
        }
    }
}

/// The expressions of invariants can be read, and name elements of what they are about.
fn check_constraints<'d>(ctx: &Checker<'_, 'd>, element: Node<'d>, path: &str) {
    for node in element.named("constraint").filter_map(|constraint| constraint.child("expression")) {
        let Some(text) = node.value() else { continue };
        let message = match Expression::parse(text) {
            Err(error) => Message::text("the expression cannot be read: ").value(&error.to_string()),
            Ok(expression) => {
                let schemas = ctx.validator.schemas();
                match follow(schemas, expression.root(), &Focus::path(schemas, path)) {
                    Ok(_) => continue,
                    Err(unknown) => unknown.message(),
                }
            }
        };
        ctx.report(Finding::new(&rules::CONSTRAINT_EXPRESSION, node, message));
    }
}
