//! Where definitions are, as the command line says it.

use std::path::PathBuf;

use clap::Args;
use ers_fhir_lint::{Packages, Tell};
use ers_fhir_packages::Shelves;

/// Where there are more definitions than those embedded.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PackageArgs {
    /// Package with more definitions: its name and version (hl7.fhir.uv.ips#2.0.0), its folder or .tgz archive, or
    /// a resource file (repeatable; later ones win).
    ///
    /// What it depends on is added where it is at hand. Names are looked for in the folders of --package-dir and of
    /// the variable `ERS_FHIR_PACKAGES`, and in ~/.fhir/packages, which FHIR tools share. A version may be 2.0.x,
    /// latest, current or dev; nothing is fetched.
    #[arg(long = "ig", visible_alias = "package", value_name = "PACKAGE")]
    pub(crate) packages: Vec<PathBuf>,

    /// Folder of unpacked packages, each in a folder like hl7.fhir.uv.ips#2.0.0 (repeatable).
    #[arg(long = "package-dir", value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,
}

impl PackageArgs {
    /// The folders where packages are looked for by name.
    pub(crate) fn shelves(&self) -> Shelves {
        Shelves::usual().after(&self.folders)
    }

    /// Opens the packages and what they depend on; the second part is whether all that were named can be used.
    pub(crate) fn open(&self, tell: &dyn Tell) -> (Packages, bool) {
        Packages::open(&self.packages, &self.shelves(), tell)
    }

    /// Opens the packages alone, without what they depend on.
    pub(crate) fn open_alone(&self, tell: &dyn Tell) -> (Packages, bool) {
        Packages::named(&self.packages, &self.shelves(), tell)
    }
}
