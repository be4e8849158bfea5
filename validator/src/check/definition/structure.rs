//! StructureDefinition: a profile narrows its base and never loosens it, and everything it names exists.
//!
//! The differential is applied to its base as usual, and each element is compared with the one it constrains.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#limitations>.

use std::sync::Arc;

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::definition::{Derivation, StructureDefinition};
use ers_fhir_profiles::read;
use ers_fhir_profiles::snapshot::{Snapshot, SnapshotError, Trace};
use ers_fhir_report::{Gap, Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::suggest::nearest;
use rustc_hash::FxHashSet;

use super::datum;
use super::names::{Focus, follow};
use super::stated::{Stated, Step, steps};
use super::{facets, header, keys, loosened, order, published, slices, values};
use crate::check::{Checker, Finding, said};
use crate::rule::definition as rules;

/// Checks a StructureDefinition.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, structure: Node<'d>) {
    header::check_derivation(ctx, structure);
    header::check_type_name(ctx, structure);
    let Some(differential) = structure.child("differential") else {
        let base = structure.child_value("baseDefinition");
        let base = base.and_then(|url| ctx.validator.definitions().snapshot(url).ok().flatten());
        return base.into_iter().for_each(|base| check_published_constraints(ctx, structure, &base));
    };
    for element in differential.named("element") {
        let Some(path) = element.child_value("path") else { continue };
        check_discriminators(ctx, element, path);
        check_constraints(ctx, element, path, |_| false);
    }
    // A payload that cannot be read as a definition breaks other rules.
    let Ok(definition) = read::structure::read(&datum::structure(structure), ctx.version()) else {
        ctx.pass(Gap::Definition, structure);
        return;
    };
    header::check(ctx, structure, &definition);
    let definitions = ctx.validator.definitions();
    let trace = match definitions.trace(&definition) {
        Ok(trace) => trace,
        Err(error) => return report_base(ctx, structure, &error),
    };
    let base = definition.base_definition.as_deref().filter(|_| is_profile(&definition));
    let base = base.and_then(|url| definitions.snapshot(url).ok().flatten());
    check_type(ctx, structure, &definition);
    let steps = steps(differential, &definition.differential, &trace);
    check_elements(ctx, &steps, &definition, &trace, base.as_ref());
    order::check(ctx, &steps, &trace);
    keys::check(ctx, &steps, &definition.url, base.as_deref());
    values::check_own_url(ctx, structure, &definition, &trace);
    published::check(ctx, structure, &definition, &steps, &trace, base.as_deref());
    check_published_constraints(ctx, structure, &trace.snapshot);
}

/// Checks the invariants in the published snapshot of a definition, except those that are already known.
fn check_published_constraints<'d>(ctx: &Checker<'_, 'd>, structure: Node<'d>, known: &Snapshot) {
    let Some(snapshot) = structure.child("snapshot") else { return };
    let known = known.elements().iter().flat_map(|element| &element.constraints);
    let known: FxHashSet<&str> = known.filter_map(|known| known.expression.as_deref()).collect();
    for element in snapshot.named("element") {
        if let Some(path) = element.child_value("path") {
            check_constraints(ctx, element, path, |expression| known.contains(expression));
        }
    }
}

fn is_profile(definition: &StructureDefinition) -> bool {
    definition.derivation == Derivation::Constraint
}

fn check_elements<'d>(
    ctx: &Checker<'_, 'd>,
    steps: &[Step<'_, 'd>],
    definition: &StructureDefinition,
    trace: &Trace,
    base: Option<&Arc<Snapshot>>,
) {
    if let Some(base) = base {
        for step in steps {
            slices::check_known(ctx, step, &definition.differential, base);
        }
        slices::check_sums(ctx, steps, trace);
    }
    for &Step { node, own, met } in steps {
        let met = match met {
            Ok(met) => met,
            Err(error) => {
                report_place(ctx, node, error, base);
                continue;
            }
        };
        let now = met.index.map_or(&*met.was, |index| trace.snapshot.element(index));
        let stated = Stated { node, own, met, now };
        if is_profile(definition) {
            loosened::check(ctx, &stated);
            slices::check(ctx, &stated, trace, base.map(|base| &**base));
        } else {
            loosened::check_type_profiles(ctx, &stated);
        }
        values::check(ctx, &stated, definition);
        facets::check(ctx, &stated, definition, trace);
        check_obligations(ctx, node, &trace.snapshot);
    }
}

/// Reports why a differential was not compared with its base.
fn report_base(ctx: &Checker<'_, '_>, structure: Node<'_>, error: &SnapshotError) {
    let at = structure.child("baseDefinition").unwrap_or(structure);
    let is_own = |base: &str| structure.child_value("url") == Some(base);
    let message = match error {
        SnapshotError::Cycle { .. } => {
            Message::text("the definition is, through its bases, a base of itself")
        }
        // It is not loaded itself.
        SnapshotError::UnknownBase { base, .. } if is_own(base) => {
            Message::text("the definition is its own base")
        }
        SnapshotError::UnknownBase { base, .. } => {
            let message = Message::text("the differential was not checked: the base ").value(base);
            let absence = ctx.validator.schemas().absence(base);
            let finding = Finding::new(&rules::PROFILE_NOT_CHECKED, at, message.then(" ").then(absence));
            return ctx.report(finding);
        }
        _ => {
            let message =
                Message::text("the differential was not checked, as the base has no complete elements");
            return ctx.report(Finding::new(&rules::PROFILE_NOT_CHECKED, at, message));
        }
    };
    ctx.report(Finding::new(&rules::PROFILE_BASE, at, message));
}

