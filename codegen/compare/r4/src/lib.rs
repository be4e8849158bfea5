//! All resources of FHIR R4; `../run generate` writes the module.

#[rustfmt::skip]
pub mod fhir;
