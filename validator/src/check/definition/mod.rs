//! Definitions as payloads: what a StructureDefinition, a SearchParameter or another definition says must fit
//! itself and what it builds on.
//!
//! - [`structure`] lays a profile over its base: [`loosened`] is for what it may not allow, [`slices`] for
//!   slices, [`values`] for the values that it gives, [`facets`] for what its types cannot have, [`keys`] for its
//!   invariants, [`order`] for its order, [`published`] and [`whole`] for the snapshot that it brings along. [`header`] is for the
//!   definition as a whole.
//! - [`search`] checks search parameters, [`operation`] operations, [`capability`] what servers say that they do,
//!   [`questionnaire`] the conditions of items, [`structure_map`] maps.
//! - [`names`] follows FHIRPath through the definitions of types, to find names that mean nothing there.
//!
//! What cannot be known (a base that is not loaded) is said, and what a reference leads to is passed over.

mod capability;
mod datum;
mod facets;
mod header;
mod keys;
mod loosened;
mod names;
mod operation;
mod order;
mod published;
mod questionnaire;
mod search;
mod slices;
mod stated;
mod structure;
mod structure_map;
mod values;
mod whole;

pub(super) use capability::check as check_capability_statement;
pub(super) use operation::check as check_operation;
pub(super) use questionnaire::check as check_questionnaire;
pub(super) use search::check as check_search_parameter;
pub(super) use structure::check as check_structure;
pub(super) use structure_map::check as check_structure_map;
