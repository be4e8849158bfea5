//! Access to the ids and extensions of the primitives of a structure.

use super::attached::{Attached, values};
use super::extras::Extras;
use super::record::{AnyExtras, Record, Value};

/// A structure whose primitives may carry ids and extensions.
///
/// In JSON they are next to the value, under its name prefixed with `_`. The value itself stays a plain Rust
/// value. Its id and extensions belong to that value: they follow it when a list is reordered, and are gone when it
/// is removed or replaced. So set the value first, then its id and extensions.
///
/// Generated types have typed methods for this (`birth_date_extensions`, `birth_date_element_mut`). The methods here
/// take the name in JSON, for code that serves many types.
pub trait Extensible: Record + Sized {
    /// Id and extensions of a primitive.
    type Element: Value;

    #[doc(hidden)]
    fn kept(&self) -> &Extras<Self::Element>;

    #[doc(hidden)]
    fn kept_mut(&mut self) -> &mut Extras<Self::Element>;

    /// Id and extensions of a primitive, by its JSON name (`birthDate`) and its position among
    /// repeats (0 where it does not repeat).
    fn extensions_of(&self, name: &str, position: usize) -> Option<&Self::Element> {
        element_of(self, self.shape().find(name, 0)? as u16, position)
    }

    /// Sets id and extensions of a primitive; false where the type has no primitive of this name, or no value
    /// at this position.
    #[must_use]
    fn set_extensions_of(&mut self, name: &str, position: usize, element: Option<Self::Element>) -> bool {
        let Some(number) = self.shape().find(name, 0) else { return false };
        let place = if self.shape().fields[number].is_primitive {
            place_of(self, number as u16, position)
        } else {
            None
        };
        place.map(|place| *place = element).is_some()
    }

    /// Additional members of the elements around the value of a field, which a profile struct does not show: names and
    /// JSON values of ids, extensions and the like. They are identified by the name of the field in the profile
    /// (`parameter:patient`), its position among repeats, and the level of the element, 0 for the outermost.
    fn beside(&self, name: &str, position: usize, level: usize) -> Vec<(&str, &str)> {
        let (Some(number), Ok(level)) = (self.shape().find(name, 0), u8::try_from(level)) else {
            return Vec::new();
        };
        Attached::of(self, number as u16).map(|attached| attached.beside(position, level)).unwrap_or_default()
    }

    /// Whether there are fields that the type does not have.
    fn has_unknown_fields(&self) -> bool {
        !self.kept().unknown().is_empty()
    }
}

/// Id and extensions of a value of a field, by the number of its JSON property.
pub fn element_of<R: Extensible>(record: &R, number: u16, position: usize) -> Option<&R::Element> {
    let kept = record.kept();
    if !kept.extends(number) {
        return None;
    }
    let owners = kept.owners(number, &values(record, number));
    kept.of_entry((*owners.get(position)?)?)
}

/// The mutable slot for id and extensions of a value of a field; `None` where there is no such value.
fn place_of<R: Extensible>(record: &mut R, number: u16, position: usize) -> Option<&mut Option<R::Element>> {
    let values = values(record, number);
    (position < values.len()).then(|| record.kept_mut().change(number, position as u32, &values))
}

/// Mutable id and extensions of a value of a field; `None` where there is no such value.
pub fn element_mut<R: Extensible>(record: &mut R, number: u16, position: usize) -> Option<&mut R::Element> {
    Some(place_of(record, number, position)?.get_or_insert_with(Value::blank))
}

/// Mutable id and extensions of the single value of a field, which may be absent.
pub fn element_mut_of_one<R: Extensible>(record: &mut R, number: u16) -> &mut R::Element {
    let values = values(record, number);
    record.kept_mut().change(number, 0, &values).get_or_insert_with(Value::blank)
}

/// Id and extensions of the value of a choice whose JSON properties have these numbers.
pub fn element_of_choice<R: Extensible>(record: &R, first: u16, count: u16) -> Option<&R::Element> {
    (first..first + count).find_map(|number| element_of(record, number, 0))
}

/// Mutable id and extensions of the value of a choice; `None` where it has no value, or one that is not a primitive.
pub fn element_mut_of_choice<R: Extensible>(
    record: &mut R,
    first: u16,
    count: u16,
) -> Option<&mut R::Element> {
    let fields = record.shape().fields;
    let is_this = |number: &u16| {
        let field = &fields[usize::from(*number)];
        let slot = record.slot(field.slot);
        field.is_primitive && slot.count() > 0 && slot.variant() == field.variant
    };
    let number = (first..first + count).find(is_this)?;
    element_mut(record, number, 0)
}
