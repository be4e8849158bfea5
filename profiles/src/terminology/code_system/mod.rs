//! What is known about a code system: its concepts by code, its grammar, or nothing.

pub(crate) mod display;
pub(crate) mod hierarchy;
pub(crate) mod known;
mod lookup;
pub(crate) mod parted;

pub use lookup::{CodeLookup, FoundCode};
