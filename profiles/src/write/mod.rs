//! Writes definitions as the FHIR JSON of their release.

mod element;
mod json;
mod typed;

use crate::datum::Datum;
use crate::definition::StructureDefinition;
use crate::snapshot::Snapshot;
use crate::store::Definitions;

/// The StructureDefinition from its package, with these elements as its snapshot, as indented JSON.
///
/// Narrative is left out, as nothing reads it. Texts that FHIR requires for each element of a snapshot are
/// filled in briefly if no loaded package has them.
pub(crate) fn with_snapshot(
    definitions: &Definitions,
    resource: &Datum,
    structure: &StructureDefinition,
    snapshot: &Snapshot,
) -> String {
    let writer = element::Writer { canonical: &structure.url, version: definitions.fhir_version() };
    let elements = snapshot.elements().iter().map(|element| ("element".into(), writer.element(element)));
    let mut resource = resource.clone();
    resource.fields.retain(|(name, _)| !matches!(&**name, "snapshot" | "text"));
    if let Some((_, differential)) = resource.fields.iter_mut().find(|(name, _)| &**name == "differential") {
        let stated = differential.fields.iter_mut().filter(|(name, _)| &**name == "element");
        for ((_, datum), element) in stated.zip(&structure.differential) {
            writer.complete(datum, element);
        }
    }
    let place = resource.fields.iter().position(|(name, _)| &**name == "differential");
    let made = Datum { text: None, fields: elements.collect() };
    resource.fields.insert(place.unwrap_or(resource.fields.len()), ("snapshot".into(), made));
    typed::Writer::new(definitions).resource(&resource).to_string()
}
