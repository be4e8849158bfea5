#![doc = include_str!("../README.md")]

mod needs;
mod range;
mod shelves;
mod wanted;

pub use needs::{Needs, Unmet, needs};
pub use range::Range;
pub use shelves::{Found, Shelves};
pub use wanted::{NoName, Wanted};
