//! A type as an element names it, classified once by what the walk does with its values.

use ers_fhir_values::Primitive;

/// Index of a definition in the table of all schemas.
pub(crate) type SchemaIndex = u32;

/// The name of a type, and what is derived from it.
#[derive(Debug)]
pub(crate) struct TypeName {
    /// Type name: `Patient`, `HumanName`, `code`.
    pub(crate) code: Box<str>,
    /// The index of the type's own schema; `None` if the definition is missing.
    pub(crate) schema: Option<SchemaIndex>,
    /// The primitive it is, if it is one.
    pub(crate) primitive: Option<Primitive>,
    /// The additional checks of a value.
    pub(crate) family: Family,
    /// How a value carries codes, if it does.
    pub(crate) carries: Option<Carries>,
}

/// Types with checks beyond their elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Attachment,
    Bundle,
    CapabilityStatement,
    CodeSystem,
    Coding,
    ConceptMap,
    ElementDefinition,
    Expression,
    Extension,
    GraphDefinition,
    Identifier,
    ImplementationGuide,
    Measure,
    MeasureReport,
    MessageDefinition,
    Observation,
    OperationDefinition,
    /// PlanDefinition or RequestGroup.
    Plan,
    Quantity,
    Questionnaire,
    QuestionnaireResponse,
    Reference,
    RelatedArtifact,
    SearchParameter,
    StructureDefinition,
    StructureMap,
    ValueSet,
    /// Any other.
    Plain,
}

/// How a coded value carries its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// `code`, `uri`, `string` ...: the value is the code, and the set determines the system.
    Primitive,
    /// `Coding`: a system and a code.
    Coding,
    /// `Quantity` and its kinds: the same, for a unit that may be given in words.
    Quantity,
    /// `CodeableConcept`: any one of its codings.
    Concept,
    /// `Money`: a kind of Quantity in STU3, with a currency instead in R4.
    Money,
}

impl TypeName {
    pub(super) fn new(code: &str, schema: Option<SchemaIndex>) -> Self {
        Self {
            code: code.into(),
            schema,
            primitive: Primitive::from_code(code),
            family: Family::of(code),
            carries: Carries::of(code),
        }
    }
}

impl Family {
    fn of(code: &str) -> Self {
        match code {
            "Attachment" => Self::Attachment,
            "Bundle" => Self::Bundle,
            "CapabilityStatement" => Self::CapabilityStatement,
            "CodeSystem" => Self::CodeSystem,
            "Coding" => Self::Coding,
            "ElementDefinition" => Self::ElementDefinition,
            "Expression" => Self::Expression,
            "Extension" => Self::Extension,
            "GraphDefinition" => Self::GraphDefinition,
            "Identifier" => Self::Identifier,
            "ImplementationGuide" => Self::ImplementationGuide,
            "ConceptMap" => Self::ConceptMap,
            "Measure" => Self::Measure,
            "MeasureReport" => Self::MeasureReport,
            "MessageDefinition" => Self::MessageDefinition,
            "Observation" => Self::Observation,
            "OperationDefinition" => Self::OperationDefinition,
            "PlanDefinition" | "RequestGroup" => Self::Plan,
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "Money" => Self::Quantity,
            "Questionnaire" => Self::Questionnaire,
            "QuestionnaireResponse" => Self::QuestionnaireResponse,
            "Reference" => Self::Reference,
            "RelatedArtifact" => Self::RelatedArtifact,
            "SearchParameter" => Self::SearchParameter,
            "StructureDefinition" => Self::StructureDefinition,
            "StructureMap" => Self::StructureMap,
            "ValueSet" => Self::ValueSet,
            _ => Self::Plain,
        }
    }
}

impl Carries {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "code" | "string" | "uri" | "url" | "canonical" | "id" | "oid" | "uuid" | "markdown" => {
                Self::Primitive
            }
            "Coding" => Self::Coding,
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "SimpleQuantity" | "MoneyQuantity" => {
                Self::Quantity
            }
            "CodeableConcept" => Self::Concept,
            "Money" => Self::Money,
            _ => return None,
        })
    }
}
