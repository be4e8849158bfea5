#![doc = include_str!("../README.md")]

mod anchors;
mod api;
mod compare;
mod error;
mod folder;
mod gather;
mod markdown;
mod page;
mod prose;
mod search;
mod theme;

pub use api::{Definers, openapi, postman};
pub use compare::{Edition, compare, must_change};
pub use error::Error;
pub use folder::{MARKER, publish};
pub use gather::{Release, Sources, site};
pub use page::{
    Area, Body, Change, CodeSystem, Comparison, Concept, Content, Difference, Duty, Effect, Element,
    ErrorCode, Example, Failure, File, Header, Home, Link, Listed, Listing, NamingSystem, Operation, Page,
    Parameter, Resource, Route, Rule, Site, Specimen, Step, Structure, Telling, Text, Unreadable, ValueSet,
    Weight, Written,
};
pub use theme::Theme;

/// The JSON Schema of [`Site`], as `--format json` writes it.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Site)
}
