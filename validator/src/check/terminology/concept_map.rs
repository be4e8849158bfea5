//! `ConceptMap` resources.

use std::sync::Arc;

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::terminology::{CodeLookup, Expansion, Membership};
use ers_fhir_report::{Gap, Message};
use ers_fhir_tree::Node;

use super::known::is_system;
use crate::check::coding::is_relative;
use crate::check::{Checker, Finding};
use crate::rule::datatype::CANONICAL_TYPE;
use crate::rule::terminology as rules;

/// Checks a `ConceptMap`: its source and target codes exist, have the displays that it gives them, and are in
/// its source and target value sets.
pub(in crate::check) fn check_concept_map(ctx: &Checker<'_, '_>, map: Node<'_>) {
    let (from, to) = (value_set(ctx, map, "source"), value_set(ctx, map, "target"));
    for group in map.named("group") {
        let source = Side::of(ctx, group, "source", "sourceVersion", from.as_deref());
        let target = Side::of(ctx, group, "target", "targetVersion", to.as_deref());
        for element in group.named("element") {
            check_code(ctx, element, source.as_ref());
            for mapped in element.named("target") {
                check_code(ctx, mapped, target.as_ref());
            }
        }
        if let Some(unmapped) = group.child("unmapped") {
            check_code(ctx, unmapped, target.as_ref());
        }
    }
}

/// The value set on one side of a map.
fn value_set(ctx: &Checker<'_, '_>, map: Node<'_>, side: &str) -> Option<Arc<Expansion>> {
    let is_side = |name: &str| {
        name.strip_prefix(side).is_some_and(|kind| matches!(kind, "Uri" | "Canonical" | "Reference"))
    };
    let node = map.children().find(|child| is_side(child.name()))?;
    let node = node.child("reference").unwrap_or(node);
    let url = node.value()?;
    let definitions = ctx.validator.definitions();
    // For a canonical, its type shows that.
    if !node.name().ends_with("Canonical")
        && definitions.contains(Kind::CodeSystem, url)
        && !definitions.contains(Kind::ValueSet, url)
    {
        let message =
            Message::text("").value(url).then(" is a CodeSystem, but a map is from one ValueSet to another");
        ctx.report(Finding::new(&CANONICAL_TYPE, node, message));
        return None;
    }
    let found = ctx.validator.terminology().expansion(url).ok();
    if found.is_none() {
        ctx.pass(Gap::Code, node);
    }
    found
}

/// The code system on one side of a group, with the value set on that side of the map.
struct Side<'d> {
    named: Node<'d>,
    system: &'d str,
    version: Option<&'d str>,
    set: Option<&'d Expansion>,
}

impl<'d> Side<'d> {
    fn of(
        ctx: &Checker<'_, '_>,
        group: Node<'d>,
        name: &str,
        version: &str,
        set: Option<&'d Expansion>,
    ) -> Option<Self> {
        let named = group.child(name)?;
        let system = named.value()?;
        let is_usable = !is_relative(ctx, named, system) && is_system(ctx, named, system);
        is_usable.then(|| Self { named, system, version: group.child_value(version), set })
    }
}

fn check_code(ctx: &Checker<'_, '_>, holder: Node<'_>, side: Option<&Side<'_>>) {
    let Some((code, text)) = holder.child("code").and_then(|node| Some((node, node.value()?))) else {
        return;
    };
    let Some(side) = side else { return };
    let terminology = ctx.validator.terminology();
    match terminology.lookup_version(side.system, side.version, text) {
        CodeLookup::Unknown => {
            let message = Message::text("there is no code ")
                .value(text)
                .then(" in the code system ")
                .value(side.system)
                .then(side.version.map(|version| Message::text(", version ").value(version)));
            return ctx.report(Finding::new(&rules::CONCEPT_MAP_UNKNOWN_CODE, code, message));
        }
        // It is not reported either whether a code that may not exist is in a set.
        CodeLookup::Undecided(reason) => return ctx.codes.note(ctx, side.named, side.system, &reason),
        CodeLookup::Found(found) => {
            if let Some(display) = holder.child("display")
                && let Some(shown) = display.value().filter(|shown| !found.accepts_display(shown))
            {
                let message =
                    Message::text("").value(shown).then(" is not what the code system calls ").value(text);
                let finding = Finding::new(&rules::CONCEPT_MAP_DISPLAY, display, message);
                ctx.report(match found.display() {
                    Some(right) => finding.suggest(Message::text("it calls it ").value(right)),
                    None => finding,
                });
            }
        }
        CodeLookup::WellFormed => {}
    }
    let Some(set) = side.set else { return };
    match set.contains_version(terminology, Some(side.system), side.version, text) {
        Membership::In => {}
        Membership::Out => {
            let message = Message::text("")
                .value(text)
                .then(" is not in the value set ")
                .value(set.url())
                .then(", which the map says that it maps from or to");
            ctx.report(Finding::new(&rules::CONCEPT_MAP_OUTSIDE, code, message));
        }
        Membership::Undecided(reason) => ctx.codes.note(ctx, code, set.url(), &reason),
    }
}
