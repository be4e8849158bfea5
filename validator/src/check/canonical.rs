//! URIs that must mean the same everywhere.

use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::uri::has_scheme;
use ers_fhir_values::{FhirVersion, Primitive, canonical};

use super::{Checker, Finding, name};
use crate::rule::datatype as rules;
use crate::schema::{Element, Origin, TypeCheck};

/// The type of the status of a definition.
const PUBLICATION: &str = "http://hl7.org/fhir/ValueSet/publication-status";

/// Checks a `uri` whose place requires an absolute one.
pub(super) fn check<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let demand = match node.known_name() {
        Some(name::URL) if is_canonical_url(ctx, node, origin.element) => {
            "the canonical URL of a definition is absolute"
        }
        // In STU3 it is a plain URI.
        Some(name::PROFILE) if &*origin.element.id == "Meta.profile" => {
            return check_reference(ctx, node, origin);
        }
        Some(name::SYSTEM) if &*origin.element.id == "ValueSet.compose.include.system" => {
            "the code system of a value set is named by its absolute URL, even if it is contained"
        }
        _ => return,
    };
    if let Some(text) = node.value()
        && !has_scheme(text)
    {
        let message = Message::text("").value(text).then(" is relative; ").then(demand);
        ctx.report(Finding::new(&rules::CANONICAL_RELATIVE, node, message).demanded_by(origin));
    }
}

/// Checks that what refers to a definition by its canonical URL is absolute, or leads to a contained one.
/// Published examples have relative ones, so these are a warning; but a payload is checked against the profile
/// that it declares, and there is none with a relative name.
pub(super) fn check_reference<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let Some(text) = node.value() else { return };
    if has_scheme(text) {
        return check_kind(ctx, node, text, origin);
    }
    let is_declared = &*origin.element.id == "Meta.profile";
    let is_fragment = text.starts_with('#');
    let message = match text.strip_prefix('#') {
        Some("") if !is_declared => return,
        Some(id) => {
            let (_, root) = ctx.resources_of(ctx.document.node(node.id()));
            let is_meant = |contained: &Node<'_>| {
                contained.child_value(name::ID).is_some_and(|other| other.trim_start_matches('#') == id)
            };
            if let Some(contained) = root.named(name::CONTAINED).find(is_meant) {
                return check_contained(ctx, node, contained, origin);
            }
            Message::text("there is no contained resource with the id ").value(id)
        }
        None => {
            Message::text("").value(text).then(" is relative; the canonical URL of a definition is absolute")
        }
    };
    let is_certain = (is_declared || is_fragment) && ctx.version() != FhirVersion::Stu3;
    ctx.report(
        Finding::new(&rules::CANONICAL_RELATIVE, node, message)
            .severity(if is_certain { Severity::Error } else { Severity::Warning })
            .suggest(Message::text(if is_fragment {
                "contain a definition with that id, or write the absolute URL of one"
            } else {
                "write the absolute URL of the definition"
            }))
            .demanded_by(origin),
    );
}

/// Checks that a loaded definition is of a type that may be referred to here.
fn check_kind<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, text: &str, origin: Origin<'v>) {
    let targets = targets(origin.element);
    if targets.clone().next().is_none() {
        return;
    }
    let (definitions, schemas) = (ctx.validator.definitions(), ctx.validator.schemas());
    let known = |is_wanted: bool| {
        Kind::ALL.into_iter().filter(|kind| *kind != Kind::NamingSystem).find(|kind| {
            let is_target = targets.clone().any(|target| schemas.is_subtype(kind.resource_type(), target));
            is_target == is_wanted && definitions.contains(*kind, text)
        })
    };
    if known(true).is_none()
        && let Some(actual) = known(false)
    {
        report_kind(ctx, node, (text, actual.resource_type()), origin);
    }
}

/// Checks that a contained resource is of a type that may be referred to here.
fn check_contained<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, contained: Node<'_>, origin: Origin<'v>) {
    let (Some(text), Some(actual)) = (node.value(), contained.resource_type()) else { return };
    let (schemas, mut targets) = (ctx.validator.schemas(), targets(origin.element).peekable());
    // One that is none is reported where it is.
    if schemas.find_type(actual).is_some()
        && targets.peek().is_some()
        && !targets.any(|target| schemas.is_subtype(actual, target))
    {
        report_kind(ctx, node, (text, actual), origin);
    }
}

fn report_kind<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, (text, actual): (&str, &str), origin: Origin<'v>) {
    let message =
        Message::text("").value(text).then(text!(" is a {}, which is not allowed here", def(actual)));
    let suggestion = text!("name a {}", def(targets(origin.element).collect::<Vec<_>>().join(" or a ")));
    ctx.report(Finding::new(&rules::CANONICAL_TYPE, node, message).suggest(suggestion).demanded_by(origin));
}

/// The types of definitions that an element may lead to; none if it may lead to any.
///
/// In STU3 it is a plain URI, of which no type is said.
fn targets(element: &Element) -> impl Iterator<Item = &str> + Clone {
    let is_canonical = |allowed: &&TypeCheck| allowed.of.primitive == Some(Primitive::Canonical);
    let types = element.types.iter().filter(is_canonical);
    let is_open = types.clone().any(|allowed| allowed.targets.is_empty());
    let links = types.filter(move |_| !is_open).flat_map(|allowed| &allowed.targets);
    links.filter_map(|link| canonical::url(&link.canonical).rsplit('/').next())
}

/// Whether this is the `url` of a definition.
fn is_canonical_url(ctx: &Checker<'_, '_>, node: Node<'_>, element: &Element) -> bool {
    element.id.matches('.').count() == 1
        && node.parent().and_then(Node::resource_type).is_some_and(|name| has_canonical(ctx, name))
}

/// Whether a resource type is a definition: it has a `url` and a publication `status`. The `url` of any
/// other, such as a device, is an address.
///
/// Source: <http://hl7.org/fhir/R4/metadataresource.html>.
pub(crate) fn has_canonical(ctx: &Checker<'_, '_>, type_name: &str) -> bool {
    let Some(schema) = ctx.validator.schemas().of_type(type_name) else { return false };
    let Some(children) = &schema.root().children else { return false };
    let child = |name: &str| {
        let (position, _) = children.names.get(name)?;
        Some(schema.element(children.elements[usize::from(position)]))
    };
    let is_published = |status: &Element| {
        status.binding().is_some_and(|binding| canonical::url(&binding.value_set) == PUBLICATION)
    };
    child("url").is_some() && child("status").is_some_and(is_published)
}
