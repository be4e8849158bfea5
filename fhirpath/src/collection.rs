//! An ordered collection that allocates only when it has more than one item.

use crate::value::Value;

/// The result of an expression: zero, one or many items in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection<'e, N>(Items<'e, N>);

#[derive(Debug, Clone, PartialEq)]
enum Items<'e, N> {
    None,
    One(Value<'e, N>),
    Many(Vec<Value<'e, N>>),
}

impl<N> Default for Collection<'_, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'e, N> Collection<'e, N> {
    /// The empty collection.
    pub const fn new() -> Self {
        Self(Items::None)
    }

    /// The collection of one item.
    pub fn one(value: Value<'e, N>) -> Self {
        Self(Items::One(value))
    }

    /// A boolean, or empty when it is undecided.
    pub fn boolean(value: Option<bool>) -> Self {
        value.map(Value::Boolean).into()
    }

    /// Adds an item at the end.
    pub fn push(&mut self, value: Value<'e, N>) {
        match std::mem::replace(&mut self.0, Items::None) {
            Items::None => self.0 = Items::One(value),
            Items::One(first) => self.0 = Items::Many(vec![first, value]),
            Items::Many(mut items) => {
                items.push(value);
                self.0 = Items::Many(items);
            }
        }
    }

    /// The items in order.
    pub fn as_slice(&self) -> &[Value<'e, N>] {
        match &self.0 {
            Items::None => &[],
            Items::One(value) => std::slice::from_ref(value),
            Items::Many(items) => items,
        }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// The items in order, borrowed.
    pub fn iter(&self) -> std::slice::Iter<'_, Value<'e, N>> {
        self.as_slice().iter()
    }

    /// The items as a vector.
    pub fn into_vec(self) -> Vec<Value<'e, N>> {
        match self.0 {
            Items::None => Vec::new(),
            Items::One(value) => vec![value],
            Items::Many(items) => items,
        }
    }
}

impl<'e, N> From<Option<Value<'e, N>>> for Collection<'e, N> {
    fn from(value: Option<Value<'e, N>>) -> Self {
        Self(value.map_or(Items::None, Items::One))
    }
}

impl<'e, N> From<Vec<Value<'e, N>>> for Collection<'e, N> {
    fn from(mut items: Vec<Value<'e, N>>) -> Self {
        if items.len() < 2 { items.pop().into() } else { Self(Items::Many(items)) }
    }
}

impl<'e, N> FromIterator<Value<'e, N>> for Collection<'e, N> {
    fn from_iter<I: IntoIterator<Item = Value<'e, N>>>(items: I) -> Self {
        let mut collection = Self::new();
        collection.extend(items);
        collection
    }
}

impl<'e, N> Extend<Value<'e, N>> for Collection<'e, N> {
    fn extend<I: IntoIterator<Item = Value<'e, N>>>(&mut self, items: I) {
        for item in items {
            self.push(item);
        }
    }
}

impl<'e, N> IntoIterator for Collection<'e, N> {
    type Item = Value<'e, N>;
    type IntoIter = std::vec::IntoIter<Value<'e, N>>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'c, 'e, N> IntoIterator for &'c Collection<'e, N> {
    type Item = &'c Value<'e, N>;
    type IntoIter = std::slice::Iter<'c, Value<'e, N>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
