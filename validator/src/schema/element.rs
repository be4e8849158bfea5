//! Compiled definitions and their elements.

use ers_fhir_fhirpath::{Expression, ParseError};
use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_tree::Node;

use super::constraint::{Binding, Cardinality, Check, Fixed, Slicing, Wanted};
use super::guide::Global;
use super::label::{ByName, Label};
use super::link::{ElementIndex, TypeCheck};
use super::type_name::{SchemaIndex, TypeName};
use crate::check::finding::Source;

/// A compiled StructureDefinition.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Canonical URL.
    pub(crate) url: Box<str>,
    /// The type it defines or constrains.
    pub(crate) of: TypeName,
    /// What is defined.
    pub(crate) kind: StructureKind,
    /// Whether instances of exactly this type cannot exist.
    pub(crate) is_abstract: bool,
    /// The type's own schema, if this is the schema of a profile.
    pub(crate) base: Option<SchemaIndex>,
    /// Type this one specializes.
    pub(crate) parent_type: Option<Box<str>>,
    /// Where an extension may be used.
    pub(crate) context: Box<[Context]>,
    /// Conditions that must hold where an extension is used.
    pub(crate) context_invariants: Box<[Condition]>,
    /// Canonicals of the profiles that it, or a profile that it is based on, imposes.
    pub(crate) imposes: Box<[Box<str>]>,
    /// Whether an extension may only be used in `modifierExtension`.
    pub(crate) is_modifier: bool,
    /// Parts of the definition that have no place in its base, and are not among the elements.
    pub(crate) faults: Box<[Box<str>]>,
    /// Resource types: the profiles that guides require for all of them.
    pub(crate) globals: Box<[Global]>,
    /// Elements; the first is the root.
    pub(crate) elements: Box<[Element]>,
}

impl Schema {
    /// The root element.
    pub(crate) fn root(&self) -> &Element {
        &self.elements[0]
    }

    /// The element with that index.
    pub(crate) fn element(&self, index: ElementIndex) -> &Element {
        &self.elements[index as usize]
    }

    /// Whether it constrains a type instead of defining one.
    pub(crate) fn is_profile(&self) -> bool {
        self.base.is_some()
    }
}

/// Where an extension may be used.
#[derive(Debug)]
pub(crate) enum Context {
    /// On elements of these paths, or values of these types.
    Element(Box<str>),
    /// In the extension with that URL.
    Extension(Box<str>),
    /// On the elements that an expression selects.
    Selected(Condition),
}

impl Context {
    /// The context as written in the definition.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Element(text) | Self::Extension(text) => text,
            Self::Selected(condition) => &condition.text,
        }
    }
}

/// A FHIRPath expression that says where an extension may be used.
#[derive(Debug)]
pub(crate) struct Condition {
    /// As written in the definition.
    pub(crate) text: Box<str>,
    /// Parsed, or why it cannot be read.
    pub(crate) expression: Result<Expression, ParseError>,
}

/// A compiled ElementDefinition.
///
/// In a profile schema every field is neutral (no minimum or maximum, nothing to check) unless the profile
/// demands more than the base type.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// `Patient.name:official.family`.
    pub(crate) id: Box<str>,
    /// Element name without `[x]`: `value`.
    pub(crate) name: Label,
    /// Whether the name takes a type suffix.
    pub(crate) is_choice: bool,
    /// Whether JSON writes an array.
    pub(crate) is_list: bool,
    /// Whether XML writes an attribute.
    pub(crate) is_attribute: bool,
    /// How often it occurs. It is a field and not in `checks`, as it is checked for every element when the
    /// children of a node are counted, even for those that are absent.
    pub(crate) cardinality: Cardinality,
    /// Type schemas: what a value may be.
    pub(crate) types: Box<[TypeCheck]>,
    /// Elements below, where this schema defines any.
    pub(crate) children: Option<Children>,
    /// The element whose children this one shares.
    pub(crate) content: Option<ElementIndex>,
    /// The checks on a node, the cheapest first.
    pub(crate) checks: Box<[Check]>,
    /// Profile schemas: the slices of its repeats.
    pub(crate) slicing: Option<Box<Slicing>>,
}

impl Element {
    /// The element as a suggestion names it.
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        let of_profile = || {
            self.checks.iter().find_map(|check| match check {
                Check::Types(types) => Some(types.allowed()),
                _ => None,
            })
        };
        let types = if self.types.is_empty() { of_profile().unwrap_or_default() } else { &self.types };
        Wanted { name: &self.name, types: self.is_choice.then_some(types) }
    }

    /// Whether it may be absent.
    pub(crate) fn is_optional(&self) -> bool {
        self.cardinality.min == 0 && self.slicing.is_none()
    }

    /// Its binding, if it has one.
    pub(crate) fn binding(&self) -> Option<&Binding> {
        self.checks.iter().find_map(|check| match check {
            Check::Binding(binding) => Some(binding),
            _ => None,
        })
    }

    /// The only value that it may have, if it has one.
    pub(crate) fn fixed(&self) -> Option<&Fixed> {
        self.checks.iter().find_map(|check| match check {
            Check::Fixed(fixed) => Some(fixed),
            _ => None,
        })
    }
}

/// Elements below an element.
#[derive(Debug, Default)]
pub(crate) struct Children {
    /// In order of definition.
    pub(crate) elements: Box<[ElementIndex]>,
    /// Positions in `elements` of the required ones.
    pub(crate) required: Box<[u16]>,
    /// Type schemas: from the name as written (`valueQuantity`) to the position in `elements` and,
    /// for a choice, in the element's `types`.
    pub(crate) names: ByName<(u16, u16)>,
    /// Profile schemas: whether the parent element has several types, not all of which need have each of
    /// these children.
    pub(crate) are_of_some_types: bool,
}

impl Children {
    /// The position in `elements` of the element that describes a node.
    pub(crate) fn position(&self, node: Node<'_>) -> Option<u16> {
        self.names.of(node).map(|(position, _)| position)
    }
}

/// The source of a demand on a node: an element and the definition that it is part of, for as long as the
/// validator lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'v> {
    /// The definition.
    pub(crate) schema: &'v Schema,
    /// The element in it.
    pub(crate) element: &'v Element,
}

impl<'v> Origin<'v> {
    /// The root of a definition.
    pub(crate) fn root(schema: &'v Schema) -> Self {
        Self { schema, element: schema.root() }
    }

    /// Another element of the same definition.
    pub(crate) fn at(self, element: &'v Element) -> Self {
        Self { element, ..self }
    }

    /// The element with that index in the same definition.
    pub(crate) fn at_index(self, index: ElementIndex) -> Self {
        self.at(self.schema.element(index))
    }

    /// Whether it is the definition itself, not one of its parts.
    pub(crate) fn is_root(self) -> bool {
        std::ptr::eq(self.element, self.schema.root())
    }

    /// The source as a finding names it.
    pub(crate) fn source(self) -> Source<'v> {
        Source { definition: &self.schema.url, element: &self.element.id }
    }
}

impl<'v> From<Origin<'v>> for Source<'v> {
    fn from(origin: Origin<'v>) -> Self {
        origin.source()
    }
}
