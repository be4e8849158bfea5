//! The operation that a call belongs to.

use std::fmt;

use super::nearest::{Difference, nearest};
use super::url::{Url, is_parameter, steps_of};
use crate::service::{Endpoint, by_area};

/// A call that is not one of e-RS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoOperation {
    /// The nearest operation.
    pub nearest: Option<&'static Endpoint>,
    /// Whether only the method differs.
    pub is_method: bool,
    /// The differences between the paths.
    pub differences: Vec<Difference>,
}

impl fmt::Display for NoOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Endpoint { id, method, path, .. }) = self.nearest else {
            return f.write_str("no operation of e-RS has this method and path");
        };
        let what = if self.is_method { "this method at this path" } else { "this path" };
        write!(f, "no operation of e-RS has {what}; the nearest is {id}: {method} {path}")?;
        for (place, difference) in self.differences.iter().enumerate() {
            write!(f, "{}{difference}", if place == 0 { " (" } else { "; " })?;
        }
        f.write_str(if self.differences.is_empty() { "" } else { ")" })
    }
}

impl std::error::Error for NoOperation {}

/// The operation of a method and an address; without a method, the only one at that address, if it
/// is the only one.
pub(super) fn of(method: Option<&str>, url: &str) -> Result<&'static Endpoint, NoOperation> {
    let url = Url::parse(url);
    let at_path: Vec<&Endpoint> = best(&url);
    let of_method = |endpoint: &&&Endpoint| {
        method.is_none_or(|method| endpoint.method.to_string().eq_ignore_ascii_case(method))
    };
    let mut found = at_path.iter().filter(of_method);
    match (found.next(), at_path.first()) {
        (Some(endpoint), _) => Ok(endpoint),
        (None, Some(other)) => {
            Err(NoOperation { nearest: Some(other), is_method: true, differences: Vec::new() })
        }
        (None, None) => {
            let (nearest, differences) = nearest(method, &url).unzip();
            Err(NoOperation { nearest, is_method: false, differences: differences.unwrap_or_default() })
        }
    }
}

