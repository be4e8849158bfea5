//! Types, and the profiles of them.

use ers_fhir_values::FhirVersion;

use super::element::ElementDefinition;

/// A type, resource, profile, extension or logical model.
///
/// Source: <http://hl7.org/fhir/R4/structuredefinition.html>.
#[derive(Debug, Clone, PartialEq)]
pub struct StructureDefinition {
    /// Canonical URL, without a version.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// Computer-friendly name.
    pub name: String,
    /// Human-friendly title.
    pub title: Option<String>,
    /// The release it was written for.
    pub fhir_version: FhirVersion,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Option<String>,
    /// What is defined.
    pub kind: StructureKind,
    /// Whether instances of exactly this type cannot exist.
    pub is_abstract: bool,
    /// The type that is defined or constrained: `Patient`, `Extension`, `HumanName` ...
    pub type_name: String,
    /// Canonical of the definition this one starts from; absent for `Element` and `Resource` (R4).
    pub base_definition: Option<String>,
    /// Whether it adds a type or constrains one.
    pub derivation: Derivation,
    /// Where an extension may be used; empty where the definition says nothing.
    pub context: Vec<ExtensionContext>,
    /// FHIRPath expressions that must hold where an extension is used.
    pub context_invariants: Vec<String>,
    /// Canonicals of the profiles that instances of this one must conform to as well (`imposeProfile`).
    pub imposes: Vec<String>,
    /// Markdown description, where the package carries one.
    pub description: Option<String>,
    /// The elements as authored, relative to the base.
    pub differential: Vec<ElementDefinition>,
    /// The complete elements, if the package publishes them.
    pub snapshot: Option<Vec<ElementDefinition>>,
    /// Why some of its elements are in neither list: they cannot be read.
    pub faults: Vec<String>,
}

/// What a StructureDefinition defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StructureKind {
    /// `primitive-type`.
    Primitive,
    /// `complex-type`.
    Complex,
    /// `resource`.
    Resource,
    /// `logical`.
    Logical,
}

/// How a definition relates to its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Derivation {
    /// A new type.
    Specialization,
    /// A profile.
    Constraint,
}

/// Where an extension may appear.
///
/// STU3 `contextType` `resource` and `datatype` are read as [`ContextKind::Element`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionContext {
    /// How to read the expression.
    pub kind: ContextKind,
    /// An element path (`Patient.contact`), an extension URL or a FHIRPath expression.
    pub expression: String,
}

/// How an extension context is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContextKind {
    /// An element id or path, or a type name.
    Element,
    /// The canonical URL of an extension.
    Extension,
    /// A FHIRPath expression that selects the elements.
    FhirPath,
}
