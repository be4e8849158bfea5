//! `Debug` for every generated type: its name and its JSON.
//!
//! Debug output ends up in logs, so `{:?}` shows elements and codes but hides values, which may be those of a
//! patient; `{:#?}` shows everything.

use std::fmt;

use super::record::Leaf;
use super::write;
use super::writer::Writer;

/// Shows a value as its JSON, which says more in less space than nested structs of `None`.
pub fn show(name: &str, value: &dyn Leaf, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if f.alternate() {
        return write!(f, "{name} {}", write::to_string(value));
    }
    let mut writer = Writer::masked();
    value.write(&mut writer);
    write!(f, "{name} {}", writer.into_string())
}

/// Shows a primitive: its name and, with `{:#?}`, its text.
pub fn show_text(name: &str, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if f.alternate() { write!(f, "{name}({text:?})") } else { write!(f, "{name}(..)") }
}
