//! Value sets that exist without being defined, because of a code system or a document.

use ers_fhir_values::canonical;
use ers_fhir_values::form::{LOINC, SNOMED_CT};
use ers_fhir_values::grammar::Grammar;

use super::Definitions;
use crate::definition::{ConceptFilter, ConceptSet, ValueSet};

impl Definitions {
    /// The value set that a canonical URL means without a definition of that URL: all codes of a loaded code
    /// system that names it, or a set that SNOMED CT, LOINC or another document implies.
    pub(crate) fn implicit_value_set(&self, canonical: &str) -> Option<ValueSet> {
        let (url, version) = canonical::split(canonical);
        let include = of_snomed(canonical)
            .or_else(|| of_loinc(url, version))
            .or_else(|| Grammar::system_of_document(canonical).map(all_of))
            .or_else(|| self.layers.iter().rev().find_map(|layer| layer.system_of(url)).map(all_of))?;
        Some(ValueSet { url: canonical.to_owned(), include: vec![include], ..ValueSet::default() })
    }
}

fn all_of(system: &str) -> ConceptSet {
    ConceptSet { system: Some(system.to_owned()), ..ConceptSet::default() }
}

fn filter(property: &str, op: &str, value: &str) -> ConceptFilter {
    ConceptFilter { property: property.to_owned(), op: op.to_owned(), value: value.to_owned() }
}

/// A set of SNOMED CT, of any edition or of the one that its URL names.
///
/// Source: <http://hl7.org/fhir/R4/snomedct.html>, section on implicit value sets.
fn of_snomed(canonical: &str) -> Option<ConceptSet> {
    let (edition, query) = canonical.split_once("?fhir_vs")?;
    let is_edition = edition.strip_prefix(SNOMED_CT)?;
    if !(is_edition.is_empty() || is_edition.starts_with('/')) {
        return None;
    }
    let filters = match query.strip_prefix('=').map(|set| set.split_once('/').unwrap_or((set, ""))) {
        None => Vec::new(),
        Some(("isa", concept)) => vec![filter("concept", "is-a", concept)],
        Some(("refset", concept)) if !concept.is_empty() => vec![filter("concept", "in", concept)],
        Some((_, constraint)) => vec![filter("constraint", "=", constraint)],
    };
    let version = (!is_edition.is_empty()).then(|| edition.to_owned());
    Some(ConceptSet { version, filters, ..all_of(SNOMED_CT) })
}

/// All of LOINC, the answers of one of its lists, or what is below one of its parts.
///
/// Source: <http://hl7.org/fhir/R4/loinc.html>, section on implicit value sets.
fn of_loinc(url: &str, version: Option<&str>) -> Option<ConceptSet> {
    let set = url.strip_prefix(LOINC)?.strip_prefix("/vs")?;
    let filters = match set.strip_prefix('/') {
        None if set.is_empty() => Vec::new(),
        None => return None,
        Some(list) if list.starts_with("LL") => vec![filter("LIST", "=", list)],
        Some(part) => vec![filter("ancestor", "=", part)],
    };
    Some(ConceptSet { version: version.map(str::to_owned), filters, ..all_of(LOINC) })
}
