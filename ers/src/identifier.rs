//! Identifiers of the NHS, as far as their text alone shows that they are none.

use ers_fhir_values::form::has_modulus_11_digit;

/// What a value of that system is, if the text is certainly none.
pub(crate) fn expected_of(system: &str, value: &str) -> Option<&'static str> {
    match system {
        "https://fhir.nhs.uk/Id/nhs-number" | "http://fhir.nhs.net/Id/nhs-number" => {
            (!has_modulus_11_digit(value))
                .then_some("an NHS number: ten digits, the last of them the check digit")
        }
        "https://fhir.nhs.uk/Id/ods-organization-code"
        | "https://fhir.nhs.uk/Id/ods-site-code"
        | "http://fhir.nhs.net/Id/ods-organization-code"
        | "http://fhir.nhs.net/Id/ods-site-code" => {
            let fits = (3..=12).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric());
            (!fits).then_some("an ODS code: three or more letters and digits")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::expected_of;

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
                &["RX", "", "RX-1", "RX 1", "É81"],
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
