//! The forty operations, one file for each area.

mod advice;
mod appointment;
mod common;
mod file;
mod refer;
mod referral;
mod review;
mod service;
mod user;

use thiserror::Error;

use super::endpoint::Endpoint;

static AREAS: [&[Endpoint]; 8] = [
    service::ENDPOINTS,
    refer::ENDPOINTS,
    referral::ENDPOINTS,
    review::ENDPOINTS,
    advice::ENDPOINTS,
    appointment::ENDPOINTS,
    file::ENDPOINTS,
    user::ENDPOINTS,
];

/// Every operation, area by area.
pub(crate) fn by_area() -> impl Iterator<Item = &'static Endpoint> {
    AREAS.into_iter().flatten()
}

/// Every operation, in order of its id.
pub fn endpoints() -> Vec<&'static Endpoint> {
    let mut all: Vec<&Endpoint> = by_area().collect();
    all.sort_by_key(|endpoint| (endpoint.id, endpoint.is_versioned()));
    all
}

/// The operations with an id, in any case: a read of the latest version, then of a given one.
pub fn find(id: &str) -> impl Iterator<Item = &'static Endpoint> {
    by_area().filter(move |endpoint| endpoint.id.eq_ignore_ascii_case(id))
}

/// The operation with an id, in any case; of two, the read of the latest version.
///
/// # Errors
///
/// If there is none.
pub fn named(id: &str) -> Result<&'static Endpoint, UnknownOperation> {
    find(id).next().ok_or_else(|| UnknownOperation(id.to_owned()))
}

/// An id that no operation has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("e-RS has no operation '{0}'; `ers-fhir endpoints` lists those from A004 to A044")]
pub struct UnknownOperation(String);
