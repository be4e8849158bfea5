//! `ConceptMap` resources.

use super::known::is_unknown;
use crate::check::coding::is_misspelt;
use crate::check::{Checker, Finding};
use crate::rule::terminology as rules;
use ers_fhir_report::Message;
use ers_fhir_tree::Node;

/// Checks a `ConceptMap`: that the codes which it maps, and those it maps them to, exist.
pub(in crate::check) fn check_concept_map(ctx: &Checker<'_, '_>, map: Node<'_>) {
    for group in map.named("group") {
        let source = Side::of(ctx, group, "source", "sourceVersion");
        let target = Side::of(ctx, group, "target", "targetVersion");
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

/// The code system on one side of a group.
struct Side<'d> {
    system: &'d str,
    version: Option<&'d str>,
}

impl<'d> Side<'d> {
    fn of(ctx: &Checker<'_, '_>, group: Node<'d>, name: &str, version: &str) -> Option<Self> {
        let named = group.child(name)?;
        let system = named.value()?;
        let is_known = ctx.validator.definitions().code_system(system).is_ok_and(|found| found.is_some());
        if !is_known && is_misspelt(ctx, named, system) {
            return None;
        }
        Some(Self { system, version: group.child_value(version) })
    }
}

fn check_code(ctx: &Checker<'_, '_>, holder: Node<'_>, side: Option<&Side<'_>>) {
    let Some((code, text)) = holder.child("code").and_then(|node| Some((node, node.value()?))) else {
        return;
    };
    let Some(side) = side else { return };
    if is_unknown(ctx, side.system, side.version, text) {
        let message =
            Message::text("there is no code ").value(text).then(" in the code system ").value(side.system);
        ctx.report(Finding::new(&rules::CONCEPT_MAP_UNKNOWN_CODE, code, message));
    }
}
