//! Definitions compiled for checking: everything looked up, parsed and classified once.
//!
//! A *type schema* holds all constraints of a type. A *profile schema* holds only those that the profile adds
//! to its base type, so that a payload is walked once in full and then only along the paths that a profile
//! constrains.

mod baseline;
mod catalogue;
mod compile;
mod constraint;
mod element;
mod guide;
mod label;
mod link;
mod table;
mod type_name;

pub(crate) use catalogue::CORE;
pub(crate) use constraint::{Check, Host, Invariant, MOST_NOTED, Present, contains, fixed, membership};
pub(crate) use element::{Children, Condition, Context, Element, Origin, Schema};
pub(crate) use guide::Global;
pub(crate) use label::{Label, Names};
pub(crate) use link::{ProfileLink, TypeCheck};
pub(crate) use table::Schemas;
pub(crate) use type_name::{Family, SchemaIndex, TypeName};
