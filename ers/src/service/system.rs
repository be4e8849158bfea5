//! The URLs of reference data in all environments.
//!
//! The service builds the URL of a list of reference data from the address at which it is called,
//! so the same list has a different URL in each environment, and one with a placeholder in the
//! documentation.

/// The base of the URLs of reference data in the packages.
const BASE: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/";

/// The lists that A004 answers with, by the last part of their URLs.
pub(super) const LISTS: [&str; 6] = [
    "SPECIALTY",
    "CLINIC-TYPE",
    "APPOINTMENT-CANCELLATION-REASON",
    "REFERRAL-CANCELLATION-REASON",
    "APPOINTMENT-NON-ATTENDANCE-REASON",
    "PRIORITY",
];

/// The URL of a list of reference data in the packages, given its URL in any environment; `None` if
/// the URL is not one of reference data.
///
/// ```
/// use ers_fhir_ers::service::reference_data;
///
/// let known = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY";
/// assert_eq!(reference_data("_baseUrl_/STU3/CodeSystem/SPECIALTY").as_deref(), Some(known));
/// assert_eq!(reference_data("http://example.org/CodeSystem/SPECIALTY"), None);
/// ```
pub fn reference_data(url: &str) -> Option<String> {
    // All list names end in a capital, and hardly any other URL does.
    if !url.ends_with(|last: char| last.is_ascii_uppercase()) {
        return None;
    }
    let (path, name) = url.rsplit_once('/')?;
    let path = path.strip_suffix("/CodeSystem")?;
    let server = path.strip_suffix("/v1").unwrap_or(path).strip_suffix("/STU3")?;
    (LISTS.contains(&name) && is_server(server)).then(|| format!("{BASE}{name}"))
}

/// A regular expression for the URLs of a list of reference data in all environments; `None` if the
/// URL is not one of reference data.
///
/// ```
/// use ers_fhir_ers::service::reference_data_pattern;
///
/// let pattern = reference_data_pattern("_baseUrl_/STU3/CodeSystem/SPECIALTY");
/// assert_eq!(pattern.as_deref(), Some("/STU3/(?:v1/)?CodeSystem/SPECIALTY$"));
/// ```
pub fn reference_data_pattern(url: &str) -> Option<String> {
    let list = reference_data(url)?;
    Some(format!("/STU3/(?:v1/)?CodeSystem/{}$", list.rsplit('/').next()?))
}

/// Whether the text is the address of an environment, or a placeholder for one.
fn is_server(address: &str) -> bool {
    if address.eq_ignore_ascii_case("_baseurl_") {
        return true;
    }
    let host = address.strip_prefix("https://").and_then(|rest| rest.split('/').next());
    host.is_some_and(|host| host.ends_with(".nhs.uk")) || is_local(address)
}

/// Whether the text is an address of this machine, as of a local service.
fn is_local(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    [host, name].iter().any(|name| matches!(*name, "127.0.0.1" | "localhost" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_environment_names_the_same_list() {
        for url in [
            "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/PRIORITY",
            "https://int.api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/PRIORITY",
            "https://sandbox.api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/PRIORITY",
            "https://api.dev1.ers.ncrs.nhs.uk/ers-api/STU3/v1/CodeSystem/PRIORITY",
            "http://127.0.0.1:8290/referrals/FHIR/STU3/CodeSystem/PRIORITY",
            "http://localhost/FHIR/STU3/CodeSystem/PRIORITY",
            "http://[::1]:8290/FHIR/STU3/CodeSystem/PRIORITY",
            "_baseUrl_/STU3/CodeSystem/PRIORITY",
            "_baseurl_/STU3/v1/CodeSystem/PRIORITY",
        ] {
            assert_eq!(reference_data(url), Some(format!("{BASE}PRIORITY")), "{url}");
        }
    }

    #[test]
    fn other_systems_are_left_alone() {
        for url in [
            "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1",
            "https://nhs.uk.example.org/STU3/CodeSystem/PRIORITY",
            "http://localhost.example.org/STU3/CodeSystem/PRIORITY",
            "STU3/CodeSystem/PRIORITY",
            "PRIORITY",
            "",
        ] {
            assert_eq!(reference_data(url), None, "{url}");
        }
    }
}
