//! What a record holds in addition to its fields: ids and extensions of primitives, and unknown fields.
//!
//! Most values have neither, so a record pays only one pointer for them.
//!
//! Id and extensions of a value are stored with the JSON of that value and looked up by it, never by position: they
//! follow their value wherever it moves in a list, and go when it goes. Equal values in a list are told apart by
//! their relative order, for as long as their number stays the same.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;

use super::record::{AnyExtras, Leaf, Value};

/// Extensions of primitives and unknown fields of one record.
///
/// `E` is the type for the id and extensions of a primitive.
#[derive(Clone, PartialEq)]
pub struct Extras<E>(Option<Box<Kept<E>>>);

#[derive(Clone, PartialEq)]
struct Kept<E> {
    values: Vec<Extended<E>>,
    /// Numbers of JSON properties that should have been arrays but were not.
    singles: Vec<u16>,
    /// The order in which the slices of a JSON property were read, by its number.
    orders: Vec<(u16, Vec<u16>)>,
    unknown: Vec<(Box<str>, Box<str>)>,
}

/// Additions to a value, or to its absence.
#[derive(Clone, PartialEq)]
struct Extended<E> {
    /// Number of the JSON property.
    field: u16,
    owner: Owner,
    /// Whether there is no value, and the field holds a placeholder.
    is_absent: bool,
    element: Option<E>,
    /// Members of the elements around the value that a profile struct does not show.
    beside: Vec<Beside>,
}

/// The value that additions belong to.
#[derive(Clone, PartialEq)]
enum Owner {
    /// The value at a position among repeats: only while a record is read or changed.
    At(u32),
    /// The value with this JSON, the `nth` among `of` equal ones. Empty JSON means the absence of
    /// any value.
    Value { json: Box<str>, nth: u32, of: u32 },
}

/// A member of an element around the value of a field.
#[derive(Clone, PartialEq)]
struct Beside {
    /// How many elements are around this one.
    level: u8,
    name: Box<str>,
    json: Box<str>,
}

impl<E> fmt::Debug for Extras<E> {
    /// Hides the content: debug output ends up in logs.
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
    /// No extras.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Fields that the type does not have: name and JSON value, in the order they were read.
    pub fn unknown_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let unknown = self.0.as_deref().map_or(&[][..], |kept| &kept.unknown);
        unknown.iter().map(|(name, json)| (&**name, &**json))
    }

    fn values(&self) -> &[Extended<E>] {
        self.0.as_deref().map_or(&[], |kept| &kept.values)
    }

    fn kept(&mut self) -> &mut Kept<E> {
        self.0.get_or_insert_with(|| {
            Box::new(Kept {
                values: Vec::new(),
                singles: Vec::new(),
                orders: Vec::new(),
                unknown: Vec::new(),
            })
        })
    }

    /// The entry of a value, by its position, while a record is read: all entries are then ordered by position.
    fn entry(&mut self, field: u16, position: u32) -> &mut Extended<E> {
        let known = &mut self.kept().values;
        let place = |known: &Extended<E>| match known.owner {
            Owner::At(position) => (known.field, position),
            Owner::Value { .. } => (known.field, 0),
        };
        let at = match known.binary_search_by_key(&(field, position), place) {
            Ok(at) => at,
            Err(at) => {
                known.insert(at, Extended::new(field, position));
                at
            }
        };
        &mut known[at]
    }

    /// Id and extensions of a value, by the entry that [`AnyExtras::owners`] returned.
    pub(crate) fn of_entry(&self, entry: usize) -> Option<&E> {
        self.values().get(entry)?.element.as_ref()
    }

    /// The mutable id and extensions of the value at a position. `values` is the JSON of all values of the field.
    pub(crate) fn change(&mut self, field: u16, position: u32, values: &[String]) -> &mut Option<E>
    where
        E: Value,
    {
        self.release(field, values);
        let known = &mut self.kept().values;
        let owner = Owner::At(position);
        let found = known.iter().position(|known| known.field == field && known.owner == owner);
        let at = found.unwrap_or_else(|| {
            known.push(Extended::new(field, position));
            known.len() - 1
        });
        self.settle(field, values);
        &mut self.kept().values[at].element
    }
}

impl<E> Extended<E> {
    const fn new(field: u16, position: u32) -> Self {
        let owner = Owner::At(position);
        Self { field, owner, is_absent: false, element: None, beside: Vec::new() }
    }
}

/// The positions of each distinct value of a field, in order.
struct Places<'v> {
    values: &'v [String],
    by_value: HashMap<&'v str, Vec<usize>>,
}

impl<'v> Places<'v> {
    fn of(values: &'v [String]) -> Self {
        let mut by_value: HashMap<&str, Vec<usize>> = HashMap::with_capacity(values.len());
        for (position, value) in values.iter().enumerate() {
            by_value.entry(value).or_default().push(position);
        }
        Self { values, by_value }
    }

