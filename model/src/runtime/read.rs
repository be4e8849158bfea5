//! The reading half of the engine.

use std::borrow::Cow;

use super::attached::values;
use super::error::{Fault, ReadError};
use super::options::ReadOptions;
use super::path::Step;
use super::reader::Reader;
use super::record::{Leaf, Record};
use super::shape::Shape;
use super::violation::Violation;

/// Reads a whole document into a value.
pub fn read_document(bytes: &[u8], options: ReadOptions, into: &mut dyn Leaf) -> Result<(), ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read_text(text, options, into),
        Err(error) => {
            let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            let violation = Violation::new(Fault::Encoding, &[], valid.len());
            Reader::new(valid, options).failed(violation)
        }
    }
}

/// Reads a whole document that is already text.
pub(super) fn read_text(text: &str, options: ReadOptions, into: &mut dyn Leaf) -> Result<(), ReadError> {
    let mut reader = Reader::new(text, options);
    let read = into.read(&mut reader);
    reader.finish(read)
}

/// Reads a text that is known to fit a value, or whose misfits can be kept as unknown fields.
pub(super) fn read_keeping(text: &str, into: &mut dyn Leaf) -> Result<(), ReadError> {
    let mut reader = Reader::keeping(text);
    let read = into.read(&mut reader);
    reader.finish(read)
}

/// Reads a text that was made from another format, where numbers may be text.
pub(super) fn read_taking_text(text: &str, into: &mut dyn Leaf) -> Result<(), ReadError> {
    let mut reader = Reader::taking_text(text);
    let read = into.read(&mut reader);
    reader.finish(read)
}

/// The fields that occurred: one bit for each slot.
#[derive(Default)]
pub(super) struct Seen {
    /// Bits of the first slots.
    few: [u64; 4],
    /// Bits of the rest, which profiles with many slices need.
    more: Vec<u64>,
}

impl Seen {
    /// Records a slot, and returns whether it was recorded before.
    pub(super) fn note(&mut self, slot: u16) -> bool {
        let bit = 1 << (slot % 64);
        let place = usize::from(slot / 64);
        let word = match place.checked_sub(self.few.len()) {
            None => &mut self.few[place],
            Some(place) => {
                self.more.resize(self.more.len().max(place + 1), 0);
                &mut self.more[place]
            }
        };
        let was = *word & bit != 0;
        *word |= bit;
        was
    }

    pub(super) fn has(&self, slot: u16) -> bool {
        let place = usize::from(slot / 64);
        let mut words = self.few.iter().chain(&self.more);
        words.nth(place).is_some_and(|word| word & (1 << (slot % 64)) != 0)
    }
}

/// Reads an object into a record.
pub fn read_record(record: &mut dyn Record, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let shape = record.shape();
    reader.root(shape.name);
    reader.enter(shape.release);
    let place = reader.place();
    reader.begin_object()?;
    let mut seen = Seen::default();
    let mut likely = 0;
    let mut is_first = true;
    let mut is_typed = !shape.is_resource;
    while let Some(key) = reader.key(&mut is_first)? {
        reader.peek();
        let mark = reader.mark();
        let (number, read) = if let Some(number) = shape.find(&key, likely) {
            likely = number + 1;
            reader.step(Step::Field(shape, number, None));
            (Some(number), read_field(record, number, &mut seen, reader))
        } else if let Some(number) = extended(shape, &key, likely) {
            reader.step(Step::Field(shape, number, None));
            (None, read_extension(record, number, reader))
        } else if shape.is_resource && key == "resourceType" {
            is_typed = true;
            let found = reader.string()?;
            if found != shape.name {
                let fault = Fault::WrongType { expected: shape.name, found: found.into() };
                return Err(reader.fault(fault));
            }
            continue;
        } else {
            read_unknown(record, key, reader)?;
            continue;
        };
        match read {
            Ok(()) => reader.leave(),
            Err(_) if reader.keeps_misfits() => {
                let json = reader.pass(mark)?;
                if let Some(number) = number {
                    empty(record, number);
                }
                record.extras_mut().keep_unknown(key.into(), json.into());
            }
            Err(error) => reader.recover(mark, error)?,
        }
    }
    reader.point(place);
    check_object(is_first, is_typed, reader);
    finish(record, &seen, reader);
    reader.check_count()
}

/// Removes the values that were read into a field.
fn empty(record: &mut dyn Record, number: usize) {
    let field = &record.shape().fields[number];
    record.slot_mut(field.slot).clear();
    record.extras_mut().forget(number as u16);
    if field.is_required {
        record.extras_mut().mark_absent(number as u16, 0);
    }
}

