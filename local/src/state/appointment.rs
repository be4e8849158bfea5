//! Appointments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::code::{Reason, codes};
use crate::moment::Moment;

codes! {
    /// What an appointment is.
    Status {
        /// There will be one.
        Proposed = "proposed", "";
        /// It is on a day.
        Booked = "booked", "";
        /// It will not be.
        Cancelled = "cancelled", "";
    }
}

/// An appointment of a referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Appointment {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// The referral that it is of.
    pub ubrn: String,
    /// The version of the referral since which it is so.
    pub referral_version: u64,
    /// What it is.
    pub status: Status,
    /// When it begins.
    pub start: Option<Moment>,
    /// When it ends.
    pub end: Option<Moment>,
    /// Its slot, where it was booked directly.
    pub slot: Option<String>,
    /// Why it is so.
    pub reason: Option<Reason>,
    /// What was said with that.
    pub comment: Option<String>,
    /// When it was made.
    pub created: Moment,
    /// The service.
    pub service: String,
    /// The clinician, where the slot is one of a clinician.
    pub clinician: Option<String>,
}
