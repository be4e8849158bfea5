//! One layer of the store: a package, or the definitions in the binary.

use std::sync::Arc;

use super::names::CodeSystemNames;
use crate::datum::Datum;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::package::{Kind, Known, Package};

/// Where definitions come from.
#[derive(Debug)]
pub(super) enum Layer {
    /// A package in the binary.
    Embedded(&'static Embedded),
    /// Opened in this run.
    Package(Package),
}

impl Layer {
    /// The package that the definition at a place belongs to.
    pub(super) fn package(&self, place: usize) -> &str {
        match self {
            Self::Embedded(embedded) => embedded.known(place).package,
            Self::Package(package) => package.name(),
        }
    }

    /// Places and versions of the definitions under a canonical URL or unique id.
    pub(super) fn find<'a>(&'a self, kind: Kind, key: &'a str) -> Vec<(usize, Option<&'a str>)> {
        match self {
            Self::Embedded(embedded) => {
                embedded.find(kind, key).map(|place| (place, embedded.known(place).version)).collect()
            }
            Self::Package(package) => package
                .find(kind, key)
                .map(|place| (place, package.head(place).and_then(|head| head.version.as_deref())))
                .collect(),
        }
    }

    /// Places and versions of the code system of that URL, under whichever of its names it is here.
    pub(super) fn find_named<'a>(
        &'a self,
        names: CodeSystemNames,
        canonical: &'a str,
    ) -> Vec<(usize, Option<&'a str>)> {
        match self {
            Self::Embedded(_) => self.find(Kind::CodeSystem, canonical),
            Self::Package(package) => {
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
            Self::Package(package) => package
                .heads()
                .filter(|head| head.kind == kind)
                .map(|head| Known::of(head, package.name()))
                .collect(),
        }
    }

    /// URLs of the code systems that supplement the one with that URL.
    pub(super) fn supplements_of(&self, url: &str) -> Vec<&str> {
        match self {
            Self::Embedded(embedded) => embedded.supplements_of(url).collect(),
            Self::Package(package) => package
                .heads()
                .filter(|head| head.supplements.as_deref() == Some(url))
                .map(|head| &*head.url)
                .collect(),
        }
    }

    /// The definition at a place as plain data.
    pub(super) fn datum(&self, place: usize) -> Result<Option<Arc<Datum>>, Error> {
        match self {
            Self::Embedded(embedded) => embedded.datum(place).map(Some),
            Self::Package(package) => package.datum(place),
        }
    }
}
