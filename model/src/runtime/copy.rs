//! Copies and comparisons of whole values, by their tables.
//!
//! Derived, they would be the larger part of what a type compiles to, and each program that clones a
//! resource would compile them again.

use super::read::Seen;
use super::record::{Leaf, Record};
use super::write;

/// Fills the fields of a blank record from those of another of its type.
pub fn copy_fields(from: &dyn Record, into: &mut dyn Record) {
    let mut seen = Seen::default();
    for field in from.shape().fields {
        // A choice has an entry for each of its types.
        if seen.note(field.slot) {
            continue;
        }
        let values = from.slot(field.slot);
        let variant = values.variant();
        let copies = into.slot_mut(field.slot);
        for leaf in (0..values.count()).filter_map(|position| values.get(position)) {
            copies.add(variant).copy(leaf);
        }
    }
}

/// Whether two values of a type are written alike.
pub fn same(a: &dyn Leaf, b: &dyn Leaf) -> bool {
    write::to_vec(a) == write::to_vec(b)
}
