//! Definitions as data: one form for STU3 and R4.
//!
//! Names follow the specification. Where the releases differ, the R4 shape holds and the STU3
//! reader maps to it.

mod element;
mod operation;
mod structure;
mod terminology;

use std::sync::Arc;

pub use element::{
    AdditionalBinding, Aggregation, Binding, BindingStrength, Constraint, ConstraintSeverity, Discriminator,
    DiscriminatorKind, ElementBase, ElementDefinition, Max, Slicing, SlicingRules, TypeRef, TypedValue,
};
pub use operation::{OperationDefinition, OperationLevels, OperationParameter};
pub use structure::{ContextKind, Derivation, ExtensionContext, StructureDefinition, StructureKind};
pub use terminology::{
    CodeSystem, CodeSystemContent, Coding, Concept, ConceptFilter, ConceptSet, NamingSystem, ValueSet,
};

/// Any definition a package may hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Definition {
    /// A structure.
    Structure(Arc<StructureDefinition>),
    /// A value set.
    ValueSet(Arc<ValueSet>),
    /// A code system.
    CodeSystem(Arc<CodeSystem>),
    /// A namespace.
    NamingSystem(Arc<NamingSystem>),
    /// An operation.
    Operation(Arc<OperationDefinition>),
}
