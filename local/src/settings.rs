//! What is not public of the service, and how it is taken here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the local service behaves where nobody outside knows how the real one does. Each has the value that examples and
/// documents make likely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Settings {
    /// By how much a change raises the version of a referral.
    pub version_step: u64,
    /// By how much a booking or a deferral does.
    pub booking_step: u64,
    /// The version of a referral that was just created.
    pub first_version: u64,
    /// Whether a referral that is returned with advice is `TRIAGED_PROVIDER_TO_ACTION`, as examples show it, and not
    /// `TRIAGE_RESPONSE`, as the documents say.
    pub returns_as_triaged: bool,
    /// Whether the shortlist can be changed while a referral is deferred or awaits triage.
    pub changes_shortlist_while_deferred: bool,
    /// Seconds until a file has been looked at.
    pub scan_seconds: i64,
    /// Seconds for which the link to a file can be followed.
    pub link_seconds: i64,
    /// Days after which files that nothing is attached to are gone.
    pub unlinked_days: i64,
    /// Days in which a letter is due.
    pub letter_days: u32,
    /// Bytes of a worklist beyond which it is not sent. The service says 10 MB.
    pub worklist_bytes: usize,
    /// How often a day an application may ask for the worklists of a service, beyond which the answer is 429; as often as it
    /// likes where there is none. The service says twice, and not that it refuses a third time.
    pub application_worklists_a_day: Option<u32>,
}

impl Settings {
    /// The JSON Schema of the file of settings; what each is about is in it.
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
