//! Writes a profile struct as JSON, with everything that the profile implies.

use super::json::completed;
use super::layout::{Around, Constrained, Property, Role, Slice};
use crate::runtime::attached::Attached;
use crate::runtime::record::Leaf;
use crate::runtime::write::{to_string, write_field};
use crate::runtime::writer::Writer;

/// Writes a profile struct as an object.
pub fn write_profile(record: &dyn Constrained, writer: &mut Writer) {
    let (shape, layout) = (record.shape(), record.layout());
    writer.begin_object();
    if shape.is_resource {
        writer.key("", "resourceType");
        writer.name(shape.name);
    }
    for (number, property) in layout.properties.iter().enumerate() {
        match &property.role {
            Role::Field(field) => write_property(record, property, *field, writer),
            Role::Forbidden => {}
            Role::Implied(json) => {
                writer.key("", property.name);
                in_array(property.is_many, writer, |writer| writer.raw(json));
            }
            Role::Sliced(slices, rest) => {
                write_slices(record, property, number as u16, slices, *rest, writer);
            }
        }
    }
    for (name, json) in record.extras().unknown() {
        writer.unknown_key(name);
        writer.raw(json);
    }
    writer.end_object();
}

fn in_array(is_many: bool, writer: &mut Writer, inside: impl FnOnce(&mut Writer)) {
    if !is_many {
        return inside(writer);
    }
    writer.begin_array();
    inside(writer);
    writer.end_array();
}

fn write_property(record: &dyn Constrained, property: &Property, number: u16, writer: &mut Writer) {
    let field = &record.shape().fields[usize::from(number)];
    if property.is_many == field.is_many && !property.is_single && record.layout().detail(number).is_none() {
        let has_extras = !record.extras().is_empty();
        return write_field(record, field, number, has_extras, writer);
    }
    let slot = record.slot(field.slot);
    let attached = Attached::of(record, number);
    let is_wrapped = record.layout().detail(number).is_some_and(|detail| !detail.around.is_empty());
    let present = |position: usize| {
        let is_absent = !is_wrapped && attached.as_ref().is_some_and(|attached| attached.is_absent(position));
        slot.get(position).filter(|_| slot.variant() == field.variant && !is_absent)
    };
    let count = slot.count();
    if (0..count).any(|position| present(position).is_some()) {
        writer.known_key(property.name);
        in_array(property.is_many && !(property.is_single && count == 1), writer, |writer| {
            for position in 0..count {
                match present(position) {
                    Some(leaf) => write_value(record, number, position, leaf, attached.as_ref(), writer),
                    None => writer.raw("null"),
                }
            }
        });
    }
    let Some(attached) = attached else { return };
    let positions = if property.is_many { count } else { 1 };
    if (0..positions).any(|position| attached.element(position).is_some()) {
        writer.key("_", property.name);
        in_array(property.is_many, writer, |writer| {
            for position in 0..positions {
                match attached.element(position) {
                    Some(leaf) => leaf.write(writer),
                    None => writer.raw("null"),
                }
            }
        });
    }
}

/// Writes slices as one array: in the order they were read, as far as they still exist, then the
/// rest.
fn write_slices(
    record: &dyn Constrained,
    property: &Property,
    number: u16,
    slices: &[Slice],
    rest: Option<u16>,
    writer: &mut Writer,
) {
    let shape = record.shape();
    let fields: Vec<Option<u16>> = slices.iter().map(|slice| slice.field).chain([rest]).collect();
    let slot = |place: usize| Some(record.slot(shape.fields[usize::from(fields[place]?)].slot));
    let attached: Vec<_> = fields.iter().map(|field| Attached::of(record, (*field)?)).collect();
    let mut next = vec![0; fields.len()];
    if (0..fields.len()).filter_map(slot).all(|slot| slot.count() == 0) {
        return;
    }
    writer.key("", property.name);
    writer.begin_array();
    let mut write_next = |place: usize, writer: &mut Writer| {
        let Some(position) = next.get_mut(place) else { return false };
        let (Some(field), Some(slot)) = (fields[place], slot(place)) else { return false };
        let Some(leaf) = slot.get(*position).filter(|_| *position < slot.count()) else { return false };
        write_value(record, field, *position, leaf, attached[place].as_ref(), writer);
        *position += 1;
        true
    };
    for place in record.extras().order(number) {
        write_next(usize::from(*place), writer);
    }
    for place in 0..fields.len() {
        while write_next(place, writer) {}
    }
    writer.end_array();
}

/// Writes a value with the elements around it.
fn write_value(
    record: &dyn Constrained,
    number: u16,
    position: usize,
    leaf: &dyn Leaf,
    attached: Option<&Attached<'_>>,
    writer: &mut Writer,
) {
    let Some(detail) = record.layout().detail(number) else { return leaf.write(writer) };
    let beside = |level: usize, writer: &mut Writer| {
        let beside = attached.map(|attached| attached.beside(position, level as u8)).unwrap_or_default();
        for (name, json) in beside {
            writer.unknown_key(name);
            writer.raw(json);
        }
    };
    // Without its value, the innermost of them has only what is beside it.
    let is_absent = attached.is_some_and(|attached| attached.is_absent(position));
    let filled = detail.around.len().saturating_sub(usize::from(is_absent));
    for (level, Around { inner, is_many, implied, .. }) in detail.around.iter().enumerate() {
        writer.begin_object();
        for (name, json) in *implied {
            writer.key("", name);
            writer.raw(json);
        }
        beside(level, writer);
        if level < filled {
            writer.key("", inner);
        }
        if level < filled && *is_many {
            writer.begin_array();
        }
    }
    match (detail.fixed, detail.pattern) {
        _ if filled < detail.around.len() => {}
        (Some(fixed), _) => writer.raw(fixed),
        (None, Some(pattern)) => writer.raw(&completed(&to_string(leaf), pattern)),
        (None, None) => leaf.write(writer),
    }
    for (level, outer) in detail.around.iter().enumerate().rev() {
        if level < filled && outer.is_many {
            writer.end_array();
        }
        writer.end_object();
    }
}
