//! The engine against what HL7 publishes: every invariant of the core packages, and the `FHIRPath`
//! suites.
//!
//! The packages are not part of the repository: `tests/fetch-packages` fetches them. What is absent is
//! skipped, and the test says so.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "tests read packages and suites")]

mod definitions;
mod document;
mod invariants;
mod suite;
