//! The text of a reference, taken apart without allocating.

use crate::uri::has_scheme;
use crate::{FhirVersion, Primitive, lexical};

/// What a reference is by its text alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal<'t> {
    /// `#id`, or `#` for the resource around a contained one.
    Fragment,
    /// `Type/id`, with or without a version.
    Relative(Target<'t>),
    /// A URL, with the target at its end where it looks like that of a FHIR server.
    Url(Option<Target<'t>>),
    /// `urn:uuid:` and the like.
    Urn,
    /// `Type?search`, which a transaction resolves on the server.
    Conditional,
    /// None of these.
    Malformed,
}

/// Type and id at the end of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'t> {
    /// The resource type.
    pub type_name: &'t str,
    /// The id.
    pub id: &'t str,
}

impl<'t> Literal<'t> {
    /// Reads the text of a reference.
    pub fn of(reference: &'t str) -> Self {
        if reference.starts_with('#') {
            return Self::Fragment;
        }
        if reference.starts_with("urn:") {
            return Self::Urn;
        }
        let (identity, _) = split_version(reference);
        if has_scheme(identity) {
            return if identity.contains(char::is_whitespace) {
                Self::Malformed
            } else {
                Self::Url(target_at_end(identity))
            };
        }
        if let Some((type_name, query)) = reference.split_once('?') {
            let is_conditional = is_type_like(type_name) && is_query(query);
            return if is_conditional { Self::Conditional } else { Self::Malformed };
        }
        match identity.split_once('/') {
            Some((type_name, id)) if is_type_like(type_name) && is_id(id) => {
                Self::Relative(Target { type_name, id })
            }
            _ => Self::Malformed,
        }
    }

    /// The type that the text implies.
    pub fn type_name(self) -> Option<&'t str> {
        match self {
            Self::Relative(target) | Self::Url(Some(target)) => Some(target.type_name),
            _ => None,
        }
    }
}

fn target_at_end(url: &str) -> Option<Target<'_>> {
    let mut parts = url.rsplit('/');
    let (id, type_name) = (parts.next()?, parts.next()?);
    (is_id(id) && type_name.starts_with(|c: char| c.is_ascii_uppercase()) && is_type_like(type_name))
        .then_some(Target { type_name, id })
}

fn is_type_like(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether a text is a query: each part is a parameter with its value.
fn is_query(text: &str) -> bool {
    let is_criterion = |part: &str| part.split_once('=').is_some_and(|(name, _)| !name.is_empty());
    text.split('&').filter(|part| !part.is_empty()).all(is_criterion) && text.contains('=')
}

/// Whether a text is an `id`: <http://hl7.org/fhir/R4/datatypes.html#id>.
pub fn is_id(text: &str) -> bool {
    // Both releases have the same form.
    lexical::is_valid(text, Primitive::Id, FhirVersion::R4)
}

/// A reference without `/_history/v` and without a fragment, and `v`.
pub fn split_version(reference: &str) -> (&str, Option<&str>) {
    let reference = reference.split_once('#').map_or(reference, |(before, _)| before);
    match reference.split_once("/_history/") {
        Some((identity, version)) => (identity, Some(version)),
        None => (reference, None),
    }
}

/// `http://host/base/` of `http://host/base/Patient/1`; of `Patient/1`, which no fullUrl should be, nothing.
pub fn service_base(full_url: &str) -> Option<&str> {
    if full_url.starts_with("urn:") {
        return None;
    }
    let mut slashes = full_url.rmatch_indices('/');
    slashes.next()?;
    let start = slashes.next().map_or(0, |(at, _)| at + 1);
    let starts_type = full_url[start..].starts_with(|c: char| c.is_ascii_uppercase());
    starts_type.then(|| &full_url[..start])
}

#[cfg(test)]
mod tests {
    use super::{Literal, Target, service_base};

    #[test]
    fn relative_references_start_where_the_type_does() {
        for (full_url, expected) in [
            ("https://e.test/fhir/Patient/7", Some("https://e.test/fhir/")),
            ("Patient/7", Some("")),
            ("fhir/Patient/7", Some("fhir/")),
            ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", None),
            ("https://e.test/a", None),
            ("7", None),
        ] {
            assert_eq!(service_base(full_url), expected, "{full_url}");
        }
    }

    #[test]
    fn tells_the_forms_apart() {
        let patient = Target { type_name: "Patient", id: "7" };
        for (text, expected) in [
            ("#a", Literal::Fragment),
            ("#", Literal::Fragment),
            ("Patient/7", Literal::Relative(patient)),
            ("Patient/7/_history/2", Literal::Relative(patient)),
            ("https://e.test/fhir/Patient/7", Literal::Url(Some(patient))),
            ("https://e.test/fhir/Patient/7/_history/2", Literal::Url(Some(patient))),
            ("https://e.test/a-page", Literal::Url(None)),
            ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", Literal::Urn),
            ("Patient?identifier=https://e.test/ids|7", Literal::Conditional),
            ("Patient?identifier=7&active=true", Literal::Conditional),
            ("Patient?", Literal::Malformed),
            ("Patient?7", Literal::Malformed),
            ("Patient?=7", Literal::Malformed),
            ("7", Literal::Malformed),
            ("Patient", Literal::Malformed),
            ("/Patient/7", Literal::Malformed),
            ("Patient/7/name", Literal::Malformed),
            ("Patient/a b", Literal::Malformed),
            ("ht tps://e.test/Patient/7", Literal::Malformed),
            ("https://e.test/a page", Literal::Malformed),
        ] {
            assert_eq!(Literal::of(text), expected, "{text}");
        }
    }
}
