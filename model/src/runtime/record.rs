//! How the engine sees generated types: a record has numbered slots, and a slot holds values.
//!
//! Reading and writing are written once, over trait objects, and driven by a static [`Shape`]. What
//! is generated for a type is a table and two jumps, so that thousands of types compile quickly.

use super::error::ReadError;
use super::extras::AnyExtras;
use super::reader::Reader;
use super::shape::Shape;
use super::writer::Writer;

/// A value that reads and writes itself.
pub trait Leaf {
    /// Fills the value from what comes next.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// Writes the value.
    fn write(&self, writer: &mut Writer);

    /// The structure that this is, if it is one.
    fn as_record(&self) -> Option<&dyn Record> {
        None
    }

    /// Whether it is the stand-in for a primitive value that is absent.
    fn is_blank(&self) -> bool {
        false
    }
}

/// The type of an element.
pub trait Value: Leaf + Sized {
    /// A value to be filled.
    fn blank() -> Self;

    /// A value of one type of a choice, to be filled.
    fn start(variant: u16) -> Self {
        let _ = variant;
        Self::blank()
    }

    /// Which type of a choice it is.
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

    /// A field, by its number, to be filled.
    fn slot_mut(&mut self, slot: u16) -> &mut dyn Slot;

    /// What has no field of its own.
    fn extras(&self) -> &dyn AnyExtras;

    /// What has no field of its own, to be filled.
    fn extras_mut(&mut self) -> &mut dyn AnyExtras;
}

/// A field of a record.
pub trait Slot {
    /// Reads one value into the field: the only one, or one more.
    fn read(&mut self, variant: u16, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// Adds a stand-in for a value that is absent.
    fn push_blank(&mut self);

    /// How many values are there.
    fn count(&self) -> usize;

    /// Which type of a choice the value is.
    fn variant(&self) -> u16;

    /// A value, by its position.
    fn get(&self, position: usize) -> Option<&dyn Leaf>;
}

/// Exactly one value.
impl<T: Value> Slot for T {
    fn read(&mut self, variant: u16, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = T::start(variant);
        Leaf::read(self, reader)
    }

    fn push_blank(&mut self) {}

    fn count(&self) -> usize {
        1
    }

    fn variant(&self) -> u16 {
        Value::variant(self)
    }

    fn get(&self, _: usize) -> Option<&dyn Leaf> {
        Some(self)
    }
}

/// One value or none.
impl<T: Value> Slot for Option<T> {
    fn read(&mut self, variant: u16, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.insert(T::start(variant)).read(reader)
    }

    fn push_blank(&mut self) {}

    fn count(&self) -> usize {
        usize::from(self.is_some())
    }

    fn variant(&self) -> u16 {
        self.as_ref().map_or(0, Value::variant)
    }

    fn get(&self, _: usize) -> Option<&dyn Leaf> {
        self.as_ref().map(|value| value as &dyn Leaf)
    }
}

/// Any number of values.
impl<T: Value> Slot for Vec<T> {
    fn read(&mut self, variant: u16, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.push(T::start(variant));
        match self.last_mut() {
            Some(last) => last.read(reader),
            None => Ok(()),
        }
    }

    fn push_blank(&mut self) {
        self.push(T::blank());
    }

    fn count(&self) -> usize {
        Vec::len(self)
    }

    fn variant(&self) -> u16 {
        0
    }

    fn get(&self, position: usize) -> Option<&dyn Leaf> {
        <[T]>::get(self, position).map(|value| value as &dyn Leaf)
    }
}

impl<T: Leaf> Leaf for Box<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        (**self).read(reader)
    }

    fn write(&self, writer: &mut Writer) {
        (**self).write(writer);
    }

    fn as_record(&self) -> Option<&dyn Record> {
        (**self).as_record()
    }

    fn is_blank(&self) -> bool {
        (**self).is_blank()
    }
}

impl<T: Value> Value for Box<T> {
    fn blank() -> Self {
        Box::new(T::blank())
    }
}

/// A generated enum of the types of a choice.
pub trait Choice {
    /// The value.
    fn leaf(&self) -> &dyn Leaf;

    /// The value, to be filled.
    fn leaf_mut(&mut self) -> &mut dyn Leaf;
}
