//! What is kept of each kind of definition: a tree of the members that state facts, in the order in
//! which they are written. Text about a definition has no place here.

use ers_fhir_profiles::package::Kind;

use Keep::{Extensions, Members, Whole};
use Name::{Choice, Is};

/// The members of an object that are kept.
pub(super) struct Shape(pub(super) &'static [(Name, Keep)]);

/// Which members an entry of a shape is for.
pub(super) enum Name {
    /// The member of that name.
    Is(&'static str),
    /// A choice element: every member whose name starts so, with the type after it.
    Choice(&'static str),
}

/// What is kept of a member.
pub(super) enum Keep {
    /// All of it.
    Whole,
    /// Of the object, or of each object in the array, the members of a shape.
    Members(&'static Shape),
    /// The extensions with these URLs.
    Extensions(&'static [&'static str]),
}

/// The shape of a kind of definition; `None` for one that a core package is not distilled to.
pub(super) fn of(kind: Kind) -> Option<&'static Shape> {
    match kind {
        Kind::Structure => Some(&STRUCTURE_DEFINITION),
        Kind::ValueSet => Some(&VALUE_SET),
        Kind::CodeSystem => Some(&CODE_SYSTEM),
        Kind::NamingSystem => Some(&NAMING_SYSTEM),
        Kind::Operation => Some(&OPERATION_DEFINITION),
        Kind::Questionnaire | Kind::Guide | Kind::Library | Kind::Measure | Kind::SearchParameter => None,
    }
}

static STRUCTURE_DEFINITION: Shape = Shape(&[
    (Is("resourceType"), Whole),
    (Is("id"), Whole),
    (Is("url"), Whole),
    (Is("version"), Whole),
    (Is("name"), Whole),
    (Is("status"), Whole),
    (Is("fhirVersion"), Whole),
    (Is("kind"), Whole),
    (Is("abstract"), Whole),
    (Is("contextType"), Whole),
    (Is("context"), Whole),
    (Is("contextInvariant"), Whole),
    (Is("type"), Whole),
    (Is("baseDefinition"), Whole),
    (Is("derivation"), Whole),
    (Is("differential"), Members(&DIFFERENTIAL)),
]);

static DIFFERENTIAL: Shape = Shape(&[(Is("element"), Members(&ELEMENT))]);

static ELEMENT: Shape = Shape(&[
    (Is("id"), Whole),
    (Is("path"), Whole),
    (Is("representation"), Whole),
    (Is("sliceName"), Whole),
    (Is("sliceIsConstraining"), Whole),
    (Is("slicing"), Members(&SLICING)),
    (Is("min"), Whole),
    (Is("max"), Whole),
    (Is("contentReference"), Whole),
    (Is("type"), Members(&TYPE)),
    (Choice("fixed"), Whole),
    (Choice("pattern"), Whole),
    (Choice("minValue"), Whole),
    (Choice("maxValue"), Whole),
    (Is("maxLength"), Whole),
    (Is("constraint"), Members(&CONSTRAINT)),
    (Is("mustSupport"), Whole),
    (Is("isModifier"), Whole),
    (Is("isSummary"), Whole),
    (Is("binding"), Members(&BINDING)),
]);

static SLICING: Shape = Shape(&[(Is("discriminator"), Whole), (Is("ordered"), Whole), (Is("rules"), Whole)]);

static TYPE: Shape = Shape(&[
    (
        Is("extension"),
        Extensions(&[
            // STU3, R4.
            "http://hl7.org/fhir/StructureDefinition/structuredefinition-regex",
            "http://hl7.org/fhir/StructureDefinition/regex",
            "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type",
        ]),
    ),
    (Is("code"), Whole),
    (Is("_code"), Members(&TYPE_CODE)),
    (Is("profile"), Whole),
    (Is("_profile"), Whole),
    (Is("targetProfile"), Whole),
    (Is("aggregation"), Whole),
    (Is("versioning"), Whole),
]);

/// STU3 says with extensions what the value of a primitive is.
static TYPE_CODE: Shape = Shape(&[(
    Is("extension"),
    Extensions(&[
        "http://hl7.org/fhir/StructureDefinition/structuredefinition-json-type",
        "http://hl7.org/fhir/StructureDefinition/structuredefinition-xml-type",
    ]),
)]);

static CONSTRAINT: Shape = Shape(&[
    (
        Is("extension"),
        Extensions(&["http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"]),
    ),
    (Is("key"), Whole),
    (Is("severity"), Whole),
    (Is("expression"), Whole),
    (Is("source"), Whole),
]);

static BINDING: Shape = Shape(&[
    (Is("extension"), Extensions(&["http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet"])),
    (Is("strength"), Whole),
    (Is("valueSet"), Whole),
    (Is("valueSetUri"), Whole),
    (Is("valueSetReference"), Members(&REFERENCE)),
]);

static REFERENCE: Shape = Shape(&[(Is("reference"), Whole)]);

static VALUE_SET: Shape = Shape(&[
    (Is("resourceType"), Whole),
    (Is("id"), Whole),
    (Is("url"), Whole),
    (Is("version"), Whole),
    (Is("name"), Whole),
    (Is("status"), Whole),
    (Is("compose"), Members(&COMPOSE)),
]);

static COMPOSE: Shape = Shape(&[
    (Is("lockedDate"), Whole),
    (Is("inactive"), Whole),
    (Is("include"), Members(&CONCEPT_SET)),
    (Is("exclude"), Members(&CONCEPT_SET)),
]);

static CONCEPT_SET: Shape = Shape(&[
    (Is("system"), Whole),
    (Is("version"), Whole),
    (Is("concept"), Members(&PICKED_CONCEPT)),
    (Is("filter"), Whole),
    (Is("valueSet"), Whole),
]);

static PICKED_CONCEPT: Shape = Shape(&[(Is("code"), Whole), (Is("display"), Whole)]);

static CODE_SYSTEM: Shape = Shape(&[
    (Is("resourceType"), Whole),
    (Is("id"), Whole),
    (Is("url"), Whole),
    (Is("version"), Whole),
    (Is("name"), Whole),
    (Is("status"), Whole),
    (Is("caseSensitive"), Whole),
    (Is("valueSet"), Whole),
    (Is("hierarchyMeaning"), Whole),
    (Is("content"), Whole),
    (Is("supplements"), Whole),
    (Is("property"), Members(&PROPERTY)),
    (Is("concept"), Members(&CONCEPT)),
]);

static PROPERTY: Shape = Shape(&[(Is("code"), Whole), (Is("uri"), Whole), (Is("type"), Whole)]);

/// STU3 says with extensions what R4 says with properties.
const CONCEPT_EXTENSIONS: Keep = Extensions(&[
    "http://hl7.org/fhir/StructureDefinition/codesystem-subsumes",
    "http://hl7.org/fhir/StructureDefinition/codesystem-deprecated",
]);

static CONCEPT: Shape = Shape(&[
    (Is("extension"), CONCEPT_EXTENSIONS),
    (Is("modifierExtension"), CONCEPT_EXTENSIONS),
    (Is("code"), Whole),
    (Is("display"), Whole),
    (Is("designation"), Members(&DESIGNATION)),
    (Is("property"), Whole),
    (Is("concept"), Members(&CONCEPT)),
]);

static DESIGNATION: Shape = Shape(&[(Is("language"), Whole), (Is("value"), Whole)]);

static NAMING_SYSTEM: Shape = Shape(&[
    (Is("resourceType"), Whole),
    (Is("id"), Whole),
    (Is("name"), Whole),
    (Is("status"), Whole),
    (Is("kind"), Whole),
    (Is("date"), Whole),
    (Is("uniqueId"), Members(&UNIQUE_ID)),
]);

static UNIQUE_ID: Shape = Shape(&[(Is("type"), Whole), (Is("value"), Whole), (Is("preferred"), Whole)]);

static OPERATION_DEFINITION: Shape = Shape(&[
    (Is("resourceType"), Whole),
    (Is("id"), Whole),
    (Is("url"), Whole),
    (Is("version"), Whole),
    (Is("name"), Whole),
    (Is("status"), Whole),
    (Is("kind"), Whole),
    (Is("code"), Whole),
    (Is("base"), Whole),
    (Is("resource"), Whole),
    (Is("system"), Whole),
    (Is("type"), Whole),
    (Is("instance"), Whole),
    (Is("inputProfile"), Whole),
    (Is("outputProfile"), Whole),
    (Is("parameter"), Members(&PARAMETER)),
]);

static PARAMETER: Shape = Shape(&[
    (Is("name"), Whole),
    (Is("use"), Whole),
    (Is("min"), Whole),
    (Is("max"), Whole),
    (Is("type"), Whole),
    (Is("targetProfile"), Whole),
    (Is("profile"), Members(&REFERENCE)),
    (Is("searchType"), Whole),
    (Is("binding"), Members(&BINDING)),
    (Is("part"), Members(&PARAMETER)),
]);
