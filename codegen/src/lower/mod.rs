//! Definitions to intermediate representation.

mod base;
mod boxing;
mod codes;
mod profile;
mod simplify;
mod slices;

pub(crate) use base::lower;
pub(crate) use profile::lower as lower_profiles;
