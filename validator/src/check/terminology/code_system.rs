//! CodeSystem resources.

use ers_fhir_profiles::definition::ConceptSet;
use ers_fhir_profiles::terminology::CodeLookup;
use ers_fhir_report::{Message, Severity, def, key, text};
use ers_fhir_tree::Node;
use ers_fhir_values::{FhirVersion, canonical, uri};
use rustc_hash::{FxHashMap, FxHashSet};

use super::known::{CONCEPT_PROPERTIES, Code, standard_type};
use super::property_codes;
use crate::check::{Checker, Finding};
use crate::rule::terminology as rules;

/// Checks a CodeSystem.
pub(in crate::check) fn check_code_system<'d>(ctx: &Checker<'_, 'd>, system: Node<'d>) {
    let properties = check_properties(ctx, system);
    let supplemented = check_supplement(ctx, system);
    let concepts = concepts(system);
    check_distinct(ctx, &concepts, system.child_value("caseSensitive") != Some("false"));
    property_codes::check(ctx, system, &concepts, &properties);
    for &concept in &concepts {
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
    check_content(ctx, system, concepts.len());
    check_all_codes(ctx, system);
}

/// All concepts, each before those below it.
fn concepts(system: Node<'_>) -> Vec<Node<'_>> {
    let mut concepts: Vec<_> = Vec::new();
    let mut pending: Vec<_> = system.named("concept").collect();
    pending.reverse();
    while let Some(concept) = pending.pop() {
        concepts.push(concept);
        let first = pending.len();
        pending.extend(concept.named("concept"));
        pending[first..].reverse();
    }
    concepts
}

/// Each code occurs once. In R4 csd-1 demands this as well, but does not show where; its STU3 version removes
/// repeats before it looks for them.
fn check_distinct(ctx: &Checker<'_, '_>, concepts: &[Node<'_>], case_counts: bool) {
    let mut seen = FxHashSet::default();
    for code in concepts.iter().filter_map(|concept| concept.child("code")) {
        let Some(text) = code.value() else { continue };
        let code_of_system = Code { text, case_counts };
        if let Some(first) = seen.replace(code_of_system) {
            let as_first = (first.text != text).then(|| {
                Message::text(", as ").value(first.text).then(": in this code system, case does not matter")
            });
            let message = Message::text("the code ").value(text).then(" is already defined").then(as_first);
            ctx.report(Finding::new(&rules::CODE_SYSTEM_DUPLICATE_CODE, code, message));
        }
    }
}

/// Checks the declared content and count against the concepts.
fn check_content(ctx: &Checker<'_, '_>, system: Node<'_>, actual: usize) {
    let Some((content, text)) = system.child("content").and_then(|node| Some((node, node.value()?))) else {
        return;
    };
    let contradiction = match (text, actual) {
        ("not-present", 1..) => {
            Some((Severity::Error, "the content is 'not-present', but there are concepts"))
        }
        ("complete", 0) => Some((Severity::Warning, "the content is 'complete', but there are no concepts")),
        _ => None,
    };
    if let Some((severity, message)) = contradiction {
        let finding = Finding::new(&rules::CODE_SYSTEM_CONTENT, content, Message::text(message));
        ctx.report(finding.severity(severity));
    }
    let Some((count, stated)) =
        system.child("count").and_then(|node| Some((node, node.value()?.parse::<usize>().ok()?)))
    else {
        return;
    };
    let is_wrong = match text {
        "complete" => stated != actual,
        "fragment" | "example" => stated < actual,
        _ => false,
    };
    if is_wrong {
        let of = if text == "complete" { "all" } else { "some" };
        let message = Message::text("the count is ").value(&stated.to_string()).then(text!(
            ", but there are {} concepts here, which are {} of them",
            def(actual),
            def(of)
        ));
        let finding = Finding::new(&rules::CODE_SYSTEM_COUNT, count, message);
        // There are two interpretations of the count of a partial code system.
        ctx.report(if text == "complete" { finding } else { finding.severity(Severity::Warning) });
    }
}

/// Checks that the value set of all codes, if it is loaded, holds all codes.
fn check_all_codes(ctx: &Checker<'_, '_>, system: Node<'_>) {
    let (Some(named), Some(url)) = (system.child("valueSet"), system.child_value("url")) else { return };
    let Some(set) = named.value().and_then(|text| ctx.validator.terminology().expansion(text).ok()) else {
        return;
    };
    let definition = set.definition();
    let is_all = |include: &ConceptSet| {
        include.system.as_deref() == Some(url)
            && include.concepts.is_empty()
            && include.filters.is_empty()
            && include.value_sets.is_empty()
    };
    if definition.exclude.is_empty() && definition.include.iter().any(is_all)
        || definition.include.is_empty() && !definition.expansion.is_empty()
    {
        return;
    }
    let message = Message::text("the value set ")
        .value(set.url())
        .then(" should hold all codes of this code system, but does not include ")
        .value(url)
        .then(" as a whole");
    ctx.report(Finding::new(&rules::CODE_SYSTEM_VALUE_SET, named, message));
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
            let message = Message::text("the property ").value(text).then(" is already declared");
            ctx.report(Finding::new(&rules::CODE_SYSTEM_DUPLICATE_PROPERTY, code, message));
        } else {
            types.insert(text, type_name);
        }
        let Some(uri) = uri else { continue };
        if !uri::has_scheme(uri) {
            let message =
                Message::text("").value(uri).then(" is relative; the URI of a property is absolute");
            ctx.report(Finding::new(&rules::CODE_SYSTEM_PROPERTY_URI, property, message).at_key(property));
        }
        if !uris.insert(uri) {
            let message = Message::text("a property with the URI ").value(uri).then(" is already declared");
            ctx.report(
                Finding::new(&rules::CODE_SYSTEM_DUPLICATE_PROPERTY, property, message).at_key(property),
            );
            continue;
        }
        let Some(own_code) = uri.strip_prefix(CONCEPT_PROPERTIES) else { continue };
        let Some(expected) = standard_type(own_code) else {
            let message = Message::text("FHIR defines no property ").value(uri);
            let finding = Finding::new(&rules::CODE_SYSTEM_PROPERTY_URI, property, message).at_key(property);
            ctx.report(finding.suggest(Message::text("give a property of your own a URI of your own")));
            continue;
        };
        // The code is up to this system, and the URI gives its meaning; but it must not be that of another
        // FHIR property.
        if own_code != text && standard_type(text).is_some() {
            let message = Message::text("the code ")
                .value(text)
                .then(text!(" belongs to another FHIR property than '{}', whose URI this is", def(own_code)));
            ctx.report(Finding::new(&rules::CODE_SYSTEM_PROPERTY_URI, property, message).at_key(property));
        }
        if expected != type_name {
            let message = Message::text("the property ")
                .value(uri)
                .then(text!(" is of type {}, but declared here as ", def(expected)))
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
            .then(text!(", but this is a value{}", def(actual)));
        ctx.report(Finding::new(&rules::CODE_SYSTEM_PROPERTY_TYPE, value, message).at_key(value));
    }
}

/// Checks that a supplement declares that it is one, and of what; returns the URL of the supplemented system, unless
/// it is in doubt whether this is a supplement.
fn check_supplement<'d>(ctx: &Checker<'_, 'd>, system: Node<'d>) -> Option<&'d str> {
    // STU3 has no supplements.
    if ctx.version() == FhirVersion::Stu3 {
        return None;
    }
    let content = system.child("content");
    let is_supplement = content.and_then(Node::value) == Some("supplement");
    let report = |node: Node<'d>, message: Message, severity: Severity| {
        ctx.report(Finding::new(&rules::SUPPLEMENT_CONTENT, node, message).severity(severity));
    };
    if is_supplement {
        for named in system.selected(|child| matches!(child.name(), "caseSensitive" | "hierarchyMeaning")) {
            let message =
                text!("a supplement has no '{}': that of the code system applies", key(named.name()));
            // The second is not prohibited, but has no effect.
            let is_case = named.name() == "caseSensitive";
            report(named, message, if is_case { Severity::Error } else { Severity::Warning });
        }
    }
    let supplemented = system.child_value("supplements");
    match (supplemented, content) {
        (Some(_), Some(content)) if !is_supplement => report(
            content,
            Message::text("a code system that supplements another has the content 'supplement'"),
            Severity::Error,
        ),
        (None, Some(content)) if is_supplement => {
            let message = Message::text("a supplement says in 'supplements' which code system it adds to");
            report(content, message, Severity::Error);
        }
        _ => {}
    }
    supplemented.filter(|_| is_supplement).map(canonical::url)
}
