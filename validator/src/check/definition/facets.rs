//! Constraints on an element that do not apply to its type or its place.
//!
//! Source: <http://hl7.org/fhir/R4/elementdefinition.html>.

use ers_fhir_profiles::definition::{
    BindingStrength, ContextKind, Derivation, ElementDefinition, ExtensionContext, Max, StructureDefinition,
    StructureKind,
};
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::snapshot::{Snapshot, Trace};
use ers_fhir_report::{Message, def, text};

use super::stated::Stated;
use crate::check::{Checker, Finding, said};
use crate::rule::definition as rules;

/// The types that a binding is for, and types derived from them (eld-11).
const BOUND: [&str; 6] = ["code", "Coding", "CodeableConcept", "Quantity", "string", "uri"];

pub(super) fn check(
    ctx: &Checker<'_, '_>,
    stated: &Stated<'_, '_>,
    definition: &StructureDefinition,
    trace: &Trace,
) {
    check_binding(ctx, stated);
    check_length(ctx, stated);
    check_extension(ctx, stated);
    check_contexts(ctx, stated, &trace.snapshot);
    check_known(ctx, stated);
    if definition.derivation == Derivation::Constraint {
        check_slicing(ctx, stated);
        // The definition of an extension creates it, and so may say what its absence means.
        let is_type = definition.type_name == "Extension";
        if let Some(node) = stated.node.child("meaningWhenMissing").filter(|_| !is_type) {
            let message =
                text!("the meaning of a missing element is given by the type, not by a profile on it");
            ctx.report(Finding::new(&rules::PROFILE_MEANING, node, message).at_key(node));
        }
    } else {
        check_place(ctx, stated, &definition.url, &trace.snapshot);
    }
}

/// In a new type, a content reference names an existing element, and no element is below a primitive.
fn check_place(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>, url: &str, snapshot: &Snapshot) {
    if let (Some(reference), Some(node)) =
        (&stated.own.content_reference, stated.node.child("contentReference"))
        && let Some((of, id)) = reference.split_once('#')
        && (of.is_empty() || of == url)
        && snapshot.find(id).is_none()
        && snapshot.elements().iter().all(|element| element.path != id)
    {
        let message = Message::text("").value(id).then(" is not an element of this definition");
        ctx.report(Finding::new(&rules::PROFILE_PATH, node, message));
    }
    let above = stated.met.index.filter(|_| stated.met.is_new).and_then(|index| snapshot.parent(index));
    let Some(above) = above.map(|above| snapshot.element(above)) else { return };
    let is_primitive = |code: &str| {
        code.starts_with(|c: char| c.is_ascii_lowercase()) && ctx.validator.schemas().of_type(code).is_some()
    };
    if !above.types.is_empty() && above.types.iter().all(|of| is_primitive(&of.code)) {
        let at = stated.node.child("path").unwrap_or(stated.node);
        let message = text!("{} is a primitive, and has no elements of its own", said::path(&above.path));
        ctx.report(Finding::new(&rules::PROFILE_PATH, at, message));
    }
}

/// The codes of its types, if all of them are known and fail the test.
fn all_but(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>, test: impl Fn(&str) -> bool) -> Option<String> {
    let types = &stated.now.types;
    let is_out = |code: &str| ctx.validator.schemas().of_type(code).is_some() && !test(code);
    if types.is_empty() || !types.iter().all(|of| is_out(&of.code)) {
        return None;
    }
    let mut codes: Vec<&str> = types.iter().map(|of| &*of.code).collect();
    codes.dedup();
    Some(codes.join(" or "))
}

fn check_binding(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>) {
    let (Some(binding), Some(node)) = (&stated.own.binding, stated.node.child("binding")) else { return };
    let schemas = ctx.validator.schemas();
    if let Some(codes) = all_but(ctx, stated, |code| BOUND.iter().any(|of| schemas.is_subtype(code, of))) {
        let message = text!("{} is {}, which holds no code", said::path(&stated.now.path), def(codes));
        ctx.report(Finding::new(&rules::ELEMENT_FACET, node, message).at_key(node));
    }
    let Some(url) = &binding.value_set else { return };
    let definitions = ctx.validator.definitions();
    let is_other =
        [Kind::Structure, Kind::CodeSystem].into_iter().any(|kind| definitions.contains(kind, url));
    if is_other && !definitions.contains(Kind::ValueSet, url) {
        let at = node.children().find(|child| child.name().starts_with("valueSet")).unwrap_or(node);
        let message = Message::text("").value(url).then(" is not a value set");
        ctx.report(Finding::new(&rules::ELEMENT_FACET, at, message));
    }
}

fn check_length(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>) {
    let Some(node) = stated.node.child("maxLength") else { return };
    let is_primitive = |code: &str| code.starts_with(|c: char| c.is_ascii_lowercase());
    if let Some(codes) = all_but(ctx, stated, is_primitive) {
        let message = text!("{} is {}, which has no length", said::path(&stated.now.path), def(codes));
        ctx.report(Finding::new(&rules::ELEMENT_FACET, node, message).at_key(node));
    }
}

/// An element that occurs at most once and has one type has nothing to slice.
fn check_slicing(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>) {
    let Some(node) = stated.node.child("slicing") else { return };
    let was = &stated.met.was;
    let is_single = matches!(was.max, Some(Max::Count(0 | 1))) && !was.is_list();
    if is_single && !was.is_choice() && was.types.len() == 1 && !was.is_root() && was.slicing.is_none() {
        let message = text!("there is at most one {}, so there is nothing to slice", said::path(&was.path));
        ctx.report(Finding::new(&rules::SLICING_SINGLE, node, message).at_key(node));
    }
}

