//! Who calls: tokens for applications and users, issued as by the platform of the real service.

mod assertion;
mod form;
mod grants;
mod identity;
mod jwt;
mod keys;
mod known;
mod lasting;
mod ledger;
mod options;
mod refused;

pub(super) use form::Form;
pub(super) use identity::{LASTS, Wanted};
pub use keys::{ApplicationKey, KeyError};
pub(super) use known::Authority;
pub(super) use ledger::Code;
pub use options::LoginOptions;
pub(super) use refused::Refused;
