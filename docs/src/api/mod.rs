//! The operations of e-RS for tools that know no FHIR: an `OpenAPI` document, and a collection for Postman.

mod openapi;
mod postman;
mod schemas;
mod shared;

pub use openapi::openapi;
pub use postman::postman;
pub use shared::Definers;
