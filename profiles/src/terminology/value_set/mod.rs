//! Value sets: their includes and excludes, and the answers that these give.

mod contains;
mod enumerate;
mod expansion;
mod filter;
mod rule;
mod walk;

pub use expansion::{Enumeration, Expansion};
