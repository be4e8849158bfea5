#![doc = include_str!("../README.md")]

mod codes;
mod fault;
mod lock;
mod needs;
#[cfg(any(feature = "online", feature = "online-aws-lc"))]
pub mod online;
mod open;
mod pack;
mod project;
mod range;
mod remember;
mod restore;
mod sets;
mod shelves;
mod source;
mod store;
mod tree;
mod unpack;
mod wanted;

pub use codes::{CodesError, compact};
pub use fault::Fault;
pub use lock::{Hash, LOCK_FILE, Lock, LockError, Locked};
pub use needs::{Needs, Unmet, needs};
pub use open::open;
pub use pack::{PackError, Packed, pack_folder};
pub use project::{Dependencies, dependencies};
pub use range::Range;
pub use restore::{Lost, Restore, RestoreError, Restored, Step, Why};
pub use sets::{Set, expanded, set, sets};
pub use shelves::{Found, Shelves};
pub use source::{Offer, Source, Unfound};
pub use store::{NoSha, Sha, Store, StoreError, Stored, replace};
pub use tree::{Node, Place, manifest, tree};
pub use unpack::{share, vendor};
pub use wanted::{NoName, Wanted};
