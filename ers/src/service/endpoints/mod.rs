//! The forty operations, one file an area.

mod advice;
mod appointment;
mod common;
mod file;
mod refer;
mod referral;
mod review;
mod service;
mod user;

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

/// The operations of an id, in any case: a read of the latest version, then of a given one.
pub fn find(id: &str) -> impl Iterator<Item = &'static Endpoint> {
    by_area().filter(move |endpoint| endpoint.id.eq_ignore_ascii_case(id))
}
