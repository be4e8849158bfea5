//! Elements that a type does not have, and what they were meant to be.

use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_report::{def, key, text};
use ers_fhir_tree::{Kind, Node, Syntax};
use ers_fhir_values::Temporal;
use ers_fhir_values::suggest::nearest;

use super::finding::About;
use super::{Checker, Finding, edit, name, release, structure, synonym};
use crate::rule::primitive::WRONG_JSON_KIND;
use crate::rule::structure::UNKNOWN_ELEMENT;
use crate::schema::{Children, Element, Origin};

/// The most names that a suggestion lists.
const MOST: usize = 4;

/// Reports a name that the type does not have.
pub(super) fn element<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, owner: Origin<'v>, children: &'v Children) {
    // The items of an array are one mistake.
    if node.in_array() && node.index() > 0 && !node.opens_member() {
        return;
    }
    if node.is_called(name::RESOURCE_TYPE)
        && owner.schema.kind == StructureKind::Complex
        && names_resource(ctx, node)
    {
        return resource_in_place(ctx, node, owner);
    }
    let name = written(ctx, node);
    let message = if node.kind() == Kind::XmlAttribute {
        text!("'{}' is not an attribute of {}", key(name), def(&owner.element.id))
    } else if is_type_in_xml(node) {
        text!("XML has no 'resourceType': the name of the element around it says the type")
    } else {
        text!("'{}' is not an element of {}", key(name), def(&owner.element.id))
    };
    let finding = Finding::new(&UNKNOWN_ELEMENT, node, message).demanded_by(owner).at_key(node);
    let finding = explained(ctx, finding, node, owner, children);
    ctx.report(release::noted(ctx, finding, node.name(), owner));
}

/// Whether a value is the name of a resource type.
fn names_resource(ctx: &Checker<'_, '_>, node: Node<'_>) -> bool {
    let schemas = ctx.validator.schemas();
    let schema = node.value().and_then(|name| schemas.of_type(name));
    schema.is_some_and(|schema| schema.kind == StructureKind::Resource)
}

/// Reports a resource in place of a value of another type, most often a Reference.
#[cold]
fn resource_in_place<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, owner: Origin<'v>) {
    let Some(place) = node.parent() else { return };
    let wanted = &*owner.schema.of.code;
    let message = text!("'{}' holds a resource, where a {} belongs", key(place.name()), def(wanted));
    let finding = Finding::new(&WRONG_JSON_KIND, place, message).demanded_by(owner).at_key(node);
    let form = structure::form_of(wanted);
    let contain = (wanted == "Reference").then_some(", or contain it and refer to it as # and its id");
    ctx.report(match form {
        Some(form) => finding.suggest(text!("write {}{}", def(form), contain)),
        None => finding,
    });
}

/// The name as it is written: in XML a resource is named after its type.
fn written<'d>(ctx: &Checker<'_, '_>, node: Node<'d>) -> &'d str {
    let is_resource = ctx.document.syntax() == Syntax::Xml
        && node.is_called(name::RESOURCE_TYPE)
        && !is_type_in_xml(node)
        && node.parent().is_some_and(|parent| parent.resource_type().is_some());
    node.value().filter(|_| is_resource).unwrap_or(node.name())
}

/// Whether an XML element or attribute is written `resourceType`, as in JSON. For a resource that is named
/// after its type, that name is not in the source.
fn is_type_in_xml(node: Node<'_>) -> bool {
    let is_xml = matches!(node.kind(), Kind::XmlElement | Kind::XmlAttribute);
    let source = node.document().source();
    is_xml && node.is_called(name::RESOURCE_TYPE) && source.get(node.key_span()) == Some(node.name())
}

