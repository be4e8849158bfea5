//! The NHS e-Referral Service: its profiles as structs.
//!
//! What a profile fixes is implied, what it forbids is no field, and what it demands is a parameter of
//! `new`. A struct is made from a base structure with `TryFrom`, which lists every violation, and becomes
//! one again with `From`.
//!
//! The known deviations of the live service are read in both forms and written as the service wants them:
//! an array that came as one object, empty arrays and `null` are taken for what they stand for, and
//! `Appointment.participant.type` is written as one object.
//!
//! A request that lacks a mandatory part does not compile:
//!
//! ```compile_fail,E0061
//! use ers_fhir_model::ers::stu3::CreateReferralParameters;
//!
//! let request = CreateReferralParameters::new();
//! ```
//!
//! Nor does one with a part that the profile forbids:
//!
//! ```compile_fail,E0609
//! # use ers_fhir_model::ers::stu3::NhsNumberIdentifier;
//! let number = NhsNumberIdentifier::new("9434765919");
//! // The profile implies the system.
//! println!("{:?}", number.system);
//! ```

#[cfg(feature = "stu3")]
pub mod builders;
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
