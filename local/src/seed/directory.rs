//! What a seed says of people, organisations and services.

use ers_fhir_ers::service::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::login::{KeySet, Secret};
use crate::state::Priority;

const fn yes() -> bool {
    true
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Organisation {
    /// ODS code.
    pub ods: String,
    /// What it is called.
    pub name: String,
    /// What it does.
    pub kind: Kind,
    /// Whether it has been closed.
    #[serde(default)]
    pub closed: bool,
}

/// What an organisation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// It refers.
    Referrer,
    /// It provides services.
    Provider,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct User {
    /// SDS user id: twelve digits.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// Whether they still work.
    #[serde(default = "yes")]
    pub active: bool,
    /// What they work as, and where.
    pub roles: Vec<RoleAt>,
    /// The services in whose workgroups they are, by id.
    #[serde(default)]
    pub services: Vec<String>,
    /// The clinicians whom they may act for, by SDS user id.
    #[serde(default)]
    pub acts_for: Vec<String>,
}

impl User {
    /// Whether they work as that, there.
    pub fn works_as(&self, function: Role, organisation: &str) -> bool {
        let here = self.roles.iter().filter(|role| role.organisation == organisation);
        here.flat_map(|role| &role.functions).any(|known| known == function.code())
    }

    /// Whether they work as that anywhere.
    pub fn is(&self, function: Role) -> bool {
        self.roles.iter().flat_map(|role| &role.functions).any(|known| known == function.code())
    }
}

/// What a user works as in an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RoleAt {
    /// ODS code.
    pub organisation: String,
    /// Business functions: `REFERRING_CLINICIAN`.
    pub functions: Vec<String>,
}

/// An application that calls on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Application {
    /// Its id, which is its API key too.
    pub id: String,
    /// ODS code of its organisation.
    pub organisation: String,
    /// The keys that it signs with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<KeySet>,
    /// By what it proves itself where users log in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    /// Addresses that users may come back to from their login.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callbacks: Vec<String>,
}

/// A patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Patient {
    /// NHS number; one of the range for tests, which begins with 9.
    pub nhs_number: String,
    /// What they are called.
    pub name: String,
    /// ODS code of the practice that they are registered with.
    #[serde(default)]
    pub practice: Option<String>,
    /// Whether their record can be used.
    #[serde(default = "yes")]
    pub usable: bool,
    /// Whether they have a code to book with.
    #[serde(default = "yes")]
    pub access_code: bool,
    /// How old they are, where services look at that.
    #[serde(default)]
    pub age: Option<u32>,
    /// Their gender, where services look at that.
    #[serde(default)]
    pub gender: Option<Gender>,
    /// What they need: `INTERPRETER`, `ADVOCACY`, `TRANSPORT`.
    #[serde(default)]
    pub requirements: Vec<String>,
}

/// Whom a service treats, and what a patient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Any.
    MaleAndFemale,
}

impl Gender {
    /// As it is written.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "MALE",
            Self::Female => "FEMALE",
            Self::MaleAndFemale => "MALE_AND_FEMALE",
        }
    }
}

/// What may be asked of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Flow {
    /// An appointment.
    AppointmentRequest,
    /// A decision.
    TriageRequest,
    /// Advice.
    AdviceAndGuidanceRequest,
}

impl Flow {
    /// As STU3 operations write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AppointmentRequest => "APPOINTMENT_REQUEST",
            Self::TriageRequest => "TRIAGE_REQUEST",
            Self::AdviceAndGuidanceRequest => "ADVICE_AND_GUIDANCE_REQUEST",
        }
    }

    /// As R4 operations write it, and in words.
    pub(crate) const fn r4(self) -> (&'static str, &'static str) {
        match self {
            Self::AppointmentRequest => ("BOOKABLE", "A service which supports a patient appointment"),
            Self::TriageRequest => (
                "REVIEW",
                "A service that reviews referrals, without the support or need for any appointment with the patient to be made",
            ),
            Self::AdviceAndGuidanceRequest => (
                "ADVICE_AND_GUIDANCE",
                "A service which can discuss the patient and receive guidance rather than a patient attending an appointment",
            ),
        }
    }
}