/// Extensions in modifierExtension are defined as modifiers, and no others are.
fn check_extension(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>) {
    let is_place = match stated.now.name() {
        "extension" => false,
        "modifierExtension" => true,
        _ => return,
    };
    let definitions = ctx.validator.definitions();
    for url in stated.own.types.iter().flat_map(|of| &of.profiles) {
        let Ok(Some(known)) = definitions.sound_snapshot(url) else { continue };
        let Some(root) = known.elements().first().filter(|root| root.path == "Extension") else { continue };
        let is_modifier = root.is_modifier == Some(true);
        if is_modifier == is_place {
            continue;
        }
        let message = Message::text("the extension ").value(url).then(if is_modifier {
            " is a modifier, which belongs in modifierExtension"
        } else {
            " is not a modifier, so it belongs in extension"
        });
        let mut nodes = stated.node.named("type").flat_map(|of| of.named("profile"));
        let at = nodes.find(|node| node.value() == Some(url)).unwrap_or(stated.node);
        ctx.report(Finding::new(&rules::ELEMENT_EXTENSION_MODIFIER, at, message));
    }
}

/// An extension is used where its definition allows it.
fn check_contexts(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>, snapshot: &Snapshot) {
    if !matches!(stated.now.name(), "extension" | "modifierExtension")
        || stated.now.max == Some(Max::Count(0))
    {
        return;
    }
    let Some(holder) = stated.met.index.and_then(|index| snapshot.parent(index)) else { return };
    let holder = snapshot.element(holder);
    for url in stated.own.types.iter().flat_map(|of| &of.profiles) {
        let Ok(Some(known)) = ctx.validator.definitions().structure(url) else { continue };
        if known.context.is_empty() || known.context.iter().any(|context| may_hold(ctx, holder, context)) {
            continue;
        }
        let places: Vec<&str> = known.context.iter().map(|context| &*context.expression).collect();
        let message = Message::text("the extension ").value(url).then(text!(
            " is not for {}; it is for {}",
            said::path(&holder.path),
            def(places.join(", "))
        ));
        let mut nodes = stated.node.named("type").flat_map(|of| of.named("profile"));
        let at = nodes.find(|node| node.value() == Some(url)).unwrap_or(stated.node);
        ctx.report(Finding::new(&rules::ELEMENT_EXTENSION_CONTEXT, at, message));
    }
}

/// Whether an element may be what a context names, as far as can be determined without a payload.
fn may_hold(ctx: &Checker<'_, '_>, holder: &ElementDefinition, context: &ExtensionContext) -> bool {
    let schemas = ctx.validator.schemas();
    let place = &*context.expression;
    let is_plain = place.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '[' | ']'));
    let root = place.split('.').next().unwrap_or(place);
    // Any element is an Element, and an unknown type may be anything.
    if context.kind != ContextKind::Element
        || !is_plain
        || root == "Element"
        || schemas.of_type(root).is_none()
    {
        return true;
    }
    // A type may be used for an element of another, and a resource may be one of several.
    let codes: Vec<&str> =
        if holder.is_root() { vec![&holder.path] } else { holder.types.iter().map(|of| &*of.code).collect() };
    if codes.is_empty() || codes.iter().any(|code| schemas.of_type(code).is_none()) {
        return true;
    }
    if root == place {
        return codes.iter().any(|code| schemas.is_subtype(code, place) || schemas.is_subtype(place, code));
    }
    // A profile of a datatype does not say which elements it is for.
    let own = holder.path.split('.').next().unwrap_or(&holder.path);
    if own != root && schemas.of_type(own).is_some_and(|own| own.kind != StructureKind::Resource) {
        return true;
    }
    // One type of a choice may stand for the choice.
    let stem = |path: &str| path.replace("[x]", "");
    let base = holder.base.as_ref().map(|base| stem(&base.path));
    let (place, path) = (stem(place), stem(&holder.path));
    [Some(path), base].into_iter().flatten().any(|path| place.starts_with(&path) || path.starts_with(&place))
}

/// Reports definitions that an element names and that no loaded package has.
fn check_known(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>) {
    let definitions = ctx.validator.definitions();
    if let (Some(binding), Some(node)) = (&stated.own.binding, stated.node.child("binding"))
        && let Some(url) =
            binding.value_set.as_deref().filter(|_| binding.strength != BindingStrength::Example)
        && [Kind::ValueSet, Kind::Structure, Kind::CodeSystem]
            .into_iter()
            .all(|kind| !definitions.contains(kind, url))
    {
        let at = node.children().find(|child| child.name().starts_with("valueSet")).unwrap_or(node);
        let message = Message::text("the binding was not checked: the value set ")
            .value(url)
            .then(" is not in any loaded package");
        ctx.report(Finding::new(&rules::PROFILE_NOT_CHECKED, at, message));
    }
    let parts = stated
        .node
        .named("type")
        .flat_map(|of| of.children().filter(|part| matches!(part.name(), "profile" | "targetProfile")));
    for part in parts {
        let Some(url) = part.value() else { continue };
        let plain = url.split_once('#').map_or(url, |(url, _)| url);
        if !definitions.contains(Kind::Structure, plain) {
            let message = Message::text("the reference in the type was not checked: ").value(url).then(" ");
            let message = message.then(ctx.validator.schemas().absence(plain));
            ctx.report(Finding::new(&rules::PROFILE_NOT_CHECKED, part, message));
        }
    }
}
