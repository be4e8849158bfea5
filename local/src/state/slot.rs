//! Slots, and bookings that failed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::code::{Priority, codes};
use crate::moment::Moment;

/// A slot of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Slot {
    /// Its id.
    pub id: String,
    /// The service.
    pub service: String,
    /// The clinician whom it is allocated to.
    pub clinician: Option<String>,
    /// The kind of its appointments.
    pub appointment_type: Priority,
    /// When it begins.
    pub start: Moment,
    /// When it ends.
    pub end: Moment,
    /// The appointment that takes it.
    pub taken_by: Option<String>,
}

codes! {
    /// How a booking failed.
    Failure {
        /// Somebody else has the slot.
        SlotTaken = "SLOT_NOT_AVAILABLE", "";
        /// The provider's system refused.
        ProviderError = "PAS_RESPONDED_WITH_ERROR", "";
        /// The provider's system did not answer.
        ProviderSilent = "PAS_NOT_RESPONDING", "";
    }
}

/// A booking that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Attempt {
    /// The slot.
    pub slot: String,
    /// How it failed.
    pub failure: Failure,
    /// When.
    pub at: Moment,
}

/// How often an application has asked for the worklists of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Retrievals {
    /// On which day: `2026-03-02`.
    pub day: String,
    /// How often on that.
    pub count: u32,
}
