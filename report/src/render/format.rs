//! What a format is.

use super::checked::Checked;
use super::summary::Summary;

/// A format.
pub trait Render: Send + Sync {
    /// What comes first.
    fn open(&self) -> String {
        String::new()
    }

    /// Whether it has fingerprints, for which [`Earlier`](super::Earlier) has to have counted findings.
    fn has_fingerprints(&self) -> bool {
        false
    }

    /// What one payload adds; may be nothing.
    fn payload(&self, checked: &Checked) -> String;

    /// What stands between pieces.
    fn separator(&self) -> &'static str {
        ""
    }

    /// What one input that could not be checked adds; may be nothing.
    fn failure(&self, error: &str) -> String;

    /// What is said of several payloads together; nothing, unless people read it.
    fn note(&self, text: &str) -> String {
        let _ = text;
        String::new()
    }

    /// What comes last.
    fn close(&self, summary: &Summary) -> String;
}
