//! The NHS e-Referral Service (e-RS): what it offers, to whom, and what passes.

mod definitions;
pub mod service;

pub use definitions::{definitions, package};
