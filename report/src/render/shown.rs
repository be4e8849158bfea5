//! Messages and locations as they may be shown.

use std::borrow::Cow;

use crate::{Message, mask};

/// A message as it may be shown.
pub(super) fn shown(message: &Message, masks: bool) -> String {
    if masks { message.masked() } else { message.revealed().to_owned() }
}

/// A location as it may be shown.
pub(super) fn place(location: &str, masks: bool) -> Cow<'_, str> {
    if masks { Cow::Owned(mask::location(location)) } else { Cow::Borrowed(location) }
}
