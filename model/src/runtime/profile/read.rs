//! Reads JSON into a profile struct, and lists what the profile objects to.

use super::json::{contains, count_of, is_same};
use super::layout::{Around, Constrained, Detail, Property, Role, Slice, choice_of};
use super::mark::place_of;
use crate::runtime::error::{Fault, ReadError};
use crate::runtime::read::{Seen, check_object, fill_stand_ins, forgive, read_extension, read_unknown};
use crate::runtime::reader::Reader;

/// Reads an object into a profile struct.
pub fn read_profile(record: &mut dyn Constrained, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let (shape, layout) = (record.shape(), record.layout());
    reader.findings.begin(shape.name);
    reader.enter(shape.release);
    reader.begin_object()?;
    let mut reading = Reading { record, met: Seen::default(), filled: Seen::default() };
    let mut likely = 0;
    let mut is_first = true;
    let mut is_typed = !shape.is_resource;
    while let Some(key) = reader.key(&mut is_first)? {
        if let Some(number) = layout.find(&key, likely) {
            likely = number + 1;
            let property = &layout.properties[number];
            if reading.met.note(number as u16) {
                return Err(reader.fault(Fault::Twice).within(property.name, None));
            }
            reading.property(property, number as u16, reader)?;
        } else if let Some(field) = extended(reading.record, &key, likely) {
            read_extension(reading.record, field, reader).map_err(|error| error.within(&key, None))?;
        } else if shape.is_resource && key == "resourceType" {
            is_typed = true;
            let found = reader.string()?;
            if found != shape.name {
                let fault = Fault::WrongType { expected: shape.name, found: found.into() };
                return Err(reader.fault(fault));
            }
        } else if let Some(stem) = choice_of(layout.stems, &key) {
            // What follows the stem need not be a type, and may be data.
            reader.findings.note_at(Some(&format!("{stem}[x]")), "the profile does not allow this type");
            reader.raw()?;
        } else {
            read_unknown(reading.record, key, reader)?;
        }
    }
    check_object(is_first, is_typed, reader)?;
    reading.finish(reader);
    Ok(())
}

/// The field of the primitive that a `_name` extends.
fn extended(record: &dyn Constrained, key: &str, likely: usize) -> Option<usize> {
    let layout = record.layout();
    let property = &layout.properties[layout.find(key.strip_prefix('_')?, likely)?];
    match property.role {
        Role::Field(number) if property.is_primitive => Some(usize::from(number)),
        _ => None,
    }
}

/// A profile struct while it is read. What it objects to does not quote the payload, which may hold
/// patient data: errors end up in logs.
struct Reading<'r> {
    record: &'r mut dyn Constrained,
    /// Properties that were met.
    met: Seen,
    /// Slots that have a value.
    filled: Seen,
}

