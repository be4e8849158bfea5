//! Definitions as data: one form for STU3 and R4.
//!
//! Names follow the specification. Where the releases differ, the R4 shape holds and the STU3
//! reader maps to it.

use std::sync::Arc;

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;

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
    /// Markdown description, where the package carries one.
    pub description: Option<String>,
    /// The elements as authored, relative to the base.
    pub differential: Vec<ElementDefinition>,
    /// The elements complete, where the package publishes them.
    pub snapshot: Option<Vec<ElementDefinition>>,
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

/// One element of a structure.
///
/// Source: <http://hl7.org/fhir/R4/elementdefinition.html>.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ElementDefinition {
    /// `Patient.name:official.family`; computed where the package has none.
    pub id: String,
    /// `Patient.name.family`.
    pub path: String,
    /// Name of the slice this element defines or belongs to (its own step only).
    pub slice_name: Option<String>,
    /// Whether the slice constrains one of the base's instead of adding one.
    pub slice_is_constraining: bool,
    /// How repeats are sliced.
    pub slicing: Option<Slicing>,
    /// `xmlAttr`, `xmlText`, `typeAttr`, `cdaText`, `xhtml`.
    pub representation: Vec<String>,
    /// Minimum cardinality; `None` in a differential that does not say.
    pub min: Option<u32>,
    /// Maximum cardinality; `None` in a differential that does not say.
    pub max: Option<Max>,
    /// Path and cardinality in the definition that introduced the element.
    pub base: Option<ElementBase>,
    /// Element whose children this one shares: `#Questionnaire.item`.
    pub content_reference: Option<String>,
    /// Allowed types; empty where inherited or where `content_reference` holds.
    pub types: Vec<TypeRef>,
    /// `fixed[x]`: the only allowed value.
    pub fixed: Option<TypedValue>,
    /// `pattern[x]`: what the value must contain.
    pub pattern: Option<TypedValue>,
    /// `minValue[x]`.
    pub min_value: Option<TypedValue>,
    /// `maxValue[x]`.
    pub max_value: Option<TypedValue>,
    /// Longest string, in characters.
    pub max_length: Option<u64>,
    /// Shortest string, in characters: an extension, as no release here has an element for it.
    pub min_length: Option<u64>,
    /// Whether extensions do not stand in for a primitive value; an extension that R5 made an element.
    pub must_have_value: Option<bool>,
    /// Extensions of which one must stand where a primitive has no value; likewise of R5.
    pub value_alternatives: Vec<String>,
    /// Languages that a narrative has sections for, or `_no`, `_yes`, `_resource`: an extension.
    pub narrative_languages: Vec<String>,
    /// Invariants.
    pub constraints: Vec<Constraint>,
    /// `mustSupport`.
    pub must_support: Option<bool>,
    /// Whether the element changes the meaning of its parent.
    pub is_modifier: Option<bool>,
    /// Whether the element is part of the summary.
    pub is_summary: Option<bool>,
    /// Value set binding.
    pub binding: Option<Binding>,
    /// A few words on what the element is, where the package carries them.
    pub short: Option<String>,
    /// Full definition, where the package carries one.
    pub definition: Option<String>,
}

impl ElementDefinition {
    /// Last step of the path: `family` of `Patient.name.family`; the type name at the root.
    pub fn name(&self) -> &str {
        self.path.rsplit_once('.').map_or(self.path.as_str(), |(_, last)| last)
    }

    /// Whether this is the root element of its structure.
    pub fn is_root(&self) -> bool {
        !self.path.contains('.')
    }

    /// Whether the path ends in `[x]`.
    pub fn is_choice(&self) -> bool {
        self.path.ends_with("[x]")
    }
}

/// Upper bound of a cardinality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Max {
    /// A number; `0` forbids the element.
    Count(u32),
    /// `*`.
    Unbounded,
}

/// `ElementDefinition.base`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementBase {
    /// Path in the definition that introduced the element: `Element.id`.
    pub path: String,
    /// Minimum there.
    pub min: u32,
    /// Maximum there.
    pub max: Max,
}

