#![doc = include_str!("../README.md")]

pub mod capture;
pub mod rule;
mod session;
mod traffic;

pub use traffic::{Judged, Stranger, Traffic, traffic};
