//! A payload as one arena of nodes, the same whether it was written as JSON or XML.
//!
//! There is one [`Node`] for each *element occurrence*: the items of a JSON array are siblings of
//! the same name, and `name` and `_name` are one node that holds both a value and children. So
//! every rule is written once. Faults that only JSON can have (an object where an array belongs, an
//! empty array) are kept in [`Kind`] and in the flags.
//!
//! Text is borrowed from the source; only text with escapes or entities is decoded into a side
//! buffer. Positions are byte offsets into the source.

mod builder;
mod document;
mod fault;
mod json;
mod limits;
mod lines;
mod name;
mod node;
#[cfg(test)]
mod outline;
mod read;
mod xml;

pub use document::{Document, Syntax};
pub use fault::{Fault, FaultKind, Unreadable};
pub use limits::{MAX_BYTES, MAX_DEPTH, check_size};
pub use lines::{LineIndex, Position};
pub use name::{Name, Wanted};
pub use node::{Children, Kind, Node, NodeId};
