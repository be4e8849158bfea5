#![doc = include_str!("../README.md")]

mod baseline;
pub mod capture;
mod changed;
mod finding;
pub mod inputs;
mod path;
mod replacement;
pub mod rule;
mod session;
pub mod settings;
mod traffic;

pub use baseline::{Baseline, BaselineError};
pub use changed::{ChangedError, HEAD, changed};
pub use replacement::Replacement;
pub use traffic::{Judged, Strange, Stranger, Traffic, traffic};
