//! Where packages are fetched from.

use std::fmt;
use std::io::Write;

use crate::fault::Fault;
use crate::wanted::Wanted;

/// A source that packages are fetched from.
pub trait Source {
    /// Which version of a package is meant, and where it is available.
    fn find(&self, wanted: &Wanted) -> Result<Offer, Unfound>;

    /// Writes the archive of a package to a writer.
    fn fetch(&self, offer: &Offer, into: &mut dyn Write) -> Result<(), Fault>;
}

/// A package that a source offers.
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

/// A package that no registry offers, and what each of them says.
#[derive(Debug, Clone)]
pub struct Unfound {
    /// The package.
    pub wanted: Wanted,
    /// Each registry that was asked, and why it does not have it.
    pub answers: Vec<(String, Fault)>,
}

impl Unfound {
    /// Whether every registry answered that it does not have it, so that asking again is pointless.
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
