//! Codes that their system describes by a template instead of listing them.

use super::country;

/// Table 0203 of HL7 v2, as STU3 and R4 call it.
const IDENTIFIER_TYPES: [&str; 2] =
    ["http://terminology.hl7.org/CodeSystem/v2-0203", "http://hl7.org/fhir/v2/0203"];

/// Whether a code fills in a template that its code system lists.
///
/// Table 0203 of HL7 v2 has `NNxxx` for the national identifiers of people, where `xxx` is the code of
/// three letters that ISO 3166 gives a country: `NNGBR`.
///
/// Source: <http://terminology.hl7.org/CodeSystem/v2-0203>.
pub fn fills_template(system: &str, code: &str) -> bool {
    IDENTIFIER_TYPES.contains(&system)
        && code.strip_prefix("NN").is_some_and(|country| {
            country.len() == 3
                && country.bytes().all(|byte| byte.is_ascii_uppercase())
                && country::accepts(country) != Some(false)
        })
}

#[cfg(test)]
mod tests {
    use super::{IDENTIFIER_TYPES, fills_template};

    #[test]
    fn only_the_table_that_has_the_template_has_codes_of_it() {
        for system in IDENTIFIER_TYPES {
            assert!(fills_template(system, "NNGBR"));
            for code in ["NN", "NNGB", "NNGBRX", "NNgbr", "NNG1R", "GBR", "NNÄÄ", "NNBGR1", "NNGBX"] {
                assert!(!fills_template(system, code), "{code}");
            }
        }
        assert!(!fills_template("http://example.org/codes", "NNGBR"));
    }
}
