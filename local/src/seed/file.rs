//! The format of seed files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::{SeedError, check};
use super::directory::{Application, ClinicalTerm, Organisation, Patient, Service, Session, User};
use crate::moment::Moment;
use crate::state::{Change, Slot};

/// The initial data of a local service, as a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Seed {
    /// The time that the clock shows at the start; by default, that of the machine.
    pub clock: Option<Moment>,
    /// Organisations that refer or provide.
    pub organisations: Vec<Organisation>,
    /// Users, and their business functions.
    pub users: Vec<User>,
    /// Applications that call on their own.
    pub applications: Vec<Application>,
    /// Patients, all of them invented.
    pub patients: Vec<Patient>,
    /// Services to refer to.
    pub services: Vec<Service>,
    /// Clinics that generate slots on future days.
    pub sessions: Vec<Session>,
    /// Single slots.
    pub slots: Vec<Slot>,
    /// Terms that services can be searched by.
    pub clinical_terms: Vec<ClinicalTerm>,
    /// The number of referrals to invent at the start, in all states, with the patients and services
    /// above.
    pub referrals: u32,
    /// Records that exist from the start, in the format of a journal.
    pub records: Vec<Change>,
}

impl Seed {
    /// The JSON Schema of the file.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// Reads a seed from JSON, and checks that it makes sense.
    ///
    /// # Errors
    ///
    /// If it does not; the error says what is wrong, and where.
    pub fn read(json: &[u8]) -> Result<Self, SeedError> {
        let seed: Self = serde_json::from_slice(json).map_err(|error| SeedError::unreadable(&error))?;
        check(&seed)?;
        Ok(seed)
    }
}
