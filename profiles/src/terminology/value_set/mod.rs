//! Value sets: their includes and excludes, and the answers to questions about them.

mod contains;
mod enumerate;
mod expansion;
mod filter;
mod rule;
mod walk;

pub use expansion::{Enumeration, Expansion};
