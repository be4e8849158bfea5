//! The writing half of the engine.

use super::record::{Leaf, Record};
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
        writer.key("", "resourceType");
        writer.name(shape.name);
    }
    let has_extras = !record.extras().is_empty();
    for (number, field) in shape.fields.iter().enumerate() {
        write_field(record, field, writer, has_extras.then_some(number as u16));
    }
    for (name, json) in record.extras().unknown() {
        writer.unknown_key(name);
        writer.raw(json);
    }
    writer.end_object();
}

/// Writes a field, and what extends it where `extras` gives the number by which that is known.
pub(super) fn write_field(record: &dyn Record, field: &Field, writer: &mut Writer, extras: Option<u16>) {
    let slot = record.slot(field.slot);
    let values = if slot.count() > 0 && slot.variant() == field.variant { slot.count() } else { 0 };
    let present = |position: usize| {
        let leaf = slot.get(position).filter(|_| position < values)?;
        let is_absent = extras.is_some_and(|number| record.extras().is_absent(number, position as u32));
        (!(is_absent && leaf.is_blank())).then_some(leaf)
    };
    let element = |position: usize| record.extras().element(extras?, position as u32);
    let is_single = values == 1 && extras.is_some_and(|number| record.extras().is_single(number));
    if field.is_many && !is_single {
        let all = 0..values;
        // `[null]` without anything beside it was read so, and is written so.
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
