//! Ids, extensions and other additions to the current values of a field.

use super::record::{AnyExtras, Leaf, Record};
use super::write::to_string;

/// The additions to each value of a field.
pub(super) struct Attached<'r> {
    extras: &'r dyn AnyExtras,
    /// The entry of each value, by its position.
    owners: Vec<Option<usize>>,
    values: Vec<String>,
}

/// An empty text, which is not a valid value of any type.
const EMPTY: &str = "\"\"";

impl<'r> Attached<'r> {
    /// The additions of a field, by its number; `None` where no value of it ever had any.
    pub(super) fn of(record: &'r dyn Record, number: u16) -> Option<Self> {
        let extras = record.extras();
        if !extras.extends(number) {
            return None;
        }
        let values = values(record, number);
        Some(Self { extras, owners: extras.owners(number, &values), values })
    }

    fn entry(&self, position: usize) -> Option<usize> {
        *self.owners.get(position)?
    }

    /// The id and extensions of a value.
    pub(super) fn element(&self, position: usize) -> Option<&'r dyn Leaf> {
        self.extras.element(self.entry(position)?)
    }

    /// Whether a value is only a placeholder.
    pub(super) fn is_absent(&self, position: usize) -> bool {
        self.values.get(position).is_some_and(|value| value == EMPTY)
            || self.entry(position).is_some_and(|entry| self.extras.is_absent(entry))
    }

    /// Whether the values have the same additions as those of another record.
    pub(super) fn same(&self, other: &Attached<'_>) -> bool {
        let alike = |position: usize| {
            let elements = match (self.element(position), other.element(position)) {
                (Some(element), Some(other)) => element.same(other),
                (None, None) => true,
                _ => false,
            };
            elements
                && self.is_absent(position) == other.is_absent(position)
                && self.all_beside(position) == other.all_beside(position)
        };
        (0..self.values.len()).all(alike)
    }

    /// Whether no value has any additions.
    pub(super) fn is_empty(&self) -> bool {
        self.owners.iter().all(Option::is_none)
    }

    fn all_beside(&self, position: usize) -> Vec<(u8, &'r str, &'r str)> {
        self.entry(position).map(|entry| self.extras.all_beside(entry)).unwrap_or_default()
    }

    /// Members of an element around a value.
    pub(super) fn beside(&self, position: usize, level: u8) -> Vec<(&'r str, &'r str)> {
        self.entry(position).map(|entry| self.extras.beside(entry, level)).unwrap_or_default()
    }
}

/// The JSON of each value of a field, by its number; none for an absent single value.
pub(super) fn values(record: &dyn Record, number: u16) -> Vec<String> {
    let Some(field) = record.shape().fields.get(usize::from(number)) else { return Vec::new() };
    let slot = record.slot(field.slot);
    let count = if slot.count() > 0 && slot.variant() == field.variant { slot.count() } else { 0 };
    if count == 0 && !field.is_many {
        return vec![String::new()];
    }
    (0..count).filter_map(|position| slot.get(position)).map(to_string).collect()
}
