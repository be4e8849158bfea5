//! Any resource: one of the generated types, or any other, kept as it came.

use std::fmt;

use super::error::{Fault, ReadError};
use super::reader::Reader;
use super::record::Leaf;
use super::show::show;
use super::writer::Writer;

/// A resource of a type that was not generated: its JSON, as it came.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct OtherResource {
    type_name: Box<str>,
    json: Box<str>,
}

impl OtherResource {
    /// The `resourceType`.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The resource as JSON.
    pub fn json(&self) -> &str {
        &self.json
    }
}

impl fmt::Debug for OtherResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show("OtherResource", self, f)
    }
}

impl Leaf for OtherResource {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.type_name = reader.look_for("resourceType")?.unwrap_or_default().into();
        self.json = reader.raw()?.into();
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(if self.json.is_empty() { "{}" } else { &self.json });
    }

    #[cfg(feature = "schemars")]
    fn describe(&self, _: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "required": ["resourceType"],
            "properties": { "resourceType": { "type": "string" } },
        })
    }

    crate::copied_by_clone!();
}

/// A generated enum of resources.
pub trait AnyResource: Sized {
    /// The generated types.
    const TYPES: &'static [&'static str];

    /// An empty resource of a type, to be filled; `Other` where the type is not a generated one.
    fn start(type_name: &str) -> Self;

    /// The resource.
    fn leaf(&self) -> &dyn Leaf;

    /// The resource, mutably.
    fn leaf_mut(&mut self) -> &mut dyn Leaf;
}

/// The type of the next resource.
pub fn type_of_next(reader: &mut Reader<'_>) -> Result<Box<str>, ReadError> {
    match reader.look_for("resourceType")? {
        Some(name) => Ok(name.into()),
        None => Err(reader.fault(Fault::Missing { element: "resourceType" })),
    }
}
