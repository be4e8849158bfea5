//! Resources: their type, whether they are allowed where they are, and what they declare.

use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_report::{Message, Severity, def, key, text};
use ers_fhir_tree::{Node, Syntax};
use ers_fhir_values::canonical;
use ers_fhir_values::suggest::nearest;
use rustc_hash::FxHashSet;

use super::declared::declared_profiles;
use super::finding::{About, Sought};
use super::said;
use super::{
    Checker, Finding, bundle, contained, definition, edit, guide, name, release, structure, terminology,
    vital_signs,
};
use crate::rule::{datatype as datatype_rules, profile as profile_rules, structure as rules};
use crate::schema::{Family, Origin, Schema};
use crate::service::Service;

/// The schema of the resource at a node, or `None` after reporting why there is none.
pub(super) fn schema<'v>(ctx: &Checker<'v, '_>, node: Node<'_>) -> Option<&'v Schema> {
    let is_json = ctx.document.syntax() == Syntax::Json;
    let written = node.child(name::RESOURCE_TYPE).filter(|_| is_json || node.resource_type().is_some());
    let Some(name) = written else {
        let message = Message::text(if is_json {
            "a resource says what it is in 'resourceType', which is missing"
        } else {
            "a resource is an element named after its type, such as <Patient>, and there is none here"
        });
        ctx.report(Finding::new(&rules::MISSING_RESOURCE_TYPE, node, message).at_key(node));
        return None;
    };
    let type_name = name.value().unwrap_or_default();
    let schemas = ctx.validator.schemas();
    let found = (!type_name.contains('/')).then(|| schemas.of_type(type_name)).flatten();
    match found {
        Some(schema) if schema.kind == StructureKind::Resource && !schema.is_profile() => {
            if schema.is_abstract {
                let message = text!("{} is abstract: use one of the types derived from it", key(type_name));
                ctx.report(Finding::new(&rules::UNKNOWN_RESOURCE_TYPE, name, message));
                return None;
            }
            Some(schema)
        }
        _ => {
            let message = Message::text("")
                .value(type_name)
                .then(text!(" is not a resource type of {}", def(ctx.version())));
            let mut finding = Finding::new(&rules::UNKNOWN_RESOURCE_TYPE, name, message);
            if let Some(release) = release::of_type(ctx, type_name) {
                finding.message = text!(
                    "{} is a resource type of {}, and this is checked as {}",
                    key(type_name),
                    release,
                    ctx.version()
                );
                finding = finding.suggest(text!(
                    "send a payload of {}, or have it checked as {}",
                    ctx.version(),
                    release
                ));
            } else if let Some(near) = nearest(type_name, schemas.types()) {
                finding = finding.suggest(text!("did you mean '{}'?", def(near)));
                if near.eq_ignore_ascii_case(type_name.trim()) {
                    finding = finding.fix(edit::type_name(node, name, near));
                }
            }
            ctx.report(finding);
            None
        }
    }
}

/// Checks that a resource is of a type that the element holding it allows.
pub(super) fn check_allowed<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    schema: &'v Schema,
    holder: Origin<'v>,
) {
    let schemas = ctx.validator.schemas();
    if holder.element.types.iter().any(|allowed| schemas.is_subtype(&schema.of.code, &allowed.of.code)) {
        return;
    }
    let allowed: Vec<&str> = holder.element.types.iter().map(|t| &*t.of.code).collect();
    let message =
        text!("a {} is not allowed here: expected {}", def(&schema.of.code), def(allowed.join(" or ")));
    ctx.report(Finding::new(&rules::WRONG_RESOURCE_TYPE, node, message).demanded_by(holder).at_key(node));
}

