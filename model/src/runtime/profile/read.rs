//! Reads JSON into a profile struct, and lists violations of the profile.

use super::json::{contains, count_of, is_same};
use super::layout::{Around, Constrained, Detail, Property, Role, Slice};
use super::mark::place_of;
use crate::runtime::error::{Fault, ReadError};
use crate::runtime::path::Step;
use crate::runtime::read::{Seen, check_object, forgive, read_extension, read_unknown, settle};
use crate::runtime::reader::Reader;
use crate::runtime::shape::choice_of;
use crate::runtime::write::to_string;

/// Reads an object into a profile struct.
pub fn read_profile(record: &mut dyn Constrained, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let (shape, layout) = (record.shape(), record.layout());
    reader.root(shape.name);
    reader.enter(shape.release);
    let place = reader.place();
    reader.begin_object()?;
    let mut reading = Reading { record, met: Seen::default(), filled: Seen::default() };
    let mut likely = 0;
    let mut is_first = true;
    let mut is_typed = !shape.is_resource;
    while let Some(key) = reader.key(&mut is_first)? {
        reader.peek();
        let mark = reader.mark();
        let read = if let Some(number) = layout.find(&key, likely) {
            likely = number + 1;
            let property = &layout.properties[number];
            reader.step(Step::property(property.name, layout.stems));
            if reading.met.note(number as u16) {
                Err(reader.fault(Fault::Twice))
            } else {
                reading.property(property, number as u16, reader)
            }
        } else if let Some((property, field)) = extended(reading.record, &key, likely) {
            reader.step(Step::property(property.name, layout.stems));
            read_extension(reading.record, field, reader)
        } else if shape.is_resource && key == "resourceType" {
            is_typed = true;
            let found = reader.string()?;
            if found != shape.name {
                let fault = Fault::WrongType { expected: shape.name, found: found.into() };
                return Err(reader.fault(fault));
            }
            continue;
        } else if let Some(stem) = choice_of(layout.stems, &key) {
            // The text after the stem may not be a type but data.
            let fault = Fault::profile("type", "the profile does not allow this type");
            reader.note_in(Step::property(stem, &[]), fault);
            reader.raw()?;
            continue;
        } else {
            read_unknown(reading.record, key, reader)?;
            continue;
        };
        match read {
            Ok(()) => reader.leave(),
            Err(error) => reader.recover(mark, error)?,
        }
    }
    reader.point(place);
    check_object(is_first, is_typed, reader);
    reading.finish(reader);
    reader.check_count()
}

/// The property that a `_name` extends, and its field.
fn extended(record: &dyn Constrained, key: &str, likely: usize) -> Option<(&'static Property, usize)> {
    let layout = record.layout();
    let property = &layout.properties[layout.find(key.strip_prefix('_')?, likely)?];
    match property.role {
        Role::Field(number) if property.is_primitive => Some((property, usize::from(number))),
        _ => None,
    }
}

