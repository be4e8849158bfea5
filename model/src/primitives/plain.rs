//! Primitives that are Rust's own types: `boolean`, `integer` and `string`.

use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

impl Leaf for bool {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.boolean()?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(if *self { "true" } else { "false" });
    }

    fn is_blank(&self) -> bool {
        !*self
    }

    described!("boolean");

    crate::copied_by_clone!();
}

impl Value for bool {
    fn blank() -> Self {
        false
    }
}

impl Leaf for i32 {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.number()?;
        *self = text.parse().map_err(|_| {
            reader.fault(Fault::Value { type_name: "integer", reason: "use a whole number of 32 bits" })
        })?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(&self.to_string());
    }

    fn is_blank(&self) -> bool {
        *self == 0
    }

    described!("integer");

    crate::copied_by_clone!();
}

impl Value for i32 {
    fn blank() -> Self {
        0
    }
}

impl Leaf for String {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.string()?.into_owned();
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }

    described!("string");

    crate::copied_by_clone!();
}

impl Value for String {
    fn blank() -> Self {
        Self::new()
    }
}
