//! The two supported FHIR releases.

use std::fmt;
use std::str::FromStr;

/// A FHIR release.
///
/// Source: <https://hl7.org/fhir/directory.html> (publication history).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FhirVersion {
    /// FHIR STU3, 3.0.2.
    Stu3,
    /// FHIR R4, 4.0.1.
    R4,
}

impl FhirVersion {
    /// The release as a full version number, as `StructureDefinition.fhirVersion` writes it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::Stu3 => "3.0.2",
            Self::R4 => "4.0.1",
        }
    }

    /// The base of links into this release of the specification.
    pub const fn specification(self) -> &'static str {
        match self {
            Self::Stu3 => "http://hl7.org/fhir/STU3/",
            Self::R4 => "http://hl7.org/fhir/R4/",
        }
    }
}

impl fmt::Display for FhirVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stu3 => "STU3",
            Self::R4 => "R4",
        })
    }
}

/// The text is not a FHIR version that this toolkit knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVersion(pub String);

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is not a FHIR version known here: use 3.0 (STU3) or 4.0 (R4)", self.0)
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for FhirVersion {
    type Err = UnknownVersion;

    /// Reads `3.0`, `3.0.2`, `STU3`, `R3`, `4.0`, `4.0.1`, `R4` (any case).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "stu3" | "r3" | "3" => Ok(Self::Stu3),
            "r4" | "4" => Ok(Self::R4),
            other if other.starts_with("3.0") => Ok(Self::Stu3),
            other if other.starts_with("4.0") => Ok(Self::R4),
            _ => Err(UnknownVersion(text.to_owned())),
        }
    }
}
