//! The three answers to "is this code in that set?", and how they combine.

use std::fmt;
use std::sync::Arc;

/// Whether a code is in a set of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// It is.
    In,
    /// It is not.
    Out,
    /// This cannot be decided offline.
    Undecided(Reason),
}

/// Why a question about a code cannot be answered offline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The code system is not here.
    NoSystem(Arc<str>),
    /// Only a part or another version of the code system is here, and the code is not in it.
    PartialSystem(Arc<str>),
    /// The value set is not here.
    NoValueSet(Arc<str>),
    /// The value set defines no content.
    NoContent(Arc<str>),
    /// A filter needs something that the code system does not provide.
    Filter {
        /// The code system.
        system: Arc<str>,
        /// Property, operator and value.
        filter: Arc<str>,
    },
    /// The value set imports itself.
    Cycle(Arc<str>),
    /// Imports are nested too deeply, or lead to too many sets.
    TooComplex(Arc<str>),
    /// The definition cannot be read: what, and why not.
    Unreadable {
        /// Canonical URL of the definition.
        canonical: Arc<str>,
        /// What is wrong with it.
        error: Arc<str>,
    },
}

impl Reason {
    /// The code system that is missing, if that is the reason.
    pub fn system(&self) -> Option<&str> {
        match self {
            Self::NoSystem(system) | Self::PartialSystem(system) | Self::Filter { system, .. } => {
                Some(system)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSystem(url) => write!(f, "the code system {url} is not available offline"),
            Self::PartialSystem(url) => {
                write!(f, "only a part or another version of the code system {url} is available offline")
            }
            Self::NoValueSet(url) => write!(f, "the value set {url} is not available offline"),
            Self::NoContent(url) => write!(f, "the value set {url} does not say which codes it holds"),
            Self::Filter { system, filter } => {
                write!(f, "the filter '{filter}' cannot be evaluated on the code system {system}")
            }
            Self::Cycle(url) => write!(f, "the value set {url} imports itself"),
            Self::TooComplex(url) => write!(f, "the value set {url} imports too many value sets"),
            Self::Unreadable { canonical, error } => write!(f, "{canonical} cannot be read: {error}"),
        }
    }
}

impl Membership {
    /// In one of two sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::In, _) | (_, Self::In) => Self::In,
            (Self::Undecided(reason), _) | (_, Self::Undecided(reason)) => Self::Undecided(reason),
            (Self::Out, Self::Out) => Self::Out,
        }
    }

    /// In both of two sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Out, _) | (_, Self::Out) => Self::Out,
            (Self::Undecided(reason), _) | (_, Self::Undecided(reason)) => Self::Undecided(reason),
            (Self::In, Self::In) => Self::In,
        }
    }

    /// In the first set but not the second.
    #[must_use]
    pub fn but_not(self, excluded: Self) -> Self {
        self.and(match excluded {
            Self::In => Self::Out,
            Self::Out => Self::In,
            undecided @ Self::Undecided(_) => undecided,
        })
    }
}

impl From<bool> for Membership {
    fn from(is_in: bool) -> Self {
        if is_in { Self::In } else { Self::Out }
    }
}
