//! SearchParameter: its expressions fit the types it is for, and it fits the parameter it is derived from.
//!
//! Source: <http://hl7.org/fhir/R4/searchparameter.html>.

use std::borrow::Cow;

use ers_fhir_fhirpath::{Expression, Function};
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::FhirVersion;

use super::names::{Focus, follow};
use crate::check::{Checker, Finding};
use crate::rule::conformance as rules;

/// Checks a SearchParameter.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, parameter: Node<'d>) {
    let bases = || parameter.named("base").filter_map(Node::value);
    let focus = Focus::types(ctx.validator.schemas(), bases());
    let found = parameter.child("expression").map_or(Focus::Open, |node| check_expression(ctx, node, &focus));
    check_type(ctx, parameter, &found);
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

/// Checks that the type of the parameter can search for the values that the expression selects.
fn check_type(ctx: &Checker<'_, '_>, parameter: Node<'_>, found: &Focus<'_>) {
    let Some(node) = parameter.child("type") else { return };
    let Some(codes) = found.types_of() else { return };
    let (Some(wanted), false) = (node.value(), codes.is_empty()) else { return };
    // How a server indexes a group of elements, or an extension, is up to the server.
    if codes.iter().any(|code| matches!(*code, "BackboneElement" | "Element" | "Extension")) {
        return;
    }
    let schemas = ctx.validator.schemas();
    let Some(allowed) = searchable(wanted) else { return };
    let fits = |code: &&str| allowed.iter().any(|of| schemas.is_subtype(code, of));
    if !codes.iter().any(fits) {
        let message = Message::text("a parameter of type ")
            .value(wanted)
            .then(text!(" does not search for {}, which the expression selects", def(codes.join(" or "))));
        ctx.report(Finding::new(&rules::SEARCH_PARAMETER_TYPE, node, message));
    }
}

/// The types that a parameter type searches for, and types derived from them; `None` if it may be any.
///
/// Source: <http://hl7.org/fhir/R4/search.html#ptypes>.
fn searchable(parameter: &str) -> Option<&'static [&'static str]> {
    Some(match parameter {
        "number" => &["integer", "decimal", "Quantity"],
        "date" => &["date", "dateTime", "instant", "time", "Period", "Timing"],
        "string" => &["string", "uri", "HumanName", "Address", "xhtml", "Narrative"],
        "token" => &["Coding", "CodeableConcept", "Identifier", "ContactPoint", "boolean", "string", "uri"],
        "reference" => &["Reference", "uri", "Resource"],
        "quantity" => &["Quantity", "Money", "Range", "SampledData", "integer", "decimal"],
        "uri" => &["uri"],
        _ => return None,
    })
}

/// Checks an expression from a focus, and returns what it selects.
fn check_expression<'v, 'd>(ctx: &Checker<'v, 'd>, node: Node<'d>, focus: &Focus<'v>) -> Focus<'v> {
    let Some(text) = node.value() else { return Focus::Open };
    let text = match ctx.version() {
        FhirVersion::Stu3 => with_indexers(text),
        FhirVersion::R4 => Cow::Borrowed(text),
    };
    let message = match Expression::parse(&text) {
        Err(error) => Message::text("the expression cannot be read: ").value(&error.to_string()),
        Ok(expression) => match follow(ctx.validator.schemas(), expression.root(), focus) {
            Ok(found) => return found,
            Err(unknown) => unknown.message(),
        },
    };
    ctx.report(Finding::new(&rules::SEARCH_PARAMETER_EXPRESSION, node, message));
    Focus::Open
}

/// An expression with each `entry(0)`, which is how search parameters of STU3 write an index, replaced by
/// `entry[0]`.
fn with_indexers(text: &str) -> Cow<'_, str> {
    let mut written = String::new();
    let mut done = 0;
    for (open, _) in text.match_indices('(') {
        let start = text[..open].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
        let (name, rest) = (&text[start..open], &text[open + 1..]);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_place = digits > 0 && rest[digits..].starts_with(')');
        if is_place && !name.is_empty() && Function::from_name(name).is_none() {
            written.push_str(&text[done..open]);
            written.extend(["[", &rest[..digits], "]"]);
            done = open + digits + 2;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    written.push_str(&text[done..]);
    Cow::Owned(written)
}

/// A parameter that is derived from another has the same type, and is only for resources that the other is
/// for.
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

#[cfg(test)]
mod tests {
    use super::with_indexers;

    #[test]
    fn places_in_parentheses_become_indexers() {
        for (old, new) in [
            ("Bundle.entry(0).resource", "Bundle.entry[0].resource"),
            ("entry(0).a | b.entry(12)", "entry[0].a | b.entry[12]"),
            ("Bundle.entry.take(1)", "Bundle.entry.take(1)"),
            ("Bundle.entry.where(x = 1)", "Bundle.entry.where(x = 1)"),
            ("(0)", "(0)"),
            ("entry(0", "entry(0"),
        ] {
            assert_eq!(with_indexers(old), new);
        }
    }
}
