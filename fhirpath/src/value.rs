//! A single item of a collection.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::node::Node;
use ers_fhir_values::{Quantity, Temporal};

/// One item: an element of the tree, or a value of a `System` type.
///
/// `'e` is the lifetime of the expression (literals are borrowed from it) and of the host.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'e, N> {
    /// An element of the tree; a FHIR primitive converts to its `System` value where one is needed.
    Node(N),
    /// `System.Boolean`.
    Boolean(bool),
    /// `System.Integer`.
    Integer(i64),
    /// `System.Decimal`.
    Decimal(Decimal),
    /// `System.String`.
    String(Cow<'e, str>),
    /// `System.Date`, `System.DateTime` or `System.Time`.
    Temporal(Temporal),
    /// `System.Quantity`.
    Quantity(Box<Quantity>),
    /// The result of `type()`.
    Type(TypeInfo),
}

/// A type as `type()` reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeInfo {
    /// `System` or `FHIR`.
    pub namespace: &'static str,
    /// `Integer`, `Patient` ...
    pub name: Box<str>,
}

impl<N: Node> Value<'_, N> {
    /// The text of a string, or of an element that is a primitive with a value.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            Value::Node(node) => node.text(),
            _ => None,
        }
    }
}

impl<N> Value<'_, N> {
    /// The node, when this is one.
    pub fn as_node(&self) -> Option<&N> {
        match self {
            Value::Node(node) => Some(node),
            _ => None,
        }
    }
}
