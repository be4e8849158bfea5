//! OperationDefinition: its parameters are distinct, and their cardinalities and types are possible.
//!
//! Source: <http://hl7.org/fhir/R4/operationdefinition.html>.

use ers_fhir_report::{Message, text};
use ers_fhir_tree::Node;
use rustc_hash::FxHashSet;

use crate::check::{Checker, Finding};
use crate::rule::conformance as rules;

/// Checks an OperationDefinition.
pub(in crate::check) fn check(ctx: &Checker<'_, '_>, operation: Node<'_>) {
    check_level(ctx, operation, "parameter");
    let mut pending: Vec<_> = operation.named("parameter").collect();
    while let Some(parameter) = pending.pop() {
        check_parameter(ctx, parameter);
        check_level(ctx, parameter, "part");
        pending.extend(parameter.named("part"));
    }
    let is_known =
        |name: &str| operation.named("parameter").any(|known| known.child_value("name") == Some(name));
    for named in operation.named("overload").flat_map(|overload| overload.named("parameterName")) {
        if let Some(name) = named.value().filter(|name| !is_known(name)) {
            let message = Message::text("the operation has no parameter ").value(name);
            ctx.report(Finding::new(&rules::OPERATION_PARAMETER, named, message));
        }
    }
}

/// Parameters of one level and direction have different names.
fn check_level(ctx: &Checker<'_, '_>, holder: Node<'_>, name: &'static str) {
    let mut seen = FxHashSet::default();
    for parameter in holder.named(name) {
        let Some((node, text)) = parameter.child("name").and_then(|node| Some((node, node.value()?))) else {
            continue;
        };
        if !seen.insert((text, parameter.child_value("use"))) {
            let message = Message::text("a parameter ").value(text).then(" is already described");
            ctx.report(Finding::new(&rules::OPERATION_PARAMETER, node, message));
        }
    }
}

fn check_parameter(ctx: &Checker<'_, '_>, parameter: Node<'_>) {
    let Some((node, most)) = parameter.child("max").and_then(|node| Some((node, node.value()?))) else {
        return;
    };
    if most == "*" {
        return;
    }
    let message = match (most.parse::<u32>(), parameter.child_value("min").and_then(|min| min.parse().ok())) {
        (Err(_), _) => Message::text("the maximum is a whole number or '*', not ").value(most),
        (Ok(most), Some(least)) if most < least => {
            text!("at least {} and at most {} is impossible", least, most)
        }
        _ => return,
    };
    ctx.report(Finding::new(&rules::OPERATION_PARAMETER, node, message));
}
