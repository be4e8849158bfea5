//! The source of a payload, as its lines may be shown.

use std::borrow::Cow;

use super::checked::Checked;
use crate::mask;

/// Largest payload of which a masked copy is made; no lines of a larger one are shown.
const MAX_MASKED: usize = 16 << 20;

/// The payload, with its values hidden if they must be; empty where no line is shown.
pub(super) fn source(checked: &Checked, masks: bool) -> Cow<'_, str> {
    if !masks || checked.report.diagnostics.is_empty() {
        Cow::Borrowed(&checked.text)
    } else if checked.text.len() <= MAX_MASKED {
        // An unreadable payload is understood up to where the reader gave up.
        let understood = if checked.version.is_some() { usize::MAX } else { checked.report.understood() };
        Cow::Owned(mask::masked(&checked.text, checked.syntax, understood))
    } else {
        Cow::Borrowed("")
    }
}
