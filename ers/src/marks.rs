//! Marks of e-RS in payloads that declare no e-RS profile.

use ers_fhir_tree::{Document, Node};

use crate::definitions::lists;
use crate::deviation::is_placeholder;
use crate::service::reference_data;

/// The systems of the identifiers of e-RS itself.
const IDENTIFIERS: [&str; 2] = ["http://fhir.nhs.net/Id/ers-", "https://fhir.nhs.uk/Id/ers-"];
const UBRN: &str = "https://fhir.nhs.uk/Id/UBRN";

const CARE_CONNECT: &str = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-";
/// The profile that answers to searches of the STU3 interface declare.
const SEARCH_RESULT: &str = "http://hl7.org/fhir/STU3/StructureDefinition/Bundle";
/// The profile that errors of the gateway declare.
const OUTCOME_PAGE: &str = "https://www.hl7.org/fhir/R4/operationoutcome.html";

/// Whether e-RS payloads declare this profile although another publisher owns it.
pub(crate) fn is_of_others(canonical: &str) -> bool {
    canonical.starts_with(CARE_CONNECT) || canonical == OUTCOME_PAGE
}

/// Our profile for a payload that declares a profile of another publisher, as e-RS payloads do, and also
/// has a mark of e-RS: the canonical alone is not enough.
pub(crate) fn profile(document: &Document<'_>) -> Option<&'static str> {
    let root = document.root();
    let mut declared = root.named("meta").flat_map(|meta| meta.named("profile")).filter_map(Node::value);
    let ours = declared.find_map(|canonical| ours(root, canonical))?;
    has_mark(document).then_some(ours)
}

fn ours(root: Node<'_>, canonical: &str) -> Option<&'static str> {
    if canonical == SEARCH_RESULT {
        let first = root.child("entry").and_then(|entry| entry.child("resource"));
        return Some(match first.and_then(Node::resource_type) {
            Some("Slot") => "https://ers-fhir.org/STU3/StructureDefinition/AppointmentSlot-Bundle",
            Some("Task") => "https://ers-fhir.org/STU3/StructureDefinition/Task-Bundle",
            _ => "https://ers-fhir.org/STU3/StructureDefinition/STU3-Bundle",
        });
    }
    match canonical.strip_prefix(CARE_CONNECT)? {
        "Appointment-1" => Some("https://ers-fhir.org/STU3/StructureDefinition/CareConnect-Appointment-1"),
        "PractitionerRole-1" => {
            Some("https://ers-fhir.org/STU3/StructureDefinition/CareConnect-PractitionerRole-1")
        }
        "Schedule-1" => Some("https://ers-fhir.org/STU3/StructureDefinition/CareConnect-Schedule-1"),
        "Slot-1" => Some("https://ers-fhir.org/STU3/StructureDefinition/CareConnect-Slot-1"),
        "Task-1" => Some("https://ers-fhir.org/STU3/StructureDefinition/CareConnect-Task-1"),
        _ => None,
    }
}

/// Whether there is any mark.
pub(crate) fn has_mark(document: &Document<'_>) -> bool {
    document.nodes().filter_map(Node::value).any(is_mark)
}

fn is_mark(text: &str) -> bool {
    is_placeholder(text)
        || is_of_nhs(text)
            && (IDENTIFIERS.iter().any(|start| text.starts_with(start))
                || text == UBRN
                || lists(text)
                || is_code_system(text)
                || reference_data(text).is_some())
}

/// Whether the text is a URL of the NHS, as all marks are; most values are not.
fn is_of_nhs(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http") else { return false };
    let host =
        rest.strip_prefix('s').unwrap_or(rest).strip_prefix("://").and_then(|rest| rest.split('/').next());
    host.is_some_and(|host| host.ends_with(".nhs.uk") || host.ends_with(".nhs.net"))
}

/// Whether the text names a code system of e-RS:
/// `https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1`.
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
