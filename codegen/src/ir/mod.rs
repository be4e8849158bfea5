//! The intermediate representation: what to generate, in terms of Rust and FHIR but without any
//! syntax.

pub mod profile;

use ers_fhir_profiles::FhirVersion;

/// Everything generated for one FHIR release.
#[derive(Debug, Clone)]
pub struct Model {
    /// The release.
    pub version: FhirVersion,
    /// Structures in order of their modules, each before those nested in it.
    pub structures: Vec<Structure>,
    /// Enums of `value[x]` elements.
    pub choices: Vec<Choice>,
    /// Enums of required bindings.
    pub codes: Vec<CodeList>,
}

impl Model {
    /// The Rust names of everything that is generated.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let structures = self.structures.iter().map(|structure| structure.name.as_str());
        let choices = self.choices.iter().map(|choice| choice.name.as_str());
        let codes = self.codes.iter().map(|list| list.name.as_str());
        structures.chain(choices).chain(codes).chain(["Resource"])
    }

    /// The enum of a type that is a choice.
    pub(crate) fn choice_of(&self, ty: &Type) -> Option<&Choice> {
        let Type::Choice(name) = ty else { return None };
        self.choices.iter().find(|choice| choice.name == *name)
    }
}

/// The kind of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StructureKind {
    /// A resource, with a `resourceType`.
    Resource,
    /// A datatype.
    Datatype,
    /// An element with elements of its own, inside a resource or datatype.
    Nested,
}

/// A Rust struct for a type or a nested element.
#[derive(Debug, Clone)]
pub struct Structure {
    /// Rust name.
    pub name: String,
    /// FHIR path: `Patient.contact`.
    pub path: String,
    /// The type it belongs to: `Patient`.
    pub owner: String,
    /// Its kind.
    pub kind: StructureKind,
    /// A few words from the package, where it has any.
    pub short: Option<String>,
    /// Attributes from settings, as Rust.
    pub attributes: Vec<String>,
    /// Its elements, in order.
    pub fields: Vec<Field>,
}

/// An element of a structure.
#[derive(Debug, Clone)]
pub struct Field {
    /// Rust name.
    pub name: String,
    /// Name in JSON; for a choice, the part before the type.
    pub json: String,
    /// FHIR path.
    pub path: String,
    /// Whether it is mandatory.
    pub is_required: bool,
    /// Whether it repeats.
    pub is_many: bool,
    /// How often it occurs.
    pub times: profile::Times,
    /// Whether profile structs write its only value without an array.
    pub is_single: bool,
    /// Its type.
    pub ty: Type,
    /// Facts for its documentation.
    pub facts: Facts,
    /// Attributes from settings, as Rust.
    pub attributes: Vec<String>,
}

/// The facts in the documentation of an element.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `0..1`
    pub cardinality: String,
    /// FHIR types.
    pub types: Vec<String>,
    /// The types that a reference may refer to.
    pub targets: Vec<String>,
    /// Strength and value set of its binding.
    pub binding: Option<(String, String)>,
    /// A few words from the package, where it has any.
    pub short: Option<String>,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// A primitive, by its FHIR name.
    Primitive(Primitive),
    /// A structure, by its Rust name.
    Structure {
        /// Rust name.
        name: String,
        /// Whether it must be boxed, because it contains itself.
        is_boxed: bool,
    },
    /// An enum of a required binding, by its Rust name.
    Code(String),
    /// An enum of a `value[x]`, by its Rust name.
    Choice(String),
    /// Any resource.
    Resource,
}

/// A primitive type of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Primitive {
    /// FHIR name.
    pub fhir: &'static str,
    /// Rust type.
    pub rust: &'static str,
    /// Whether it is one of the model's own primitives, rather than a type of Rust.
    pub is_ours: bool,
}

/// Every primitive: FHIR name, Rust type, whether it is ours.
const PRIMITIVES: [(&str, &str, bool); 20] = [
    ("base64Binary", "Base64Binary", true),
    ("boolean", "bool", false),
    ("canonical", "Canonical", true),
    ("code", "CodeText", true),
    ("date", "Date", true),
    ("dateTime", "DateTime", true),
    ("decimal", "Decimal", true),
    ("id", "Id", true),
    ("instant", "Instant", true),
    ("integer", "i32", false),
    ("markdown", "Markdown", true),
    ("oid", "Oid", true),
    ("positiveInt", "PositiveInt", true),
    ("string", "String", false),
    ("time", "Time", true),
    ("unsignedInt", "UnsignedInt", true),
    ("uri", "Uri", true),
    ("url", "Url", true),
    ("uuid", "Uuid", true),
    ("xhtml", "Xhtml", true),
];

impl Primitive {
    /// The primitive with this FHIR name.
    pub fn named(fhir: &str) -> Option<Self> {
        let place = PRIMITIVES.binary_search_by_key(&fhir, |(fhir, ..)| fhir).ok()?;
        let (fhir, rust, is_ours) = PRIMITIVES[place];
        Some(Self { fhir, rust, is_ours })
    }

    /// Whether a Rust name is that of a primitive of the model's own.
    pub(crate) fn is_own_name(rust: &str) -> bool {
        PRIMITIVES.iter().any(|(_, name, is_ours)| *is_ours && *name == rust)
    }

    /// Rust names of the primitives, which no generated type may take.
    pub(crate) fn rust_names() -> impl Iterator<Item = &'static str> {
        PRIMITIVES.iter().map(|(_, rust, _)| *rust)
    }
}

/// An enum of the types of a choice.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Rust name.
    pub name: String,
    /// FHIR path of the element; for a shared choice, of the first element.
    pub path: String,
    /// The type it belongs to.
    pub owner: String,
    /// The types, in order.
    pub variants: Vec<ChoiceVariant>,
    /// Attributes from settings, as Rust.
    pub attributes: Vec<String>,
}

/// A type of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceVariant {
    /// FHIR name of the type.
    pub fhir: String,
    /// Name of the variant.
    pub name: String,
    /// What follows the stem in JSON: `CodeableConcept` in `valueCodeableConcept`.
    pub suffix: String,
    /// A primitive or a structure.
    pub ty: Type,
}

/// An enum of codes.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// Rust name.
    pub name: String,
    /// Canonical URL of the value set.
    pub value_set: String,
    /// Codes: variant, code, display.
    pub codes: Vec<CodeVariant>,
    /// Attributes from settings, as Rust.
    pub attributes: Vec<String>,
}

/// A code of an enum.
#[derive(Debug, Clone)]
pub struct CodeVariant {
    /// Name of the variant.
    pub name: String,
    /// The code.
    pub code: String,
    /// The code system.
    pub system: Option<String>,
    /// The display, where the package has one.
    pub display: Option<String>,
}
