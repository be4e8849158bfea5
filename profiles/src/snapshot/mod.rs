//! Snapshots: the complete list of elements of a structure, made from its differential.
//!
//! A generator loads the snapshot of the base as a tree, walks to each element that the
//! differential names (unfolding types, content references and slices where it walks into them)
//! and lays the stated facts over what is there. Reading the tree in order gives the snapshot.

mod cache;
mod choice;
mod elements;
pub(crate) mod error;
mod generate;
mod inherit;
mod merge;
mod slicing;
mod source;
mod step;
mod tree;
mod unfold;
mod walk;

pub use cache::{SnapshotCache, Structures};
pub use elements::Snapshot;
pub use error::SnapshotError;
pub use generate::{Met, Trace, generate};
pub use source::Source;
pub(crate) use source::core_canonical;
