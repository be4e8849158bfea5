//! Where definitions are, as the command line says it.

use std::path::{Path, PathBuf};

use clap::Args;
use ers_fhir_lint::{Packages, Tell};
use ers_fhir_packages::Shelves;

use crate::output::Output;

/// Where there are more definitions than those embedded.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PackageArgs {
    /// Package with more definitions: its name and version (hl7.fhir.uv.ips#2.0.0), a short name (uk-core), its folder,
    /// .tgz or .zip archive, a project folder, a resource file, an index of codes, or, with --online, an address of one of
    /// these (repeatable; later ones win).
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

    /// Say which packages were loaded from where, and how many definitions of which kinds they have.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    /// Whether a fhir.lock here or above says nothing.
    #[arg(skip)]
    pub(crate) is_isolated: bool,
}

impl PackageArgs {
    /// The folders where packages are looked for by name, and which versions are meant.
    pub(crate) fn shelves(&self) -> Result<Shelves, String> {
        let shelves = if self.is_isolated { Ok(Shelves::usual()) } else { Shelves::of(Path::new(".")) };
        Ok(shelves.map_err(|error| error.to_string())?.after(&self.folders))
    }

    /// What is named, and the shelves, with what is needed and not at hand fetched, where that is wanted.
    fn filled(&self, output: &Output) -> Option<(Vec<PathBuf>, Shelves)> {
        let filled = || {
            let shelves = self.shelves()?;
            #[cfg(any(feature = "client", feature = "online"))]
            if self.online {
                let packages = crate::package::fetch(&self.packages, &self.folders, shelves.lock(), output)?;
                return Ok((packages, shelves));
            }
            Ok((self.packages.clone(), shelves))
        };
        filled().map_err(|error: String| output.complain(&error)).ok()
    }

    /// Fetches what is needed and not at hand, where that is wanted; what is named then, and `None` where that cannot be
    /// got.
    #[cfg(feature = "server")]
    pub(crate) fn fetched(&self, output: &Output) -> Option<Vec<PathBuf>> {
        self.filled(output).map(|(packages, _)| packages)
    }

    /// Opens the packages and what they depend on, and says what of that is not at hand; the second part is whether all
    /// that were named can be used.
    pub(crate) fn open(&self, output: &Output) -> (Packages, bool) {
        let (packages, all_usable) = self.open_for_check(output, output);
        packages.missing_lines().for_each(|line| output.warn(&line));
        (packages, all_usable)
    }

    /// The same for checks, which find what is not at hand.
    pub(crate) fn open_for_check(&self, output: &Output, tell: &dyn Tell) -> (Packages, bool) {
        match self.filled(output) {
            Some((packages, shelves)) => self.told(Packages::open(&packages, &shelves, tell), output),
            None => (Packages::none(), false),
        }
    }

    /// What was opened, which is said where that is wanted.
    fn told(&self, opened: (Packages, bool), output: &Output) -> (Packages, bool) {
        if self.verbose {
            opened.0.loaded_lines().for_each(|line| output.note("loaded", &line));
        }
        opened
    }

    /// Opens the packages alone, without what they depend on.
    pub(crate) fn open_alone(&self, output: &Output) -> (Packages, bool) {
        match self.filled(output) {
            Some((packages, shelves)) => self.told(Packages::named(&packages, &shelves, output), output),
            None => (Packages::none(), false),
        }
    }
}
