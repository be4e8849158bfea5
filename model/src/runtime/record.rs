//! How the engine sees generated types: a record has numbered slots, and a slot holds values.
//!
//! Reading and writing are implemented once, over trait objects, and driven by a static [`Shape`]. The
//! generated code of a type is a table and two jumps, so thousands of types compile quickly.

use std::any::Any;

use super::error::ReadError;
use super::reader::Reader;
use super::shape::Shape;
use super::writer::Writer;

/// A value that reads and writes itself.
pub trait Leaf {
    /// Fills the value from the next value of the reader.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// Writes the value.
    fn write(&self, writer: &mut Writer);

    /// The value as a structure, if it is one.
    fn as_record(&self) -> Option<&dyn Record> {
        None
    }

    /// The value as a mutable structure, if it is one.
    fn as_record_mut(&mut self) -> Option<&mut dyn Record> {
        None
    }

    /// The base structure, for a profile struct.
    fn to_base_leaf(&self) -> Option<Box<dyn Leaf>> {
        None
    }

    /// The JSON Schema of such values.
    #[cfg(feature = "schemars")]
    fn describe(&self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema;

    /// The value as `Any`.
    fn as_any(&self) -> &dyn Any;

    /// Fills a blank value from another of its type.
    fn copy(&mut self, from: &dyn Leaf);

    /// Whether another value is of this type and equal.
    fn same(&self, other: &dyn Leaf) -> bool;
}

/// The type of an element.
pub trait Value: Leaf + Clone + 'static {
    /// A value to be filled.
    fn blank() -> Self;

    /// A value of one type of a choice, to be filled.
    #[inline]
    fn start(variant: u16) -> Self {
        let _ = variant;
        Self::blank()
    }

    /// Turns a blank value into one of another type of a choice.
    #[inline]
    fn choose(&mut self, variant: u16) {
        let _ = variant;
    }

    /// The number of its type in a choice.
    #[inline]
    fn variant(&self) -> u16 {
        0
    }
}

/// A generated structure.
pub trait Record {
    /// Its JSON form.
    fn shape(&self) -> &'static Shape;

    /// A field, by its number.
    fn slot(&self, slot: u16) -> &dyn Slot;

    /// A mutable field, by its number.
    fn slot_mut(&mut self, slot: u16) -> &mut dyn Slot;

    /// Everything that has no field of its own.
    fn extras(&self) -> &dyn AnyExtras;

    /// The same, mutably.
    fn extras_mut(&mut self) -> &mut dyn AnyExtras;
}

/// What a record of any release holds in addition to its fields: ids and extensions of primitives, and unknown
/// fields.
///
/// While a record is read, additions to a value are stored by the position of the value; then they are tied to the
/// value itself. `values` is always the JSON of the current values of the field.
pub trait AnyExtras {
    /// Whether there are no extras.
    fn is_empty(&self) -> bool;
    /// Whether a value of the field has, or had, additions.
    fn extends(&self, field: u16) -> bool;
    /// The entry of each value.
    fn owners(&self, field: u16, values: &[String]) -> Vec<Option<usize>>;
    /// Id and extensions of a primitive, by its entry.
    fn element(&self, entry: usize) -> Option<&dyn Leaf>;
    /// Whether a value is only a placeholder, by its entry.
    fn is_absent(&self, entry: usize) -> bool;
    /// Members of an element around a value, by its entry: names and JSON values.
    fn beside(&self, entry: usize, level: u8) -> Vec<(&str, &str)>;
    /// Members of all elements around a value, by its entry: levels, names and JSON values.
    fn all_beside(&self, entry: usize) -> Vec<(u8, &str, &str)>;
    /// Mutable id and extensions of a primitive, while the record is read.
    fn element_mut(&mut self, field: u16, position: u32) -> &mut dyn Leaf;
    /// Marks a value as a placeholder, while the record is read.
    fn mark_absent(&mut self, field: u16, position: u32);
    /// Stores a member of an element around a value, while the record is read.
    fn keep_beside(&mut self, field: u16, position: u32, level: u8, name: &str, json: &str);
    /// Field and position of everything that is stored by position, while the record is read.
    fn positions(&self) -> Vec<(u16, u32)>;
    /// Drops the additions to the values of a field.
    fn forget(&mut self, field: u16);
    /// Ties everything that is stored by position to the values.
    fn settle(&mut self, field: u16, values: &[String]);
    /// Stores additions by position again, so that they can be changed.
    fn release(&mut self, field: u16, values: &[String]);
    /// Records that an array came as a single value, as the live e-RS sends some.
    fn mark_single(&mut self, field: u16);
    /// Whether an array came as a single value.
    fn is_single(&self, field: u16) -> bool;
    /// All stored orders of slices.
    fn orders(&self) -> &[(u16, Vec<u16>)];
    /// Stores the order in which the slices of a property were read.
    fn keep_order(&mut self, property: u16, order: Vec<u16>);
    /// The order in which the slices of a property were read, where it is not that of the profile.
    fn order(&self, property: u16) -> &[u16];
    /// Keeps a field that the type does not have.
    fn keep_unknown(&mut self, name: Box<str>, json: Box<str>);
    /// Fields that the type does not have.
    fn unknown(&self) -> &[(Box<str>, Box<str>)];
    /// The extras as `Any`.
    fn as_any(&self) -> &dyn Any;
    /// Copies the content of another value of the same type.
    fn copy(&mut self, from: &dyn AnyExtras);
}

