//! Primitive values as text.

use crate::datum::Datum;

/// Base of the canonical URLs of core definitions.
pub(super) const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The primitive values of every child of that name.
pub(super) fn texts(datum: &Datum, name: &str) -> Vec<String> {
    datum.all(name).filter_map(|d| d.text.as_deref()).map(str::to_owned).collect()
}

/// The primitive value of the core extension with that id, the first if there are several.
pub(super) fn extension_text<'a>(datum: &'a Datum, id: &str) -> Option<&'a str> {
    extension_texts(datum, id).next()
}

/// The primitive values of the core extensions with that id.
pub(super) fn extension_texts<'a>(datum: &'a Datum, id: &str) -> impl Iterator<Item = &'a str> {
    let is_meant = move |e: &&Datum| e.str("url").and_then(|u| u.strip_prefix(CORE)) == Some(id);
    datum.all("extension").filter(is_meant).filter_map(|extension| {
        let (_, value) = extension.choice("value")?;
        value.text.as_deref().or_else(|| value.str("reference"))
    })
}