/// A type an element may have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypeRef {
    /// FHIR type name (`HumanName`), or a FHIRPath system type as `System.String`
    /// (both releases; the value of a primitive, `Element.id`, `Extension.url`).
    pub code: String,
    /// Canonicals of profiles of that type; any one must hold. `canonical#element-id` is what that profile
    /// says of one of its elements (extension `elementdefinition-profile-element`).
    pub profiles: Vec<String>,
    /// For references and canonicals: what the target must be, any one.
    pub target_profiles: Vec<String>,
    /// For references: where the target may live.
    pub aggregation: Vec<Aggregation>,
    /// Lexical rule from the `regex` extension of a primitive's value.
    pub regex: Option<String>,
    /// FHIR type from the `structuredefinition-fhir-type` extension, where given.
    pub fhir_type: Option<String>,
}

/// Where the target of a reference may live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregation {
    /// In the same resource.
    Contained,
    /// Anywhere else.
    Referenced,
    /// In the same Bundle.
    Bundled,
}

/// A value of a known type, such as `fixedCodeableConcept`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedValue {
    /// FHIR type name: `CodeableConcept`, `code`, `uri` (primitives in lower camel case).
    pub type_name: String,
    /// The value.
    pub value: Datum,
}

/// An invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Unique key: `ele-1`.
    pub key: String,
    /// Whether breaking it is an error.
    pub severity: ConstraintSeverity,
    /// Explanation, where the package carries one.
    pub human: Option<String>,
    /// FHIRPath expression; `None` where only another language is given.
    pub expression: Option<String>,
    /// Canonical of the definition that introduced it.
    pub source: Option<String>,
    /// Whether it is advice rather than a rule (extension `elementdefinition-bestpractice`).
    pub is_best_practice: bool,
}

/// Severity of an invariant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConstraintSeverity {
    /// `error`.
    Error,
    /// `warning`.
    Warning,
}

/// A value set binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// How binding it is.
    pub strength: BindingStrength,
    /// Canonical of the value set, possibly with `|version`; `None` where only described.
    pub value_set: Option<String>,
    /// Canonical of the widest set allowed under an extensible binding
    /// (extension `elementdefinition-maxValueSet`).
    pub max_value_set: Option<String>,
    /// Further sets that hold beside the first one (an extension that R5 made an element), those
    /// alone that hold in every context.
    pub additional: Vec<AdditionalBinding>,
    /// Description, where the package carries one.
    pub description: Option<String>,
}

/// A value set that a binding adds to its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdditionalBinding {
    /// How binding it is.
    pub strength: BindingStrength,
    /// Canonical of the value set, possibly with `|version`.
    pub value_set: String,
}

/// Strength of a binding, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BindingStrength {
    /// `example`.
    Example,
    /// `preferred`.
    Preferred,
    /// `extensible`.
    Extensible,
    /// `required`.
    Required,
}

/// How repeats of an element are sliced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slicing {
    /// What tells slices apart; empty where only the author knows.
    pub discriminators: Vec<Discriminator>,
    /// What to do with elements that match no slice.
    pub rules: SlicingRules,
    /// Whether slices must appear in the defined order.
    pub ordered: bool,
}

/// One discriminator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator {
    /// What is compared.
    pub kind: DiscriminatorKind,
    /// Restricted FHIRPath from the sliced element to what is compared.
    pub path: String,
}

/// What a discriminator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiscriminatorKind {
    /// Fixed value, pattern or required binding of the element at the path.
    Value,
    /// Like value (R4), by `pattern[x]`.
    Pattern,
    /// Whether the element at the path is present.
    Exists,
    /// The type of the element at the path.
    Type,
    /// Conformance of the element at the path to a profile.
    Profile,
}

/// What slicing does with elements outside every slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlicingRules {
    /// None allowed.
    Closed,
    /// Allowed anywhere.
    Open,
    /// Allowed after the slices.
    OpenAtEnd,
}

/// A set of codes.
///
/// Source: <http://hl7.org/fhir/R4/valueset.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSet {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// Computer-friendly name.
    pub name: Option<String>,
    /// Human-friendly title.
    pub title: Option<String>,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Option<String>,
    /// `compose.inactive`: whether inactive codes are in the set; `None` where it does not say.
    pub inactive: Option<bool>,
    /// `compose.include`.
    pub include: Vec<ConceptSet>,
    /// `compose.exclude`.
    pub exclude: Vec<ConceptSet>,
    /// Codes of a published expansion, where the resource has no compose.
    pub expansion: Vec<Coding>,
}

