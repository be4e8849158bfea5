//! The writing half of the engine.

use super::attached::Attached;
use super::record::{Leaf, Record, Slot};
use super::shape::Field;
use super::writer::Writer;

/// Writes a value as a JSON document.
pub fn to_vec(value: &dyn Leaf) -> Vec<u8> {
    let mut writer = Writer::default();
    value.write(&mut writer);
    writer.into_bytes()
}

/// Writes a value as JSON text.
pub fn to_string(value: &dyn Leaf) -> String {
    let mut writer = Writer::default();
    value.write(&mut writer);
    writer.into_string()
}

/// Writes a record as an object.
pub fn write_record(record: &dyn Record, writer: &mut Writer) {
    let shape = record.shape();
    writer.begin_object();
    if shape.is_resource {
        writer.known_key("resourceType");
        writer.name(shape.name);
    }
    let has_extras = !record.extras().is_empty();
    for (number, field) in shape.fields.iter().enumerate() {
        write_field(record, field, number as u16, has_extras, writer);
    }
    for (name, json) in record.extras().unknown() {
        writer.unknown_key(name);
        writer.raw(json);
    }
    writer.end_object();
}

/// Writes a field, by its number, with ids and extensions of its values, unless the record has no extras at all.
pub(super) fn write_field(
    record: &dyn Record,
    field: &Field,
    number: u16,
    has_extras: bool,
    writer: &mut Writer,
) {
    let slot = record.slot(field.slot);
    let values = if slot.count() > 0 && slot.variant() == field.variant { slot.count() } else { 0 };
    let attached = if has_extras { Attached::of(record, number) } else { None };
    let Some(attached) = attached else {
        return write_plain(field, slot, values, has_extras && record.extras().is_single(number), writer);
    };
    let present =
        |position: usize| slot.get(position).filter(|_| position < values && !attached.is_absent(position));
    let element = |position: usize| attached.element(position);
    let is_single = values == 1 && record.extras().is_single(number);
    if field.is_many && !is_single {
        let all = 0..values;
        // `[null]` without ids or extensions was read that way, and is written that way.
        let extended = all.clone().any(|position| element(position).is_some());
        if values > 0 && (!extended || all.clone().any(|position| present(position).is_some())) {
            write_array(field, "", values, writer, present);
        }
        if extended {
            write_array(field, "_", values, writer, element);
        }
        return;
    }
    if let Some(leaf) = present(0) {
        writer.key("", field.name);
        leaf.write(writer);
    }
    if let Some(leaf) = element(0) {
        writer.key("_", field.name);
        leaf.write(writer);
    }
}

/// Writes a field whose values have no ids or extensions.
fn write_plain(field: &Field, slot: &dyn Slot, values: usize, is_single: bool, writer: &mut Writer) {
    if field.is_many && !(is_single && values == 1) {
        if values > 0 {
            write_array(field, "", values, writer, |position| slot.get(position));
        }
    } else if let Some(leaf) = slot.get(0).filter(|_| values > 0) {
        writer.known_key(field.name);
        leaf.write(writer);
    }
}

fn write_array<'a>(
    field: &Field,
    prefix: &str,
    values: usize,
    writer: &mut Writer,
    leaf: impl Fn(usize) -> Option<&'a dyn Leaf>,
) {
    writer.key(prefix, field.name);
    writer.begin_array();
    for position in 0..values {
        match leaf(position) {
            Some(leaf) => leaf.write(writer),
            None => writer.raw("null"),
        }
    }
    writer.end_array();
}
