//! The URLs of well-known code systems, and what is often written instead.
//!
//! Source: <http://hl7.org/fhir/R4/terminologies-systems.html>, which says that the URL is to be used wherever
//! there is one.

/// The URL of SNOMED CT.
pub const SNOMED_CT: &str = "http://snomed.info/sct";
/// The URL of LOINC.
pub const LOINC: &str = "http://loinc.org";

/// Widely used code systems: their correct URLs and their OIDs.
const SYSTEMS: &[(&str, &str)] = &[
    ("http://dicom.nema.org/resources/ontology/DCM", "1.2.840.10008.2.16.4"),
    ("http://hl7.org/fhir/sid/cvx", "2.16.840.1.113883.12.292"),
    ("http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3"),
    ("http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90"),
    ("http://hl7.org/fhir/sid/icd-9-cm", "2.16.840.1.113883.6.103"),
    ("http://hl7.org/fhir/sid/ndc", "2.16.840.1.113883.6.69"),
    (LOINC, "2.16.840.1.113883.6.1"),
    (SNOMED_CT, "2.16.840.1.113883.6.96"),
    ("http://unitsofmeasure.org", "2.16.840.1.113883.6.8"),
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88"),
    ("http://www.whocc.no/atc", "2.16.840.1.113883.6.73"),
    ("urn:ietf:bcp:13", ""),
    ("urn:ietf:bcp:47", "2.16.840.1.113883.6.121"),
    ("urn:iso:std:iso:3166", ""),
    ("urn:iso:std:iso:4217", "2.16.840.1.113883.6.9"),
];

/// The URL of the code system that was meant, where a URL is almost that of a well-known one: it has another scheme
/// or case, `www.`, or a slash or version at the end, or is its OID.
///
/// ```
/// use ers_fhir_values::form::well_known;
///
/// assert_eq!(well_known("https://snomed.info/sct"), Some("http://snomed.info/sct"));
/// assert_eq!(well_known("http://snomed.info/sct"), None);
/// assert_eq!(well_known("http://example.org/sct"), None);
/// ```
pub fn well_known(url: &str) -> Option<&'static str> {
    if let Some(oid) = url.strip_prefix("urn:oid:").filter(|oid| !oid.is_empty()) {
        return SYSTEMS.iter().find(|(_, known)| *known == oid).map(|(system, _)| *system);
    }
    let core = core(url);
    let (system, _) = SYSTEMS.iter().find(|(system, _)| is_like(core, self::core(system)))?;
    (*system != url).then_some(system)
}

/// Whether a URL is that of a well-known code system, exactly.
pub fn is_well_known(url: &str) -> bool {
    SYSTEMS.iter().any(|(system, _)| *system == url)
}

/// Whether the core of a URL is that of a system, possibly followed by the id of an edition of SNOMED CT.
fn is_like(core: &str, system: &str) -> bool {
    let Some((start, rest)) = core.split_at_checked(system.len()) else { return false };
    let is_edition = || system == "snomed.info/sct" && rest.starts_with('/');
    start.eq_ignore_ascii_case(system) && (rest.is_empty() || is_edition())
}

/// A URL without its scheme, `www.`, and insignificant parts at the end.
fn core(url: &str) -> &str {
    let url = url.trim();
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let (start, rest) = url.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let rest = rest.unwrap_or(url);
    let rest = match rest.split_at_checked("www.".len()) {
        Some((www, rest)) if www.eq_ignore_ascii_case("www.") => rest,
        _ => rest,
    };
    rest.trim_end_matches(['/', '#', '?'])
}

#[cfg(test)]
mod tests {
    use super::{SYSTEMS, well_known};

    #[test]
    fn near_misses_lead_to_the_right_url() {
        for (system, _) in SYSTEMS {
            assert_eq!(well_known(system), None, "{system}");
            assert_eq!(well_known(&format!("{system}/")), Some(*system));
            assert_eq!(well_known(&system.to_uppercase()), Some(*system));
        }
        for (url, expected) in [
            ("https://snomed.info/sct", "http://snomed.info/sct"),
            ("http://www.snomed.info/sct", "http://snomed.info/sct"),
            ("http://snomed.info/sct/900000000000207008", "http://snomed.info/sct"),
            ("snomed.info/sct", "http://snomed.info/sct"),
            ("http://nlm.nih.gov/research/umls/rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"),
            ("urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"),
            ("https://www.loinc.org/", "http://loinc.org"),
        ] {
            assert_eq!(well_known(url), Some(expected), "{url}");
        }
        for url in [
            "http://example.org/sct",
            "http://snomed.info/id",
            "http://loinc.org/vs/LL1162-8",
            "",
            "urn:oid:",
        ] {
            assert_eq!(well_known(url), None, "{url}");
        }
    }
}
