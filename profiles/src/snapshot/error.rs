//! Why a snapshot cannot be generated.

/// Why a snapshot cannot be generated, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The definition itself is not in any loaded package.
    #[error("{canonical} is not in any loaded package: add the package that defines it")]
    Unknown {
        /// The definition looked for.
        canonical: String,
    },
    /// The package that holds a definition cannot be read.
    #[error("{canonical} cannot be read: {reason}")]
    Unreadable {
        /// The definition looked for.
        canonical: String,
        /// The error of the package.
        reason: String,
    },
    /// The base of the definition is not available.
    #[error(
        "{canonical} starts from {base}, which is not in any loaded package: add the package that defines it"
    )]
    UnknownBase {
        /// The definition.
        canonical: String,
        /// Its `baseDefinition`.
        base: String,
    },
    /// A profile has no `baseDefinition`.
    #[error("{canonical} constrains {type_name} but has no baseDefinition: add one")]
    NoBase {
        /// The definition.
        canonical: String,
        /// Its type.
        type_name: String,
    },
    /// Neither differential nor snapshot has elements.
    #[error("{canonical} has no elements: add a differential")]
    NoElements {
        /// The definition.
        canonical: String,
    },
    /// The differential names an element that the base does not have.
    #[error(
        "{canonical} constrains {element}, but {parent} has no element '{name}': correct the path or the base"
    )]
    UnknownElement {
        /// The definition.
        canonical: String,
        /// Id of the element in the differential.
        element: String,
        /// Id of the element that lacks the child.
        parent: String,
        /// The child that is missing.
        name: String,
    },
    /// The differential names a child of an element that has several types.
    #[error(
        "{canonical} constrains {element}, but {parent} may have several types: constrain the child of one of them, \
         as in valueQuantity.unit"
    )]
    SeveralTypes {
        /// The definition.
        canonical: String,
        /// Id of the element in the differential.
        element: String,
        /// Id of the element that has several types.
        parent: String,
    },
    /// The type of an element that the differential walks into is not available.
    #[error("{canonical} walks into {element}, whose type {type_name} is not in any loaded package")]
    UnknownType {
        /// The definition.
        canonical: String,
        /// Id of the element.
        element: String,
        /// Type or profile of the element.
        type_name: String,
    },
    /// A definition is, through bases, a base of itself.
    #[error("{canonical} needs its own snapshot: break the chain {chain}")]
    Cycle {
        /// The definition.
        canonical: String,
        /// The definitions on the way, from the first to the one that closes the cycle.
        chain: String,
    },
    /// More elements or longer chains than any real definition has.
    #[error("{canonical} is too large: more than {limit} {what}")]
    TooLarge {
        /// The definition.
        canonical: String,
        /// What there are too many of.
        what: &'static str,
        /// How many are accepted.
        limit: usize,
    },
}

impl SnapshotError {
    /// The definition that has no snapshot.
    pub fn canonical(&self) -> &str {
        match self {
            Self::Unknown { canonical }
            | Self::Unreadable { canonical, .. }
            | Self::UnknownBase { canonical, .. }
            | Self::NoBase { canonical, .. }
            | Self::NoElements { canonical }
            | Self::UnknownElement { canonical, .. }
            | Self::SeveralTypes { canonical, .. }
            | Self::UnknownType { canonical, .. }
            | Self::Cycle { canonical, .. }
            | Self::TooLarge { canonical, .. } => canonical,
        }
    }
}
