//! Where packages of definitions come from.

use std::path::{Path, PathBuf};

use ers_fhir_profiles::package::Package;

use crate::error::Error;

/// A package of definitions: an open one, or the path of one to open when code is generated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Source {
    /// A package folder, a folder of resources, a `.tgz` archive, or one resource.
    Path(PathBuf),
    /// An open package.
    Package(Box<Package>),
}

impl Source {
    /// The package.
    pub(super) fn open(&self) -> Result<Package, Error> {
        match self {
            Self::Path(path) => Ok(Package::open(path)?),
            Self::Package(package) => Ok(Package::clone(package)),
        }
    }

    /// The file or folder that it is read from.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Package(_) => None,
        }
    }
}

impl From<Package> for Source {
    fn from(package: Package) -> Self {
        Self::Package(Box::new(package))
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Self {
        Self::Path(path.into())
    }
}

impl From<String> for Source {
    fn from(path: String) -> Self {
        Self::Path(path.into())
    }
}
