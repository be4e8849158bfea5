//! People, organisations and services in a seed.

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
    /// Its name.
    pub name: String,
    /// Its role.
    pub kind: Kind,
    /// Whether it has been closed.
    #[serde(default)]
    pub closed: bool,
}

/// The role of an organisation.
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
    /// Their name.
    pub name: String,
    /// Whether they are active.
    #[serde(default = "yes")]
    pub active: bool,
    /// Their business functions, by organisation.
    pub roles: Vec<RoleAt>,
    /// The services to whose workgroups they belong, by id.
    #[serde(default)]
    pub services: Vec<String>,
    /// The clinicians whom they may act for, by SDS user id.
    #[serde(default)]
    pub acts_for: Vec<String>,
}

impl User {
    /// Whether they have a business function at an organisation.
    pub fn works_as(&self, function: Role, organisation: &str) -> bool {
        let here = self.roles.iter().filter(|role| role.organisation == organisation);
        here.flat_map(|role| &role.functions).any(|known| known == function.code())
    }

    /// Whether they have a business function at any organisation.
    pub fn is(&self, function: Role) -> bool {
        self.roles.iter().flat_map(|role| &role.functions).any(|known| known == function.code())
    }
}

/// The business functions of a user at an organisation.
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
    /// Its id, which is also its API key.
    pub id: String,
    /// ODS code of its organisation.
    pub organisation: String,
    /// The keys that it signs with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<KeySet>,
    /// The secret with which it authenticates when users log in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    /// Addresses to which users may be redirected after login.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callbacks: Vec<String>,
}

/// A patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Patient {
    /// NHS number, from the test range, which begins with 9.
    pub nhs_number: String,
    /// Their name.
    pub name: String,
    /// ODS code of the practice that they are registered with.
    #[serde(default)]
    pub practice: Option<String>,
    /// Whether their record can be used.
    #[serde(default = "yes")]
    pub usable: bool,
    /// Whether they have an access code for booking.
    #[serde(default = "yes")]
    pub access_code: bool,
    /// Their age, for services that depend on it.
    #[serde(default)]
    pub age: Option<u32>,
    /// Their gender, for services that depend on it.
    #[serde(default)]
    pub gender: Option<Gender>,
    /// Their additional requirements: `INTERPRETER`, `ADVOCACY`, `TRANSPORT`.
    #[serde(default)]
    pub requirements: Vec<String>,
}

/// The gender that a service treats, or that a patient has.
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
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "MALE",
            Self::Female => "FEMALE",
            Self::MaleAndFemale => "MALE_AND_FEMALE",
        }
    }
}

/// A kind of request that a service accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Flow {
    /// An appointment.
    AppointmentRequest,
    /// Triage.
    TriageRequest,
    /// Advice.
    AdviceAndGuidanceRequest,
}

impl Flow {
    /// Its code in STU3 operations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AppointmentRequest => "APPOINTMENT_REQUEST",
            Self::TriageRequest => "TRIAGE_REQUEST",
            Self::AdviceAndGuidanceRequest => "ADVICE_AND_GUIDANCE_REQUEST",
        }
    }

    /// Its code in R4 operations, and a description.
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
    /// Directly, in slots that the service knows.
    Direct,
    /// By the provider, on the telephone.
    Indirect,
    /// Not at all.
    #[default]
    None,
}

/// How the provider's system reacts to a booking or a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderSystem {
    /// It carries out the request.
    #[default]
    Ok,
    /// It says that somebody else has the slot.
    SlotTaken,
    /// It answers with an error.
    Error,
    /// It does not answer.
    Timeout,
    /// It books, but does not cancel.
    RefusesCancel,
}

/// A service to refer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// Its id: digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The organisation that provides it.
    pub provider: String,
    /// ODS code of the site.
    pub site: String,
    /// The name of the site.
    pub location: String,
    /// The kinds of requests that it accepts.
    pub flows: Vec<Flow>,
    /// How it is booked.
    #[serde(default)]
    pub bookable: Bookable,
    /// The priorities that it accepts.
    pub priorities: Vec<Priority>,
    /// Its specialty, from the reference data list.
    pub specialty: String,
    /// Its clinic types, from the reference data list.
    pub clinic_types: Vec<String>,
    /// Codes of clinical terms by which it is found.
    #[serde(default)]
    pub clinical_terms: Vec<String>,
    /// Whether it requires a referral letter.
    #[serde(default)]
    pub letter_required: bool,
    /// Clinicians who can be requested by name, by SDS user id.
    #[serde(default)]
    pub clinicians: Vec<String>,
    /// The youngest and the oldest age that it treats, in years.
    #[serde(default)]
    pub ages: Option<(u32, u32)>,
    /// The gender that it treats.
    #[serde(default = "any_gender")]
    pub gender: Gender,
    /// The type of its appointments: `FIRST_OUTPATIENT`.
    #[serde(default)]
    pub appointment_type: Option<String>,
    /// Its distance from any postcode, in miles.
    #[serde(default)]
    pub distance: u32,
    /// The indicative wait, in days.
    #[serde(default)]
    pub wait_days: u32,
    /// The additional requirements that it can meet: `INTERPRETER`.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// The organisations for whose patients it is commissioned; all if none is named.
    #[serde(default)]
    pub commissioned_for: Vec<String>,
    /// Whether it is published.
    #[serde(default = "yes")]
    pub published: bool,
    /// Its version.
    #[serde(default = "first")]
    pub version: u32,
    /// Its opening hours.
    #[serde(default)]
    pub hours: Option<String>,
    /// Its telephone number.
    #[serde(default)]
    pub telephone: Option<String>,
    /// Its instructions for patients.
    #[serde(default)]
    pub instructions: Option<String>,
    /// How its booking system behaves.
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
    /// Whether it accepts requests of a kind.
    pub fn takes(&self, flow: Flow) -> bool {
        self.flows.contains(&flow)
    }
}

/// A clinic that generates slots on future days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Session {
    /// The service.
    pub service: String,
    /// The clinician, if slots are allocated to one.
    #[serde(default)]
    pub clinician: Option<String>,
    /// What the slots are for.
    pub appointment_type: Priority,
    /// Days from the start to the first slot.
    pub after_days: u32,
    /// The number of consecutive days with slots.
    pub days: u32,
    /// Minutes after midnight, UTC, at which the first slot of a day begins.
    pub from_minute: u32,
    /// The length of a slot, in minutes.
    pub minutes: u32,
    /// The number of slots a day.
    pub slots: u32,
}

/// A term that services can be searched by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClinicalTerm {
    /// SNOMED CT code.
    pub code: String,
    /// Its display text.
    pub display: String,
}
