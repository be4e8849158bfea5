//! Why a registry did not deliver what it was asked for.

use std::sync::Arc;
use std::time::Duration;

/// Why a registry did not deliver what it was asked for, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It does not have it.
    #[error("does not have it")]
    NotFound,
    /// It has the package, but not the version.
    #[error("has {}", listed(.0))]
    NoVersion(Vec<String>),
    /// It requires authentication.
    #[error("{}", denied(*.status, *.has_secret))]
    Denied {
        /// The status of its response.
        status: u16,
        /// Whether a token was sent.
        has_secret: bool,
    },
    /// It answered with a status that does not belong to a package.
    #[error("answered {0}: try again later, or use another registry")]
    Status(u16),
    /// It answered with a page for people.
    #[error("answered with a web page instead of a package: a proxy, a login page, or no registry")]
    Page,
    /// Its answer cannot be understood.
    #[error("did not answer with a list of versions ({0}): is it a registry?")]
    Listing(String),
    /// It redirects again and again.
    #[error("redirects more than {0} times: it leads in a circle")]
    Loop(usize),
    /// It redirects to an address that a request must not go to.
    #[error("redirects {0}, which is not followed")]
    Redirect(String),
    /// It is slow.
    #[error("did not answer in full within {} s: try again, or allow more with --timeout", .0.as_secs())]
    Slow(Duration),
    /// It sends more than any package has.
    #[error("sends more than {} MB, which no FHIR package has", .0 >> 20)]
    TooLarge(u64),
    /// It cannot be reached.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// Its identity cannot be verified.
    #[error("cannot be trusted: {0}; if a proxy intercepts TLS, add its certificate to those of the system")]
    Untrusted(String),
    /// It sent something other than what it announced.
    #[error(
        "sent an archive whose hash is not the one that it lists: it was changed on the way, or at the registry"
    )]
    Changed,
    /// What it sent cannot be written.
    #[error("what it sends cannot be written: {0}")]
    Write(Arc<std::io::Error>),
}

impl Fault {
    /// Whether the registry answered that it has no such thing.
    pub(crate) fn is_absence(&self) -> bool {
        matches!(self, Self::NotFound | Self::NoVersion(_))
    }
}

fn listed(versions: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = versions.iter().rev().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match versions.len() {
        0 => "no version of it".to_owned(),
        all if all > SHOWN => format!("only other versions, such as {shown}"),
        _ => format!("only {shown}"),
    }
}

fn denied(status: u16, has_secret: bool) -> String {
    if has_secret {
        format!("answered {status}: the token is not accepted, or does not give access to this")
    } else {
        format!(
            "answered {status}: it requires a token, which can be set in FPL_REGISTRY_TOKEN or fhir-settings.json"
        )
    }
}
