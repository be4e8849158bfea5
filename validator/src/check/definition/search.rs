//! SearchParameter: its expressions fit the types it is for, and itself the parameter it is derived from.
//!
//! Source: <http://hl7.org/fhir/R4/searchparameter.html>.

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;

use super::names::{Focus, follow};
use crate::check::{Checker, Finding};
use crate::rule::definition as rules;

/// Checks a SearchParameter.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, parameter: Node<'d>) {
    let bases = || parameter.named("base").filter_map(Node::value);
    let focus = Focus::types(ctx.validator.schemas(), bases());
    let found = parameter.child("expression").map_or(Focus::Open, |node| check_expression(ctx, node, &focus));
    for component in parameter.named("component") {
        if let Some(expression) = component.child("expression") {
            check_expression(ctx, expression, &found);
        }
    }
    if parameter.child_value("type") == Some("composite") && parameter.named("component").nth(1).is_none() {
        let message = Message::text("a composite search parameter has two components or more");
        let finding = Finding::new(&rules::SEARCH_PARAMETER_COMPONENTS, parameter, message);
        ctx.report(finding.at_key(parameter));
    }
    check_origin(ctx, parameter);
}

/// Checks an expression from a focus, and returns what it leads to.
fn check_expression<'v, 'd>(ctx: &Checker<'v, 'd>, node: Node<'d>, focus: &Focus<'v>) -> Focus<'v> {
    let Some(text) = node.value() else { return Focus::Open };
    let message = match Expression::parse(text) {
        Err(error) => Message::text("the expression cannot be read: ").value(&error.to_string()),
        Ok(expression) => match follow(ctx.validator.schemas(), expression.root(), focus) {
            Ok(found) => return found,
            Err(unknown) => unknown.message(),
        },
    };
    ctx.report(Finding::new(&rules::SEARCH_PARAMETER_EXPRESSION, node, message));
    Focus::Open
}

/// A parameter that is derived from another is of its type, and for no resource that the other is not for.
fn check_origin<'d>(ctx: &Checker<'_, 'd>, parameter: Node<'d>) {
    let Some(canonical) = parameter.child_value("derivedFrom") else { return };
    let definitions = ctx.validator.definitions();
    let Some(origin) = definitions.resource(Kind::SearchParameter, canonical).ok().flatten() else { return };
    let report = |node: Node<'d>, message: Message| {
        ctx.report(Finding::new(&rules::SEARCH_PARAMETER_DERIVED, node, message));
    };
    if let Some(own) = parameter.child("type")
        && let (Some(type_name), Some(wanted)) = (own.value(), origin.str("type"))
        && type_name != wanted
    {
        report(own, text!("the parameter it is derived from is of type '{}'", def(wanted)));
    }
    for base in parameter.named("base") {
        let is_known = |name: &str| {
            origin
                .all("base")
                .filter_map(|known| known.text.as_deref())
                .any(|known| ctx.validator.schemas().is_subtype(name, known))
        };
        if let Some(name) = base.value().filter(|name| !is_known(name)) {
            let message = Message::text("the parameter it is derived from is not for ").value(name);
            report(base, message);
        }
    }
}