/// Suggests what was most likely meant by an unknown element.
#[cold]
fn explained<'v>(
    ctx: &Checker<'v, '_>,
    finding: Finding<'v>,
    node: Node<'_>,
    owner: Origin<'v>,
    children: &'v Children,
) -> Finding<'v> {
    let name = node.name();
    if ctx.document.syntax() == Syntax::Xml
        && name == "value"
        && owner.schema.kind == StructureKind::Primitive
    {
        return finding.suggest(text!("write the value as an attribute: value=\"...\""));
    }
    if is_type_in_xml(node) {
        return finding.suggest(text!("leave it out")).fix(edit::remove(node));
    }
    let is_value = node.kind() == Kind::XmlAttribute && owner.schema.kind == StructureKind::Primitive;
    if is_value && nearest(name, ["value"]).is_some() {
        let finding = finding.suggest(text!("did you mean 'value'?"));
        let is_slip = name.eq_ignore_ascii_case("value") && is_without_value(node);
        return if is_slip { finding.fix(edit::rename(node, "value")) } else { finding };
    }
    let names = children.names.names();
    let is_free = |other: &str| node.parent().is_none_or(|parent| parent.child(other).is_none());
    let synonym = synonym::meant(name, &names, is_free);
    let near =
        synonym.or_else(|| nearest(name, names.iter().copied())).or_else(|| nearest_in_small(name, &names));
    if let Some((stem, is_typed)) = choice_of(ctx, name, near, owner, children) {
        let typed = names_of_choice(node, stem, &names);
        let advice = if is_typed { "it may not have this type" } else { "add the type to the name" };
        let about = typed.first().map_or(About::Nothing, |first| About::Child(first));
        return finding.suggest(text!("{}: write {}", advice, def(either(&typed)))).about(about);
    }
    if let Some(near) = near {
        let finding = finding.suggest(text!("did you mean '{}'?", def(near))).about(About::Child(near));
        let is_slip = near.eq_ignore_ascii_case(name.trim());
        return if is_slip { finding.fix(edit::rename(node, near)) } else { finding };
    }
    if let Some(child) = child_around(ctx, node, owner, children) {
        return finding.suggest(text!("it belongs in '{}'", def(child))).about(About::Within(child));
    }
    let longer: Vec<&str> = names.iter().copied().filter(|other| begins(other, name)).take(MOST).collect();
    if let Some(first) = longer.first() {
        return finding.suggest(text!("did you mean {}?", def(either(&longer)))).about(About::Child(first));
    }
    match names.as_slice() {
        [only] => finding.suggest(text!("only '{}' is allowed here", def(only))),
        _ => finding,
    }
}

/// The nearest name, ignoring case: `postalCode` for `postcode`.
fn nearest_in_small<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let small: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let found = nearest(&name.to_ascii_lowercase(), small.iter().map(String::as_str))?;
    let at = small.iter().position(|name| name == found)?;
    names.get(at).copied()
}

/// Whether a name extends another with a further word: `reasonCode` for `reason`.
fn begins(name: &str, stem: &str) -> bool {
    !stem.is_empty() && name.strip_prefix(stem).is_some_and(begins_a_type)
}

/// Alternative names in quotes.
fn either(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    quoted.join(" or ")
}

/// The choice whose stem a name has, without a type or with one that is not allowed.
fn choice_of<'v>(
    ctx: &Checker<'v, '_>,
    name: &str,
    near: Option<&str>,
    owner: Origin<'v>,
    children: &'v Children,
) -> Option<(&'v str, bool)> {
    let choices = children.elements.iter().map(|index| owner.schema.element(*index));
    choices.filter(|element| element.is_choice).find_map(|element| {
        let rest = name.strip_prefix(&*element.name)?;
        // A name that is almost another one may be a typo, unless its suffix is a type, or nearly one.
        let is_slip = || {
            let meant = near.map(|near| near.strip_prefix(&*element.name));
            meant.is_some_and(|meant| meant.is_none_or(|meant| nearest(rest, [meant]).is_some()))
        };
        let is_meant = rest.is_empty() || begins_a_type(rest) && (is_type(ctx, rest) || !is_slip());
        is_meant.then_some((&*element.name, !rest.is_empty()))
    })
}

