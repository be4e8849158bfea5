//! The sources of definitions, according to the command line.

use std::path::{Path, PathBuf};

use clap::Args;
use ers_fhir_lint::{Packages, Tell};
use ers_fhir_packages::Shelves;

use crate::output::Output;

/// The sources of definitions beyond the embedded ones.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PackageArgs {
    /// Package with more definitions: its name and version (hl7.fhir.uv.ips#2.0.0), a short name (uk-core), its
    /// folder, .tgz or .zip archive, a project folder, a resource file, an index of codes, or, with --online, a URL
    /// of one of these (repeatable; later ones take precedence).
    ///
    /// Its dependencies are added if they are available. Names are looked up in the folders of --package-dir and of
    /// the variable `ERS_FHIR_PACKAGES`, in the cache of `ers-fhir package`, and in ~/.fhir/packages, which FHIR
    /// tools share. A version may be 2.0.x, latest, current or dev; a fhir.lock in this folder or above resolves it.
    /// Nothing is fetched without --online.
    #[arg(long = "ig", visible_alias = "package", value_name = "PACKAGE")]
    pub(crate) packages: Vec<PathBuf>,

    /// Folder of unpacked packages, each in a folder like hl7.fhir.uv.ips#2.0.0 (repeatable).
    #[arg(long = "package-dir", value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,

    /// Fetch missing packages from registries, as `ers-fhir package restore` does.
    #[cfg(any(feature = "client", feature = "online"))]
    #[arg(long)]
    pub(crate) online: bool,

    /// Report which packages were loaded from where, and how many definitions of each kind they
    /// have.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    /// Whether to ignore a fhir.lock in this folder or above.
    #[arg(skip)]
    pub(crate) is_isolated: bool,
}

impl PackageArgs {
    /// The folders in which packages are looked up by name, and the versions to use.
    pub(crate) fn shelves(&self) -> Result<Shelves, String> {
        let shelves = if self.is_isolated { Ok(Shelves::usual()) } else { Shelves::of(Path::new(".")) };
        Ok(shelves.map_err(|error| error.to_string())?.after(&self.folders))
    }

    /// The named packages, and the shelves; missing packages are fetched if requested.
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

    /// Fetches missing packages if requested; returns the packages to open, or `None` if they cannot be fetched.
    #[cfg(feature = "server")]
    pub(crate) fn fetched(&self, output: &Output) -> Option<Vec<PathBuf>> {
        self.filled(output).map(|(packages, _)| packages)
    }

    /// Opens the packages and their dependencies, and reports missing ones; the second part is whether all named
    /// packages can be used.
    pub(crate) fn open(&self, output: &Output) -> (Packages, bool) {
        let (packages, all_usable) = self.open_for_check(output, output);
        packages.missing_lines().for_each(|line| output.warn(&line));
        (packages, all_usable)
    }

    /// The same for checks, which report missing packages as findings.
    pub(crate) fn open_for_check(&self, output: &Output, tell: &dyn Tell) -> (Packages, bool) {
        match self.filled(output) {
            Some((packages, shelves)) => self.told(Packages::open(&packages, &shelves, tell), output),
            None => (Packages::none(), false),
        }
    }

    /// Reports what was opened, if requested.
    fn told(&self, opened: (Packages, bool), output: &Output) -> (Packages, bool) {
        if self.verbose {
            opened.0.loaded_lines().for_each(|line| output.note("loaded", &line));
        }
        opened
    }
}