/// The checks of every resource once its elements have been walked.
pub(super) fn check<'v, 'd>(ctx: &Checker<'v, 'd>, node: Node<'d>, schema: &'v Schema) {
    contained::check(ctx, node);
    match schema.of.family {
        Family::Bundle => bundle::check(ctx, node),
        Family::CapabilityStatement => definition::check_capability_statement(ctx, node),
        Family::CodeSystem => terminology::check_code_system(ctx, node),
        Family::ConceptMap => terminology::check_concept_map(ctx, node),
        Family::GraphDefinition => definition::check_graph(ctx, node),
        Family::ImplementationGuide => definition::check_guide(ctx, node),
        Family::Measure => ctx.waiting.measures.borrow_mut().push(node),
        Family::MeasureReport => ctx.waiting.reports.borrow_mut().push(node),
        Family::MessageDefinition => definition::check_message(ctx, node),
        Family::Plan => definition::check_plan(ctx, node),
        Family::Questionnaire => definition::check_questionnaire(ctx, node),
        Family::QuestionnaireResponse => ctx.waiting.responses.borrow_mut().push(node),
        Family::Observation => vital_signs::check(ctx, node),
        Family::OperationDefinition => definition::check_operation(ctx, node),
        Family::SearchParameter => definition::check_search_parameter(ctx, node),
        Family::StructureDefinition => definition::check_structure(ctx, node),
        Family::StructureMap => definition::check_structure_map(ctx, node),
        Family::ValueSet => terminology::check_value_set(ctx, node),
        _ => {}
    }
    guide::check(ctx, node, schema);
    check_labels(ctx, node);
    for declared in declared_profiles(node).filter(|declared| structure::is_text(*declared)) {
        if let Some(canonical) = declared.value().filter(|value| !value.is_empty()) {
            demand_declared(ctx, node, declared, canonical);
        }
    }
}

/// Checks that no security label is given twice.
fn check_labels(ctx: &Checker<'_, '_>, resource: Node<'_>) {
    let Some(meta) = resource.child(name::META) else { return };
    let mut seen = FxHashSet::default();
    for repeat in meta.named("security") {
        let (Some(system), Some(code)) = (repeat.child_value(name::SYSTEM), repeat.child_value(name::CODE))
        else {
            continue;
        };
        if !seen.insert((system, code)) {
            let message = Message::text("the security label ").value(code).then(" is given twice");
            let finding = Finding::new(&datatype_rules::DUPLICATE_SECURITY_LABEL, repeat, message);
            ctx.report(finding.fix(edit::remove(repeat)));
        }
    }
}

/// Requests a profile that a resource declares or a caller names.
pub(crate) fn demand_declared<'d>(ctx: &Checker<'_, 'd>, node: Node<'d>, at: Node<'d>, canonical: &str) {
    let schemas = ctx.validator.schemas();
    if let Some(index) = schemas.find(canonical) {
        ctx.demand_index(node, index);
        return;
    }
    let bare = canonical::url(canonical);
    // A profile that the caller names is not secret; one that the payload declares may be anything.
    let is_asked = ctx.options.profiles.iter().any(|asked| asked == canonical);
    let hidden =
        if is_asked { Message::text(def(canonical)) } else { said::canonical(ctx.validator, canonical) };
    let written = (bare == canonical && at != node).then(|| at.id());
    let sought = |says| Sought { canonical: bare.to_owned(), written, says };
    let is_known = schemas.find(bare).is_some();
    let published = ctx.service().and_then(|service| service.release_of(bare));
    if let Some(release) = published.filter(|release| *release != ctx.version()) {
        let message =
            text!("the profile {} is of {}, and this is checked as {}", hidden, release, ctx.version());
        // The release of a call is that of its operation.
        let is_called = ctx.service().is_some_and(Service::claims);
        let otherwise = (!is_called).then(|| {
            text!(
                "have it checked as {}: leave out --fhir-version, or give it as {}; or ",
                release,
                release.number()
            )
        });
        let suggestion = text!("{}declare a profile of {}", otherwise, ctx.version());
        let finding = Finding::new(&profile_rules::UNKNOWN_PROFILE, at, message).severity(Severity::Error);
        ctx.report(finding.suggest(suggestion).about(About::Release));
        return;
    }
    if ctx.service().is_some_and(|service| service.lists(bare)) && !is_known {
        let message = text!("there is no profile {}: all profiles of its publisher are loaded", hidden);
        let finding = Finding::new(&profile_rules::UNKNOWN_PROFILE, at, message).severity(Severity::Error);
        let suggestion = Message::text("correct the canonical in meta.profile");
        ctx.report(finding.suggest(suggestion).seek(sought(["did you mean ", "?"])));
        return;
    }
    let message = text!("the profile {} {}", hidden, schemas.absence(canonical));
    let suggestion = Message::text("load the package that defines it with --ig");
    let finding = Finding::new(&profile_rules::UNKNOWN_PROFILE, at, message).suggest(suggestion);
    // If only other versions of it are known, no other profile was meant.
    ctx.report(if is_known { finding } else { finding.seek(sought(["the nearest known profile is ", ""])) });
}
