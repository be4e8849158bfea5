//! Copies and compares whole values, by their tables.
//!
//! Derived implementations would be most of the compiled code of a type, and each program that clones a
//! resource would compile them again.

use super::attached::Attached;
use super::read::Seen;
use super::record::{Leaf, Record, Slot};

/// A record of the same type: each type has a shape of its own.
fn alike<'r>(leaf: &'r dyn Leaf, record: &dyn Record) -> Option<&'r dyn Record> {
    leaf.as_record().filter(|other| std::ptr::eq(other.shape(), record.shape()))
}

/// Fills a blank record from another of its type.
pub fn copy_record(from: &dyn Leaf, into: &mut dyn Record) {
    if let Some(from) = alike(from, into) {
        copy_fields(from, into);
        into.extras_mut().copy(from.extras());
    }
}

fn copy_fields(from: &dyn Record, into: &mut dyn Record) {
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

/// Whether another value is a record of the same type with the same values and the same extras.
pub fn same_record(record: &dyn Record, other: &dyn Leaf) -> bool {
    alike(other, record).is_some_and(|other| same_fields(record, other))
}

fn same_fields(a: &dyn Record, b: &dyn Record) -> bool {
    let mut seen = Seen::default();
    a.shape()
        .fields
        .iter()
        .all(|field| seen.note(field.slot) || same_values(a.slot(field.slot), b.slot(field.slot)))
        && (a.extras().is_empty() && b.extras().is_empty() || same_extras(a, b))
}

fn same_values(a: &dyn Slot, b: &dyn Slot) -> bool {
    let alike = |position| match (a.get(position), b.get(position)) {
        (Some(a), Some(b)) => a.same(b),
        _ => false,
    };
    a.count() == b.count() && a.variant() == b.variant() && (0..a.count()).all(alike)
}

/// Whether records with the same values have the same extras.
fn same_extras(a: &dyn Record, b: &dyn Record) -> bool {
    let (own, others) = (a.extras(), b.extras());
    let mut fields = a.shape().fields.iter().enumerate();
    own.unknown() == others.unknown()
        && own.orders() == others.orders()
        && fields.all(|(number, field)| {
            let number = number as u16;
            let is_single =
                a.slot(field.slot).count() == 1 && own.is_single(number) != others.is_single(number);
            let attached = match (Attached::of(a, number), Attached::of(b, number)) {
                (Some(a), Some(b)) => a.same(&b),
                (Some(one), None) | (None, Some(one)) => one.is_empty(),
                (None, None) => true,
            };
            attached && !is_single
        })
}
