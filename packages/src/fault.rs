//! Why a registry did not give what it was asked for.

use std::sync::Arc;
use std::time::Duration;

/// Why a registry did not give what it was asked for, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It does not have it.
    #[error("does not have it")]
    NotFound,
    /// It has the package, though not such a version.
    #[error("has {}", listed(.0))]
    NoVersion(Vec<String>),
    /// It wants to know who asks.
    #[error("{}", denied(*.status, *.has_secret))]
    Denied {
        /// The status of its answer.
        status: u16,
        /// Whether it was told.
        has_secret: bool,
    },
    /// It answered with a status that stands for no package.
    #[error("answered {0}: try again later, or use another registry")]
    Status(u16),
    /// It answered with a page for people.
    #[error("answered with a web page instead of a package: a proxy, a login page, or no registry")]
    Page,
    /// Its answer cannot be understood.
    #[error("answered what is no list of versions ({0}): is it a registry?")]
    Listing(String),
    /// It redirects again and again.
    #[error("redirects more than {0} times: it leads in a circle")]
    Loop(usize),
    /// It redirects to where a request must not go.
    #[error("redirects {0}: that is not followed")]
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
    /// It is not who it says it is, for all that can be told.
    #[error("cannot be trusted: {0}; where a proxy opens TLS, add its certificate to those of the system")]
    Untrusted(String),
    /// What it sent is not what it announced.
    #[error("sent what does not have the hash that it lists: it was changed on the way, or there")]
    Changed,
    /// What it sent cannot be put down.
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
        format!("answered {status}: the token is not accepted, or may not read this")
    } else {
        format!(
            "answered {status}: it wants a token, which FPL_REGISTRY_TOKEN or fhir-settings.json can hold"
        )
    }
}
