//! The subjects of the shared definitions of a schema.

use ers_fhir_values::canonical;

use super::primitive;

/// Abstract resource types.
pub(super) const ABSTRACT_RESOURCES: [&str; 2] = ["Resource", "DomainResource"];

/// The subject of a shared definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// A type, by its name.
    Type(String),
    /// An element of a type, by its path.
    Part(String),
    /// A profile, by its canonical URL.
    Profile(String),
    /// The codes of a value set, in the shape in which a type holds them.
    Codes(String, CodeShape),
    /// What has a code of a value set, in the shape in which a type holds it.
    Recognised(String, CodeShape),
    /// A resource of any type.
    AnyResource,
}

impl Subject {
    /// The preferred key.
    pub(super) fn name(&self) -> String {
        let last = |canonical: &str| canonical::url(canonical).rsplit('/').next().map(str::to_owned);
        let name = match self {
            Self::Type(name) => primitive::fhir_name(name).to_owned(),
            Self::Part(path) => path.clone(),
            Self::Profile(url) => last(url).unwrap_or_default(),
            Self::Codes(url, shape) => format!("{}{}", last(url).unwrap_or_default(), shape.suffix()),
            Self::Recognised(url, shape) => {
                format!("{}{}.recognised", last(url).unwrap_or_default(), shape.suffix())
            }
            Self::AnyResource => "AnyResource".to_owned(),
        };
        // A key is part of a JSON pointer in a URI.
        name.replace(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')), "-")
    }
}

/// How a type holds a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CodeShape {
    /// The value is the code.
    Text,
    /// A system and a code.
    Coding,
    /// Codings, any of which may have the code.
    Concept,
}

impl CodeShape {
    pub(super) fn of(type_code: &str) -> Option<Self> {
        Some(match type_code {
            "code" | "string" | "uri" | "url" | "canonical" | "id" | "oid" | "uuid" | "markdown" => {
                Self::Text
            }
            "Coding" | "Quantity" | "Age" | "Count" | "Distance" | "Duration" => Self::Coding,
            "CodeableConcept" => Self::Concept,
            _ => return None,
        })
    }

    /// What follows the name of a value set in the key of its definition.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Text => ".code",
            Self::Coding => ".Coding",
            Self::Concept => ".CodeableConcept",
        }
    }
}