/// The operations with that path; if several match, those with the most literal steps.
pub(crate) fn best(url: &Url) -> Vec<&'static Endpoint> {
    let literal =
        |endpoint: &Endpoint| steps_of(endpoint.path).iter().filter(|step| !is_parameter(step)).count();
    let all: Vec<&Endpoint> = by_area().filter(|endpoint| url.is_at(endpoint.path)).collect();
    let most = all.iter().map(|endpoint| literal(endpoint)).max().unwrap_or(0);
    all.into_iter().filter(|endpoint| literal(endpoint) == most).collect()
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::service::endpoints;

    fn filled(path: &str) -> String {
        path.replace("{ubrn}", "000049912345")
            .replace("{version}", "4")
            .replace("{id}", "70000")
            .replace("{codeSystemType}", "PRIORITY")
            .replace("{attachmentLogicalID}", "9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11")
    }

    #[test]
    fn every_operation_is_found_by_method_and_path() {
        for endpoint in endpoints() {
            let found = of(Some(&endpoint.method.to_string()), &filled(endpoint.path));
            assert_eq!(found.map(|found| (found.id, found.path)), Ok((endpoint.id, endpoint.path)));
        }
    }

    #[test]
    fn the_nearest_is_named() {
        for (method, url, nearest) in [
            ("GET", "/STU3/Appointments/70000", "A038"),
            ("DELETE", "/STU3/Appointment/70000", "A034"),
            ("POST", "/STU3/ReferralRequest/000049912345/$ers.acceptReferal", "A013"),
            ("GET", "/R5/HealthcareService/1", "A033"),
            ("POST", "/STU3/ReferralRequest/$ers.createReferal", "A011"),
            ("POST", "/STU3/ReferralRequest/$ers.creatReferal", "A011"),
            ("POST", "/STU3/ReferralRequest/$ers.fetchWorkList", "A008"),
            ("POST", "/STU3/CommunicationRequest/$ers.fetchWorkList", "A023"),
            ("GET", "/STU3/ReferralRequest/$ers.fetchworklist", "A008"),
            ("POST", "/STU3/ReferralRequest/000049912345/$ers.changeShortlistAndSendForTriag", "A032"),
            ("POST", "/STU3/HealthcareService/$ers.searchHealthcareServiceForPatient", "A010"),
            ("POST", "/STU3/ReferralRequest/$ers.acceptReferral", "A013"),
            ("POST", "/STU3/ReferralRequest/000049912345/$ers.fetchworklist", "A008"),
            ("POST", "/STU3/ReferralRequest/000049912345/ers.generateCRI", "A007"),
            ("POST", "/STU3/CommunicationRequest/000049912345/generateCRI", "A043"),
            ("POST", "/STU3/ReferralRequest/ers.createReferral", "A011"),
            ("GET", "/STU3/v1/ReferralRequest/000049912345", "A005"),
            ("GET", "/v1/ReferralRequest/000049912345", "A005"),
            ("GET", "/stu3/ReferralRequest/000049912345", "A005"),
            ("GET", "/R4/ReferralRequest/000049912345", "A005"),
            ("GET", "/R4/Slot?page=1", "A015"),
            ("GET", "/R4/CodeSystem/PRIORITY", "A004"),
            ("GET", "/STU3/HealthcareService/1", "A033"),
            ("HEAD", "/STU3/HealthcareService/1", "A037"),
            ("GET", "/STU3/PractitionerRole", "A030"),
            ("POST", "/R4/ReferralRequest/$ers.createReferral", "A011"),
        ] {
            let found = of(Some(method), url).expect_err("it is none");
            assert_eq!(found.nearest.map(|endpoint| endpoint.id), Some(nearest), "{method} {url}");
        }
        for other in
            ["/index.html", "/", "/x/y", "/STU3/Patient/1", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t"]
        {
            assert_eq!(of(Some("GET"), other).map_err(|none| none.nearest), Err(None), "{other}");
        }
    }

    #[test]
    fn what_differs_is_named_in_words_of_the_service() {
        let ubrn = "000049912345";
        for (path, differs) in [
            ("STU3/v1/ReferralRequest/1", "(there is an extra step after STU3)"),
            ("stu3/ReferralRequest/1", "(case matters: STU3)"),
            ("R4/ReferralRequest/1", "(it is an operation of STU3, but the path says R4)"),
            ("STU3/HealthcareService/1", "(it is an operation of R4, but the path says STU3)"),
            ("ReferralRequest/1", "(STU3 is missing)"),
            ("STU3/ReferralRequests/1", "(there is something else in place of ReferralRequest)"),
            (
                "STU3/ReferralRequest/1/ers.generateCRI",
                "(the name of the operation begins with $ers.: $ers.generateCRI)",
            ),
            (
                "STU3/ReferralRequest/1/$generateCRI",
                "(the name of the operation begins with $ers.: $ers.generateCRI)",
            ),
            ("STU3/ReferralRequest/1/$ers.generateCri", "(case matters: $ers.generateCRI)"),
            ("STU3/ReferralRequest/1/$ers.genrateCRI", "(the operation is called $ers.generateCRI)"),
            ("STU3/ReferralRequest/$ers.generateCRI", "({ubrn} is missing)"),
            ("STU3/ReferralRequest/1/_history", "(there is an extra step after {ubrn})"),
        ] {
            let path = path.replace('1', ubrn);
            let method = if path.contains("ers.") || path.contains('$') { "POST" } else { "GET" };
            let said = of(Some(method), &format!("/FHIR/{path}")).expect_err("it is none").to_string();
            assert!(said.ends_with(differs), "{path}: {said}");
            assert!(!said.contains(ubrn), "{said}");
        }
        assert_eq!(of(Some("GET"), "/index.html").map_err(|none| none.nearest), Err(None));
    }
}
