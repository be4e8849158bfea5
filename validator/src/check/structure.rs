//! Arrays where none belong, objects where values belong.

use ers_fhir_report::{Message, def, key, text};
use ers_fhir_tree::{Kind, Node, Syntax};

use super::{Checker, Finding, edit, name};
use crate::rule::primitive::WRONG_JSON_KIND;
use crate::rule::structure as rules;
use crate::rule::syntax::{DUPLICATE_KEY, MISPLACED_UNDERSCORE};
use crate::schema::Origin;

/// Reports a key that occurs earlier in the same object.
pub(super) fn duplicate_key<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let message = text!("the key '{}' occurs twice in one object", key(node.name()));
    ctx.report(Finding::new(&DUPLICATE_KEY, node, message).demanded_by(origin).at_key(node));
}

/// Checks that `resourceType` is one plain string; its value has already been checked.
pub(super) fn check_resource_type(ctx: &Checker<'_, '_>, node: Node<'_>) {
    if node.in_array() {
        let message = Message::text("'resourceType' does not repeat, so its value must not be an array");
        ctx.report(Finding::new(&rules::ARRAY_NOT_EXPECTED, node, message));
    } else if node.index() > 0 {
        let message = Message::text("the key 'resourceType' occurs twice in one object");
        ctx.report(Finding::new(&DUPLICATE_KEY, node, message).at_key(node));
    } else if node.has_children() {
        let message = Message::text("'resourceType' is not an element and has neither id nor extensions");
        ctx.report(Finding::new(&rules::UNKNOWN_ELEMENT, node, message).at_key(node));
    }
}

/// Reports `[]`, which FHIR never writes.
pub(super) fn empty_array<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let message = text!("'{}' is an empty array", key(node.name()));
    let finding =
        Finding::new(&rules::EMPTY_ARRAY, node, message).demanded_by(origin).fix(edit::remove(node));
    ctx.report(finding.suggest(Message::text("leave the element out, or give it an item")));
}

/// Checks that repeating elements, and only they, are JSON arrays.
#[inline]
pub(super) fn check_array<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    if origin.element.is_list != node.in_array() && !(node.index() > 0 && node.in_array()) {
        wrong_array(ctx, node, origin);
    }
}

#[cold]
fn wrong_array<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let (rule, expected) = if origin.element.is_list {
        (&rules::ARRAY_EXPECTED, "repeats, so its value must be an array")
    } else {
        (&rules::ARRAY_NOT_EXPECTED, "does not repeat, so its value must not be an array")
    };
    let message = text!("'{}' {}", key(node.name()), def(expected));
    let has_several = || node.parent().is_some_and(|parent| parent.named(node.name()).nth(1).is_some());
    let suggestion = match origin.element.is_list {
        true => "put the value in [ ]",
        false if has_several() => "keep one of the items, without the [ ]",
        false => "remove the [ ]",
    };
    ctx.report(
        Finding::new(rule, node, message)
            .demanded_by(origin)
            .suggest(Message::text(suggestion))
            .fix(if origin.element.is_list { edit::wrap(node) } else { edit::unwrap(node) })
            .at_key(node),
    );
}

/// Reports an XML element that comes after one that it should precede.
pub(super) fn out_of_order<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let message =
        text!("'{}' comes too late: XML elements keep the order of the definition", key(node.name()));
    ctx.report(Finding::new(&rules::ELEMENT_ORDER, node, message).demanded_by(origin).at_key(node));
}

/// Checks that XML uses attributes where the definition says so, and nowhere else.
///
/// Source: <http://hl7.org/fhir/R4/xml.html>.
pub(super) fn check_representation<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let is_attribute = node.kind() == Kind::XmlAttribute;
    if is_attribute == origin.element.is_attribute {
        return;
    }
    let (is, instead) = if is_attribute {
        ("an element of its own, not an attribute", "write it as a child element with a value")
    } else {
        ("an attribute, not a child element", "write it as an attribute of the element around it")
    };
    let message = text!("'{}' is written in XML as {}", key(node.name()), def(is));
    ctx.report(
        Finding::new(&rules::XML_ATTRIBUTE, node, message)
            .demanded_by(origin)
            .suggest(Message::text(instead))
            .at_key(node),
    );
}

