//! Limits on a payload, so that reading it is bounded.

use crate::fault::{FaultKind, Unreadable};

/// Deepest nesting of objects, arrays or XML elements that is read.
pub const MAX_DEPTH: usize = 200;

/// Largest payload that is read, in bytes.
pub const MAX_BYTES: usize = 512 << 20;

/// Refuses a payload of more than [`MAX_BYTES`], best before it is in memory.
///
/// # Errors
///
/// [`Unreadable`] where it is larger.
pub fn check_size(bytes: u64) -> Result<(), Unreadable> {
    if bytes <= MAX_BYTES as u64 {
        return Ok(());
    }
    Err(*FaultKind::TooLarge(bytes).at(0..0))
}
