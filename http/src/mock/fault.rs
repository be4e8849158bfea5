//! Faults on demand: for one call, by a header, or for later calls, by an order.

use std::time::Duration;

use ers_fhir_local::seed::ProviderSystem;
use ers_fhir_local::state::Availability;
use ers_fhir_local::{Call, Token};
use serde::{Deserialize, Serialize};

/// The header that asks for a fault.
pub(super) const HEADER: &str = "X-Local-Fault";

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Fault {
    /// The token has expired: 401.
    TokenExpired,
    /// Somebody else has changed the record: 409.
    Raced,
    /// Somebody else is changing the record: 423.
    Locked,
    /// There are too many calls: 429.
    TooMany,
    /// Something goes wrong: 500.
    Error,
    /// The service is unavailable: 503.
    Unavailable,
    /// The provider's system has given the slot to somebody else.
    SlotTaken,
    /// The provider's system answers with an error: 502.
    PasError,
    /// The provider's system does not answer: 504.
    PasTimeout,
    /// The provider's system does not cancel.
    PasRefusesCancel,
    /// The file will be found not to be of its declared type.
    ValidationFailed,
    /// The file will be found to be dangerous.
    ThreatsFound,
    /// The connection ends in the middle of the answer, although the call was carried out.
    Cut,
}

/// A fault, or a delay of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordered {
    Fault(Fault),
    Slow(Duration),
}

impl Ordered {
    /// Reads `locked` or `slow:1500`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(millis) = text.strip_prefix("slow:") {
            let millis: u64 = millis.parse().ok()?;
            return (millis <= 600_000).then_some(Self::Slow(Duration::from_millis(millis)));
        }
        serde_json::from_value(serde_json::Value::from(text)).ok().map(Self::Fault)
    }
}

impl Fault {
    /// All of them.
    pub(super) const ALL: [Self; 13] = [
        Self::TokenExpired,
        Self::Raced,
        Self::Locked,
        Self::TooMany,
        Self::Error,
        Self::Unavailable,
        Self::SlotTaken,
        Self::PasError,
        Self::PasTimeout,
        Self::PasRefusesCancel,
        Self::ValidationFailed,
        Self::ThreatsFound,
        Self::Cut,
    ];

    /// The effect of the fault on a call: it changes the call, or returns a status to refuse the call with at once.
    pub(super) fn strike(self, call: &mut Call) -> Option<u16> {
        match self {
            Self::TokenExpired => call.caller = Token::Invalid("the access token has expired"),
            Self::Raced => call.is_raced = true,
            Self::Locked => call.is_locked = true,
            Self::SlotTaken => call.provider_system = Some(ProviderSystem::SlotTaken),
            Self::PasError => call.provider_system = Some(ProviderSystem::Error),
            Self::PasTimeout => call.provider_system = Some(ProviderSystem::Timeout),
            Self::PasRefusesCancel => call.provider_system = Some(ProviderSystem::RefusesCancel),
            Self::ValidationFailed => call.scan = Some(Availability::ValidationFailed),
            Self::ThreatsFound => call.scan = Some(Availability::ThreatsFound),
            Self::TooMany => return Some(429),
            Self::Error => return Some(500),
            Self::Unavailable => return Some(503),
            Self::Cut => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Fault, Ordered};

    #[test]
    fn faults_are_named_in_small_letters() {
        assert_eq!(Ordered::read("pas-timeout"), Some(Ordered::Fault(Fault::PasTimeout)));
        assert_eq!(Ordered::read(" slow:1500 "), Some(Ordered::Slow(Duration::from_millis(1500))));
        assert_eq!(Ordered::read("slow:-1"), None);
        assert_eq!(Ordered::read("anything"), None);
    }
}
