//! Primitives that are Rust's own types: `boolean`, `integer` and `string`.

use ers_fhir_values::{Primitive, lexical};

use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

impl Leaf for bool {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.boolean()?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(if *self { "true" } else { "false" });
    }

    described!(Boolean);

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

    described!(Integer);

    crate::copied_by_clone!();
}

impl Value for i32 {
    fn blank() -> Self {
        0
    }
}

impl Leaf for String {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.string()?;
        if !reader.options().forgives_values
            && !lexical::is_valid_in(&text, Primitive::String, reader.release())
        {
            let reason = "use some text without control characters, of at most 1048576 characters";
            return Err(reader.fault(Fault::Value { type_name: Primitive::String.code(), reason }));
        }
        *self = text.into_owned();
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }

    described!(String);

    crate::copied_by_clone!();
}

impl Value for String {
    fn blank() -> Self {
        Self::new()
    }
}
