//! All resources of FHIR STU3; `../run generate` writes the module.

#[rustfmt::skip]
pub mod fhir;
