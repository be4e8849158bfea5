//! Which value sets and code systems are kept: the specification's own, with the tables of HL7 version 2
//! and version 3 that it publishes, and those of others that bindings of structures name, directly or
//! through others.

use std::collections::BTreeSet;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::StructureDefinition;
use ers_fhir_profiles::package::{Head, Kind, Package};
use ers_fhir_profiles::{Error, FhirVersion, ReadError, read};
use ers_fhir_values::canonical;

/// Canonical URLs of what FHIR R4 publishes for HL7 version 2 and version 3 too start with this.
const TERMINOLOGY: &str = "http://terminology.hl7.org/";

/// Places in a package of the value sets and code systems to keep with structures of it.
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
    for (place, head) in package.heads().enumerate().filter(|(_, head)| is_of_specification(head)) {
        match head.kind {
            Kind::ValueSet => open.push(head.url.to_string()),
            Kind::CodeSystem => {
                needed.insert(place);
            }
            _ => {}
        }
    }
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

/// A few tables are published with a version in their URL, by which nothing can name them.
fn is_of_specification(head: &Head) -> bool {
    (head.url.starts_with(super::CORE) || head.url.starts_with(TERMINOLOGY)) && !head.url.contains('|')
}

/// Canonicals of the value sets that a structure binds elements to.
fn bound(structure: &StructureDefinition) -> Vec<String> {
    let elements = structure.differential.iter().chain(structure.snapshot.iter().flatten());
    let bindings = elements.filter_map(|element| element.binding.as_ref());
    bindings.flat_map(|binding| [&binding.value_set, &binding.max_value_set]).flatten().cloned().collect()
}

fn find(package: &Package, kind: Kind, canonical: &str) -> Vec<usize> {
    package.find(kind, canonical::url(canonical)).collect()
}

fn read<T>(
    package: &Package,
    place: usize,
    version: FhirVersion,
    read: impl FnOnce(&Datum, FhirVersion) -> Result<T, ReadError>,
) -> Result<T, Error> {
    let datum = package.datum(place)?.unwrap_or_default();
    read(&datum, version).map_err(|source| Error::Definition {
        package: package.name().to_owned(),
        canonical: package.head(place).map_or_else(String::new, |head| head.url.to_string()),
        source,
    })
}
