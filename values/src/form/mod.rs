//! The form of codes and identifiers of well-known systems: their shape and check digits.
//!
//! A value of the right form may still not exist; a value of the wrong form certainly does not.

mod check_digit;
mod known;

pub use known::{LOINC, SNOMED_CT, is_well_known, well_known};

pub use check_digit::has_modulus_11_digit;
use check_digit::{has_luhn_digit, has_verhoeff_digit};

use crate::lexical;
use crate::{FhirVersion, Primitive};

/// The form that the values of a system have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Identifiers of SNOMED CT, and expressions made of them.
    Snomed,
    /// Codes of LOINC.
    Loinc,
    /// UUIDs, with or without `urn:uuid:`.
    Uuid,
    /// URIs, of which those that begin with `urn:uuid:` or `urn:oid:` have a form of their own.
    Uri,
}

impl Form {
    /// The form of the codes of a code system.
    pub fn of_code(system: &str) -> Option<Self> {
        match system {
            SNOMED_CT => Some(Self::Snomed),
            LOINC => Some(Self::Loinc),
            _ => None,
        }
    }

    /// The form of the values of a system of identifiers.
    pub fn of_identifier(system: &str) -> Option<Self> {
        Some(match system {
            "https://tools.ietf.org/html/rfc4122"
            | "http://tools.ietf.org/html/rfc4122"
            | "urn:ietf:rfc:4122" => Self::Uuid,
            "urn:ietf:rfc:3986" => Self::Uri,
            _ => return None,
        })
    }

    /// A description of the values of this system ("a UUID: ..."), if the text certainly is not one of them.
    ///
    /// ```
    /// use ers_fhir_values::form::Form;
    ///
    /// assert_eq!(Form::Loinc.expected_of("8480-6"), None);
    /// assert!(Form::Loinc.expected_of("8480-7").is_some());
    /// ```
    pub fn expected_of(self, text: &str) -> Option<&'static str> {
        match self {
            Self::Snomed => expected_of_snomed(text),
            Self::Loinc => expected_of_loinc(text),
            Self::Uuid => (!is_uuid(text.strip_prefix("urn:uuid:").unwrap_or(text)))
                .then_some("a UUID: 8-4-4-4-12 hexadecimal digits"),
            Self::Uri => expected_of_uri(text),
        }
    }
}

/// Concepts have ids of 6 to 18 digits, of which the last is the check digit and the two before it tell the
/// kind of id. Text that is not a number may be an expression, whose ids are not checked.
///
/// Source: SNOMED CT Release File Specification, chapter 6.
fn expected_of_snomed(text: &str) -> Option<&'static str> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        if !(6..=18).contains(&text.len()) || text.starts_with('0') || !has_verhoeff_digit(text) {
            return Some("a SNOMED CT id: 6 to 18 digits, the last of them the check digit");
        }
        let kind = &text[text.len() - 3..text.len() - 1];
        return (!matches!(kind, "00" | "10"))
            .then_some("the id of a concept, not of a description or a relationship");
    }
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    let is_expression = text.contains([':', '+', '=', '|', '{', '<']) && numbers.any(|n| n.len() >= 6);
    (!is_expression).then_some("a SNOMED CT id, or an expression made of such ids")
}

/// A number, a hyphen and a check digit. Parts, lists and answers have letters in front; their check digits are
/// not known here.
///
/// Source: <https://loinc.org/kb/users-guide/>, §2.1.
fn expected_of_loinc(text: &str) -> Option<&'static str> {
    let fits = text.split_once('-').is_some_and(|(number, digit)| {
        let digits = number.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let letters = number.len() - digits.len();
        let is_number = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let is_digit = digit.len() == 1 && digit.bytes().all(|b| b.is_ascii_digit());
        is_number && is_digit && (matches!(letters, 1..=4) || has_luhn_digit(number, digit))
    });
    // Parts that LOINC took from elsewhere have codes of another form.
    let is_adopted = text.starts_with("MTHU");
    (!fits && !is_adopted).then_some("a LOINC code: a number, a hyphen and the check digit")
}

fn expected_of_uri(text: &str) -> Option<&'static str> {
    if let Some(uuid) = text.strip_prefix("urn:uuid:") {
        return (!is_uuid(uuid)).then_some("a UUID after urn:uuid:, 8-4-4-4-12 hexadecimal digits");
    }
    let is_oid = || lexical::check(text, Primitive::Oid, FhirVersion::R4).is_ok();
    (text.starts_with("urn:oid:") && !is_oid())
        .then_some("an OID after urn:oid:, numbers with dots between them, without leading zeros")
}

/// Whether the text is a UUID, in either case.
fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn values_have_the_form_of_their_system() {
        for (form, good, bad) in [
            (
                Form::Snomed,
                &["404684003", "22298006", "999000771000000106", "371068009:363698007=56459004"][..],
                &["404684004", "12345", "0404684003", "fever", "", "404684003 ", "2674851018"][..],
            ),
            (
                Form::Loinc,
                &["8480-6", "29463-7", "LA6576-8", "LP7786-9", "MTHU000001"],
                &["8480-7", "8480", "8480-66", "-6", "systolic", "", "8480–6", "la6576-8"],
            ),
            (
                Form::Uuid,
                &["10816a16-54d6-4b6a-8b7a-1d2f3c4b5a69", "urn:uuid:10816A16-54D6-4B6A-8B7A-1D2F3C4B5A69"],
                &["g0816a16-54d6-4b6a-8b7a-1d2f3c4b5a69", "10816a16", "", "10816a1654d64b6a8b7a1d2f3c4b5a69"],
            ),
            (
                Form::Uri,
                &[
                    "urn:oid:1.2.3",
                    "http://example.org",
                    "urn:uuid:10816a16-54d6-4b6a-8b7a-1d2f3c4b5a69",
                    "x",
                ],
                &["urn:oid:1..3", "urn:oid:01.2", "urn:uuid:1"],
            ),
        ] {
            for text in good {
                assert_eq!(form.expected_of(text), None, "{form:?} {text}");
            }
            for text in bad {
                assert!(form.expected_of(text).is_some(), "{form:?} {text}");
            }
        }
    }
}
