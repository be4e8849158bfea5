//! The trait that every format implements.

use super::checked::Checked;
use super::summary::Summary;

/// A format.
pub trait Render: Send + Sync {
    /// Text that opens the output.
    fn open(&self) -> String {
        String::new()
    }

    /// Whether it writes fingerprints, which need findings to be counted by [`Earlier`](super::Earlier) before.
    fn has_fingerprints(&self) -> bool {
        false
    }

    /// Text for one payload; may be empty.
    fn payload(&self, checked: &Checked) -> String;

    /// Text between pieces.
    fn separator(&self) -> &'static str {
        ""
    }

    /// Text for one input that could not be checked; may be empty.
    fn failure(&self, error: &str) -> String;

    /// A remark about several payloads together; empty, unless the format is for people.
    fn note(&self, text: &str) -> String {
        let _ = text;
        String::new()
    }

    /// Text that closes the output.
    fn close(&self, summary: &Summary) -> String;
}
