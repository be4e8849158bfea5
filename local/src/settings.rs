//! Behaviour of the service that is not public, as settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the local service behaves where the behaviour of the real one is not public. The defaults are what examples
/// and documents suggest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Settings {
    /// How much a change increases the version of a referral.
    pub version_step: u64,
    /// How much a booking or a deferral increases it.
    pub booking_step: u64,
    /// The version of a referral that was just created.
    pub first_version: u64,
    /// Whether a referral that is returned with advice is `TRIAGED_PROVIDER_TO_ACTION`, as in the examples, rather
    /// than `TRIAGE_RESPONSE`, as in the documents.
    pub returns_as_triaged: bool,
    /// Whether the shortlist can be changed while a referral is deferred or awaits triage.
    pub changes_shortlist_while_deferred: bool,
    /// Seconds until a file has been checked.
    pub scan_seconds: i64,
    /// Seconds for which the link to a file can be followed.
    pub link_seconds: i64,
    /// Days after which unattached files are removed.
    pub unlinked_days: i64,
    /// Days in which a letter is due.
    pub letter_days: u32,
    /// The largest worklist that is sent, in bytes. The service documents 10 MB.
    pub worklist_bytes: usize,
    /// How often a day an application may ask for the worklists of a service before the answer is 429; unlimited if
    /// not set. The service documents a limit of two, but not that it refuses a third call.
    pub application_worklists_a_day: Option<u32>,
}

impl Settings {
    /// The JSON Schema of the settings file, with descriptions.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version_step: 1,
            booking_step: 2,
            first_version: 3,
            returns_as_triaged: false,
            changes_shortlist_while_deferred: false,
            scan_seconds: 5,
            link_seconds: 60,
            unlinked_days: 7,
            letter_days: 14,
            worklist_bytes: 10_000_000,
            application_worklists_a_day: None,
        }
    }
}
