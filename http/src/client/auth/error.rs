//! Why there is no access token.

use super::signer::SignError;

/// Why there is no access token. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The environment issues no tokens.
    #[error(
        "this environment issues no tokens: the sandbox needs none; \
         for another environment, set the address of its token service"
    )]
    NoEndpoint,
    /// The assertion could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The token service could not be reached, or the connection broke off.
    #[error("the token service does not answer: {0}")]
    Unreachable(String),
    /// The token service refused.
    #[error("the token service answered {status}{}{}", said(.error.as_deref()), said(.description.as_deref()))]
    Refused {
        /// Status.
        status: u16,
        /// Its error code, such as `invalid_request`.
        error: Option<String>,
        /// Its description of the error.
        description: Option<String>,
    },
    /// The token service answered with something other than a token.
    #[error("the token service returned no token: {0}")]
    Unreadable(&'static str),
    /// The user has to log in again.
    #[error("the login has expired: log in again")]
    Over,
    /// The browser did not come back as it should.
    #[error("the login did not complete: {0}")]
    Browser(&'static str),
    /// The user or the service refused the login.
    #[error("the login was refused{}", said(.0.as_deref()))]
    Declined(Option<String>),
}

impl LoginError {
    /// Whether it may succeed later without any correction.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }
}

fn said(text: Option<&str>) -> String {
    text.map(|text| format!(": {text}")).unwrap_or_default()
}
