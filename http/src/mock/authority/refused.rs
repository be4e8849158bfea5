//! Refusals of grants (RFC 6749, section 5.2).

use std::borrow::Cow;

/// Why a grant is refused. It contains nothing from the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mock) struct Refused {
    pub(super) status: u16,
    /// The word of the specification.
    pub(in crate::mock) error: &'static str,
    /// What is wrong, in words.
    pub(super) words: Cow<'static, str>,
}

impl Refused {
    fn new(status: u16, error: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        Self { status, error, words: words.into() }
    }

    /// The request is malformed.
    pub(in crate::mock) fn request(words: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "invalid_request", words)
    }

    /// The application could not be authenticated.
    pub(super) fn client(words: impl Into<Cow<'static, str>>) -> Self {
        Self::new(401, "invalid_client", words)
    }

    /// The grant is invalid, or no longer valid.
    pub(super) fn grant(words: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "invalid_grant", words)
    }

    /// The grant type is not supported.
    pub(super) fn grant_type() -> Self {
        Self::new(
            400,
            "unsupported_grant_type",
            "grant_type is client_credentials, authorization_code, refresh_token or \
             urn:ietf:params:oauth:grant-type:token-exchange",
        )
    }

    /// There are too many logins at once.
    pub(super) fn full() -> Self {
        Self::new(503, "temporarily_unavailable", "too many logins: try again later")
    }

    /// The issued token cannot be stored: the disk may be full.
    pub(super) fn unkept() -> Self {
        Self::new(500, "server_error", "the file of logins next to the --state file cannot be written")
    }
}
