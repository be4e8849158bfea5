//! The checks that every call must pass before its operation runs, in the order that the service appears to
//! use.

mod access;
mod headers;
mod structure;

pub(crate) use access::{Caller, admit};
pub(crate) use headers::{check_headers, unknown_path, version_of};
pub(crate) use structure::Structure;