impl Reading<'_> {
    fn property(
        &mut self,
        property: &'static Property,
        number: u16,
        reader: &mut Reader<'_>,
    ) -> Result<(), ReadError> {
        match &property.role {
            Role::Field(field) => repeats(property, reader, &mut |position, reader| {
                self.value(*field, property, position, reader)
            }),
            Role::Forbidden => {
                reader.findings.note_at(Some(property.name), "the profile forbids it: remove it");
                reader.raw().map(drop)
            }
            Role::Implied(json) => implied(property, json, reader),
            Role::Sliced(slices, rest) => self.sliced(property, number, slices, *rest, reader),
        }
    }

    fn sliced(
        &mut self,
        property: &'static Property,
        number: u16,
        slices: &'static [Slice],
        rest: Option<u16>,
        reader: &mut Reader<'_>,
    ) -> Result<(), ReadError> {
        let mut order = Vec::new();
        let mut counts = vec![0; slices.len()];
        repeats(property, reader, &mut |position, reader| {
            let item = reader.ahead()?;
            let place = place_of(item, slices, reader.trials()).unwrap_or(slices.len());
            order.push(place as u16);
            counts.iter_mut().skip(place).take(1).for_each(|count| *count += 1);
            let (field, reason) = match slices.get(place) {
                Some(slice) => (slice.field, "is of a slice that the profile forbids: remove it"),
                None => (rest, "belongs to no slice of the profile: remove it"),
            };
            if let Some(field) = field {
                return self.value(field, property, position, reader);
            }
            reader.findings.enter(property.name, Some(position));
            reader.findings.note(reason);
            reader.findings.leave();
            reader.raw().map(drop)
        })?;
        for (slice, count) in slices.iter().zip(counts) {
            let Some(field) = slice.field.map(|field| &self.record.shape().fields[usize::from(field)]) else {
                continue;
            };
            // One that is required or does not repeat is looked at where its field is.
            if let Some(fault) = slice.times.fault(count).filter(|_| count > 0 && field.is_many) {
                reader.findings.note_at(Some(field.name), fault);
            }
        }
        let outside = slices.len() as u16;
        let told = |place: &&u16| **place != outside;
        let is_late = property.is_ordered && !order.iter().filter(told).is_sorted()
            || property.rest_is_last && order.iter().skip_while(told).any(|place| *place != outside);
        if is_late {
            reader
                .findings
                .note_at(Some(property.name), "is in another order than the profile wants its slices");
        }
        if !order.is_sorted() {
            self.record.extras_mut().keep_order(number, order);
        }
        Ok(())
    }

    /// Reads one value into a field: its only one, or one more.
    fn value(
        &mut self,
        number: u16,
        property: &Property,
        position: usize,
        reader: &mut Reader<'_>,
    ) -> Result<(), ReadError> {
        let field = &self.record.shape().fields[usize::from(number)];
        if property.is_primitive && property.is_many && reader.null() {
            self.record.slot_mut(field.slot).push_blank();
            self.record.extras_mut().mark_absent(number, position as u32);
            return Ok(());
        }
        let is_again = self.filled.note(field.slot);
        reader.findings.enter(field.name, field.is_many.then_some(position));
        let read = if is_again && !field.is_many {
            reader.findings.note("is there more than once: keep one");
            reader.raw().map(drop)
        } else {
            let own = if field.is_many { self.record.slot(field.slot).count() } else { 0 };
            let detail = self.record.layout().detail(number);
            let around = detail.map_or(&[][..], |detail| detail.around);
            Value { record: self.record, number, position: own as u32, detail }.read(around, 0, reader)
        };
        reader.findings.leave();
        read.map_err(|error| error.within(property.name, property.is_many.then_some(position)))
    }

    /// Misses what is required and what is implied.
    fn finish(self, reader: &mut Reader<'_>) {
        let Self { record, met, filled } = self;
        fill_stand_ins(record, &filled);
        let (shape, layout) = (record.shape(), record.layout());
        let extended = record.extras().positions();
        for field in shape.fields {
            let slot_of = |number: u16| shape.fields[usize::from(number)].slot;
            let is_extended = extended.iter().any(|(known, _)| slot_of(*known) == field.slot);
            let is_first = field.variant == 0;
            if field.is_required && is_first && !filled.has(field.slot) && !is_extended {
                reader.findings.note_at(Some(field.name), "is missing and required");
            }
        }
        for (number, property) in layout.properties.iter().enumerate() {
            if met.has(number as u16) {
                continue;
            }
            match property.role {
                Role::Implied(json) => {
                    reader.findings.note_at(Some(property.name), format!("is missing: it must be {json}"));
                }
                // One of which a slice must be there is missed with its field.
                Role::Sliced(slices, _) if property.times.fault(0).is_some() => {
                    let is_required = |field: u16| shape.fields[usize::from(field)].is_required;
                    if !slices.iter().filter_map(|slice| slice.field).any(is_required) {
                        reader.findings.note_at(Some(property.name), "is missing and required");
                    }
                }
                _ => {}
            }
        }
    }
}

/// A value of a field while it is read.
struct Value<'r> {
    record: &'r mut dyn Constrained,
    number: u16,
    position: u32,
    detail: Option<&'static Detail>,
}

