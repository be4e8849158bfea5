//! The seed as a file holds it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::{SeedError, check};
use super::directory::{Application, ClinicalTerm, Organisation, Patient, Service, Session, User};
use crate::moment::Moment;
use crate::state::{Change, Slot};

/// What a local service begins with, as a file holds it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Seed {
    /// What the clock shows at the start; else that of the machine.
    pub clock: Option<Moment>,
    /// Organisations that refer or provide.
    pub organisations: Vec<Organisation>,
    /// Users, and what they work as.
    pub users: Vec<User>,
    /// Applications that call on their own.
    pub applications: Vec<Application>,
    /// Patients. Invented ones only.
    pub patients: Vec<Patient>,
    /// Services to refer to.
    pub services: Vec<Service>,
    /// Clinics that make slots on days to come.
    pub sessions: Vec<Session>,
    /// Single slots.
    pub slots: Vec<Slot>,
    /// Terms that services can be searched by.
    pub clinical_terms: Vec<ClinicalTerm>,
    /// How many referrals are made up from the start, in all states, of the patients and services above.
    pub referrals: u32,
    /// Records that are there from the start, as a journal has them.
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
    /// Where it does not; the error says what and where.
    pub fn read(json: &[u8]) -> Result<Self, SeedError> {
        let seed: Self = serde_json::from_slice(json).map_err(|error| SeedError::unreadable(&error))?;
        check(&seed)?;
        Ok(seed)
    }
}
