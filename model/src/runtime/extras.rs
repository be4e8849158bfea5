//! What a record holds beside its fields: extensions of primitives, and unknown fields.
//!
//! Most values have neither, so that a record pays one pointer for them.

use std::fmt;

use super::record::{AnyExtras, Leaf, Value};

/// Extensions of primitives and unknown fields of one record.
///
/// `E` is the type of what extends a primitive: its id and extensions.
#[derive(Clone, PartialEq)]
pub struct Extras<E>(Option<Box<Kept<E>>>);

#[derive(Clone, PartialEq)]
struct Kept<E> {
    primitives: Vec<Extended<E>>,
    /// Numbers of JSON properties that should be arrays and are not.
    singles: Vec<u16>,
    /// Members of elements that a profile struct does not show, because they hold one value.
    beside: Vec<Beside>,
    /// By number of a JSON property, the order in which its slices were read.
    orders: Vec<(u16, Vec<u16>)>,
    unknown: Vec<(Box<str>, Box<str>)>,
}

/// A member of an element around the value of a field.
#[derive(Clone, PartialEq)]
struct Beside {
    field: u16,
    position: u32,
    /// How many elements are around this one.
    level: u8,
    name: Box<str>,
    json: Box<str>,
}

/// A primitive that has more, or less, than its value.
#[derive(Clone, PartialEq)]
struct Extended<E> {
    /// Number of the JSON property.
    field: u16,
    /// Position among repeats.
    position: u32,
    /// Whether there is no value, and the field holds a stand-in.
    is_absent: bool,
    element: Option<E>,
}

impl<E> fmt::Debug for Extras<E> {
    /// Without what is kept: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Extras(..)" } else { "Extras" })
    }
}

impl<E> Default for Extras<E> {
    fn default() -> Self {
        Self(None)
    }
}

impl<E> Extras<E> {
    /// Nothing beside the fields.
    pub const fn none() -> Self {
        Self(None)
    }

    /// What extends a primitive, by number of its JSON property and position among repeats.
    pub(crate) fn find(&self, field: u16, position: u32) -> Option<&E> {
        let kept = self.0.as_deref()?;
        let found = kept.primitives.iter().find(|known| (known.field, known.position) == (field, position));
        found?.element.as_ref()
    }

    fn kept(&mut self) -> &mut Kept<E> {
        self.0.get_or_insert_with(|| {
            Box::new(Kept {
                primitives: Vec::new(),
                singles: Vec::new(),
                beside: Vec::new(),
                orders: Vec::new(),
                unknown: Vec::new(),
            })
        })
    }

    fn entry(&mut self, field: u16, position: u32) -> &mut Extended<E> {
        let kept = self.kept();
        let found =
            kept.primitives.iter().position(|known| (known.field, known.position) == (field, position));
        let place = found.unwrap_or_else(|| {
            kept.primitives.push(Extended { field, position, is_absent: false, element: None });
            kept.primitives.len() - 1
        });
        &mut kept.primitives[place]
    }

    /// Sets what extends a primitive.
    pub(crate) fn set(&mut self, field: u16, position: u32, element: Option<E>) {
        self.entry(field, position).element = element;
    }

    /// Fields that the type does not have: name and JSON value, in the order they were read.
    pub fn unknown_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let unknown = self.0.as_deref().map_or(&[][..], |kept| &kept.unknown);
        unknown.iter().map(|(name, json)| (&**name, &**json))
    }
}

impl<E: Value> AnyExtras for Extras<E> {
    fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn element(&self, field: u16, position: u32) -> Option<&dyn Leaf> {
        self.find(field, position).map(|element| element as &dyn Leaf)
    }

    fn element_mut(&mut self, field: u16, position: u32) -> &mut dyn Leaf {
        self.entry(field, position).element.get_or_insert_with(E::blank)
    }

    fn is_absent(&self, field: u16, position: u32) -> bool {
        self.0.as_deref().is_some_and(|kept| {
            let mut known = kept.primitives.iter();
            known.any(|known| known.is_absent && (known.field, known.position) == (field, position))
        })
    }

    fn mark_absent(&mut self, field: u16, position: u32) {
        self.entry(field, position).is_absent = true;
    }

    fn positions(&self) -> Vec<(u16, u32)> {
        let kept = self.0.as_deref().map_or(&[][..], |kept| &kept.primitives);
        kept.iter().map(|known| (known.field, known.position)).collect()
    }

    fn mark_single(&mut self, field: u16) {
        self.kept().singles.push(field);
    }

    fn is_single(&self, field: u16) -> bool {
        self.0.as_deref().is_some_and(|kept| kept.singles.contains(&field))
    }

    fn keep_beside(&mut self, field: u16, position: u32, level: u8, name: &str, json: &str) {
        let (name, json) = (name.into(), json.into());
        self.kept().beside.push(Beside { field, position, level, name, json });
    }

    fn beside(&self, field: u16, position: u32, level: u8) -> Vec<(&str, &str)> {
        let kept = self.0.as_deref().map_or(&[][..], |kept| &kept.beside);
        let place = (field, position, level);
        let found = kept.iter().filter(|known| (known.field, known.position, known.level) == place);
        found.map(|known| (&*known.name, &*known.json)).collect()
    }

    fn keep_order(&mut self, property: u16, order: Vec<u16>) {
        self.kept().orders.push((property, order));
    }

    fn order(&self, property: u16) -> &[u16] {
        let kept = self.0.as_deref().map_or(&[][..], |kept| &kept.orders);
        kept.iter().find(|(known, _)| *known == property).map_or(&[], |(_, order)| order)
    }

    fn keep_unknown(&mut self, name: Box<str>, json: Box<str>) {
        self.kept().unknown.push((name, json));
    }

    fn unknown(&self) -> &[(Box<str>, Box<str>)] {
        self.0.as_deref().map_or(&[], |kept| &kept.unknown)
    }
}