impl Value<'_> {
    /// Reads the value out of the elements around it.
    fn read(
        &mut self,
        around: &'static [Around],
        level: u8,
        reader: &mut Reader<'_>,
    ) -> Result<(), ReadError> {
        let Some((outer, rest)) = around.split_first() else { return self.innermost(reader) };
        reader.begin_object()?;
        let mut is_first = true;
        let mut is_found = false;
        let mut implied = Seen::default();
        while let Some(key) = reader.key(&mut is_first)? {
            let known = outer.implied.iter().position(|(name, _)| *name == key);
            if let Some(known) = known {
                implied.note(known as u16);
                let (name, json) = outer.implied[known];
                check(name, json, reader.raw()?, reader);
            } else if key == outer.inner {
                reader.findings.enter(outer.inner, None);
                let mut read_one = |position, reader: &mut Reader<'_>| {
                    is_found = true;
                    if position == 0 {
                        return self.read(rest, level + 1, reader);
                    }
                    reader.findings.note("is there more than once: keep one");
                    reader.raw().map(drop)
                };
                let read = each(outer.is_many, reader, &mut read_one);
                reader.findings.leave();
                read.map_err(|error| error.within(outer.inner, None))?;
            } else if let Some(forbidden) = outer.forbidden.iter().find(|name| ***name == *key) {
                reader.findings.note_at(Some(forbidden), "the profile forbids it: remove it");
                reader.raw()?;
            } else if let Some(stem) = choice_of(outer.stems, &key) {
                reader.findings.note_at(Some(&format!("{stem}[x]")), "the profile forbids it: remove it");
                reader.raw()?;
            } else {
                let json = reader.raw()?;
                self.record.extras_mut().keep_beside(self.number, self.position, level, &key, json);
            }
        }
        for (number, (name, json)) in outer.implied.iter().enumerate() {
            if !implied.has(number as u16) {
                reader.findings.note_at(Some(name), format!("is missing: it must be {json}"));
            }
        }
        if !is_found {
            reader.findings.note_at(Some(outer.inner), "is missing and required");
        }
        Ok(())
    }

    fn innermost(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let field = &self.record.shape().fields[usize::from(self.number)];
        let Some(Detail { fixed, pattern, singles, .. }) = self.detail else {
            return self.record.slot_mut(field.slot).read(field.variant, reader);
        };
        let json = if fixed.is_some() || pattern.is_some() { reader.ahead()? } else { "" };
        if let Some(fixed) = fixed.filter(|fixed| !is_same(json, fixed)) {
            reader.findings.note(format!("has another value: it must be {fixed}"));
        }
        if let Some(pattern) = pattern.filter(|pattern| !contains(json, pattern)) {
            reader.findings.note(format!("lacks a part: it must contain {pattern}"));
        }
        for name in singles.iter().filter(|name| count_of(json, name) > 1) {
            reader.findings.note_at(Some(name), "is there more than once: keep one");
        }
        self.record.slot_mut(field.slot).read(field.variant, reader)
    }
}

/// A callback for each repeat: its position, and the reader before it.
type Each<'f> = &'f mut dyn FnMut(usize, &mut Reader<'_>) -> Result<(), ReadError>;

fn repeats(property: &Property, reader: &mut Reader<'_>, one: Each<'_>) -> Result<(), ReadError> {
    let mut count = 0;
    let mut counted = |position, reader: &mut Reader<'_>| {
        count = position + 1;
        one(position, reader)
    };
    each(property.is_many, reader, &mut counted).map_err(|error| {
        // Faults of a value say where they are; those of the array do not.
        if error.path().is_empty() { error.within(property.name, None) } else { error }
    })?;
    // That nothing is there, and that one value is there twice, is said elsewhere.
    if let Some(fault) = property.times.fault(count).filter(|_| count > 1 || property.times.min > 1) {
        reader.findings.note_at(Some(property.name), fault);
    }
    Ok(())
}

/// Goes through the repeats of what is an array, or should be one; else the only value.
fn each(is_many: bool, reader: &mut Reader<'_>, one: Each<'_>) -> Result<(), ReadError> {
    if !is_many || reader.peek() != b'[' {
        if is_many {
            forgive(reader, "an array")?;
        }
        if reader.null() {
            return forgive(reader, "a value");
        }
        return one(0, reader);
    }
    reader.begin_array()?;
    let mut is_first = true;
    let mut position = 0;
    while reader.item(&mut is_first)? {
        one(position, reader)?;
        position += 1;
    }
    if position == 0 { forgive(reader, "a value in the array") } else { Ok(()) }
}

/// Compares what always has one value.
fn implied(property: &Property, json: &str, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    repeats(property, reader, &mut |position, reader| {
        let found = reader.raw()?;
        if position == 0 {
            check(property.name, json, found, reader);
        } else {
            reader.findings.note_at(Some(property.name), "is there more than once: keep one");
        }
        Ok(())
    })
}

fn check(name: &str, expected: &str, found: &str, reader: &mut Reader<'_>) {
    if !is_same(found, expected) {
        reader.findings.note_at(Some(name), format!("has another value: it must be {expected}"));
    }
}
