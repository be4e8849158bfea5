//! What demands something of a node: an element, and the definition that it is part of.

use super::{Element, Schema};

/// An element of a compiled definition, for as long as the validator lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'v> {
    /// The definition.
    pub(crate) schema: &'v Schema,
    /// The element in it.
    pub(crate) element: &'v Element,
}

impl<'v> Origin<'v> {
    /// The root of a definition.
    pub(crate) fn root(schema: &'v Schema) -> Self {
        Self { schema, element: schema.root() }
    }

    /// Another element of the same definition.
    pub(crate) fn at(self, element: &'v Element) -> Self {
        Self { element, ..self }
    }

    /// Whether it is the definition itself, not one of its parts.
    pub(crate) fn is_root(self) -> bool {
        std::ptr::eq(self.element, self.schema.root())
    }
}
