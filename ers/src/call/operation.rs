//! Which operation a call is of.

use std::fmt;

use ers_fhir_values::suggest::edits;

use super::url::{Url, is_operation, is_parameter, steps_of};
use crate::service::{Endpoint, by_area};

/// A call that is none of e-RS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoOperation {
    /// The operation that it comes nearest to.
    pub nearest: Option<&'static Endpoint>,
    /// Whether only the method is another one.
    pub is_method: bool,
}

impl fmt::Display for NoOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Endpoint { id, method, path, .. }) = self.nearest else {
            return f.write_str("no operation of e-RS has this method and path");
        };
        let what = if self.is_method { "this method at this path" } else { "this path" };
        write!(f, "no operation of e-RS has {what}; the nearest is {id}: {method} {path}")
    }
}

impl std::error::Error for NoOperation {}

/// The operation of a method and an address; any method where none is given, if that leaves one.
pub(super) fn of(method: Option<&str>, url: &str) -> Result<&'static Endpoint, NoOperation> {
    let url = Url::parse(url);
    let at_path: Vec<&Endpoint> = best(&url);
    let of_method = |endpoint: &&&Endpoint| {
        method.is_none_or(|method| endpoint.method.to_string().eq_ignore_ascii_case(method))
    };
    let mut found = at_path.iter().filter(of_method);
    match (found.next(), at_path.first()) {
        (Some(endpoint), _) => Ok(endpoint),
        (None, Some(other)) => Err(NoOperation { nearest: Some(other), is_method: true }),
        (None, None) => Err(NoOperation { nearest: nearest(method, &url), is_method: false }),
    }
}

/// The operations whose path that is: of those that differ in what is a parameter, those that spell out the
/// most.
pub(crate) fn best(url: &Url) -> Vec<&'static Endpoint> {
    let literal =
        |endpoint: &Endpoint| steps_of(endpoint.path).iter().filter(|step| !is_parameter(step)).count();
    let all: Vec<&Endpoint> = by_area().filter(|endpoint| url.is_at(endpoint.path)).collect();
    let most = all.iter().map(|endpoint| literal(endpoint)).max().unwrap_or(0);
    all.into_iter().filter(|endpoint| literal(endpoint) == most).collect()
}

/// The operation whose path takes the fewest changes.
fn nearest(method: Option<&str>, url: &Url) -> Option<&'static Endpoint> {
    const FAR: usize = 12;
    let given: Vec<&str> = url.steps.iter().map(String::as_str).collect();
    let (given, called) = parted(&given);
    let distance = |endpoint: &Endpoint| {
        let steps = steps_of(endpoint.path);
        let (wanted, operation) = parted(&steps);
        let edits =
            |wanted: &str, given: &str| edits(wanted.as_bytes(), given.as_bytes(), FAR).unwrap_or(FAR);
        let mut sum = wanted.len().abs_diff(given.len()) * 3;
        sum += match (operation, called) {
            (Some(operation), Some(called)) => edits(operation, called),
            (None, None) => 0,
            _ => FAR,
        };
        let pairs = wanted.iter().zip(given).filter(|(wanted, _)| !is_parameter(wanted));
        sum += pairs.map(|(wanted, given)| edits(wanted, given)).sum::<usize>();
        let is_other = method.is_some_and(|method| !endpoint.method.to_string().eq_ignore_ascii_case(method));
        sum + usize::from(is_other)
    };
    let nearest = by_area().map(|endpoint| (distance(endpoint), endpoint));
    nearest
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance < FAR)
        .map(|(_, found)| found)
}

/// The steps of a path, and the operation that it ends in.
fn parted<'s, 'p>(steps: &'s [&'p str]) -> (&'s [&'p str], Option<&'p str>) {
    match steps {
        [before @ .., last] if is_operation(last) => (before, Some(last)),
        _ => (steps, None),
    }
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
        ] {
            let found = of(Some(method), url).expect_err("it is none");
            assert_eq!(found.nearest.map(|endpoint| endpoint.id), Some(nearest), "{method} {url}");
        }
        assert_eq!(of(Some("GET"), "/index.html").map_err(|none| none.nearest), Err(None));
    }
}
