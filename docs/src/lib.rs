#![doc = include_str!("../README.md")]

mod error;
mod folder;
mod gather;
mod page;
mod search;
mod theme;

pub use error::Error;
pub use folder::{MARKER, publish};
pub use gather::{Release, Sources, site};
pub use page::{
    Area, Body, Change, CodeSystem, Concept, Content, Duty, Effect, Element, ErrorCode, Example, Failure,
    Header, Home, Link, Listed, Listing, NamingSystem, Operation, Page, Parameter, Route, Rule, Site, Step,
    Structure, Telling, Unreadable, ValueSet,
};
pub use theme::{File, Theme};
