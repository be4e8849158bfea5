//! The address of a call, taken apart.

use crate::service::environment::{host, is_gateway};
use crate::service::{Endpoint, by_area};

/// The part of the path before `/STU3/` or `/R4/` at the gateway.
const BASE: &str = "referrals/FHIR";

/// An address: the steps of its path from the release on, and its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    /// Steps from the release on: `STU3`, `Slot`.
    pub(crate) steps: Vec<String>,
    /// Names and values of the query, in order.
    pub(crate) query: Vec<(String, String)>,
    /// Whether the part before the release differs from that of the gateway, at a host of the
    /// service.
    pub(crate) has_other_base: bool,
    /// Scheme and host, in lower case, if the address is absolute.
    pub(crate) server: Option<(String, String)>,
    /// Whether percent encoding is malformed.
    pub(crate) is_ill_encoded: bool,
}

impl Url {
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        let text = text.split_once('#').map_or(text, |(before, _)| before);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let (server, path) = match path.split_once("://") {
            Some((scheme, rest)) => {
                let end = rest.find('/').unwrap_or(rest.len());
                (host(path).map(|host| (scheme.to_ascii_lowercase(), host)), &rest[end..])
            }
            None => (None, path),
        };
        let trimmed = path.trim_matches('/');
        let all: Vec<&str> = if trimmed.is_empty() { Vec::new() } else { trimmed.split('/').collect() };
        let start = start(&all);
        let base = all[..start].join("/");
        let is_gateway = server.as_ref().is_some_and(|(_, host)| is_gateway(host));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Self {
            steps: all[start..].iter().map(|step| decoded(step)).collect(),
            query: pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decoded_query(name), decoded_query(value)))
                .collect(),
            has_other_base: is_gateway && base != BASE,
            server,
            is_ill_encoded: !is_well_encoded(text),
        }
    }

    /// The values of a query parameter.
    pub(crate) fn values<'u>(&'u self, name: &str) -> impl Iterator<Item = &'u str> {
        self.query.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is an address of the sandbox, or of another environment; `None` if it is not absolute.
    pub(crate) fn is_sandbox(&self) -> Option<bool> {
        let (_, host) = self.server.as_ref()?;
        is_gateway(host).then(|| host.starts_with("sandbox."))
    }

    /// Whether this path matches a path with parameters.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        let wanted = steps_of(path);
        wanted.len() == self.steps.len()
            && wanted.iter().zip(&self.steps).all(|(wanted, given)| fits(wanted, given))
    }

    /// The parameters of a path that this one matches, with their values.
    pub(crate) fn parameters<'u>(&'u self, path: &'static str) -> Vec<(&'static str, &'u str)> {
        if !self.is_at(path) {
            return Vec::new();
        }
        let pairs = steps_of(path).into_iter().zip(&self.steps);
        pairs
            .filter(|(wanted, _)| is_parameter(wanted))
            .map(|(wanted, given)| (wanted.trim_matches(['{', '}']), given.as_str()))
            .collect()
    }
}

/// The steps of a path.
pub(crate) fn steps_of(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').collect()
}

/// Whether a step matches the one in a path. The name of an operation is not an id.
fn fits(wanted: &str, given: &str) -> bool {
    if is_parameter(wanted) { !is_operation(given) } else { wanted == given }
}

/// Whether a step names a FHIR operation, correctly or not: it has the `$`, or a name that only operations
/// have.
pub(crate) fn is_operation(step: &str) -> bool {
    let names = || by_area().filter_map(Endpoint::operation).map(plain_name);
    step.starts_with('$')
        || plain_name(step).len() < step.len()
        || names().any(|name| name.eq_ignore_ascii_case(step))
}

/// The name of an operation without the prefix of all names: `$ers.`.
pub(crate) fn plain_name(operation: &str) -> &str {
    const PREFIX: &str = "ers.";
    let name = operation.strip_prefix('$').unwrap_or(operation);
    let is_there = name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    if is_there { &name[PREFIX.len()..] } else { name }
}

pub(crate) fn is_parameter(step: &str) -> bool {
    step.starts_with('{')
}

/// The position of the release among the steps of a path, or where it would be.
fn start(steps: &[&str]) -> usize {
    let is_release = |step: &&str| matches!(*step, "STU3" | "R4");
    steps
        .iter()
        .position(is_release)
        .or_else(|| Some(steps.iter().position(|step| step.eq_ignore_ascii_case("FHIR"))? + 1))
        .unwrap_or(0)
}

fn is_well_encoded(text: &str) -> bool {
    let is_hex = |pair: &str| pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('%').skip(1).all(|rest| rest.get(..2).is_some_and(is_hex))
}

fn decoded_query(text: &str) -> String {
    decoded(&text.replace('+', " "))
}

/// Text without percent encoding; malformed encoding stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let pair = pair.filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if let (b'%', Some(pair)) = (byte, pair) {
            plain.extend(u8::from_str_radix(pair, 16));
            at += 3;
        } else {
            plain.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn the_release_is_found_wherever_it_stands() {
        for text in [
            "/STU3/Slot?page=1",
            "STU3/Slot/?page=1",
            "/FHIR/STU3/Slot?page=1#top",
            "_baseUrl_/STU3/Slot?page=1",
            "https://int.api.service.nhs.uk/referrals/FHIR/STU3/Slot?page=1",
            "http://localhost:9000/STU3/Slot?page=1",
        ] {
            let url = Url::parse(text);
            assert_eq!(url.steps, ["STU3", "Slot"], "{text}");
            assert_eq!(url.values("page").collect::<Vec<_>>(), ["1"], "{text}");
            assert!(!url.has_other_base, "{text}");
        }
        assert!(Url::parse("https://api.service.nhs.uk/fhir/STU3/Slot").has_other_base);
        assert_eq!(Url::parse("/FHIR/R5/Slot").steps, ["R5", "Slot"]);
        assert_eq!(Url::parse("/Slot").steps, ["Slot"]);
        assert!(Url::parse("").steps.is_empty());
    }

    #[test]
    fn encoding_is_undone() {
        let url = Url::parse("/STU3/Slot?schedule.actor%3AHealthcareService=1&x=a%2Fb+c&bad=%zz&half=%4");
        assert_eq!(url.query[0].0, "schedule.actor:HealthcareService");
        assert_eq!(url.query[1].1, "a/b c");
        assert_eq!(url.query[2].1, "%zz");
        assert!(url.is_ill_encoded);
        assert!(!Url::parse("/STU3/Slot?x=a%2Fb").is_ill_encoded);
    }

    #[test]
    fn parameters_of_a_path_are_told_from_its_steps() {
        let url = Url::parse("/STU3/ReferralRequest/000049912345/%24ers.acceptReferral");
        let path = "/STU3/ReferralRequest/{ubrn}/$ers.acceptReferral";
        assert_eq!(url.parameters(path), [("ubrn", "000049912345")]);
        assert!(!url.is_at("/STU3/ReferralRequest/{ubrn}"));
    }
}
