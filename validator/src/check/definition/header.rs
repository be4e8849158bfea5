//! A definition as a whole: its kind, its relation to its base, and the contexts of an extension.
//!
//! Source: <http://hl7.org/fhir/R4/structuredefinition.html>.

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::definition::{StructureDefinition, StructureKind};
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::FhirVersion;
use ers_fhir_values::uri::has_scheme;

use super::names::{Focus, follow};
use crate::check::{Checker, Finding};
use crate::rule::definition as rules;
use crate::schema::{CORE, Schemas};

/// The type of all extensions.
const EXTENSION: &str = "Extension";

/// Checks the definition apart from its elements.
pub(super) fn check<'d>(ctx: &Checker<'_, 'd>, structure: Node<'d>, definition: &StructureDefinition) {
    check_base(ctx, structure, definition);
    if definition.type_name == EXTENSION {
        check_contexts(ctx, structure);
    } else if let Some(context) = structure.child("context") {
        let message = text!(
            "a context says where an extension may be used, but this is not the definition of an extension"
        );
        ctx.report(Finding::new(&rules::EXTENSION_DEFINITION_CONTEXT, context, message).at_key(context));
    }
}

/// A definition with a base says how it relates to the base; otherwise it cannot be interpreted.
pub(super) fn check_derivation(ctx: &Checker<'_, '_>, structure: Node<'_>) {
    if let Some(base) = structure.child("baseDefinition").filter(|_| structure.child("derivation").is_none())
    {
        let message =
            text!("a definition with a base must say in 'derivation' whether it constrains the base");
        ctx.report(Finding::new(&rules::PROFILE_BASE, base, message).at_key(base));
    }
}

/// A type without a scheme is one of FHIR itself.
///
/// STU3 lets logical models name their types as they like.
pub(super) fn check_type_name(ctx: &Checker<'_, '_>, structure: Node<'_>) {
    let Some((node, name)) = structure.child("type").and_then(|node| Some((node, node.value()?))) else {
        return;
    };
    let is_own = || structure.child_value("url").and_then(|url| url.strip_prefix(CORE)) == Some(name);
    if ctx.version() != FhirVersion::R4
        || has_scheme(name)
        || ctx.validator.schemas().of_type(name).is_some()
        || is_own()
    {
        return;
    }
    let message = Message::text("FHIR has no type ").value(name);
    let suggestion = Message::text("write the absolute URL of a type of your own");
    ctx.report(Finding::new(&rules::DEFINITION_TYPE, node, message).suggest(suggestion));
}

fn check_base(ctx: &Checker<'_, '_>, structure: Node<'_>, definition: &StructureDefinition) {
    let base = definition.base_definition.as_deref().map(|url| ctx.validator.definitions().structure(url));
    let Some(Ok(Some(base))) = base else { return };
    // The declared derivation counts here, as a specialization of the type of its base is read as a
    // constraint.
    if structure.child_value("derivation") == Some("specialization") {
        let is_base = |node: &Node<'_>| node.value() == Some(&*base.type_name);
        if let Some(node) = structure.child("type").filter(is_base) {
            let message = text!(
                "the type {} is that of the base: a specialization defines a new type",
                def(&base.type_name)
            );
            ctx.report(Finding::new(&rules::PROFILE_BASE, node, message));
        }
    } else if let Some(kind) = structure.child("kind").filter(|_| base.kind != definition.kind) {
        let message =
            text!("the base is of the kind '{}', so a constraint on it must be too", def(word(base.kind)));
        ctx.report(Finding::new(&rules::PROFILE_BASE, kind, message));
    }
}

const fn word(kind: StructureKind) -> &'static str {
    match kind {
        StructureKind::Primitive => "primitive-type",
        StructureKind::Complex => "complex-type",
        StructureKind::Resource => "resource",
        StructureKind::Logical => "logical",
    }
}

/// The contexts of an extension lead to elements, and its context invariants can be parsed.
fn check_contexts<'d>(ctx: &Checker<'_, 'd>, structure: Node<'d>) {
    let schemas = ctx.validator.schemas();
    let mut places = Vec::new();
    for node in contexts(ctx, structure) {
        let Some(path) = node.value() else { continue };
        // Ids of slices and elements of profiles are found elsewhere.
        if path.is_empty() || !path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '[' | ']'))
        {
            places.push(Focus::Open);
            continue;
        }
        let plain = path.replace("[x]", "");
        let (root, rest) = plain.split_once('.').map_or((&*plain, None), |(root, rest)| (root, Some(rest)));
        let focus = Focus::types(schemas, [root]);
        let rest = rest.and_then(|rest| Expression::parse(rest).ok());
        match rest.map(|rest| follow(schemas, rest.root(), &focus)) {
            None => places.push(focus),
            Some(Ok(found)) => places.push(found),
            // Paths of STU3 name one type of a choice (`option.valueCoding`).
            Some(Err(unknown)) if is_of_choice(schemas, &plain, &unknown.name) => places.push(Focus::Open),
            Some(Err(unknown)) => {
                let finding = Finding::new(&rules::EXTENSION_DEFINITION_CONTEXT, node, unknown.message());
                // Extensions maintained for several releases name elements of all of them.
                ctx.report(finding.severity(Severity::Warning));
                places.push(Focus::Open);
            }
        }
    }
    for node in structure.named("contextInvariant") {
        let Some(text) = node.value() else { continue };
        let message = match Expression::parse(text) {
            Err(error) => Message::text("the expression cannot be read: ").value(&error.to_string()),
            Ok(expression) => {
                // A name that exists in one of the contexts may be meant for that one.
                let mut answers = places.iter().map(|place| follow(schemas, expression.root(), place));
                let Some(Err(unknown)) = answers.next() else { continue };
                if answers.any(|answer| answer.is_ok()) {
                    continue;
                }
                unknown.message()
            }
        };
        ctx.report(Finding::new(&rules::CONSTRAINT_EXPRESSION, node, message));
    }
}

/// Whether a step of a path is a choice together with a type.
fn is_of_choice(schemas: &Schemas, path: &str, step: &str) -> bool {
    step.char_indices().filter(|(_, letter)| letter.is_ascii_uppercase()).any(|(at, _)| {
        let choice = path.replacen(&format!(".{step}"), &format!(".{}", &step[..at]), 1);
        let (root, rest) = choice.split_once('.').unwrap_or((&choice, ""));
        let focus = Focus::types(schemas, [root]);
        Expression::parse(rest).is_ok_and(|rest| follow(schemas, rest.root(), &focus).is_ok())
    })
}

/// The nodes of the contexts that name elements.
fn contexts<'d>(ctx: &Checker<'_, 'd>, structure: Node<'d>) -> Vec<Node<'d>> {
    match ctx.version() {
        FhirVersion::R4 => {
            let is_element = |context: &Node<'d>| context.child_value("type") == Some("element");
            let elements = structure.named("context").filter(is_element);
            elements.filter_map(|context| context.child("expression")).collect()
        }
        FhirVersion::Stu3 => {
            let is_element = matches!(structure.child_value("contextType"), Some("resource" | "datatype"));
            structure.named("context").filter(|_| is_element).collect()
        }
    }
}
