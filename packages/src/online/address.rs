//! Addresses of registries, as far as they matter here: who may receive a secret, and where a redirect leads.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// An absolute HTTP or HTTPS address, without user, password and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    is_secure: bool,
    /// Host and port as written, in lower case; the default port is left out.
    authority: String,
    /// Path and query; begins with a slash.
    rest: String,
}

/// Why a text is not the address of a registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadAddress {
    #[error("it is not an address: write it as https://registry.example.org")]
    Syntax,
    #[error("it holds a user name or password: leave them out, and set the token in FPL_REGISTRY_TOKEN")]
    Secret,
}

/// The longest address that is followed.
const MAX_LENGTH: usize = 8 << 10;

impl Address {
    /// The root of a host.
    pub(crate) fn secure(host: &str) -> Self {
        Self { is_secure: true, authority: host.to_owned(), rest: "/".to_owned() }
    }

    /// The address below this one: of `https://a/b` and `c`, `https://a/b/c`.
    pub(crate) fn below(&self, path: &str) -> Self {
        Self { rest: format!("{}/{path}", self.rest.trim_end_matches('/')), ..self.clone() }
    }

    /// Where a `Location` leads, relative to this address.
    pub(crate) fn joined(&self, location: &str) -> Result<Self, BadAddress> {
        let is_scheme = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
        if location.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) {
            return location.parse();
        }
        let scheme = if self.is_secure { "https" } else { "http" };
        if location.starts_with("//") {
            return format!("{scheme}:{location}").parse();
        }
        let path = self.rest.split('?').next().unwrap_or_default();
        let rest = match location.as_bytes().first() {
            Some(b'/') => location.to_owned(),
            Some(b'?') => format!("{path}{location}"),
            Some(_) => format!("{}/{location}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
            None => return Err(BadAddress::Syntax),
        };
        format!("{scheme}://{}{rest}", self.authority).parse()
    }

    /// Whether a secret for one of the two addresses may be sent to the other.
    pub(crate) fn is_same_server(&self, other: &Self) -> bool {
        self.is_secure == other.is_secure && self.authority == other.authority
    }

    /// Whether nobody can read what is sent: it is encrypted, or stays on this machine.
    pub(crate) fn is_private_way(&self) -> bool {
        self.is_secure || self.is_this_machine()
    }

    /// The address, upgraded to HTTPS if it is on the host of another that uses it: lists of versions are
    /// older than their servers.
    pub(crate) fn secured_like(mut self, other: &Self) -> Self {
        self.is_secure |= other.is_secure && self.authority == other.authority;
        self
    }

    /// Whether it is encrypted.
    pub(crate) fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whether the host is this machine.
    pub(crate) fn is_this_machine(&self) -> bool {
        let host = self.host();
        host == "localhost"
            || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
            || host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
    }

    /// The host, without port and brackets.
    pub(crate) fn host(&self) -> &str {
        if let Some(rest) = self.authority.strip_prefix('[') {
            return rest.split(']').next().unwrap_or(rest);
        }
        self.authority.split(':').next().unwrap_or_default()
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let is_plain =
            |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}');
        if text.len() > MAX_LENGTH || !text.chars().all(is_plain) {
            return Err(BadAddress::Syntax);
        }
        let (scheme, rest) = text.split_once("://").ok_or(BadAddress::Syntax)?;
        let is_secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(BadAddress::Syntax),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if authority.contains('@') {
            return Err(BadAddress::Secret);
        }
        let usual = if is_secure { ":443" } else { ":80" };
        let authority = authority.to_ascii_lowercase();
        let authority = authority.strip_suffix(usual).map(str::to_owned).unwrap_or(authority);
        let rest = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
        let address = Self { is_secure, authority, rest };
        if address.host().is_empty() { Err(BadAddress::Syntax) } else { Ok(address) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority, self.rest)
    }
}

impl Address {
    /// The address as messages show it: without a query, which may hold a signature.
    pub(crate) fn shown(&self) -> String {
        let shown = self.to_string();
        let shown = shown.split('?').next().unwrap_or_default();
        shown.trim_end_matches('/').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn where_a_redirect_leads() {
        let from = address("HTTPS://Registry.example.org:443/a/b?x=1");
        for (location, to) in [
            ("https://other.example.org/x#y", "https://other.example.org/x"),
            ("//other.example.org/x", "https://other.example.org/x"),
            ("/c", "https://registry.example.org/c"),
            ("c?next=http://x", "https://registry.example.org/a/c?next=http://x"),
            ("?y", "https://registry.example.org/a/b?y"),
        ] {
            assert_eq!(from.joined(location).unwrap().to_string(), to, "{location}");
        }
        for location in ["", "ftp://x/y", "https://", "http://a b/", "javascript://x", "https://user:pw@x/"] {
            assert!(from.joined(location).is_err(), "{location}");
        }
    }

    #[test]
    fn whom_a_secret_may_go_to() {
        let own = address("https://registry.example.org/npm");
        for other in ["https://registry.example.org/other?x", "https://REGISTRY.example.org:443"] {
            assert!(own.is_same_server(&address(other)), "{other}");
        }
        for other in [
            "http://registry.example.org/npm",
            "https://registry.example.org:8443/npm",
            "https://registry.example.org.evil.example/npm",
            "https://evil.example/registry.example.org",
        ] {
            assert!(!own.is_same_server(&address(other)), "{other}");
        }
    }

    #[test]
    fn what_is_this_machine() {
        for text in ["http://127.0.0.1:80/x", "http://localhost:4873", "http://[::1]:1/"] {
            assert!(address(text).is_this_machine(), "{text}");
        }
        for text in ["http://127.0.0.1.example.org", "http://localhost.example.org", "http://10.0.0.1"] {
            assert!(!address(text).is_this_machine(), "{text}");
        }
    }
}
