//! CapabilityStatement: the definitions that it lists for a resource apply to that resource.
//!
//! Source: <http://hl7.org/fhir/R4/capabilitystatement.html>.

use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;

use super::typed::{canonical, check_profile};
use crate::check::{Checker, Finding};
use crate::rule::conformance as rules;

/// Checks a CapabilityStatement.
pub(in crate::check) fn check(ctx: &Checker<'_, '_>, statement: Node<'_>) {
    for resource in statement.named("rest").flat_map(|rest| rest.named("resource")) {
        let Some(type_name) = resource.child_value("type") else { continue };
        for profile in resource.named("profile").chain(resource.named("supportedProfile")) {
            check_profile(ctx, &rules::CAPABILITY_DEFINITION, profile, type_name);
        }
        for parameter in resource.named("searchParam") {
            check_parameter(ctx, parameter, type_name);
        }
        for operation in resource.named("operation").filter_map(|operation| operation.child("definition")) {
            check_operation(ctx, operation, type_name);
        }
    }
}

fn check_parameter(ctx: &Checker<'_, '_>, parameter: Node<'_>, type_name: &str) {
    let Some((node, url)) = parameter.child("definition").and_then(canonical) else { return };
    let definitions = ctx.validator.definitions();
    let Ok(Some(known)) = definitions.resource(Kind::SearchParameter, url) else { return };
    if let (Some(own), Some(wanted)) = (parameter.child("type"), known.str("type"))
        && let Some(text) = own.value().filter(|text| *text != wanted)
    {
        let message = Message::text("the parameter ")
            .value(url)
            .then(text!(" is of type '{}', not ", def(wanted)))
            .value(text);
        ctx.report(Finding::new(&rules::CAPABILITY_DEFINITION, own, message));
    }
    let mut bases = known.all("base").filter_map(|base| base.text.as_deref()).peekable();
    let schemas = ctx.validator.schemas();
    if bases.peek().is_some() && !bases.any(|base| schemas.is_subtype(type_name, base)) {
        let message = Message::text("the parameter ").value(url).then(" is not for ").value(type_name);
        let finding = Finding::new(&rules::CAPABILITY_DEFINITION, node, message);
        ctx.report(finding.severity(Severity::Warning));
    }
}

fn check_operation(ctx: &Checker<'_, '_>, operation: Node<'_>, type_name: &str) {
    let Some((node, url)) = canonical(operation) else { return };
    let definitions = ctx.validator.definitions();
    let Ok(Some(known)) = definitions.resource(Kind::Operation, url) else { return };
    let mut types = known.all("resource").filter_map(|of| of.text.as_deref()).peekable();
    let schemas = ctx.validator.schemas();
    if types.peek().is_some() && !types.any(|of| schemas.is_subtype(type_name, of)) {
        let message = Message::text("the operation ").value(url).then(" is not for ").value(type_name);
        let finding = Finding::new(&rules::CAPABILITY_DEFINITION, node, message);
        ctx.report(finding.severity(Severity::Warning));
    }
}
