//! Lowers definitions to the intermediate representation.

mod base;
mod boxing;
mod choice;
mod codes;
mod element;
mod profile;
mod simplify;
mod slices;

pub(crate) use base::lower;
pub(crate) use profile::{Wanted, lower as lower_profiles};