/// Checks that a resource in XML is not empty: no element may be, but `Parameters` may have no elements.
///
/// Source: <http://hl7.org/fhir/R4/xml.html>.
pub(super) fn check_content<'v>(ctx: &Checker<'v, '_>, resource: Node<'_>, origin: Origin<'v>) {
    let is_type = |child: &Node<'_>| child.is_called(name::RESOURCE_TYPE);
    if resource.children().all(|child| is_type(&child)) && resource.resource_type() != Some("Parameters") {
        let message = Message::text("the resource is empty: in XML it needs at least one element");
        ctx.report(
            Finding::new(&rules::EMPTY_ELEMENT, resource, message).demanded_by(origin).at_key(resource),
        );
    }
}

/// Whether a value is written as text; any other kind is reported as such.
pub(super) fn is_text(written: Node<'_>) -> bool {
    matches!(written.kind(), Kind::String | Kind::XmlElement)
}

/// Checks that a complex value is written as one.
pub(super) fn is_object<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    type_name: &str,
    origin: Origin<'v>,
) -> bool {
    let found = match node.kind() {
        Kind::Object => {
            underscored(ctx, node, type_name, origin);
            return true;
        }
        Kind::XmlElement if node.value().is_none() => return true,
        Kind::XmlElement | Kind::XmlAttribute => "a value",
        Kind::Xhtml => "XHTML",
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
        Kind::Null => "null",
        Kind::EmptyArray => return false,
    };
    let expected = match ctx.document.syntax() {
        Syntax::Json => "an object",
        Syntax::Xml => "child elements",
    };
    let message = text!(
        "'{}' is of type {}: expected {}, found {}",
        key(node.name()),
        def(type_name),
        def(expected),
        found
    );
    let edit = (node.kind() == Kind::Null).then(|| edit::remove(node)).flatten();
    let finding = Finding::new(&WRONG_JSON_KIND, node, message).demanded_by(origin).fix(edit);
    ctx.report(match form_of(type_name).filter(|_| ctx.document.syntax() == Syntax::Json) {
        Some(form) => finding.suggest(text!("write {}", def(form))),
        None => finding,
    });
    false
}

/// How to write a complex value that is often mistaken for a plain one.
pub(super) fn form_of(type_name: &str) -> Option<&'static str> {
    Some(match type_name {
        "Reference" => r#"{ "reference": "<type>/<id>" }"#,
        "Coding" => r#"{ "system": "<URL>", "code": "<code>" }"#,
        "CodeableConcept" => r#"{ "coding": [ { "system": "<URL>", "code": "<code>" } ] }"#,
        "Identifier" => r#"{ "system": "<URL>", "value": "<identifier>" }"#,
        "Quantity" | "Duration" | "Age" => r#"{ "value": <number>, "unit": "<unit>" }"#,
        "Period" => r#"{ "start": "<time>", "end": "<time>" }"#,
        "HumanName" => r#"{ "family": "<name>", "given": [ "<name>" ] }"#,
        "Annotation" => r#"{ "text": "<text>" }"#,
        _ => return None,
    })
}

/// Reports a member whose name has a leading `_` and that is not a primitive.
fn underscored<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, type_name: &str, origin: Origin<'v>) {
    if node.index() > 0 || !node.has_underscored_key() || ctx.document.syntax() != Syntax::Json {
        return;
    }
    let message = text!("'{}' is a {}: only primitives have a '_' sibling", key(node.name()), def(type_name));
    ctx.report(
        Finding::new(&MISPLACED_UNDERSCORE, node, message)
            .demanded_by(origin)
            .suggest(Message::text("remove the '_'"))
            .fix(edit::without_underscore(node))
            .at_key(node),
    );
}

/// Reports an element that holds nothing.
pub(super) fn empty_element<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    origin: Origin<'v>,
    required: &[String],
) {
    let message = text!("'{}' is empty: it needs a value or children", key(node.name()));
    ctx.report(
        Finding::new(&rules::EMPTY_ELEMENT, node, message)
            .demanded_by(origin)
            .suggest(match required {
                [] => Message::text("leave the element out"),
                names => text!("add {}, or leave the element out", def(names.join(" and "))),
            })
            .fix(edit::remove(node)),
    );
}
