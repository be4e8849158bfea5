//! Checks a payload: one walk over the tree, and one file for each rule family.
//!
//! - [`run`] is the state of a run: what the families read, and where they report. It knows no family.
//! - [`phases`] says what runs when: the [`walk`], the checks deferred to its end, the [`profile`]s.
//!
//! Families import the state and never the phases, so there are no import cycles.

pub(crate) mod budget;
mod bundle;
mod canonical;
mod coding;
mod contained;
mod datatypes;
pub(crate) mod declared;
mod definition;
pub(crate) mod edit;
mod extension;
pub(crate) mod finding;
pub(crate) mod focus;
mod ground;
mod guide;
mod host;
mod imposed;
pub(crate) mod known;
mod location;
mod measure;
mod memory;
pub(crate) mod name;
pub(crate) mod narrative;
pub(crate) mod no_result;
pub(crate) mod phases;
mod primitive;
mod profile;
pub(crate) mod quantity;
mod questionnaire;
mod reference;
mod release;
mod report;
mod resolution;
mod resource;
mod run;
pub(crate) mod said;
mod shelf;
mod structure;
mod synonym;
mod taken;
mod terminology;
mod trial;
mod unknown;
mod vital_signs;
mod walk;

pub(crate) use finding::Finding;
pub(crate) use run::{Checker, Fact};
