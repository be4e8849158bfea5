//! Definitions compiled for checking: everything looked up, parsed and classified once.
//!
//! A *type schema* holds all that a type demands. A *profile schema* holds only what the profile
//! demands on top of its base type, so that a payload is walked once in full and then only along
//! the paths that a profile constrains.

mod primitive;

use ers_fhir_profiles::definition::{BindingStrength, StructureKind, TypedValue};

pub use primitive::Primitive;

/// Index of an element in its schema.
pub type ElementIndex = u32;

/// Index of a definition in the table of all schemas.
pub type SchemaIndex = u32;

/// A compiled StructureDefinition.
#[derive(Debug)]
pub struct Schema {
    /// Canonical URL.
    pub url: Box<str>,
    /// The type it defines or constrains.
    pub type_name: Box<str>,
    /// What is defined.
    pub kind: StructureKind,
    /// Whether instances of exactly this type cannot exist.
    pub is_abstract: bool,
    /// Elements; the first is the root.
    pub elements: Box<[Element]>,
}

impl Schema {
    /// The root element.
    pub fn root(&self) -> &Element {
        &self.elements[0]
    }

    /// The element of that index.
    pub fn element(&self, index: ElementIndex) -> &Element {
        &self.elements[index as usize]
    }
}

/// A compiled ElementDefinition.
#[derive(Debug, Default)]
pub struct Element {
    /// `Patient.name:official.family`.
    pub id: Box<str>,
    /// `Patient.name.family`.
    pub path: Box<str>,
    /// Element name without `[x]`: `value`.
    pub name: Box<str>,
    /// Whether the name takes a type suffix.
    pub is_choice: bool,
    /// Whether JSON writes an array.
    pub is_list: bool,
    /// Least number of occurrences.
    pub min: u32,
    /// Greatest number of occurrences; `u32::MAX` for `*`.
    pub max: u32,
    /// Allowed types; empty where this schema does not narrow them.
    pub types: Box<[TypeCheck]>,
    /// Elements below, where this schema defines any.
    pub children: Option<Children>,
    /// The element whose children and checks this one shares.
    pub content: Option<ElementIndex>,
    /// The only allowed value.
    pub fixed: Option<TypedValue>,
    /// What the value must contain.
    pub pattern: Option<TypedValue>,
    /// Least value.
    pub min_value: Option<TypedValue>,
    /// Greatest value.
    pub max_value: Option<TypedValue>,
    /// Longest string, in characters.
    pub max_length: Option<u64>,
    /// Value set binding.
    pub binding: Option<BindingCheck>,
    /// Invariants, classified.
    pub invariants: Box<[InvariantCheck]>,
    /// Slices.
    pub slicing: Option<SlicingCheck>,
}

/// Elements below an element.
#[derive(Debug, Default)]
pub struct Children {
    /// In order of definition.
    pub elements: Box<[ElementIndex]>,
    /// From the name as written (`valueQuantity`) to the position in `elements` and, for a choice,
    /// in the element's `types`.
    pub names: rustc_hash::FxHashMap<Box<str>, (u16, u16)>,
}

/// An allowed type.
#[derive(Debug)]
pub struct TypeCheck {
    /// Type name.
    pub code: Box<str>,
    /// The primitive it is, if it is one.
    pub primitive: Option<Primitive>,
    /// Where the type's own schema is; `None` where the definition is missing.
    pub schema: Option<SchemaIndex>,
    /// Profiles, any one of which must hold.
    pub profiles: Box<[ProfileLink]>,
    /// Profiles or types of the target of a reference, any one of which must hold.
    pub targets: Box<[ProfileLink]>,
    /// Where the target of a reference may live; empty for anywhere.
    pub aggregation: Box<[ers_fhir_profiles::definition::Aggregation]>,
}

/// A canonical and its schema, where the definition is known.
#[derive(Debug)]
pub struct ProfileLink {
    /// As written in the definition.
    pub canonical: Box<str>,
    /// Where its schema is.
    pub schema: Option<SchemaIndex>,
}

/// A binding.
#[derive(Debug)]
pub struct BindingCheck {
    /// How binding it is.
    pub strength: BindingStrength,
    /// Canonical of the value set.
    pub value_set: Box<str>,
    /// Canonical of the widest set allowed under an extensible binding.
    pub max_value_set: Option<Box<str>>,
}

/// An invariant.
#[derive(Debug)]
pub struct InvariantCheck {
    /// Key: `pat-1`.
    pub key: Box<str>,
}

/// Slices of an element.
#[derive(Debug)]
pub struct SlicingCheck {}