/// A profile struct while it is read. Its messages do not quote the payload, which may hold
/// patient data: errors end up in logs.
struct Reading<'r> {
    record: &'r mut dyn Constrained,
    /// Properties that occurred.
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
        let stems = self.record.layout().stems;
        match &property.role {
            Role::Field(field) => repeats(property, stems, reader, &mut |position, reader| {
                self.value(*field, property, position, reader)
            }),
            Role::Forbidden => {
                reader.note(forbidden());
                reader.raw().map(drop)
            }
            Role::Implied(json) => implied(property, stems, json, reader),
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
        let stems = self.record.layout().stems;
        let mut order = Vec::new();
        let mut counts = vec![0; slices.len()];
        repeats(property, stems, reader, &mut |position, reader| {
            let item = reader.ahead()?;
            let place = place_of(item, slices, reader.trials()).unwrap_or(slices.len());
            order.push(place as u16);
            counts.iter_mut().skip(place).take(1).for_each(|count| *count += 1);
            let (field, reason) = match slices.get(place) {
                Some(slice) => (slice.field, "belongs to a slice that the profile forbids: remove it"),
                None => (rest, "belongs to no slice of the profile: remove it"),
            };
            let Some(field) = field else {
                reader.note(Fault::profile("slice", reason));
                return reader.raw().map(drop);
            };
            let slice = self.record.shape().fields[usize::from(field)].name;
            reader.leave();
            reader.step(Step::Property {
                name: property.name,
                index: Some(position),
                stems,
                slice: Some(slice),
            });
            self.value(field, property, position, reader)
        })?;
        for (slice, count) in slices.iter().zip(counts) {
            let Some(field) = slice.field.map(|field| &self.record.shape().fields[usize::from(field)]) else {
                continue;
            };
            // A slice that is required or does not repeat is checked with its field.
            if let Some(fault) = slice.times.fault(count).filter(|_| count > 0 && field.is_many) {
                let step =
                    Step::Property { name: property.name, index: None, stems, slice: Some(field.name) };
                reader.leave();
                reader.note_in(step, Fault::profile("cardinality", fault));
                reader.step(Step::property(property.name, stems));
            }
        }
        let outside = slices.len() as u16;
        let told = |place: &&u16| **place != outside;
        let is_late = property.is_ordered && !order.iter().filter(told).is_sorted()
            || property.rest_is_last && order.iter().skip_while(told).any(|place| *place != outside);
        if is_late {
            reader.note(Fault::profile("order", "is not in the order in which the profile wants its slices"));
        }
        if !order.is_sorted() {
            self.record.extras_mut().keep_order(number, order);
        }
        Ok(())
    }

    /// Reads one value into a field: a single value, or another one of several.
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
        if is_again && !field.is_many {
            reader.note(too_many());
            return reader.raw().map(drop);
        }
        let own = if field.is_many { self.record.slot(field.slot).count() } else { 0 };
        let detail = self.record.layout().detail(number);
        let around = detail.map_or(&[][..], |detail| detail.around);
        Value { record: self.record, number, position: own as u32, detail }.read(around, 0, reader)
    }

    /// Reports missing values that are required or implied.
    fn finish(self, reader: &mut Reader<'_>) {
        let Self { record, met, filled } = self;
        let (shape, layout) = (record.shape(), record.layout());
        let extended = record.extras().positions();
        for (number, field) in shape.fields.iter().enumerate() {
            let slot_of = |number: u16| shape.fields[usize::from(number)].slot;
            let is_extended = extended.iter().any(|(known, _)| slot_of(*known) == field.slot);
            let is_first = field.variant == 0;
            if field.is_required && is_first && !filled.has(field.slot) && !is_extended {
                reader.note_in(missing(record, number), Fault::Missing { element: field.name });
            }
        }
        for (number, property) in layout.properties.iter().enumerate() {
            if met.has(number as u16) {
                continue;
            }
            let step = Step::property(property.name, layout.stems);
            match property.role {
                Role::Implied(json) => {
                    reader.note_in(step, Fault::profile("missing", format!("is missing: it must be {json}")));
                }
                // If a slice is required, it is reported with its field.
                Role::Sliced(slices, _) if property.times.fault(0).is_some() => {
                    let is_required = |field: u16| shape.fields[usize::from(field)].is_required;
                    if !slices.iter().filter_map(|slice| slice.field).any(is_required) {
                        reader.note_in(step, Fault::Missing { element: property.name });
                    }
                }
                _ => {}
            }
        }
        settle(record, &filled);
    }
}

/// The step to a missing field: to its property, or to the one it is a slice of.
fn missing(record: &dyn Constrained, number: usize) -> Step {
    let layout = record.layout();
    let is_field =
        |property: &&Property| matches!(property.role, Role::Field(field) if usize::from(field) == number);
    match layout.properties.iter().find(is_field) {
        Some(property) => Step::property(property.name, layout.stems),
        None => Step::Field(record.shape(), number, None),
    }
}

fn forbidden() -> Fault {
    Fault::profile("forbidden", "the profile forbids it: remove it")
}

