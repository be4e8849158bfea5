//! The FHIRPath language.