    /// The value at a position.
    fn owner(&self, position: u32) -> Owner {
        let json = self.values.get(position as usize).map_or("", String::as_str);
        let equal = self.by_value.get(json).map_or(&[][..], Vec::as_slice);
        let nth = equal.partition_point(|known| *known < position as usize);
        Owner::Value { json: json.into(), nth: nth as u32, of: equal.len() as u32 }
    }

    /// The position of an owner among the values.
    fn find(&self, owner: &Owner) -> Option<usize> {
        let (json, nth, of) = match owner {
            Owner::At(position) => return Some(*position as usize),
            Owner::Value { json, nth, of } => (&**json, *nth as usize, *of as usize),
        };
        let equal = self.by_value.get(json)?;
        // If some of several equal values are gone, or more have been added, they cannot be told apart.
        (equal.len() == of || of == 1).then(|| equal.get(nth).copied())?
    }
}

impl<E: Value> AnyExtras for Extras<E> {
    fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn extends(&self, field: u16) -> bool {
        self.values().iter().any(|known| known.field == field)
    }

    fn owners(&self, field: u16, values: &[String]) -> Vec<Option<usize>> {
        let mut owners = vec![None; values.len()];
        let places = Places::of(values);
        for (entry, known) in self.values().iter().enumerate().filter(|(_, known)| known.field == field) {
            if let Some(place) = places.find(&known.owner).and_then(|place| owners.get_mut(place)) {
                *place = Some(entry);
            }
        }
        owners
    }

    fn element(&self, entry: usize) -> Option<&dyn Leaf> {
        self.of_entry(entry).map(|element| element as &dyn Leaf)
    }

    fn is_absent(&self, entry: usize) -> bool {
        self.values().get(entry).is_some_and(|known| known.is_absent)
    }

    fn beside(&self, entry: usize, level: u8) -> Vec<(&str, &str)> {
        let found = self.all_beside(entry).into_iter().filter(|known| known.0 == level);
        found.map(|(_, name, json)| (name, json)).collect()
    }

    fn all_beside(&self, entry: usize) -> Vec<(u8, &str, &str)> {
        let beside = self.values().get(entry).map_or(&[][..], |known| &known.beside);
        beside.iter().map(|known| (known.level, &*known.name, &*known.json)).collect()
    }

    fn element_mut(&mut self, field: u16, position: u32) -> &mut dyn Leaf {
        self.entry(field, position).element.get_or_insert_with(E::blank)
    }

    fn mark_absent(&mut self, field: u16, position: u32) {
        self.entry(field, position).is_absent = true;
    }

    fn keep_beside(&mut self, field: u16, position: u32, level: u8, name: &str, json: &str) {
        let (name, json) = (name.into(), json.into());
        self.entry(field, position).beside.push(Beside { level, name, json });
    }

    fn positions(&self) -> Vec<(u16, u32)> {
        let open = self.values().iter().filter_map(|known| match known.owner {
            Owner::At(position) => Some((known.field, position)),
            Owner::Value { .. } => None,
        });
        open.collect()
    }

    fn forget(&mut self, field: u16) {
        if let Some(kept) = &mut self.0 {
            kept.values.retain(|known| known.field != field);
        }
    }

    fn settle(&mut self, field: u16, values: &[String]) {
        let places = Places::of(values);
        let known = self.0.iter_mut().flat_map(|kept| &mut kept.values).filter(|known| known.field == field);
        for known in known {
            if let Owner::At(position) = known.owner {
                known.owner = places.owner(position);
            }
        }
    }

    fn release(&mut self, field: u16, values: &[String]) {
        let Some(kept) = &mut self.0 else { return };
        let places = Places::of(values);
        kept.values.retain_mut(|known| {
            if known.field != field {
                return true;
            }
            let place = places.find(&known.owner);
            known.owner = Owner::At(place.unwrap_or_default() as u32);
            place.is_some()
        });
    }

    fn mark_single(&mut self, field: u16) {
        self.kept().singles.push(field);
    }

    fn is_single(&self, field: u16) -> bool {
        self.0.as_deref().is_some_and(|kept| kept.singles.contains(&field))
    }

    fn orders(&self) -> &[(u16, Vec<u16>)] {
        self.0.as_deref().map_or(&[], |kept| &kept.orders)
    }

    fn keep_order(&mut self, property: u16, order: Vec<u16>) {
        self.kept().orders.push((property, order));
    }

    fn order(&self, property: u16) -> &[u16] {
        self.orders().iter().find(|(known, _)| *known == property).map_or(&[], |(_, order)| order)
    }

    fn keep_unknown(&mut self, name: Box<str>, json: Box<str>) {
        self.kept().unknown.push((name, json));
    }

    fn unknown(&self) -> &[(Box<str>, Box<str>)] {
        self.0.as_deref().map_or(&[], |kept| &kept.unknown)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn copy(&mut self, from: &dyn AnyExtras) {
        if let Some(from) = from.as_any().downcast_ref::<Self>() {
            self.clone_from(from);
        }
    }
}
