//! StructureDefinition: its elements, which may number in the hundreds.

use ers_fhir_tree::{Kind, Name, Node};

use super::look::{Table, are_distinct, has, text};
use crate::check::name;

const BASE: Name = Name::known("base");
const DEFINITION: Name = Name::known("definition");
const DERIVATION: Name = Name::known("derivation");
const DIFFERENTIAL: Name = Name::known("differential");
const ELEMENT: Name = Name::known("element");
const KIND: Name = Name::known("kind");
const LABEL: Name = Name::known("label");
const MAX: Name = Name::known("max");
const MIN: Name = Name::known("min");
const PATH: Name = Name::known("path");
const REQUIREMENTS: Name = Name::known("requirements");
const SLICE_NAME: Name = Name::known("sliceName");
const SLICING: Name = Name::known("slicing");
const SNAPSHOT: Name = Name::known("snapshot");

pub(super) const TABLE: Table = &[
    ("derivation='constraint'orsnapshot.element.select(path).isDistinct()", sdf_1),
    (
        "(%resource.kind='logical'orelement.first().path=%resource.type)andelement.tail().all(path.startsWith(%resource.snapshot.element.first().path&'.'))",
        sdf_8,
    ),
    (
        "children().element.where(path.contains('.').not()).label.empty()andchildren().element.where(path.contains('.').not()).code.empty()andchildren().element.where(path.contains('.').not()).requirements.empty()",
        sdf_9,
    ),
    ("snapshot.element.all(id.exists())anddifferential.element.all(id.exists())", sdf_14),
    ("element.where(path.contains('.').not()).slicing.empty()", sdf_20),
    // STU3
    ("element.all(definitionandminandmax)", sdf_3),
    (
        "%resource.type.empty()or(element.first().path.startsWith(%resource.type)andelement.tail().all(path.startsWith(%resource.type&'.')))",
        sdf_8a,
    ),
    ("snapshot.element.id.trace('ids').isDistinct()", sdf_16),
    ("differential.element.id.trace('ids').isDistinct()", sdf_17),
    (
        "kind='logical'or(differential.element.type.code.all(hasValue()impliesmatches('^[a-zA-Z0-9]+$'))andsnapshot.element.type.code.all(hasValue()impliesmatches('^[a-zA-Z0-9]+$')))",
        sdf_19,
    ),
    // R4
    ("element.all(definition.exists()andmin.exists()andmax.exists())", sdf_3),
    (
        r"(%resource.kind='logical'orelement.first().path.startsWith(%resource.type))and(element.tail().empty()orelement.tail().all(path.startsWith(%resource.differential.element.first().path.replaceMatches('\\..*','')&'.')))",
        sdf_8a,
    ),
    ("element.all(base.exists())", sdf_8b),
    ("snapshot.element.all(id.exists())andsnapshot.element.id.trace('ids').isDistinct()", sdf_16),
    ("differential.element.all(id.exists())anddifferential.element.id.trace('ids').isDistinct()", sdf_17),
    (
        r"url.startsWith('http://hl7.org/fhir/StructureDefinition')implies(differential.element.type.code.all(matches('^[a-zA-Z0-9]+$')ormatches('^http:\\/\\/hl7\\.org\\/fhirpath\\/System\\.[A-Z][A-Za-z]+$'))andsnapshot.element.type.code.all(matches('^[a-zA-Z0-9\\.]+$')ormatches('^http:\\/\\/hl7\\.org\\/fhirpath\\/System\\.[A-Z][A-Za-z]+$')))",
        sdf_19,
    ),
    ("(snapshot|differential).element.all(path.contains('.').not()impliessliceName.empty())", sdf_23),
];

/// The elements of a snapshot or differential.
fn elements(view: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    view.named(ELEMENT).filter(|element| element.kind() != Kind::EmptyArray)
}

/// The elements of one view of a definition.
fn elements_of(definition: Node<'_>, view: Name) -> impl Iterator<Item = Node<'_>> {
    definition.child(view).into_iter().flat_map(elements)
}

/// All of both views.
fn all_elements(definition: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    elements_of(definition, SNAPSHOT).chain(elements_of(definition, DIFFERENTIAL))
}

/// Whether an element is a root: its path has no dot.
fn is_root(element: Node<'_>) -> bool {
    text(element, PATH).is_none_or(|path| !path.contains('.'))
}

/// A definition that does not constrain a base has each path once.
fn sdf_1(definition: Node<'_>) -> bool {
    text(definition, DERIVATION) == Some("constraint")
        || are_distinct(elements_of(definition, SNAPSHOT).map(|element| text(element, PATH)))
}

/// Each element of a snapshot is complete.
fn sdf_3(snapshot: Node<'_>) -> bool {
    elements(snapshot).all(|element| [DEFINITION, MIN, MAX].iter().all(|part| has(element, *part)))
}

/// A snapshot begins with its type, and everything else is below it.
fn sdf_8(snapshot: Node<'_>) -> bool {
    let Some(definition) = snapshot.parent() else { return false };
    let mut paths = elements(snapshot).map(|element| text(element, PATH));
    let Some(Some(first)) = paths.next() else { return false };
    let is_begun = text(definition, KIND) == Some("logical") || text(definition, name::TYPE) == Some(first);
    is_begun && paths.all(|path| path.is_some_and(|path| is_below(path, first)))
}

/// A differential is about its type, and all elements but the first are below it.
fn sdf_8a(differential: Node<'_>) -> bool {
    let Some(root) = differential.parent().and_then(|definition| text(definition, name::TYPE)) else {
        return false;
    };
    let mut paths = elements(differential).map(|element| text(element, PATH));
    let Some(Some(first)) = paths.next() else { return false };
    !root.contains('.')
        && (first == root || is_below(first, root))
        && paths.all(|path| path.is_some_and(|path| is_below(path, root)))
}

fn is_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.starts_with('.'))
}

/// Each element of a snapshot says what it comes from.
fn sdf_8b(snapshot: Node<'_>) -> bool {
    elements(snapshot).all(|element| has(element, BASE))
}

/// The root has neither label nor code nor requirements.
fn sdf_9(definition: Node<'_>) -> bool {
    let is_bare = |element| ![LABEL, name::CODE, REQUIREMENTS].iter().any(|part| has(element, *part));
    all_elements(definition).all(|element| !is_root(element) || is_bare(element))
}

/// Each element has an id.
fn sdf_14(definition: Node<'_>) -> bool {
    all_elements(definition).all(|element| has(element, name::ID))
}

/// The ids of a snapshot are present and distinct.
fn sdf_16(definition: Node<'_>) -> bool {
    are_distinct(elements_of(definition, SNAPSHOT).map(|element| text(element, name::ID)))
}

/// The ids of a differential are present and distinct.
fn sdf_17(definition: Node<'_>) -> bool {
    are_distinct(elements_of(definition, DIFFERENTIAL).map(|element| text(element, name::ID)))
}

/// Types are named by plain names.
fn sdf_19(definition: Node<'_>) -> bool {
    all_elements(definition).flat_map(|element| element.named(name::TYPE)).all(|kind| {
        text(kind, name::CODE).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    })
}

/// The root is not sliced.
fn sdf_20(differential: Node<'_>) -> bool {
    elements(differential).all(|element| !is_root(element) || !has(element, SLICING))
}

/// The root is not a slice.
fn sdf_23(definition: Node<'_>) -> bool {
    all_elements(definition).all(|element| {
        text(element, PATH).is_some_and(|path| path.contains('.') || !has(element, SLICE_NAME))
    })
}
