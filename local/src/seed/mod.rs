//! The initial data of a local service: organisations, people, services and slots.

mod check;
mod directory;
mod england;
mod file;
mod grow;
mod login;
pub(crate) mod referrals;

pub use check::SeedError;
pub use directory::{
    Application, Bookable, ClinicalTerm, Flow, Gender, Kind, Organisation, Patient, ProviderSystem, RoleAt,
    Service, Session, User,
};
pub use england::england;
pub use file::Seed;
pub use login::{Jwk, KeySet, Secret};
