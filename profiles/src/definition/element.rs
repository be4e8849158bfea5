//! The elements of a structure and their constraints.

use crate::datum::Datum;

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
    /// Regular expression that the whole value matches: the extension `regex`.
    pub regex: Option<String>,
    /// Whether extensions cannot replace a primitive value; an extension that R5 made an element.
    pub must_have_value: Option<bool>,
    /// Extensions, one of which must be present if a primitive has no value; also an element in R5.
    pub value_alternatives: Vec<String>,
    /// Languages for which a narrative has sections, or `_no`, `_yes`, `_resource`: an extension.
    pub narrative_languages: Vec<String>,
    /// How severe it is that a part of a narrative does not state where it comes from: an extension.
    pub narrative_source: Option<String>,
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

    /// Whether its [`name`](Self::name) is the given one.
    pub fn is_named(&self, name: &str) -> bool {
        let above = self.path.strip_suffix(name).filter(|_| !name.contains('.'));
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }

    /// Whether this is the root element of its structure.
    pub fn is_root(&self) -> bool {
        !self.path.contains('.')
    }

    /// Whether JSON writes an array: if the type lets the element repeat, whatever a profile says.
    pub fn is_list(&self) -> bool {
        let max = self.base.as_ref().map(|base| base.max).or(self.max);
        !matches!(max, Some(Max::Count(0 | 1)) | None)
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
    /// Canonicals of profiles of that type; any one must hold. `canonical#element-id` stands for one element
    /// of that profile (extension `elementdefinition-profile-element`).
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
    /// Further sets that apply in addition to the first (an extension that R5 made an element); only those
    /// that apply in every context.
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
    /// Whether it is enough that one of several repeats has a code from it.
    pub is_for_any: bool,
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
    /// What tells slices apart; empty if the definition does not say.
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
