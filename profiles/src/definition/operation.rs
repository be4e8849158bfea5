//! Operations.

use super::element::Max;

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
