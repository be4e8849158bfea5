//! Definitions as payloads: a StructureDefinition, a SearchParameter or another definition must be consistent
//! with itself and with the definitions it builds on.
//!
//! - [`structure`] applies a profile to its base: [`loosened`] finds constraints that allow too much,
//!   [`slices`] checks slices, [`values`] fixed values and patterns, [`facets`] constraints that do not apply
//!   to a type, [`keys`] invariants, [`order`] the order of elements, [`published`] and [`whole`] the
//!   published snapshot. [`header`] checks the definition as a whole.
//! - [`search`] checks search parameters, [`operation`] operations, [`capability`] the statements of servers,
//!   [`questionnaire`] the conditions of items, [`structure_map`] maps, [`plan`] the ids that plans use,
//!   [`graph`] the links of graphs, [`typed`] types with a profile beside them.
//! - [`names`] follows FHIRPath through the definitions of types, to find names that do not exist there.
//!
//! If something cannot be known (a base that is not loaded), that is reported; the targets of references are
//! not followed.

mod capability;
mod datum;
mod facets;
mod graph;
mod header;
mod keys;
mod loosened;
mod names;
mod operation;
mod order;
mod plan;
mod published;
mod questionnaire;
mod search;
mod slices;
mod stated;
mod structure;
mod structure_map;
mod typed;
mod values;
mod whole;

pub(super) use capability::check as check_capability_statement;
pub(super) use graph::check as check_graph;
pub(super) use operation::check as check_operation;
pub(super) use plan::check as check_plan;
pub(super) use questionnaire::check as check_questionnaire;
pub(super) use search::check as check_search_parameter;
pub(super) use structure::check as check_structure;
pub(super) use structure_map::check as check_structure_map;
pub(super) use typed::{check_guide, check_message};
