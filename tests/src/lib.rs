//! What the tests of the whole toolkit share: how to read corpora, and how to spoil payloads.
//!
//! Corpora are not in this repository; `ers_fhir_corpora` knows where they are, and has tests that find
//! none ignored.

pub mod bad;
mod corpus;
pub mod ers;
pub mod place;
pub mod spoil;

pub use corpus::{Instance, archive, examples};

/// Says something that a person who runs the tests should know.
#[expect(clippy::print_stderr, reason = "tests have no other way to speak")]
pub fn note(text: &str) {
    eprintln!("{text}");
}
