//! Identifiers of the NHS, wherever a payload has them.
//!
//! Source: NHS Data Dictionary, NHS NUMBER and ORGANISATION CODE.

use ers_fhir_values::form::has_modulus_11_digit;

/// What a value of that system is, if the text is certainly none.
pub(crate) fn expected(system: &str, value: &str) -> Option<&'static str> {
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
    use super::expected;

    #[test]
    fn values_have_the_form_of_their_system() {
        let (number, code) =
            ("https://fhir.nhs.uk/Id/nhs-number", "https://fhir.nhs.uk/Id/ods-organization-code");
        for (system, good) in [(number, "9434765919"), (code, "RX1"), (code, "A81001"), ("urn:other", "?")] {
            assert_eq!(expected(system, good), None, "{good}");
        }
        for (system, bad) in [(number, "9434765918"), (number, "943 476 5919"), (code, "RX"), (code, "R 1")] {
            assert!(expected(system, bad).is_some(), "{bad}");
        }
    }
}
