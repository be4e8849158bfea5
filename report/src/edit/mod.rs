//! Edits of a payload that fix what can be fixed with certainty and leave every other byte alone.

mod diff;
mod fix;
mod local;

pub use diff::diff;
pub use fix::{Fixed, fix};

pub use crate::change::Edit;

/// The text after edits that do not overlap; `None` where one does not fit the text.
fn applied(source: &str, mut edits: Vec<&Edit>) -> Option<String> {
    edits.sort_by_key(|edit| edit.span.start);
    let mut text = String::with_capacity(source.len() + 16);
    let mut at = 0;
    for edit in edits {
        text.push_str(source.get(at..edit.span.start)?);
        text.push_str(&edit.text);
        at = edit.span.end;
    }
    text.push_str(source.get(at..)?);
    Some(text)
}
