//! What pipelines add to a check of a payload.
//!
//! [`Baseline`]: the findings that are known, so that only new ones count.
//! [`Replacement`]: a file that is written whole or not at all.

mod baseline;
mod replacement;

pub use baseline::{Baseline, BaselineError};
pub use replacement::Replacement;
