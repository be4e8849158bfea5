//! The reading half of the engine.

use std::borrow::Cow;

use super::error::{Fault, ReadError};
use super::options::ReadOptions;
use super::reader::Reader;
use super::record::{Leaf, Record};
use super::shape::{Field, Shape};

/// Reads a whole document into a value.
pub fn read_document(bytes: &[u8], options: ReadOptions, into: &mut dyn Leaf) -> Result<(), ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read_text(text, options, into),
        Err(error) => {
            let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            Err(ReadError::new(Fault::Encoding, valid, valid.len()))
        }
    }
}

/// Reads a whole document that is text already.
pub(super) fn read_text(text: &str, options: ReadOptions, into: &mut dyn Leaf) -> Result<(), ReadError> {
    let mut reader = Reader::new(text, options);
    into.read(&mut reader)?;
    reader.end()?;
    let violations = reader.findings.take();
    if violations.is_empty() { Ok(()) } else { Err(reader.fault(Fault::Profile(violations))) }
}

/// Which fields were there: one bit for each slot.
#[derive(Default)]
pub(super) struct Seen([u64; 4]);

impl Seen {
    /// Notes a slot, and tells whether it was noted before.
    pub(super) fn note(&mut self, slot: u16) -> bool {
        let bit = 1 << (slot % 64);
        let Some(word) = self.0.get_mut(usize::from(slot / 64)) else { return false };
        let was = *word & bit != 0;
        *word |= bit;
        was
    }

    pub(super) fn has(&self, slot: u16) -> bool {
        self.0.get(usize::from(slot / 64)).is_some_and(|word| word & (1 << (slot % 64)) != 0)
    }
}

/// Reads an object into a record.
pub fn read_record(record: &mut dyn Record, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let shape = record.shape();
    reader.enter(shape.release);
    reader.begin_object()?;
    let mut seen = Seen::default();
    let mut likely = 0;
    let mut is_first = true;
    let mut is_typed = !shape.is_resource;
    while let Some(key) = reader.key(&mut is_first)? {
        if let Some(number) = shape.find(&key, likely) {
            likely = number + 1;
            let field = &shape.fields[number];
            if !field.is_many && reader.null() {
                // There is nothing, so one that is required is missing.
                forgive(reader, "a value").map_err(|error| error.within(field.name, None))?;
                continue;
            }
            if seen.note(field.slot) {
                return Err(reader.fault(Fault::Twice).within(field.name, None));
            }
            read_field(record, field, number as u16, reader)?;
        } else if let Some(number) = extended(shape, &key, likely) {
            read_extension(record, number, reader).map_err(|error| error.within(&key, None))?;
        } else if shape.is_resource && key == "resourceType" {
            is_typed = true;
            let found = reader.string()?;
            if found != shape.name {
                let fault = Fault::WrongType { expected: shape.name, found: found.into() };
                return Err(reader.fault(fault));
            }
        } else {
            read_unknown(record, key, reader)?;
        }
    }
    check_object(is_first, is_typed, reader)?;
    finish(record, &seen, reader)
}

/// Refuses an object without anything in it, and a resource that does not say its type, if the caller is strict.
pub(super) fn check_object(is_empty: bool, is_typed: bool, reader: &Reader<'_>) -> Result<(), ReadError> {
    if is_empty {
        forgive(reader, "something in the object")?;
    }
    if is_typed || reader.options().forgives_arrays {
        return Ok(());
    }
    Err(reader.fault(Fault::Missing { element: "resourceType" }))
}

/// The primitive that a `_name` extends.
fn extended(shape: &Shape, key: &str, likely: usize) -> Option<usize> {
    let number = shape.find(key.strip_prefix('_')?, likely)?;
    shape.fields[number].is_primitive.then_some(number)
}

fn read_field(
    record: &mut dyn Record,
    field: &Field,
    number: u16,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    if !field.is_many {
        let slot = record.slot_mut(field.slot);
        return slot.read(field.variant, reader).map_err(|error| error.within(field.name, None));
    }
    if reader.peek() != b'[' {
        forgive(reader, "an array").map_err(|error| error.within(field.name, None))?;
        if reader.null() {
            return Ok(());
        }
        record.extras_mut().mark_single(number);
        let slot = record.slot_mut(field.slot);
        return slot.read(field.variant, reader).map_err(|error| error.within(field.name, Some(0)));
    }
    reader.begin_array()?;
    let mut is_first = true;
    let mut position = 0;
    while reader.item(&mut is_first)? {
        if field.is_primitive && reader.null() {
            record.slot_mut(field.slot).push_blank();
            record.extras_mut().mark_absent(number, position);
        } else {
            let slot = record.slot_mut(field.slot);
            let read = slot.read(field.variant, reader);
            read.map_err(|error| error.within(field.name, Some(position as usize)))?;
        }
        position += 1;
    }
    if position == 0 {
        forgive(reader, "a value in the array").map_err(|error| error.within(field.name, None))?;
    }
    Ok(())
}

/// Passes over what only the live service does, unless the caller is strict.
pub(super) fn forgive(reader: &Reader<'_>, expected: &'static str) -> Result<(), ReadError> {
    if reader.options().forgives_arrays { Ok(()) } else { Err(reader.fault(Fault::Syntax { expected })) }
}

/// Reads what extends a primitive: an object, or an array of objects and nulls.
pub(super) fn read_extension(
    record: &mut dyn Record,
    number: usize,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    let field = &record.shape().fields[number];
    let number = number as u16;
    if !field.is_many {
        return record.extras_mut().element_mut(number, 0).read(reader);
    }
    reader.begin_array()?;
    let mut is_first = true;
    let mut position = 0;
    while reader.item(&mut is_first)? {
        if !reader.null() {
            record.extras_mut().element_mut(number, position).read(reader)?;
        }
        position += 1;
    }
    Ok(())
}

pub(super) fn read_unknown(
    record: &mut dyn Record,
    key: Cow<'_, str>,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    if !reader.options().keeps_unknown_fields {
        return Err(reader.fault(Fault::UnknownElement).at_unknown(&key));
    }
    let json = reader.raw()?;
    record.extras_mut().keep_unknown(key.into(), json.into());
    Ok(())
}

/// Gives each extended primitive without a value its stand-in.
pub(super) fn fill_stand_ins(record: &mut dyn Record, seen: &Seen) {
    let shape = record.shape();
    for (number, position) in &record.extras().positions() {
        let field = &shape.fields[usize::from(*number)];
        let values = record.slot(field.slot).count();
        if !field.is_many {
            if field.is_required && !seen.has(field.slot) {
                record.extras_mut().mark_absent(*number, 0);
            }
            continue;
        }
        for missing in values as u32..=*position {
            record.slot_mut(field.slot).push_blank();
            record.extras_mut().mark_absent(*number, missing);
        }
    }
}

/// Completes primitives that are only extended, and misses what is required.
fn finish(record: &mut dyn Record, seen: &Seen, reader: &Reader<'_>) -> Result<(), ReadError> {
    fill_stand_ins(record, seen);
    let shape = record.shape();
    let extended = record.extras().positions();
    let is_extended =
        |slot: u16| extended.iter().any(|(number, _)| shape.fields[usize::from(*number)].slot == slot);
    let missing = shape
        .fields
        .iter()
        .find(|field| field.is_required && !seen.has(field.slot) && !is_extended(field.slot));
    match missing {
        Some(field) => Err(reader.fault(Fault::Missing { element: field.name })),
        None => Ok(()),
    }
}
