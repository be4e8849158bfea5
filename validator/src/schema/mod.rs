//! Definitions compiled for checking: everything looked up, parsed and classified once.
//!
//! A *type schema* holds all that a type demands. A *profile schema* holds only what the profile
//! demands on top of its base type, so that a payload is walked once in full and then only along
//! the paths that a profile constrains.

mod baseline;
mod compile;
mod invariant;
mod label;
mod origin;
mod slicing;
mod table;
mod type_name;

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::definition::{Aggregation, BindingStrength, StructureKind, TypedValue};

pub(crate) use invariant::{Evaluator, InvariantCheck, MOST_NOTED, Native, Present};
pub(crate) use label::{ByName, Label};
pub(crate) use origin::Origin;
pub(crate) use slicing::{Expectation, Slice, SlicingCheck, Step, Test};
pub(crate) use table::Schemas;
pub(crate) use type_name::{Carries, Family, TypeName};

/// Index of an element in its schema.
pub(crate) type ElementIndex = u32;

/// Index of a definition in the table of all schemas.
pub(crate) type SchemaIndex = u32;

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
    /// The type's own schema, where this one is of a profile.
    pub(crate) base: Option<SchemaIndex>,
    /// Type this one specializes.
    pub(crate) parent_type: Option<Box<str>>,
    /// Where an extension may be used.
    pub(crate) context: Box<[Context]>,
    /// What must hold where an extension is used.
    pub(crate) context_invariants: Box<[Condition]>,
    /// Whether an extension may only stand in `modifierExtension`.
    pub(crate) is_modifier: bool,
    /// Elements; the first is the root.
    pub(crate) elements: Box<[Element]>,
}

impl Schema {
    /// The root element.
    pub(crate) fn root(&self) -> &Element {
        &self.elements[0]
    }

    /// The element of that index.
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
    /// On what an expression selects.
    Selected(Condition),
}

impl Context {
    /// It as written in the definition.
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
    /// Parsed; `None` where it cannot be read.
    pub(crate) expression: Option<Expression>,
}

/// A compiled ElementDefinition.
///
/// In a profile schema every field is neutral (`min` 0, `max` unbounded, nothing to check) unless
/// the profile demands more than the base type.
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
    /// Least number of occurrences.
    pub(crate) min: u32,
    /// Greatest number of occurrences; `u32::MAX` for `*`.
    pub(crate) max: u32,
    /// Allowed types; empty where this schema does not narrow them.
    pub(crate) types: Box<[TypeCheck]>,
    /// Elements below, where this schema defines any.
    pub(crate) children: Option<Children>,
    /// The element whose children this one shares.
    pub(crate) content: Option<ElementIndex>,
    /// The only allowed value.
    pub(crate) fixed: Option<TypedValue>,
    /// What the value must contain.
    pub(crate) pattern: Option<TypedValue>,
    /// Least value.
    pub(crate) min_value: Option<TypedValue>,
    /// Greatest value.
    pub(crate) max_value: Option<TypedValue>,
    /// Longest string, in characters.
    pub(crate) max_length: Option<u64>,
    /// Shortest string, in characters.
    pub(crate) min_length: Option<u64>,
    /// Whether an extension does not stand in for a primitive value.
    pub(crate) must_have_value: bool,
    /// Extensions of which one must stand where a primitive has no value.
    pub(crate) value_alternatives: Box<[Box<str>]>,
    /// Languages that a narrative has sections for, or `_no`, `_yes`, `_resource`.
    pub(crate) narrative_languages: Box<[Box<str>]>,
    /// Value set binding.
    pub(crate) binding: Option<BindingCheck>,
    /// Invariants, classified.
    pub(crate) invariants: Box<[InvariantCheck]>,
    /// Slices.
    pub(crate) slicing: Option<SlicingCheck>,
}

/// Elements below an element.
#[derive(Debug, Default)]
pub(crate) struct Children {
    /// In order of definition.
    pub(crate) elements: Box<[ElementIndex]>,
    /// Type schemas: from the name as written (`valueQuantity`) to the position in `elements` and,
    /// for a choice, in the element's `types`.
    pub(crate) names: ByName<(u16, u16)>,
}

/// An allowed type.
#[derive(Debug)]
pub(crate) struct TypeCheck {
    /// The type.
    pub(crate) of: TypeName,
    /// Profiles, any one of which must hold.
    pub(crate) profiles: Box<[ProfileLink]>,
    /// Profiles or types of the target of a reference, any one of which must hold.
    pub(crate) targets: Box<[ProfileLink]>,
    /// Where the target of a reference may live; empty for anywhere.
    pub(crate) aggregation: Box<[Aggregation]>,
}

/// A canonical and its schema, where the definition is known.
#[derive(Debug)]
pub(crate) struct ProfileLink {
    /// As written in the definition.
    pub(crate) canonical: Box<str>,
    /// Where its schema is.
    pub(crate) schema: Option<SchemaIndex>,
    /// Id of the one element there that is meant.
    pub(crate) element: Option<Box<str>>,
}

/// A binding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BindingCheck {
    /// How binding it is.
    pub(crate) strength: BindingStrength,
    /// Canonical of the value set.
    pub(crate) value_set: Box<str>,
    /// Canonical of the widest set allowed, however strong the binding is.
    pub(crate) max_value_set: Option<Box<str>>,
    /// Further sets that hold beside the first.
    pub(crate) additional: Box<[BindingCheck]>,
}