/// How appointments of a service are booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Bookable {
    /// By slots that the service knows.
    Direct,
    /// By the provider, on the telephone.
    Indirect,
    /// Not at all.
    #[default]
    None,
}

/// What the system of a provider does when it is told of a booking or a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderSystem {
    /// What it is told.
    #[default]
    Ok,
    /// It says that somebody else has the slot.
    SlotTaken,
    /// It answers with an error.
    Error,
    /// It says nothing.
    Timeout,
    /// It books, and does not cancel.
    RefusesCancel,
}

/// A service to refer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// Its id: digits.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The organisation that provides it.
    pub provider: String,
    /// ODS code of the site, and what that is called.
    pub site: String,
    /// The name of the site.
    pub location: String,
    /// What may be asked of it.
    pub flows: Vec<Flow>,
    /// How it is booked.
    #[serde(default)]
    pub bookable: Bookable,
    /// How soon it sees patients.
    pub priorities: Vec<Priority>,
    /// Its specialty, of the list of reference data.
    pub specialty: String,
    /// Its clinic types, of the list of reference data.
    pub clinic_types: Vec<String>,
    /// Codes of terms that it is found by.
    #[serde(default)]
    pub clinical_terms: Vec<String>,
    /// Whether a letter has to come.
    #[serde(default)]
    pub letter_required: bool,
    /// Clinicians who can be asked for by name, by SDS user id.
    #[serde(default)]
    pub clinicians: Vec<String>,
    /// Youngest and oldest patient, in years.
    #[serde(default)]
    pub ages: Option<(u32, u32)>,
    /// Whom it treats.
    #[serde(default = "any_gender")]
    pub gender: Gender,
    /// What its appointments are: `FIRST_OUTPATIENT`.
    #[serde(default)]
    pub appointment_type: Option<String>,
    /// Miles from any postcode.
    #[serde(default)]
    pub distance: u32,
    /// Days that patients wait.
    #[serde(default)]
    pub wait_days: u32,
    /// What it can help with: `INTERPRETER`.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// The organisations whose patients it is commissioned for; all, where none is named.
    #[serde(default)]
    pub commissioned_for: Vec<String>,
    /// Whether it can be chosen.
    #[serde(default = "yes")]
    pub published: bool,
    /// Its version.
    #[serde(default = "first")]
    pub version: u32,
    /// When it is open.
    #[serde(default)]
    pub hours: Option<String>,
    /// Its telephone.
    #[serde(default)]
    pub telephone: Option<String>,
    /// What it tells patients.
    #[serde(default)]
    pub instructions: Option<String>,
    /// What its booking system does.
    #[serde(default)]
    pub provider_system: ProviderSystem,
}

const fn any_gender() -> Gender {
    Gender::MaleAndFemale
}

const fn first() -> u32 {
    1
}

impl Service {
    /// Whether that may be asked of it.
    pub fn takes(&self, flow: Flow) -> bool {
        self.flows.contains(&flow)
    }
}

/// A clinic that makes slots on days to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Session {
    /// The service.
    pub service: String,
    /// The clinician, where slots are allocated to one.
    #[serde(default)]
    pub clinician: Option<String>,
    /// What the slots are for.
    pub appointment_type: Priority,
    /// Days from the start to the first slot.
    pub after_days: u32,
    /// How many days have slots, one after the other.
    pub days: u32,
    /// Minutes after midnight, UTC, at which the first slot of a day begins.
    pub from_minute: u32,
    /// How many minutes a slot has.
    pub minutes: u32,
    /// How many slots there are a day.
    pub slots: u32,
}

/// A term that services can be searched by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClinicalTerm {
    /// SNOMED CT code.
    pub code: String,
    /// What it means.
    pub display: String,
}
