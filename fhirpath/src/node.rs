//! The interface of the engine to a tree: the [`Node`] trait.

use std::ops::ControlFlow;

use ers_fhir_values::Primitive;

/// A handle to one element of a tree: cheap to copy, compared by identity.
///
/// The engine never owns or clones the tree; it walks handles. Structural equality (`=`, `~`) is
/// computed by the engine from names, values and children, so `PartialEq` only has to say whether
/// two handles refer to the same element.
///
/// A FHIR primitive is one node: its value is [`text`](Node::text), its `id` and `extension` are
/// children, whether they came from JSON's `_field` or from XML.
pub trait Node: Copy + PartialEq {
    /// Iterator over the children.
    type Children: Iterator<Item = Self>;

    /// Element name without the type suffix of a choice: `value` for `valueQuantity`.
    fn name(&self) -> &str;

    /// FHIR type: `Quantity`, `code`, `Patient`, `BackboneElement`; `None` when it is not known.
    ///
    /// A `System` type is given by its URL (`http://hl7.org/fhirpath/System.String`).
    fn type_name(&self) -> Option<&str>;

    /// The primitive type, where the type is one.
    fn primitive(&self) -> Option<Primitive> {
        Primitive::from_code(self.type_name()?)
    }

    /// The value of a primitive as written, without quotes and with escapes resolved.
    ///
    /// `None` for a complex element, and for a primitive that has only an `id` or extensions.
    fn text(&self) -> Option<&str>;

    /// How the source wrote the value. Consulted only when [`type_name`](Node::type_name) is `None`.
    fn form(&self) -> Form {
        Form::Unknown
    }

    /// All children in document order; XML attributes and JSON's `_field` parts included.
    fn children(&self) -> Self::Children;

    /// Calls `visit` for each child called `name`, in document order, until it breaks.
    ///
    /// The hot path of the engine. Override it in a node type that can find its children faster than by looking at
    /// all of them.
    fn visit_named<B>(
        &self,
        name: Called<'_>,
        visit: &mut dyn FnMut(Self) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for child in self.children() {
            if child.name() == name.text {
                visit(child)?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// A name to look for among the children of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called<'n> {
    /// The name.
    pub text: &'n str,
    /// The number that [`Expression::numbered`](crate::Expression::numbered) gave it; 0 for none.
    pub number: u32,
}

impl<'n> Called<'n> {
    /// A name without a number.
    pub(crate) const fn plain(text: &'n str) -> Self {
        Self { text, number: 0 }
    }
}

/// How the source wrote a primitive value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON `true` or `false`.
    Boolean,
    /// A JSON number.
    Number,
    /// A JSON string.
    String,
    /// XML, or any source without such types: the lexical form decides.
    Unknown,
}
