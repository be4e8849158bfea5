//! Where definitions are, as the command line says it.

use std::path::{Path, PathBuf};

use clap::Args;
use ers_fhir_lint::{Packages, Tell};
use ers_fhir_packages::Shelves;

/// Where there are more definitions than those embedded.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PackageArgs {
    /// Package with more definitions: its name and version (hl7.fhir.uv.ips#2.0.0), a short name (uk-core), its folder,
    /// .tgz or .zip archive, a project folder, a resource file, or an index of codes (repeatable; later ones win).
    ///
    /// What it depends on is added where it is at hand. Names are looked for in the folders of --package-dir and of
    /// the variable `ERS_FHIR_PACKAGES`, in the cache of `ers-fhir package`, and in ~/.fhir/packages, which FHIR tools
    /// share. A version may be 2.0.x, latest, current or dev; a fhir.lock here or above says which are meant. Nothing is
    /// fetched without --online.
    #[arg(long = "ig", visible_alias = "package", value_name = "PACKAGE")]
    pub(crate) packages: Vec<PathBuf>,

    /// Folder of unpacked packages, each in a folder like hl7.fhir.uv.ips#2.0.0 (repeatable).
    #[arg(long = "package-dir", value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,

    /// Fetch packages that are not at hand from registries, as `ers-fhir package restore` does.
    #[cfg(any(feature = "client", feature = "online"))]
    #[arg(long)]
    pub(crate) online: bool,
}

impl PackageArgs {
    /// The folders where packages are looked for by name, and which versions are meant.
    pub(crate) fn shelves(&self) -> Result<Shelves, String> {
        let shelves = Shelves::of(Path::new(".")).map_err(|error| error.to_string())?;
        Ok(shelves.after(&self.folders))
    }

    /// The shelves, with what is needed and not at hand fetched, where that is wanted.
    fn filled(&self, tell: &dyn Tell) -> Option<Shelves> {
        let filled = || {
            let shelves = self.shelves()?;
            #[cfg(any(feature = "client", feature = "online"))]
            if self.online {
                crate::package::fetch(&self.packages, &self.folders, shelves.lock(), tell)?;
            }
            Ok(shelves)
        };
        filled().map_err(|error: String| tell.complain(&error)).ok()
    }

    /// Opens the packages and what they depend on, and says what of that is not at hand; the second part is whether all
    /// that were named can be used.
    pub(crate) fn open(&self, tell: &dyn Tell) -> (Packages, bool) {
        let (packages, all_usable) = self.open_for_check(tell);
        packages.tell_missing(tell);
        (packages, all_usable)
    }

    /// The same for a check, which finds what is not at hand.
    pub(crate) fn open_for_check(&self, tell: &dyn Tell) -> (Packages, bool) {
        match self.filled(tell) {
            Some(shelves) => Packages::open(&self.packages, &shelves, tell),
            None => (Packages::none(), false),
        }
    }

    /// Opens the packages alone, without what they depend on.
    pub(crate) fn open_alone(&self, tell: &dyn Tell) -> (Packages, bool) {
        match self.filled(tell) {
            Some(shelves) => Packages::named(&self.packages, &shelves, tell),
            None => (Packages::none(), false),
        }
    }
}