fn too_many() -> Fault {
    Fault::profile("max", "occurs more than once: keep one")
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
        let place = reader.place();
        reader.begin_object()?;
        let mut is_first = true;
        let mut is_found = false;
        let mut is_extended = false;
        let mut implied = Seen::default();
        while let Some(key) = reader.key(&mut is_first)? {
            let known = outer.implied.iter().position(|(name, _)| *name == key);
            if let Some(known) = known {
                implied.note(known as u16);
                let (name, json) = outer.implied[known];
                check(Step::property(name, outer.stems), json, reader.raw()?, reader);
            } else if key == outer.inner {
                reader.peek();
                let mark = reader.mark();
                let step = Step::property(outer.inner, outer.stems);
                reader.step(step);
                let mut read_one = |position, reader: &mut Reader<'_>| {
                    if rest.is_empty() && outer.is_many && reader.null() {
                        let (number, at) = (self.number, self.position);
                        self.record.extras_mut().keep_beside(number, at, level, outer.inner, "[null]");
                        return Ok(());
                    }
                    is_found = true;
                    if position == 0 {
                        return self.read(rest, level + 1, reader);
                    }
                    reader.note(too_many());
                    reader.raw().map(drop)
                };
                match each(outer.is_many, step, reader, &mut read_one) {
                    Ok(()) => reader.leave(),
                    Err(error) => {
                        is_found = true;
                        reader.recover(mark, error)?;
                    }
                }
            } else if let Some(name) = outer.forbidden.iter().find(|name| ***name == *key) {
                reader.note_in(Step::property(name, outer.stems), forbidden());
                reader.raw()?;
            } else if let Some(stem) = choice_of(outer.stems, &key) {
                reader.note_in(Step::property(stem, &[]), forbidden());
                reader.raw()?;
            } else if key == "extension" && outer.is_extension() && !reader.options().keeps_unknown_fields {
                let reason = "an extension has a value or extensions, not both: remove one";
                reader.note_in(Step::property("extension", &[]), Fault::profile("forbidden", reason));
                reader.raw()?;
            } else if reader.options().keeps_unknown_fields || outer.has_beside(&key) {
                let json = reader.raw()?;
                is_extended |=
                    rest.is_empty() && key.strip_prefix('_') == Some(outer.inner) && json != "null";
                self.record.extras_mut().keep_beside(self.number, self.position, level, &key, json);
            } else {
                reader.note_unknown(&key);
                reader.raw()?;
                reader.check_count()?;
            }
        }
        reader.point(place);
        for (number, (name, json)) in outer.implied.iter().enumerate() {
            if !implied.has(number as u16) {
                let fault = Fault::profile("missing", format!("is missing: it must be {json}"));
                reader.note_in(Step::property(name, outer.stems), fault);
            }
        }
        let is_there = is_found || is_extended && self.leave_blank();
        if !is_there {
            let fault = Fault::Missing { element: outer.inner };
            reader.note_in(Step::property(outer.inner, outer.stems), fault);
        }
        Ok(())
    }

    /// Leaves a placeholder for a primitive that has only an id or extensions; false where the value is no primitive.
    fn leave_blank(&mut self) -> bool {
        let field = &self.record.shape().fields[usize::from(self.number)];
        let blank = self.record.slot_mut(field.slot).add(field.variant);
        let is_primitive = !to_string(blank).starts_with('{');
        if is_primitive {
            self.record.extras_mut().mark_absent(self.number, self.position);
        }
        is_primitive
    }

    fn innermost(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let field = &self.record.shape().fields[usize::from(self.number)];
        let Some(Detail { fixed, pattern, singles, .. }) = self.detail else {
            return self.record.slot_mut(field.slot).read(field.variant, reader);
        };
        let json = if fixed.is_some() || pattern.is_some() { reader.ahead()? } else { "" };
        if let Some(fixed) = fixed.filter(|fixed| !is_same(json, fixed)) {
            reader.note(other_value(fixed));
        }
        if let Some(pattern) = pattern.filter(|pattern| !contains(json, pattern)) {
            reader.note(Fault::profile("pattern", format!("lacks a part: it must contain {pattern}")));
        }
        for name in singles.iter().filter(|name| count_of(json, name) > 1) {
            reader.note_in(Step::property(name, &[]), too_many());
        }
        self.record.slot_mut(field.slot).read(field.variant, reader)
    }
}

/// A callback for each repeat: its position, and the reader before it.
type Each<'f> = &'f mut dyn FnMut(usize, &mut Reader<'_>) -> Result<(), ReadError>;

fn repeats(
    property: &Property,
    stems: &'static [&'static str],
    reader: &mut Reader<'_>,
    one: Each<'_>,
) -> Result<(), ReadError> {
    let mut count = 0;
    let mut counted = |position, reader: &mut Reader<'_>| {
        count = position + 1;
        one(position, reader)
    };
    each(property.is_many, Step::property(property.name, stems), reader, &mut counted)?;
    // Absent values, and a single value that occurs twice, are reported elsewhere.
    if let Some(fault) = property.times.fault(count).filter(|_| count > 1 || property.times.min > 1) {
        reader.note(Fault::profile("cardinality", fault));
    }
    Ok(())
}

/// Visits the repeats of an element that is or should be an array, else the single value. The reader has taken the
/// step without a position among repeats.
fn each(is_many: bool, step: Step, reader: &mut Reader<'_>, one: Each<'_>) -> Result<(), ReadError> {
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
        reader.leave();
        reader.step(step.at(position));
        let mark = reader.mark();
        if let Err(error) = one(position, reader) {
            reader.recover(mark, error)?;
        }
        position += 1;
    }
    reader.leave();
    reader.step(step);
    if position == 0 { forgive(reader, "a value in the array") } else { Ok(()) }
}

/// Compares a property that always has the same value.
fn implied(
    property: &Property,
    stems: &'static [&'static str],
    json: &str,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    repeats(property, stems, reader, &mut |position, reader| {
        let found = reader.raw()?;
        if position > 0 {
            reader.note(too_many());
        } else if !is_same(found, json) {
            reader.note(other_value(json));
        }
        Ok(())
    })
}

fn check(step: Step, expected: &str, found: &str, reader: &mut Reader<'_>) {
    if !is_same(found, expected) {
        reader.note_in(step, other_value(expected));
    }
}

fn other_value(expected: &str) -> Fault {
    Fault::profile("fixed", format!("has another value: it must be {expected}"))
}
