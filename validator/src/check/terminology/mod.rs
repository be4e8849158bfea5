//! CodeSystem, ValueSet and `ConceptMap` resources: their consistency with each other and with themselves.
//!
//! Source: <http://hl7.org/fhir/R4/codesystem.html>, <http://hl7.org/fhir/R4/valueset.html> and
//! <http://hl7.org/fhir/R4/conceptmap.html>.

mod code_system;
mod concept_map;
mod known;
mod property_codes;
mod value_set;

pub(super) use code_system::check_code_system;
pub(super) use concept_map::check_concept_map;
pub(super) use value_set::check_value_set;
