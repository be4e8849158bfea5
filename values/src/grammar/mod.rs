//! Code systems defined by a grammar: their codes can be checked without a list.
//!
//! Only certain cases are decided.

mod code_set;
mod country;
mod currency;
mod ecl;
mod language_tag;
mod media_type;
mod registry;
mod template;

pub use ecl::is_ecl;
pub use template::fills_template;

use crate::ucum;

/// A code system whose codes obey a grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// Media types (`urn:ietf:bcp:13`).
    MediaType,
    /// Language tags (`urn:ietf:bcp:47`).
    LanguageTag,
    /// Currencies (`urn:iso:std:iso:4217`).
    Currency,
    /// Countries (`urn:iso:std:iso:3166`).
    Country,
    /// Parts of countries (`urn:iso:std:iso:3166:-2`), of which only the form is known.
    CountryPart,
    /// Units of measure (`http://unitsofmeasure.org`).
    Ucum,
}

impl Grammar {
    /// The grammar of the code system with this URL.
    pub fn of(url: &str) -> Option<Self> {
        Some(match url {
            "urn:ietf:bcp:13" => Self::MediaType,
            "urn:ietf:bcp:47" => Self::LanguageTag,
            "urn:iso:std:iso:4217" => Self::Currency,
            "urn:iso:std:iso:3166" => Self::Country,
            "urn:iso:std:iso:3166:-2" => Self::CountryPart,
            "http://unitsofmeasure.org" => Self::Ucum,
            _ => return None,
        })
    }

    /// The code system for the address of a document by which value sets of STU3 refer to it.
    pub fn system_of_document(url: &str) -> Option<&'static str> {
        (url == "http://www.rfc-editor.org/bcp/bcp13.txt").then_some("urn:ietf:bcp:13")
    }

    /// The valid code that was meant by an invalid one, where only its form is wrong: its case, white space
    /// around it, or `_` for `-`.
    ///
    /// ```
    /// use ers_fhir_values::grammar::Grammar;
    ///
    /// assert_eq!(Grammar::LanguageTag.meant("en_GB").as_deref(), Some("en-GB"));
    /// assert_eq!(Grammar::Ucum.meant("KG").as_deref(), Some("kg"));
    /// assert_eq!(Grammar::Ucum.meant("stone"), None);
    /// ```
    pub fn meant(self, code: &str) -> Option<String> {
        let bare = code.trim();
        // Media types, annotations of units and private parts of language tags may be any words.
        if self == Self::MediaType || bare.contains(['{', '[']) || bare.to_ascii_lowercase().contains("x-") {
            return None;
        }
        let dashed = bare.replace('_', "-");
        let forms = [bare.to_owned(), dashed, bare.to_ascii_lowercase(), bare.to_ascii_uppercase()];
        forms.into_iter().find(|form| form != code && self.accepts(form) == Some(true))
    }

    /// Whether the system has this code; `None` where the grammar cannot tell.
    pub fn accepts(self, code: &str) -> Option<bool> {
        match self {
            // Short forms for the media types of FHIR itself, which `CapabilityStatement.format` also
            // allows, under a binding to this system.
            Self::MediaType if matches!(code, "json" | "xml" | "ttl") => None,
            Self::MediaType => Some(media_type::is_well_formed(code)),
            Self::LanguageTag => language_tag::accepts(code),
            Self::Currency => currency::accepts(code),
            Self::Country => country::accepts(code),
            Self::CountryPart => country::accepts_part(code),
            Self::Ucum => Some(ucum::accepts(code)),
        }
    }

    /// Whether codes that differ by case alone are different codes.
    pub fn is_case_sensitive(self) -> bool {
        !matches!(self, Self::MediaType | Self::LanguageTag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_is_decided_as_far_as_its_grammar_goes() {
        let table = [
            ("urn:ietf:bcp:13", "application/fhir+json", Some(true)),
            ("urn:ietf:bcp:13", "json", None),
            ("urn:ietf:bcp:13", "pdf", Some(false)),
            ("urn:ietf:bcp:47", "en-GB", Some(true)),
            ("urn:ietf:bcp:47", "english language", Some(false)),
            ("urn:iso:std:iso:4217", "GBP", Some(true)),
            ("urn:iso:std:iso:3166", "GBR", Some(true)),
            ("urn:iso:std:iso:3166:-2", "GB-ENG", None),
            ("urn:iso:std:iso:4217", "gbp", Some(false)),
            ("http://unitsofmeasure.org", "mm[Hg]", Some(true)),
            ("http://unitsofmeasure.org", "[no_such]", Some(false)),
            ("http://unitsofmeasure.org", "mm Hg", Some(false)),
        ];
        for (system, code, expected) in table {
            assert_eq!(Grammar::of(system).and_then(|g| g.accepts(code)), expected, "{system} {code}");
        }
        assert_eq!(Grammar::of("http://loinc.org"), None);
    }
}
