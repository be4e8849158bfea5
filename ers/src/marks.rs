//! What marks a payload as one of e-RS, where it declares no profile.

use ers_fhir_tree::{Document, Node};

use crate::definitions::lists;
use crate::deviation::PLACEHOLDER;
use crate::service::reference_data;

/// Where the identifiers of e-RS itself have their systems.
const IDENTIFIERS: [&str; 2] = ["http://fhir.nhs.net/Id/ers-", "https://fhir.nhs.uk/Id/ers-"];
const UBRN: &str = "https://fhir.nhs.uk/Id/UBRN";

/// Whether there is any mark.
pub(crate) fn has_mark(document: &Document<'_>) -> bool {
    document.nodes().filter_map(Node::value).any(is_mark)
}

fn is_mark(text: &str) -> bool {
    // Most values are no URLs.
    text.get(..PLACEHOLDER.len()).is_some_and(|start| start.eq_ignore_ascii_case(PLACEHOLDER))
        || text.starts_with("http")
            && (IDENTIFIERS.iter().any(|start| text.starts_with(start))
                || text == UBRN
                || lists(text)
                || is_code_system(text)
                || reference_data(text).is_some())
}

/// Whether it names a code system of e-RS: `https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1`.
fn is_code_system(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://fhir.nhs.uk/") else { return false };
    let name = rest.strip_prefix("STU3/").unwrap_or(rest).strip_prefix("CodeSystem/");
    name.is_some_and(|name| name.starts_with("eRS-") || name.starts_with("ers-"))
}

#[cfg(test)]
mod tests {
    use super::is_mark;

    #[test]
    fn what_only_e_rs_has_is_a_mark() {
        for text in [
            "_baseUrl_/STU3/CodeSystem/PRIORITY",
            "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1",
            "https://fhir.nhs.uk/CodeSystem/ers-error-codes",
            "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-ReferralState-1",
            "https://int.api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY",
            "http://fhir.nhs.net/Id/ers-service",
            "https://fhir.nhs.uk/Id/UBRN",
        ] {
            assert!(is_mark(text), "{text}");
        }
        for text in [
            "https://fhir.nhs.uk/Id/nhs-number",
            "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest",
            "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Bundle",
            "http://snomed.info/sct",
            "eRS",
            "",
        ] {
            assert!(!is_mark(text), "{text}");
        }
    }
}
