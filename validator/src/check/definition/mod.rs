//! Definitions as payloads: what a StructureDefinition, a SearchParameter or a Questionnaire says must fit
//! itself and what it builds on.
//!
//! - [`structure`] holds the elements of a profile against those of its base.
//! - [`search`] checks search parameters, [`questionnaire`] the conditions of items.
//! - [`names`] follows FHIRPath through the definitions of types, to find names that mean nothing there.
//!
//! What cannot be known (a base that is not loaded, what a reference leads to) is passed over.

mod names;
mod questionnaire;
mod search;
mod structure;

pub(super) use questionnaire::check as check_questionnaire;
pub(super) use search::check as check_search_parameter;
pub(super) use structure::check as check_structure;
