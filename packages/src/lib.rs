#![doc = include_str!("../README.md")]

mod needs;
mod range;
mod shelves;
mod tree;
mod wanted;

pub use needs::{Needs, Unmet, needs};
pub use range::Range;
pub use shelves::{Found, Shelves};
pub use tree::{Node, Place, manifest, tree};
pub use wanted::{NoName, Wanted};
