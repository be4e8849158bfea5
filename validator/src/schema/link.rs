//! Numbers of definitions and elements, and links from one definition to another.

use ers_fhir_profiles::definition::Aggregation;

use super::type_name::{SchemaIndex, TypeName};

/// Index of an element in its schema.
pub(crate) type ElementIndex = u32;

/// A canonical and its schema, if the definition is known.
#[derive(Debug)]
pub(crate) struct ProfileLink {
    /// As written in the definition.
    pub(crate) canonical: Box<str>,
    /// The index of its schema.
    pub(crate) schema: Option<SchemaIndex>,
    /// Id of the element in it that is meant.
    pub(crate) element: Option<Box<str>>,
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
    /// Where the target of a reference may be; empty for anywhere.
    pub(crate) aggregation: Box<[Aggregation]>,
}
