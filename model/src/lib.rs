//! FHIR as Rust types: base resources, and the profiles of the NHS e-Referral Service.
//!
//! The types are generated from the definitions by `ers-fhir-codegen` and checked in. They lose
//! nothing: extensions of primitives, unknown fields, the digits of decimals and unknown codes all
//! survive reading and writing.
//!
//! ```
//! # #[cfg(feature = "stu3")] {
//! use ers_fhir_model::runtime::Json;
//! use ers_fhir_model::stu3::Patient;
//!
//! let json = r#"{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"about"}}"#;
//! let patient = Patient::from_json(json)?;
//! assert_eq!(patient.birth_date.as_deref(), Some("1970"));
//! assert_eq!(patient.to_json(), json);
//! # }
//! # Ok::<(), ers_fhir_model::runtime::ReadError>(())
//! ```
//!
//! Features: `stu3` (on by default) and `r4` enable the releases, and `ers` the profiles of e-RS for them; `stu3-full`
//! and `r4-full` have all resources of a release, in modules of their own; `xml` reads and writes XML; `jiff` converts
//! dates and times, and `schemars` makes JSON Schemas of the types.

#[cfg(feature = "ers")]
pub mod ers;
#[cfg(any(feature = "stu3-full", feature = "r4-full"))]
pub mod full;
#[cfg(any(feature = "stu3", feature = "r4"))]
mod helpers;
pub mod identifiers;
pub mod primitives;
pub mod runtime;
#[cfg(feature = "r4")]
#[rustfmt::skip]
#[expect(clippy::doc_markdown, reason = "names of FHIR, as packages write them")]
#[expect(clippy::allow_attributes, reason = "not all that is generated is used everywhere")]
pub mod r4;
#[cfg(feature = "stu3")]
#[rustfmt::skip]
#[expect(clippy::doc_markdown, reason = "names of FHIR, as packages write them")]
#[expect(clippy::allow_attributes, reason = "not all that is generated is used everywhere")]
pub mod stu3;