/// One include or exclude of a value set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConceptSet {
    /// Code system; `None` where only value sets are imported.
    pub system: Option<String>,
    /// Version of the code system.
    pub version: Option<String>,
    /// Codes picked by name, with the display the set gives them; empty for all.
    pub concepts: Vec<(String, Option<String>)>,
    /// Filters, all of which must hold.
    pub filters: Vec<ConceptFilter>,
    /// Canonicals of value sets, all of which must hold the code.
    pub value_sets: Vec<String>,
}

/// A filter on a property of the concepts of a code system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptFilter {
    /// Property or built-in (`concept`, `code`, `display`).
    pub property: String,
    /// Operator as the specification writes it: `=`, `is-a`, `descendent-of`, `in` ...
    pub op: String,
    /// Value compared with.
    pub value: String,
}

/// A code with its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// Code system; `None` where an expansion omits it.
    pub system: Option<String>,
    /// The code.
    pub code: String,
    /// What it means.
    pub display: Option<String>,
}

/// A code system.
///
/// Source: <http://hl7.org/fhir/R4/codesystem.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSystem {
    /// Canonical URL, which is also `Coding.system`.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// Computer-friendly name.
    pub name: Option<String>,
    /// Human-friendly title.
    pub title: Option<String>,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Option<String>,
    /// How much of the code system is here.
    pub content: CodeSystemContent,
    /// Whether codes differ by case. A system that does not say is read as one whose codes do
    /// not: the specification asks to accept any case then.
    pub case_sensitive: bool,
    /// Meaning of the nesting of concepts, where given: `is-a`, `part-of` ...
    pub hierarchy_meaning: Option<String>,
    /// Canonical of the value set of all codes.
    pub value_set: Option<String>,
    /// Canonical of the code system this one supplements.
    pub supplements: Option<String>,
    /// Concepts, flattened in document order.
    pub concepts: Vec<Concept>,
}

/// `CodeSystem.content`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeSystemContent {
    /// No concepts.
    NotPresent,
    /// A few.
    Example,
    /// Some.
    Fragment,
    /// All.
    Complete,
    /// Extra facts about another system's concepts.
    Supplement,
}

/// One concept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concept {
    /// The code.
    pub code: String,
    /// What it means.
    pub display: Option<String>,
    /// Other words for it: language and text.
    pub designations: Vec<(Option<String>, String)>,
    /// What it means, at length, where the package carries it.
    pub definition: Option<String>,
    /// Index of the concept it is nested under.
    pub parent: Option<usize>,
    /// Properties: code and value as text. `parent`, `child` and `status` are among them.
    pub properties: Vec<(String, String)>,
}

/// A namespace of identifiers or codes.
///
/// Source: <http://hl7.org/fhir/R4/namingsystem.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamingSystem {
    /// Computer-friendly name.
    pub name: String,
    /// `codesystem`, `identifier` or `root`.
    pub kind: String,
    /// Identifiers of the namespace: type (`uri`, `oid` ...) and value, preferred first.
    pub unique_ids: Vec<(String, String)>,
    /// Description, where the package carries one.
    pub description: Option<String>,
}

/// An operation.
///
/// Source: <http://hl7.org/fhir/R4/operationdefinition.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationDefinition {
    /// Canonical URL.
    pub url: String,
    /// Computer-friendly name.
    pub name: String,
    /// Name used in the URL after `$`.
    pub code: String,
    /// Resource types it is invoked on.
    pub resources: Vec<String>,
    /// Whether it is invoked on the system, a type, an instance.
    pub levels: OperationLevels,
    /// Profile of the whole input.
    pub input_profile: Option<String>,
    /// Profile of the whole output.
    pub output_profile: Option<String>,
    /// Description, where the package carries one.
    pub description: Option<String>,
    /// Parameters, in order.
    pub parameters: Vec<OperationParameter>,
}

/// Where an operation is invoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OperationLevels {
    /// On the system.
    pub system: bool,
    /// On a type.
    pub type_level: bool,
    /// On an instance.
    pub instance: bool,
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationParameter {
    /// Name.
    pub name: String,
    /// Whether it goes in (else it comes out).
    pub is_input: bool,
    /// Minimum cardinality.
    pub min: u32,
    /// Maximum cardinality.
    pub max: Max,
    /// Type name.
    pub type_name: Option<String>,
    /// Profiles of the type or of the target.
    pub profiles: Vec<String>,
}

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
