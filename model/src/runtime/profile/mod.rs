//! Profiles: structs that hold only what a profile leaves open.
//!
//! A profile struct is a [`Record`] with a [`Layout`] in addition to its shape: which JSON property is which
//! field, which repeats belong to which slice, what is implied and what is forbidden. One reader and
//! one writer serve them all, straight from and to JSON, so compiling a profile only takes a table.

mod json;
mod layout;
mod mark;
mod read;
mod tree;
mod write;

pub use layout::{Around, Constrained, Detail, Layout, Property, Role, Slice, Times};
pub use mark::{Expected, Mark, Step, Trial, follows};
pub use read::read_profile;
pub use write::write_profile;

use super::error::ReadError;
use super::options::ReadOptions;
use super::read::{read_keeping, read_text};
use super::record::{Leaf, Value};
use super::violation::Violations;
use super::write::to_string;

/// A struct of a profile.
///
/// It reads and writes JSON like any generated type; if the profile is violated, the error lists
/// every violation. Codes outside a required value set are kept, unless the caller reads
/// strictly or converts a base structure.
pub trait Profile: Value {
    /// The structure that it constrains.
    type Base: Value;

    /// The profile struct for a base structure, or all its violations of the profile.
    fn from_base(base: &Self::Base) -> Result<Self, Violations> {
        let mut value = Self::blank();
        constrain(&to_string(base), &mut value)?;
        Ok(value)
    }

    /// The value itself, if it also follows the rules of the profile that its type does not enforce: how often things
    /// occur, codes, and the slices that they belong to; else everything that is wrong.
    fn build(self) -> Result<Self, Violations> {
        constrain(&to_string(&self), &mut Self::blank())?;
        Ok(self)
    }

    /// The base structure, with everything that the profile implies. Nothing is lost: content that does not fit a field
    /// of the base, because it was read that way or is nested too deeply, is kept as an unknown field.
    fn to_base(&self) -> Self::Base {
        literal(&to_string(self))
    }
}

fn constrain(json: &str, into: &mut dyn Leaf) -> Result<(), Violations> {
    let options = ReadOptions { keeps_unknown_codes: false, ..ReadOptions::lenient() };
    read_text(json, options, into).map_err(ReadError::into_violations)
}

/// A value from JSON that is known to be an object of its type, as the generator or a profile struct wrote it.
pub fn literal<T: Value>(json: &str) -> T {
    let mut value = T::blank();
    let read = read_keeping(json, &mut value);
    debug_assert!(read.is_ok(), "{read:?}");
    value
}

/// The common parts of all profile structs.
#[doc(hidden)]
#[macro_export]
macro_rules! profile {
    ($name:ident, $base:ty, $element:ty) => {
        impl $crate::runtime::Profile for $name {
            type Base = $base;
        }

        impl ::core::convert::TryFrom<$base> for $name {
            type Error = $crate::runtime::Violations;

            #[inline]
            fn try_from(base: $base) -> ::core::result::Result<Self, Self::Error> {
                $crate::runtime::Profile::from_base(&base)
            }
        }

        impl ::core::convert::From<$name> for $base {
            #[inline]
            fn from(value: $name) -> Self {
                $crate::runtime::Profile::to_base(&value)
            }
        }

        impl $crate::runtime::Leaf for $name {
            fn read(
                &mut self,
                reader: &mut $crate::runtime::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::runtime::ReadError> {
                $crate::runtime::read_profile(self, reader)
            }

            fn write(&self, writer: &mut $crate::runtime::Writer) {
                $crate::runtime::write_profile(self, writer);
            }

            #[inline]
            fn as_record(&self) -> ::core::option::Option<&dyn $crate::runtime::Record> {
                ::core::option::Option::Some(self)
            }

            #[inline]
            fn as_record_mut(&mut self) -> ::core::option::Option<&mut dyn $crate::runtime::Record> {
                ::core::option::Option::Some(self)
            }

            #[inline]
            fn to_base_leaf(&self) -> ::core::option::Option<::std::boxed::Box<dyn $crate::runtime::Leaf>> {
                ::core::option::Option::Some(::std::boxed::Box::new($crate::runtime::Profile::to_base(self)))
            }

            $crate::described_by_name!();

            $crate::copied_by_fields!();
        }

        $crate::schema!($name, $crate::runtime::schema::of_profile::<$name>);
        $crate::record_common!($name, $element);
    };
}
