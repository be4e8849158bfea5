//! `Debug` for every generated type: its name and its JSON.

use std::fmt;

use super::record::Leaf;
use super::write;

/// Shows a value as its JSON, which says more in less space than nested structs of `None`.
pub fn show(name: &str, value: &dyn Leaf, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name} {}", write::to_string(value))
}
