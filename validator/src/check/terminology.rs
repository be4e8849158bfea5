//! CodeSystem and ValueSet resources: what their definitions say about each other and themselves.
//!
//! Source: <http://hl7.org/fhir/R4/codesystem.html> and <http://hl7.org/fhir/R4/valueset.html>.

use std::cell::LazyCell;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::terminology::CodeLookup;
use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use ers_fhir_values::canonical;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Checker, Finding};
use crate::rule::terminology as rules;

/// URIs of the properties that FHIR itself defines start with this.
const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

/// The type of a property that FHIR itself defines.
///
/// Source: <http://hl7.org/fhir/R4/codesystem-concept-properties.html>, and those that R5 adds.
fn standard_type(code: &str) -> Option<&'static str> {
    match code {
        "inactive" | "notSelectable" => Some("boolean"),
        "deprecated" | "deprecationDate" | "effectiveDate" | "retirementDate" => Some("dateTime"),
        "parent" | "child" | "partOf" | "status" => Some("code"),
        _ => None,
    }
}

/// Checks a CodeSystem.
pub(super) fn check_code_system(ctx: &Checker<'_, '_>, system: Node<'_>) {
    let properties = check_properties(ctx, system);
    let supplemented = check_supplement(ctx, system);
    let mut pending: Vec<_> = system.named("concept").collect();
    while let Some(concept) = pending.pop() {
        pending.extend(concept.named("concept"));
        for property in concept.named("property") {
            check_concept_property(ctx, property, &properties);
        }
        if let (Some(url), Some(code)) = (supplemented, concept.child("code"))
            && let Some(text) = code.value()
            && matches!(ctx.validator.terminology().lookup(url, text), CodeLookup::Unknown)
        {
            let message = Message::text("there is no code ")
                .value(text)
                .then(" to supplement in the code system ")
                .value(url);
            ctx.report(Finding::new(&rules::SUPPLEMENT_UNKNOWN_CODE, code, message));
        }
    }
}

/// Checks the declared properties; returns their types by code.
fn check_properties<'d>(ctx: &Checker<'_, '_>, system: Node<'d>) -> FxHashMap<&'d str, &'d str> {
    let mut types = FxHashMap::default();
    let mut uris = FxHashSet::default();
    for property in system.named("property") {
        let (code, uri) = (property.child("code"), property.child_value("uri"));
        let Some((code, text)) = code.and_then(|node| Some((node, node.value()?))) else { continue };
        let type_name = property.child_value("type").unwrap_or_default();
        if types.contains_key(text) {
            let message = Message::text("the property ").value(text).then(" is declared before");
            ctx.report(Finding::new(&rules::CODE_SYSTEM_DUPLICATE_PROPERTY, code, message));
        } else {
            types.insert(text, type_name);
        }
        let Some(uri) = uri else { continue };
        if !uris.insert(uri) {
            let message = Message::text("a property with the URI ").value(uri).then(" is declared before");
            ctx.report(
                Finding::new(&rules::CODE_SYSTEM_DUPLICATE_PROPERTY, property, message).at_key(property),
            );
        }
        let standard = uri.strip_prefix(CONCEPT_PROPERTIES).and_then(standard_type);
        if let Some(expected) = standard.filter(|expected| *expected != type_name) {
            let message = Message::text("the property ")
                .value(uri)
                .then(format!(" is of type {expected}, and declared here as "))
                .value(type_name);
            ctx.report(Finding::new(&rules::CODE_SYSTEM_PROPERTY_TYPE, property, message).at_key(property));
        }
    }
    types
}

fn check_concept_property(ctx: &Checker<'_, '_>, property: Node<'_>, types: &FxHashMap<&str, &str>) {
    let Some(code) = property.child_value("code") else { return };
    let Some(expected) = types.get(code) else { return };
    let value = property.children().find_map(|child| Some((child, child.name().strip_prefix("value")?)));
    let Some((value, actual)) = value else { return };
    if !actual.eq_ignore_ascii_case(expected) {
        let message = Message::text("the property ")
            .value(code)
            .then(" is declared as ")
            .value(expected)
            .then(format!(", and this is a value{actual}"));
        ctx.report(Finding::new(&rules::CODE_SYSTEM_PROPERTY_TYPE, value, message).at_key(value));
    }
}

/// Checks that what supplements a code system says so; returns the URL of that system.
fn check_supplement<'d>(ctx: &Checker<'_, '_>, system: Node<'d>) -> Option<&'d str> {
    let supplemented = system.child_value("supplements")?;
    let content = system.child("content").filter(|content| content.value() != Some("supplement"));
    if let Some(content) = content {
        let message = Message::text("a code system that supplements another has the content 'supplement'");
        ctx.report(Finding::new(&rules::SUPPLEMENT_CONTENT, content, message));
    }
    Some(canonical::url(supplemented))
}

/// Checks a ValueSet: its filters on properties of code systems.
pub(super) fn check_value_set(ctx: &Checker<'_, '_>, set: Node<'_>) {
    let Some(compose) = set.child("compose") else { return };
    for include in compose.selected(|child| matches!(child.name(), "include" | "exclude")) {
        if include.child("filter").is_none() {
            continue;
        }
        let Some(url) = include.child_value("system") else { continue };
        let system = LazyCell::new(|| ctx.validator.definitions().resource(Kind::CodeSystem, url).ok()?);
        for filter in include.named("filter") {
            check_filter(ctx, filter, || system.as_deref());
        }
    }
}

/// Checks the value that a filter compares a property with.
fn check_filter<'s>(ctx: &Checker<'_, '_>, filter: Node<'_>, system: impl Fn() -> Option<&'s Datum>) {
    let (Some(property), Some(value)) = (filter.child_value("property"), filter.child("value")) else {
        return;
    };
    let Some(text) = value.value().filter(|_| filter.child_value("op") == Some("=")) else { return };
    let declared = system().and_then(|system| {
        system.all("property").find(|declared| declared.str("code") == Some(property))?.str("type")
    });
    let expected = match declared.or_else(|| standard_type(property)) {
        Some("boolean") if !matches!(text, "true" | "false") => "true or false",
        Some("integer") if text.parse::<i64>().is_err() => "a whole number",
        Some("Coding") => {
            let Some((system, code)) = text.split_once('#') else { return };
            let system = canonical::url(system);
            if !matches!(ctx.validator.terminology().lookup(system, code), CodeLookup::Unknown) {
                return;
            }
            "a code of its system"
        }
        _ => return,
    };
    let message = Message::text("the property ")
        .value(property)
        .then(format!(" is compared with {expected}, not with "))
        .value(text);
    ctx.report(Finding::new(&rules::VALUE_SET_FILTER_VALUE, value, message));
}
