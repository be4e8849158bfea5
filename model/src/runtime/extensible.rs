//! Access to what extends the primitives of a structure.

use super::extras::Extras;
use super::record::{AnyExtras, Record};

/// A structure whose primitives may carry ids and extensions.
///
/// In JSON these stand beside the value, under its name with `_` before it. The value itself stays
/// a plain Rust value.
pub trait Extensible: Record {
    /// Id and extensions of a primitive.
    type Element;

    #[doc(hidden)]
    fn kept(&self) -> &Extras<Self::Element>;

    #[doc(hidden)]
    fn kept_mut(&mut self) -> &mut Extras<Self::Element>;

    /// Id and extensions of a primitive, by its JSON name (`birthDate`) and its position among
    /// repeats (0 where it does not repeat).
    fn extensions_of(&self, name: &str, position: usize) -> Option<&Self::Element> {
        let number = self.shape().find(name, 0)?;
        self.kept().find(number as u16, u32::try_from(position).ok()?)
    }

    /// Sets id and extensions of a primitive; false where the type has no primitive of that name.
    fn set_extensions_of(&mut self, name: &str, position: usize, element: Option<Self::Element>) -> bool {
        let Some(number) = self.shape().find(name, 0) else { return false };
        let Ok(position) = u32::try_from(position) else { return false };
        let is_primitive = self.shape().fields[number].is_primitive;
        if is_primitive {
            self.kept_mut().set(number as u16, position, element);
        }
        is_primitive
    }

    /// What stands beside the value of a field of a profile struct, in the elements around it that the
    /// struct does not show: names and JSON values of ids, extensions and the like. By the name of the field in the profile
    /// (`parameter:patient`), its position among repeats, and the level, 0 for the outermost.
    fn beside(&self, name: &str, position: usize, level: usize) -> Vec<(&str, &str)>
    where
        Extras<Self::Element>: AnyExtras,
    {
        let place = (self.shape().find(name, 0), u32::try_from(position), u8::try_from(level));
        let (Some(number), Ok(position), Ok(level)) = place else { return Vec::new() };
        self.kept().beside(number as u16, position, level)
    }

    /// Whether there are fields that the type does not have.
    fn has_unknown_fields(&self) -> bool
    where
        Extras<Self::Element>: AnyExtras,
    {
        !self.kept().unknown().is_empty()
    }
}
