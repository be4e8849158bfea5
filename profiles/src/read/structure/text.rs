//! Primitive values as text.

use crate::datum::Datum;

/// Base of the canonical URLs of core definitions.
pub(super) const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The primitive values of every child of that name.
pub(super) fn texts(datum: &Datum, name: &str) -> Vec<String> {
    datum.all(name).filter_map(|d| d.text.as_deref()).map(str::to_owned).collect()
}

/// The primitive value of the core extension with that id.
pub(super) fn extension_text<'a>(datum: &'a Datum, id: &str) -> Option<&'a str> {
    let extension =
        datum.all("extension").find(|e| e.str("url").and_then(|u| u.strip_prefix(CORE)) == Some(id));
    let (_, value) = extension?.choice("value")?;
    value.text.as_deref().or_else(|| value.str("reference"))
}
