//! FHIR as Rust types: base resources, and the profiles of the NHS e-Referral Service.
//!
//! The types are generated from the definitions by `ers-fhir-codegen` and checked in. They lose
//! nothing: extensions of primitives, unknown fields, the digits of decimals and unknown codes all
//! survive reading and writing.

pub mod primitives;
pub mod runtime;
#[cfg(feature = "ers")]
pub mod ers;
#[cfg(feature = "r4")]
pub mod r4;
#[cfg(feature = "stu3")]
pub mod stu3;
