//! Where packages come from that are not at hand.

use std::fmt;
use std::io::Write;

use crate::fault::Fault;
use crate::wanted::Wanted;

/// What packages are fetched from.
pub trait Source {
    /// The version of a package that is meant, and where it is to be had.
    fn find(&self, wanted: &Wanted) -> Result<Offer, Unfound>;

    /// Hands the archive of a package to a writer.
    fn fetch(&self, offer: &Offer, into: &mut dyn Write) -> Result<(), Fault>;
}

/// A package that is to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Name of the package.
    pub name: String,
    /// Version of it.
    pub version: String,
    /// Address of the registry.
    pub registry: String,
    /// Address of its archive.
    pub archive: String,
    /// The SHA-512 of its archive, where the registry lists it.
    pub sha512: Option<String>,
}

/// A package that is nowhere to be had, and what each registry says.
#[derive(Debug, Clone)]
pub struct Unfound {
    /// The package.
    pub wanted: Wanted,
    /// Each registry that was asked, and why it does not have it.
    pub answers: Vec<(String, Fault)>,
}

impl Unfound {
    /// Whether every registry answered that it does not have it, so that asking again is of no use.
    pub fn is_absent(&self) -> bool {
        self.answers.iter().all(|(_, fault)| fault.is_absence())
    }
}

impl std::error::Error for Unfound {}

impl fmt::Display for Unfound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not available", self.wanted)?;
        for (at, (registry, fault)) in self.answers.iter().enumerate() {
            write!(f, "{} {registry} {fault}", if at == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}
