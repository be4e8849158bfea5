//! All resources of a release, for users who need more than e-RS uses.
//!
//! They are modules of their own, so that other users do not compile them. Their types differ from those of
//! [`crate::stu3`] and [`crate::r4`]; profiles generated from any package share them (`Config::base_path` of
//! `ers-fhir-codegen`, or `ers-fhir generate rust --base-path ers_fhir_model::full::r4`).

#[cfg(feature = "r4-full")]
#[rustfmt::skip]
#[expect(clippy::doc_markdown, reason = "names of FHIR, as packages write them")]
#[expect(clippy::allow_attributes, reason = "not all that is generated is used everywhere")]
#[expect(clippy::too_many_arguments, reason = "an ExplanationOfBenefit has eight mandatory elements")]
pub mod r4;
#[cfg(feature = "stu3-full")]
#[rustfmt::skip]
#[expect(clippy::doc_markdown, reason = "names of FHIR, as packages write them")]
#[expect(clippy::allow_attributes, reason = "not all that is generated is used everywhere")]
pub mod stu3;
