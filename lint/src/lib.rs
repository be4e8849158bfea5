#![doc = include_str!("../README.md")]

mod asked;
mod baseline;
pub mod capture;
mod changed;
mod check;
mod definitions;
mod finding;
pub mod inputs;
pub mod judgement;
mod loaded;
mod looks;
mod missing;
pub mod names;
mod path;
mod replacement;
mod repository;
pub mod rule;
mod session;
pub mod settings;
mod tell;
mod traffic;
mod unfinished;

pub use asked::Asked;
pub use baseline::{Baseline, BaselineError, payload};
pub use changed::{ChangedError, HEAD, changed};
pub use check::{Checker, Setting, broken_down, is_something_else, refused};
pub use definitions::{Packages, Validators, is_address, located};
pub use looks::like_fhir;
pub use missing::line as missing_line;
pub use replacement::{PREFIX, Replacement};
pub use repository::Repository;
pub use tell::Tell;
pub use traffic::{Judged, Strange, Stranger, Traffic, traffic};
