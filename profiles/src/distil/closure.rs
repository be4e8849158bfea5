//! Which value sets and code systems the bindings of structures name, directly or through others.

use std::collections::BTreeSet;

use crate::definition::StructureDefinition;
use crate::error::{Error, ReadError};
use crate::package::{Kind, Package};
use crate::read;
use crate::version::FhirVersion;

/// Places in a package of the value sets and code systems that structures of it need.
pub(super) fn terminology(
    package: &Package,
    version: FhirVersion,
    structures: &[usize],
) -> Result<BTreeSet<usize>, Error> {
    let mut open = Vec::new();
    for place in structures {
        open.extend(bound(&read(package, *place, version, read::structure::read)?));
    }
    let mut needed = BTreeSet::new();
    while let Some(canonical) = open.pop() {
        for place in find(package, Kind::ValueSet, &canonical) {
            if !needed.insert(place) {
                continue;
            }
            let value_set = read(package, place, version, read::terminology::value_set)?;
            for set in value_set.include.into_iter().chain(value_set.exclude) {
                needed.extend(set.system.iter().flat_map(|url| find(package, Kind::CodeSystem, url)));
                open.extend(set.value_sets);
            }
        }
    }
    Ok(needed)
}

/// Canonicals of the value sets that a structure binds elements to.
fn bound(structure: &StructureDefinition) -> Vec<String> {
    let elements = structure.differential.iter().chain(structure.snapshot.iter().flatten());
    let bindings = elements.filter_map(|element| element.binding.as_ref());
    bindings.flat_map(|binding| [&binding.value_set, &binding.max_value_set]).flatten().cloned().collect()
}

fn find(package: &Package, kind: Kind, canonical: &str) -> Vec<usize> {
    package.find(kind, canonical.split('|').next().unwrap_or_default()).collect()
}

fn read<T>(
    package: &Package,
    place: usize,
    version: FhirVersion,
    read: impl FnOnce(&crate::datum::Datum, FhirVersion) -> Result<T, ReadError>,
) -> Result<T, Error> {
    let datum = package.datum(place)?.unwrap_or_default();
    read(&datum, version).map_err(|source| Error::Definition {
        package: package.name().to_owned(),
        canonical: package.head(place).map_or_else(String::new, |head| head.url.to_string()),
        source,
    })
}
