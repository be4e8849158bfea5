//! Credentials for a registry. They go to that registry alone, and never into a message.

use std::fmt;

use ers_fhir_values::base64;

use super::address::Address;

/// A header with credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    name: String,
    value: String,
}

/// A secret that a header cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the token or header holds characters that are not allowed in one, such as a line break: write it again"
)]
pub struct BadSecret;

impl Secret {
    /// A token, as most registries give it.
    pub fn bearer(token: &str) -> Result<Self, BadSecret> {
        Self::header("authorization", &format!("Bearer {}", token.trim()))
    }

    /// A name and a password.
    pub fn basic(user: &str, password: &str) -> Result<Self, BadSecret> {
        Self::header(
            "authorization",
            &format!("Basic {}", base64::encode(format!("{user}:{password}").as_bytes())),
        )
    }

    /// A header of the registry's own.
    pub fn header(name: &str, value: &str) -> Result<Self, BadSecret> {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let is_value = !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        if is_name && is_value {
            Ok(Self { name: name.to_owned(), value: value.to_owned() })
        } else {
            Err(BadSecret)
        }
    }

    /// Name and value of the header for an address, if it may be sent there: to the server that it is for,
    /// over a connection that nobody else can read.
    pub(super) fn for_address(&self, own: &Address, address: &Address) -> Option<(&str, &str)> {
        (own.is_same_server(address) && address.is_private_way()).then_some((&self.name, &self.value))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_to_nobody_and_goes_to_its_server() {
        let secret = Secret::bearer(" s3cret\n").unwrap();
        assert!(!format!("{secret:?}").contains("s3cret"));
        let own: Address = "https://registry.example.org/npm".parse().unwrap();
        let goes = |to: &str| secret.for_address(&own, &to.parse().unwrap()).is_some();
        assert!(goes("https://registry.example.org/x"));
        assert!(!goes("https://files.example.org/x") && !goes("http://registry.example.org/x"));
        let plain: Address = "http://registry.example.org".parse().unwrap();
        assert!(secret.for_address(&plain, &plain).is_none(), "it would be read on the way");
        assert!(Secret::bearer("a\r\nx: b").is_err() && Secret::bearer("ä").is_err());
    }
}
