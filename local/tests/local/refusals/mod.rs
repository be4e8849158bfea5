//! Every refusal: what is sent, and what it is answered with. A row is a reason of the specification.

mod access;
mod appointments;
mod creation;
mod records;
mod reviews;

use std::collections::BTreeSet;

use ers_fhir_local::Call;

use crate::support::*;

use access::ACCESS;
use appointments::APPOINTMENTS;
use creation::CREATION;
use records::RECORDS;
use reviews::REVIEWS;

/// What is wrong, the status and the code that it is answered with, and the call.
type Row = (&'static str, u16, &'static str, fn(&mut Service) -> Call);

/// Plays a list of rows, each on a service of its own in which referral 1 was just created; the codes that were answered.
fn play(rows: &[Row]) -> BTreeSet<&'static str> {
    let mut begun = Service::new();
    created(&mut begun, skin(), &["20417"]);
    let (state, now) = (begun.state.clone(), begun.now);
    for (what, status, code, make) in rows {
        (begun.state, begun.now) = (state.clone(), now);
        let call = make(&mut begun);
        let answer = begun.refused(&call);
        assert_eq!(answer, (*status, *code), "{what}");
    }
    rows.iter().map(|(_, _, code, _)| *code).collect()
}

#[test]
fn creation_is_refused() {
    play(CREATION);
}

#[test]
fn access_is_refused() {
    play(ACCESS);
}

#[test]
fn records_are_refused() {
    play(RECORDS);
}

#[test]
fn appointments_are_refused() {
    play(APPOINTMENTS);
}

#[test]
fn reviews_are_refused() {
    play(REVIEWS);
}

#[test]
fn every_code_of_the_service_is_reached() {
    // What lies outside of the core: asked for as a fault, or by a rate.
    const OUTSIDE: [&str; 4] =
        ["REC_SERVER_ERROR", "REC_UNAVAILABLE", "SYSTEM_UNAVAILABLE", "TOO_MANY_REQUESTS"];
    let rows = [CREATION, ACCESS, RECORDS, APPOINTMENTS, REVIEWS];
    let reached: BTreeSet<&str> = rows.iter().flat_map(|rows| rows.iter().map(|row| row.2)).collect();
    let missing: Vec<&str> = ers_fhir_ers::service::errors()
        .iter()
        .map(|error| error.code)
        .filter(|code| !reached.contains(code) && !OUTSIDE.contains(code))
        .collect();
    // No operation of R4 takes a body.
    assert_eq!(missing, ["REC_UNSUPPORTED_MEDIA_TYPE"]);
}
