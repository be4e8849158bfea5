//! Value sets: their includes and excludes, and the answers that these give.

mod enumerate;
mod expansion;
mod filter;
mod rule;
mod walk;

pub use enumerate::Enumeration;
pub use expansion::Expansion;
