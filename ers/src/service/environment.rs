//! The environments of the service, by the hosts of their gateways.

/// The production host; the hosts of other environments have a name in front of it.
pub const PRODUCTION: &str = "api.service.nhs.uk";
/// The host of the environment in which suppliers test.
pub const INTEGRATION: &str = "int.api.service.nhs.uk";
/// The host that answers without a token.
pub const SANDBOX: &str = "sandbox.api.service.nhs.uk";

/// Whether a host is the gateway of an environment.
pub fn is_gateway(host: &str) -> bool {
    host.strip_suffix(PRODUCTION).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The host in an address, in lower case, without user and port; `None` if there is none.
pub fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    Some(port.map_or(host, |(host, _)| host).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{PRODUCTION, host, is_gateway};

    #[test]
    fn a_host_is_what_stands_between_user_and_port() {
        for (url, expected) in [
            ("https://api.service.nhs.uk/referrals/FHIR", Some(PRODUCTION)),
            ("HTTPS://me:secret@API.service.nhs.uk:443?a=b", Some(PRODUCTION)),
            ("http://[::1]:8080/FHIR", Some("[::1]")),
            ("https://{{host}}/FHIR", Some("{{host}}")),
            ("/STU3/Slot", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn what_only_ends_like_a_gateway_is_none() {
        assert!(is_gateway(PRODUCTION) && is_gateway("dev.api.service.nhs.uk"));
        assert!(!is_gateway("evilapi.service.nhs.uk") && !is_gateway("service.nhs.uk"));
    }
}
