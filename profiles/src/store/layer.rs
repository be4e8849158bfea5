//! One layer of the store: a package, or the definitions in the binary.

use std::sync::Arc;

use ers_fhir_values::FhirVersion;

use super::names::CodeSystemNames;
use crate::datum::Datum;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::package::{Head, Kind, Known, Package};

/// Where definitions come from.
#[derive(Debug)]
pub(super) enum Layer {
    /// A package in the binary.
    Embedded(&'static Embedded),
    /// Opened in this run, with how each of its definitions fits the release of the store.
    Package(Arc<Package>, Box<[Fit]>),
}

/// How a definition fits the release of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is for that release, or does not say.
    Same,
    /// It is for an unknown release, and read as if it were for this one.
    Unknown,
    /// It is for the other release: it is not found.
    Other,
}

impl Fit {
    /// The release that a definition declares takes precedence over that of its package, unless it is an
    /// unknown release.
    fn of(package: &Package, own: Option<&str>, version: FhirVersion) -> Self {
        let stated = &package.manifest().fhir_versions;
        let fits = |is_same| if is_same { Self::Same } else { Self::Other };
        if let Some(own) = own.and_then(|own| own.parse::<FhirVersion>().ok()) {
            return fits(own == version);
        }
        let mut known = stated.iter().filter_map(|text| text.parse::<FhirVersion>().ok()).peekable();
        if known.peek().is_some() {
            return fits(known.any(|stated| stated == version));
        }
        if own.is_none() && stated.is_empty() { Self::Same } else { Self::Unknown }
    }
}

impl Layer {
    /// A package, in a store of that release.
    pub(super) fn of_package(package: Arc<Package>, version: FhirVersion) -> Self {
        let fits =
            package.heads().map(|head| Fit::of(&package, head.fhir_version.as_deref(), version)).collect();
        Self::Package(package, fits)
    }

    /// How the definition at a place fits the release of the store, and the release it names.
    pub(super) fn release(&self, place: usize) -> (Fit, Option<&str>) {
        let Self::Package(package, fits) = self else { return (Fit::Same, None) };
        let own = package.head(place).and_then(|head| head.fhir_version.as_deref());
        let stated = own.or_else(|| package.manifest().fhir_versions.first().map(String::as_str));
        (fits.get(place).copied().unwrap_or(Fit::Same), stated)
    }

    /// Places of the definitions under a canonical URL or unique id that are hidden because they are for the
    /// other release.
    pub(super) fn hidden<'a>(&'a self, kind: Kind, key: &'a str) -> impl Iterator<Item = usize> + 'a {
        let package = if let Self::Package(package, fits) = self { Some((package, fits)) } else { None };
        package.into_iter().flat_map(move |(package, fits)| {
            package.find(kind, key).filter(|place| fits[*place] == Fit::Other)
        })
    }

    /// The package of the layer, if it was opened in this run.
    pub(super) fn opened(&self) -> Option<&Package> {
        if let Self::Package(package, _) = self { Some(package) } else { None }
    }

    /// The package that the definition at a place belongs to.
    pub(super) fn package(&self, place: usize) -> &str {
        match self {
            Self::Embedded(embedded) => embedded.known(place).package,
            Self::Package(package, _) => package.name(),
        }
    }

    /// Places and versions of the definitions under a canonical URL or unique id.
    pub(super) fn find<'a>(&'a self, kind: Kind, key: &'a str) -> Vec<(usize, Option<&'a str>)> {
        match self {
            Self::Embedded(embedded) => {
                embedded.find(kind, key).map(|place| (place, embedded.known(place).version)).collect()
            }
            Self::Package(package, fits) => package
                .find(kind, key)
                .filter(|place| fits[*place] != Fit::Other)
                .map(|place| (place, package.head(place).and_then(|head| head.version.as_deref())))
                .collect(),
        }
    }

    /// Places and versions of the code system with that URL, under whichever of its names it is here.
    pub(super) fn find_named<'a>(
        &'a self,
        names: CodeSystemNames,
        canonical: &'a str,
    ) -> Vec<(usize, Option<&'a str>)> {
        match self {
            Self::Embedded(_) => self.find(Kind::CodeSystem, canonical),
            Self::Package(package, _) => {
                let systems = package.heads().filter(|head| head.kind == Kind::CodeSystem);
                let same = systems.filter(|head| (names.canonical)(&head.url).as_deref() == Some(canonical));
                same.flat_map(|head| self.find(Kind::CodeSystem, &head.url)).collect()
            }
        }
    }

    /// Every definition of a kind.
    pub(super) fn known(&self, kind: Kind) -> Vec<Known<'_>> {
        match self {
            Self::Embedded(embedded) => embedded.all().filter(|known| known.kind == kind).collect(),
            Self::Package(package, _) => self
                .found()
                .filter(|head| head.kind == kind)
                .map(|head| Known::of(head, package.name()))
                .collect(),
        }
    }

    /// What is known about the definition at a place.
    pub(super) fn known_at(&self, place: usize) -> Option<Known<'_>> {
        match self {
            Self::Embedded(embedded) => Some(embedded.known(place)),
            Self::Package(package, _) => Some(Known::of(package.head(place)?, package.name())),
        }
    }

    /// The heads of the definitions that are found.
    fn found(&self) -> impl Iterator<Item = &Head> {
        let package = if let Self::Package(package, fits) = self { Some((package, fits)) } else { None };
        package.into_iter().flat_map(|(package, fits)| {
            package.heads().zip(fits).filter(|(_, fit)| **fit != Fit::Other).map(|(head, _)| head)
        })
    }

    /// URLs of the code systems that supplement the one with that URL.
    pub(super) fn supplements_of(&self, url: &str) -> Vec<&str> {
        match self {
            Self::Embedded(embedded) => embedded.supplements_of(url).collect(),
            Self::Package(..) => self
                .found()
                .filter(|head| head.supplements.as_deref() == Some(url))
                .map(|head| &*head.url)
                .collect(),
        }
    }

    /// URL of the code system whose codes are all those of the value set with that URL; of an opened package
    /// only, since those in the binary come with their value sets.
    pub(super) fn system_of(&self, value_set: &str) -> Option<&str> {
        self.found().find(|head| head.value_set.as_deref() == Some(value_set)).map(|head| &*head.url)
    }

    /// The definition at a place as plain data.
    pub(super) fn datum(&self, place: usize) -> Result<Option<Arc<Datum>>, Error> {
        match self {
            Self::Embedded(embedded) => embedded.datum(place).map(Some),
            Self::Package(package, _) => package.datum(place),
        }
    }
}
