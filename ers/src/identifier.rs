//! NHS identifiers, as far as their text alone shows that they are invalid.

use ers_fhir_values::form::has_modulus_11_digit;

use crate::service::form::{ODS_CODE, is_ods_code};

/// The expected form of a value of that system, if the text is certainly invalid.
pub(crate) fn expected_of(system: &str, value: &str) -> Option<&'static str> {
    match system {
        "https://fhir.nhs.uk/Id/nhs-number" | "http://fhir.nhs.net/Id/nhs-number" => {
            (!has_modulus_11_digit(value))
                .then_some("an NHS number: ten digits, the last of them the check digit")
        }
        "https://fhir.nhs.uk/Id/ods-organization-code"
        | "https://fhir.nhs.uk/Id/ods-site-code"
        | "http://fhir.nhs.net/Id/ods-organization-code"
        | "http://fhir.nhs.net/Id/ods-site-code" => (!is_ods_code(value)).then_some(ODS_CODE),
        _ => None,
    }
}

/// The value that was certainly meant, if the text breaks the invariant with that key: an identifier with
/// spaces or hyphens, a code in lower case.
pub(crate) fn meant(key: &str, value: &str) -> Option<String> {
    let bare =
        || value.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect::<String>();
    let digits = |count: usize| {
        Some(bare()).filter(|bare| bare.len() == count && bare.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let meant = match key {
        "ers-rule-23" | "ers-rule-23-sent" => digits(10).filter(|bare| has_modulus_11_digit(bare)),
        "ers-rule-27" | "ers-format-ubrn" => digits(12),
        "ers-format-ods" | "ers-format-ods-site" => {
            let code = value.trim().to_ascii_uppercase();
            let shortest = if key == "ers-format-ods" { 3 } else { 5 };
            (is_ods_code(&code) && code.len() >= shortest).then_some(code)
        }
        "ers-format-service" | "ers-format-version" => {
            let number = value.trim();
            let fits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| number.to_owned())
        }
        _ => None,
    };
    meant.filter(|meant| meant != value)
}

#[cfg(test)]
mod tests {
    use super::{expected_of, meant};

    #[test]
    fn what_was_certainly_meant_is_told() {
        for (key, value, expected) in [
            ("ers-rule-23", "943 476 5919", Some("9434765919")),
            ("ers-rule-23-sent", "943-476-5919", Some("9434765919")),
            ("ers-rule-23", "943 476 5918", None),
            ("ers-format-ubrn", "0000 4991 2345", Some("000049912345")),
            ("ers-format-ubrn", "49912345", None),
            ("ers-format-ods", "rx1 ", Some("RX1")),
            ("ers-format-ods", "R X1", None),
            ("ers-rule-40", " 1", None),
        ] {
            assert_eq!(meant(key, value).as_deref(), expected, "{key} {value}");
        }
    }

    #[test]
    fn values_have_the_form_of_their_system() {
        for (system, good, bad) in [
            (
                "https://fhir.nhs.uk/Id/nhs-number",
                &["9434765919", "9876543210", "9912003888"][..],
                &["9434765918", "943 476 5919", "943476591", "", "abcdefghij"][..],
            ),
            (
                "https://fhir.nhs.uk/Id/ods-site-code",
                &["RX1", "A81001", "8HK48", "RX1AA"],
                &["RX", "", "RX-1", "RX 1", "É81", "RX1AARX1AAR"],
            ),
        ] {
            for value in good {
                assert_eq!(expected_of(system, value), None, "{value}");
            }
            for value in bad {
                assert!(expected_of(system, value).is_some(), "{value}");
            }
        }
        assert_eq!(expected_of("http://example.org/id", "?"), None);
    }
}
