//! FHIR validation.