/// A field of a record.
///
/// There is an implementation for each type of field. They are `#[inline]`, so that they are
/// compiled with the structures, in the codegen unit that has everything else they need.
pub trait Slot {
    /// Adds a blank value to be filled: the single one, or another one of several.
    fn add(&mut self, variant: u16) -> &mut dyn Leaf;

    /// The number of values.
    fn count(&self) -> usize;

    /// The number of the value's type in a choice.
    fn variant(&self) -> u16;

    /// A value, by its position.
    fn get(&self, position: usize) -> Option<&dyn Leaf>;

    /// Removes all values; a mandatory one becomes blank.
    fn clear(&mut self);
}

impl dyn Slot + '_ {
    /// Reads one value into the field: the single one, or another one of several.
    pub fn read(&mut self, variant: u16, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.add(variant).read(reader)
    }

    /// Adds a placeholder for an absent value to a repeating field.
    pub fn push_blank(&mut self) {
        self.add(0);
    }
}

/// Exactly one value.
impl<T: Value> Slot for T {
    #[inline]
    fn add(&mut self, variant: u16) -> &mut dyn Leaf {
        self.choose(variant);
        self
    }

    #[inline]
    fn count(&self) -> usize {
        1
    }

    #[inline]
    fn variant(&self) -> u16 {
        Value::variant(self)
    }

    #[inline]
    fn get(&self, _: usize) -> Option<&dyn Leaf> {
        Some(self)
    }

    #[inline]
    fn clear(&mut self) {
        *self = T::blank();
    }
}

/// At most one value.
impl<T: Value> Slot for Option<T> {
    #[inline]
    fn add(&mut self, variant: u16) -> &mut dyn Leaf {
        self.insert(T::start(variant))
    }

    #[inline]
    fn count(&self) -> usize {
        usize::from(self.is_some())
    }

    #[inline]
    fn variant(&self) -> u16 {
        match self {
            Some(value) => value.variant(),
            None => 0,
        }
    }

    #[inline]
    fn get(&self, _: usize) -> Option<&dyn Leaf> {
        match self {
            Some(value) => Some(value),
            None => None,
        }
    }

    #[inline]
    fn clear(&mut self) {
        *self = None;
    }
}

/// Any number of values.
impl<T: Value> Slot for Vec<T> {
    #[inline]
    fn add(&mut self, variant: u16) -> &mut dyn Leaf {
        if self.is_empty() {
            // Most lists have one item, and a capacity of four large structures costs more than it saves.
            self.reserve_exact(1);
        }
        self.push_mut(T::start(variant))
    }

    #[inline]
    fn count(&self) -> usize {
        self.len()
    }

    #[inline]
    fn variant(&self) -> u16 {
        0
    }

    #[inline]
    fn get(&self, position: usize) -> Option<&dyn Leaf> {
        match self.as_slice().get(position) {
            Some(value) => Some(value),
            None => None,
        }
    }

    #[inline]
    fn clear(&mut self) {
        Vec::clear(self);
    }
}

impl<T: Leaf> Leaf for Box<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        (**self).read(reader)
    }

    #[inline]
    fn write(&self, writer: &mut Writer) {
        (**self).write(writer);
    }

    #[inline]
    fn as_record(&self) -> Option<&dyn Record> {
        (**self).as_record()
    }

    #[inline]
    fn as_record_mut(&mut self) -> Option<&mut dyn Record> {
        (**self).as_record_mut()
    }

    #[inline]
    fn to_base_leaf(&self) -> Option<Box<dyn Leaf>> {
        (**self).to_base_leaf()
    }

    #[cfg(feature = "schemars")]
    fn describe(&self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        (**self).describe(generator)
    }

    #[inline]
    fn as_any(&self) -> &dyn Any {
        (**self).as_any()
    }

    #[inline]
    fn copy(&mut self, from: &dyn Leaf) {
        (**self).copy(from);
    }

    #[inline]
    fn same(&self, other: &dyn Leaf) -> bool {
        (**self).same(other)
    }
}

impl<T: Value> Value for Box<T> {
    #[inline]
    fn blank() -> Self {
        Box::new(T::blank())
    }
}

/// A generated enum of the types of a choice.
pub trait Choice {
    /// The value.
    fn leaf(&self) -> &dyn Leaf;

    /// The value, mutably.
    fn leaf_mut(&mut self) -> &mut dyn Leaf;
}
