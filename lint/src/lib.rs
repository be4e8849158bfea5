#![doc = include_str!("../README.md")]

mod baseline;
pub mod capture;
mod finding;
mod replacement;
pub mod rule;
mod session;
pub mod settings;
mod traffic;

pub use baseline::{Baseline, BaselineError};
pub use replacement::Replacement;
pub use traffic::{Judged, Stranger, Traffic, traffic};
