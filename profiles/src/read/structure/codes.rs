//! Codes of StructureDefinition and ElementDefinition, each from its required value set.

use crate::definition::{
    Aggregation, BindingStrength, ConstraintSeverity, ContextKind, Derivation, DiscriminatorKind, Max,
    SlicingRules, StructureKind,
};
use crate::error::ReadError;

/// Defines the reader of a code: the codes of its value set and what each is read as.
///
/// `at` gives the element for the error, and is called only then.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident -> $type:ty { $($code:literal => $value:expr,)+ }) => {
        $(#[$doc])*
        pub(super) fn $name(code: &str, at: impl Fn() -> String) -> Result<$type, ReadError> {
            match code {
                $($code => Ok($value),)+
                other => Err(ReadError::invalid(at(), other, [$($code),+].join(", "))),
            }
        }
    };
}

code! {
    /// `StructureDefinition.kind`.
    kind -> StructureKind {
        "primitive-type" => StructureKind::Primitive,
        "complex-type" => StructureKind::Complex,
        "resource" => StructureKind::Resource,
        "logical" => StructureKind::Logical,
    }
}

code! {
    /// `StructureDefinition.context.type`, and `contextType` of STU3.
    context -> ContextKind {
        "element" => ContextKind::Element,
        "extension" => ContextKind::Extension,
        "fhirpath" => ContextKind::FhirPath,
        "resource" => ContextKind::Element,
        "datatype" => ContextKind::Element,
    }
}

code! {
    /// `ElementDefinition.constraint.severity`.
    severity -> ConstraintSeverity {
        "error" => ConstraintSeverity::Error,
        "warning" => ConstraintSeverity::Warning,
    }
}

code! {
    /// `ElementDefinition.binding.strength`.
    strength -> BindingStrength {
        "required" => BindingStrength::Required,
        "extensible" => BindingStrength::Extensible,
        "preferred" => BindingStrength::Preferred,
        "example" => BindingStrength::Example,
    }
}

code! {
    /// `ElementDefinition.slicing.rules`.
    rules -> SlicingRules {
        "closed" => SlicingRules::Closed,
        "open" => SlicingRules::Open,
        "openAtEnd" => SlicingRules::OpenAtEnd,
    }
}

code! {
    /// `ElementDefinition.slicing.discriminator.type`.
    discriminator -> DiscriminatorKind {
        "value" => DiscriminatorKind::Value,
        "pattern" => DiscriminatorKind::Pattern,
        "exists" => DiscriminatorKind::Exists,
        "type" => DiscriminatorKind::Type,
        "profile" => DiscriminatorKind::Profile,
    }
}

code! {
    /// `ElementDefinition.type.aggregation`.
    aggregation -> Aggregation {
        "contained" => Aggregation::Contained,
        "referenced" => Aggregation::Referenced,
        "bundled" => Aggregation::Bundled,
    }
}

/// `StructureDefinition.derivation`; only definitions without a base leave it out.
pub(super) fn derivation(code: Option<&str>, at: impl Fn() -> String) -> Result<Derivation, ReadError> {
    match code {
        None | Some("specialization") => Ok(Derivation::Specialization),
        Some("constraint") => Ok(Derivation::Constraint),
        Some(other) => Err(ReadError::invalid(at(), other, "specialization, constraint")),
    }
}

/// `ElementDefinition.max`.
pub(super) fn max(text: &str, at: impl Fn() -> String) -> Result<Max, ReadError> {
    match text {
        "*" => Ok(Max::Unbounded),
        number => match number.parse() {
            Ok(count) => Ok(Max::Count(count)),
            Err(_) => Err(ReadError::invalid(at(), number, "a whole number or '*'")),
        },
    }
}