/// Refuses an empty object, and a resource without its type, if the options are strict.
pub(super) fn check_object(is_empty: bool, is_typed: bool, reader: &mut Reader<'_>) {
    if reader.options().forgives_arrays {
        return;
    }
    if is_empty {
        reader.note(Fault::Syntax { expected: "at least one member in the object" });
    }
    if !is_typed {
        reader.note(Fault::Missing { element: "resourceType" });
    }
}

/// The primitive that a `_name` extends.
fn extended(shape: &Shape, key: &str, likely: usize) -> Option<usize> {
    let number = shape.find(key.strip_prefix('_')?, likely)?;
    shape.fields[number].is_primitive.then_some(number)
}

fn read_field(
    record: &mut dyn Record,
    number: usize,
    seen: &mut Seen,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    let shape = record.shape();
    let field = &shape.fields[number];
    if !field.is_many && reader.null() {
        // There is no value, so a required one is missing.
        return forgive(reader, "a value");
    }
    if seen.note(field.slot) {
        return Err(reader.fault(Fault::Twice));
    }
    if !field.is_many {
        return record.slot_mut(field.slot).read(field.variant, reader);
    }
    if reader.peek() != b'[' {
        forgive(reader, "an array")?;
        if reader.null() {
            return Ok(());
        }
        record.extras_mut().mark_single(number as u16);
        reader.leave();
        reader.step(Step::Field(shape, number, Some(0)));
        return record.slot_mut(field.slot).read(field.variant, reader);
    }
    reader.begin_array()?;
    let mut is_first = true;
    let mut position = 0;
    while reader.item(&mut is_first)? {
        if field.is_primitive && reader.null() {
            record.slot_mut(field.slot).push_blank();
            record.extras_mut().mark_absent(number as u16, position);
        } else {
            reader.peek();
            let mark = reader.mark();
            reader.leave();
            reader.step(Step::Field(shape, number, Some(position as usize)));
            let read = record.slot_mut(field.slot).read(field.variant, reader);
            match read {
                Err(error) if !reader.keeps_misfits() => reader.recover(mark, error)?,
                read => read?,
            }
        }
        position += 1;
    }
    reader.leave();
    reader.step(Step::Field(shape, number, None));
    if position == 0 { forgive(reader, "a value in the array") } else { Ok(()) }
}

/// Accepts deviations of the live service, unless the options are strict.
pub(super) fn forgive(reader: &Reader<'_>, expected: &'static str) -> Result<(), ReadError> {
    if reader.options().forgives_arrays { Ok(()) } else { Err(reader.fault(Fault::Syntax { expected })) }
}

/// Reads id and extensions of a primitive: an object, or an array of objects and nulls.
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
        reader.note_unknown(&key);
        reader.raw()?;
        return reader.check_count();
    }
    let json = reader.raw()?;
    record.extras_mut().keep_unknown(key.into(), json.into());
    Ok(())
}

/// Gives each extended primitive without a value its placeholder, and ties additions to their values.
pub(super) fn settle(record: &mut dyn Record, seen: &Seen) {
    if record.extras().is_empty() {
        return;
    }
    let shape = record.shape();
    let mut extended = Vec::new();
    for (number, position) in record.extras().positions() {
        let field = &shape.fields[usize::from(number)];
        let values = record.slot(field.slot).count();
        if field.is_many {
            for missing in values as u32..=position {
                record.slot_mut(field.slot).push_blank();
                record.extras_mut().mark_absent(number, missing);
            }
        } else if field.is_required && !seen.has(field.slot) {
            record.slot_mut(field.slot).add(field.variant);
            record.extras_mut().mark_absent(number, 0);
        }
        if !extended.contains(&number) {
            extended.push(number);
        }
    }
    for number in extended {
        let values = values(record, number);
        record.extras_mut().settle(number, &values);
    }
}

/// Completes primitives that have only extensions, and reports missing required fields.
fn finish(record: &mut dyn Record, seen: &Seen, reader: &mut Reader<'_>) {
    let shape = record.shape();
    let missing =
        |field: &&super::shape::Field| field.is_required && field.variant == 0 && !seen.has(field.slot);
    for field in shape.fields[..shape.required_until].iter().filter(missing) {
        let extends = |(number, _): &(u16, u32)| shape.fields[usize::from(*number)].slot == field.slot;
        if record.extras().positions().iter().any(extends) {
            continue;
        }
        let number = shape.fields.iter().position(|known| known.name == field.name).unwrap_or_default();
        if reader.keeps_misfits() {
            record.extras_mut().mark_absent(number as u16, 0);
        } else {
            reader.note_in(Step::Field(shape, number, None), Fault::Missing { element: field.name });
        }
    }
    settle(record, seen);
}
