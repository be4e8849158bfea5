//! Definitions to intermediate representation.

mod base;
mod boxing;
mod codes;

pub(crate) use base::lower;