/// A profile has the type of its base.
fn check_type(ctx: &Checker<'_, '_>, structure: Node<'_>, definition: &StructureDefinition) {
    let Some(base) = definition.base_definition.as_deref().filter(|_| is_profile(definition)) else { return };
    let Ok(Some(base)) = ctx.validator.definitions().structure(base) else { return };
    let is_known = ctx.validator.schemas().of_type(&base.type_name).is_some();
    if let Some(node) = structure.child("type").filter(|_| is_known && base.type_name != definition.type_name)
    {
        let message = Message::text("the base constrains the type ")
            .then(def(&base.type_name))
            .then(", but this is for ")
            .value(&definition.type_name);
        ctx.report(Finding::new(&rules::PROFILE_BASE, node, message));
    }
}

/// Reports that an element has no place in the base.
fn report_place(ctx: &Checker<'_, '_>, node: Node<'_>, error: &SnapshotError, base: Option<&Arc<Snapshot>>) {
    let at = node.child("path").unwrap_or(node);
    let SnapshotError::UnknownElement { parent, name, .. } = error else {
        let message = match error {
            SnapshotError::UnknownType { type_name, .. } => {
                Message::text("the element was not checked: the type ")
                    .value(type_name)
                    .then(" is not in any loaded package")
            }
            _ => Message::text("the element was not checked: the definition it builds on is not complete"),
        };
        return ctx.report(Finding::new(&rules::PROFILE_NOT_CHECKED, at, message));
    };
    let message =
        Message::text("").value(name).then(" is not the name of an element of ").then(said::path(parent));
    let mut finding = Finding::new(&rules::PROFILE_PATH, at, message);
    if parent.rsplit('.').next() == Some("value") && matches!(&**name, "extension" | "id") {
        // The value of a primitive has no parts, but the meaning is clear.
        let suggestion = text!("leave '.value' out: {} is a part of the primitive itself", def(name));
        return ctx.report(finding.severity(Severity::Warning).suggest(suggestion));
    }
    let parent = base.and_then(|base| Some((base, base.find(parent)?)));
    let known = parent.map(|(base, index)| base.children(index).map(|child| base.element(child).name()));
    if let Some(near) = known.and_then(|names| nearest(name, names)) {
        finding = finding.suggest(text!("did you mean '{}'?", def(near)));
    }
    ctx.report(finding);
}

/// The discriminator paths lead to elements of the sliced element.
fn check_discriminators<'d>(ctx: &Checker<'_, 'd>, element: Node<'d>, path: &str) {
    for discriminator in
        element.child("slicing").into_iter().flat_map(|slicing| slicing.named("discriminator"))
    {
        let Some(node) = discriminator.child("path") else { continue };
        let Some(text) = node.value() else { continue };
        // A path that is not FHIRPath is reported where it is used.
        let Ok(expression) = Expression::parse(text) else { continue };
        let schemas = ctx.validator.schemas();
        if let Err(unknown) = follow(schemas, expression.root(), &Focus::path(schemas, path)) {
            ctx.report(Finding::new(&rules::DISCRIMINATOR_PATH, node, unknown.message()));
        }
    }
}

/// The expressions of invariants can be parsed, and name elements that exist.
fn check_constraints<'d>(
    ctx: &Checker<'_, 'd>,
    element: Node<'d>,
    path: &str,
    is_known: impl Fn(&str) -> bool,
) {
    for node in element.named("constraint").filter_map(|constraint| constraint.child("expression")) {
        let Some(text) = node.value().filter(|text| !is_known(text)) else { continue };
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

const OBLIGATION: &str = "http://hl7.org/fhir/StructureDefinition/obligation";

/// The elements that an obligation names exist.
///
/// Source: <http://hl7.org/fhir/extensions/StructureDefinition-obligation.html>.
fn check_obligations(ctx: &Checker<'_, '_>, element: Node<'_>, snapshot: &Snapshot) {
    let is_obligation = |extension: &Node<'_>| extension.child_value("url") == Some(OBLIGATION);
    let parts = element.named("extension").filter(is_obligation).flat_map(|found| found.named("extension"));
    for part in parts.filter(|part| part.child_value("url") == Some("elementId")) {
        let Some(value) = part.children().find(|child| child.name().starts_with("value")) else { continue };
        if let Some(id) = value.value().filter(|id| snapshot.find(id).is_none()) {
            let message = Message::text("the obligation is for the element ")
                .value(id)
                .then(", which is not in this definition");
            ctx.report(Finding::new(&rules::OBLIGATION_ELEMENT, value, message));
        }
    }
}
