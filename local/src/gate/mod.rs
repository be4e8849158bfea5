//! What every call has to pass before its operation is asked, in the order in which the service seems to look.

mod access;
mod headers;
mod structure;

pub(crate) use access::{Caller, admit};
pub(crate) use headers::{check_headers, unknown_path, version_of};
pub(crate) use structure::Structure;