/// Whether a text is a valid suffix of a choice.
fn begins_a_type(rest: &str) -> bool {
    rest.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Whether a text is the capitalized name of a type.
fn is_type(ctx: &Checker<'_, '_>, text: &str) -> bool {
    let schemas = ctx.validator.schemas();
    let small = || {
        let (first, rest) = text.split_at_checked(1)?;
        Some(first.to_ascii_lowercase() + rest)
    };
    schemas.of_type(text).is_some() || small().is_some_and(|name| schemas.of_type(&name).is_some())
}

/// Whether the element around an attribute has no value.
fn is_without_value(attribute: Node<'_>) -> bool {
    attribute.parent().is_some_and(|parent| parent.value().is_none())
}

/// The child in which an element belongs that is one level too high: `coding`, for a `code` in a
/// CodeableConcept.
fn child_around<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    owner: Origin<'v>,
    children: &'v Children,
) -> Option<&'v str> {
    let is_resource =
        node.parent().is_some_and(|parent| parent.resource_type().is_some()) && !owner.is_root();
    let elements = || children.elements.iter().map(|index| owner.schema.element(*index));
    let has = |element: &&Element| {
        if is_resource {
            return element.types.iter().any(|of| &*of.of.code == "Resource");
        }
        let is_general = matches!(&*element.name, "extension" | "modifierExtension" | "contained");
        // An optional backbone element is hardly left out by mistake.
        let is_likely = element.children.is_none() || element.cardinality.min > 0;
        !element.is_choice && !is_general && is_likely && has_child(ctx, owner.at(element), node.name())
    };
    let all: Vec<&Element> = elements().filter(has).collect();
    let required = || all.iter().filter(|element| element.cardinality.min > 0);
    let found = match (all.as_slice(), required().count()) {
        ([only], _) => only,
        (_, 1) => required().next()?,
        _ => return None,
    };
    Some(&found.name)
}

/// Whether an element has a child with that name.
fn has_child(ctx: &Checker<'_, '_>, origin: Origin<'_>, name: &str) -> bool {
    let of_type = || {
        let [only] = &*origin.element.types else { return None };
        let schema = ctx.validator.schemas().get(only.of.schema?).ok()?;
        schema.root().children.as_ref()
    };
    let children = origin.element.children.as_ref().or_else(of_type);
    children.is_some_and(|children| children.names.names().contains(&name))
}

/// A few names for a choice that is written without a type or with a wrong one, those that fit its value
/// first.
fn names_of_choice<'n>(node: Node<'_>, stem: &str, names: &[&'n str]) -> Vec<&'n str> {
    let of_type = |name: &&&'n str| name.strip_prefix(stem).is_some_and(begins_a_type);
    let all: Vec<&'n str> = names.iter().filter(of_type).copied().collect();
    let has = |child: &str| node.child(child).is_some();
    let likely: &[&str] = match node.kind() {
        Kind::Boolean => &["Boolean"],
        Kind::Number => &["Integer", "Decimal", "Quantity", "UnsignedInt"],
        _ if has("reference") => &["Reference"],
        _ if has("coding") || has("text") => &["CodeableConcept"],
        _ if has("start") || has("end") => &["Period"],
        _ if has("system") && has("code") && !has("value") => &["Coding"],
        _ if has("unit") => &["Quantity"],
        _ if has("system") && has("value") => &["Identifier", "Quantity"],
        Kind::String | Kind::XmlElement if is_time(node) => &["DateTime", "Date", "Instant", "String"],
        Kind::String => &["String", "Code", "DateTime", "Uri"],
        _ => &[],
    };
    let fits = |name: &&&'n str| likely.iter().any(|of| name[stem.len()..] == **of);
    let mut fitting: Vec<&'n str> = all.iter().filter(fits).copied().collect();
    // The definition lists them alphabetically; the likelier type comes first.
    fitting.sort_by_key(|name| likely.iter().position(|of| name[stem.len()..] == **of));
    let is_short = all.len() <= MOST || fitting.is_empty();
    let others = all.iter().filter(|name| is_short && !fitting.contains(name));
    let others: Vec<&'n str> = others.copied().collect();
    let mut found = [fitting, others].concat();
    found.truncate(MOST);
    found
}

/// Whether a value is a date, with a time or without.
fn is_time(node: Node<'_>) -> bool {
    node.value().is_some_and(|value| value.len() >= 7 && Temporal::parse(value).is_some())
}
