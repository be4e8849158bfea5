//! `unsignedInt` and `positiveInt`.

use std::fmt;

use super::text::InvalidText;
use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $least:literal, $reason:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl fmt::Debug for $name {
            /// The number only with `{:#?}`: debug output ends up in logs.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if f.alternate() {
                    write!(f, "{}({})", stringify!($name), self.0)
                } else {
                    write!(f, "{}(..)", stringify!($name))
                }
            }
        }

        impl $name {
            /// A number within the bounds of the type.
            pub const fn new(value: u32) -> Option<Self> {
                let bounds: std::ops::RangeInclusive<u32> = $least..=2_147_483_647;
                if value < *bounds.start() || value > *bounds.end() { None } else { Some(Self(value)) }
            }

            /// The number.
            pub const fn get(self) -> u32 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for u32 {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl Leaf for $name {
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
                let value = reader.number()?.parse().ok().and_then(Self::new);
                *self = value.ok_or_else(|| {
                    reader.fault(Fault::Value { type_name: ::ers_fhir_values::Primitive::$name.code(), reason: $reason })
                })?;
                Ok(())
            }

            fn write(&self, writer: &mut Writer) {
                writer.raw(&self.0.to_string());
            }

            $crate::described_by_name!();

            $crate::copied_by_clone!();
        }

        impl Value for $name {
            /// Zero, regardless of the bounds: it is a placeholder for an absent value and is never written.
            fn blank() -> Self {
                Self(0)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u32(self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = <u32 as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::new(number).ok_or_else(|| <D::Error as ::serde::de::Error>::custom($reason))
            }
        }

        impl TryFrom<u32> for $name {
            type Error = InvalidText;

            fn try_from(number: u32) -> Result<Self, Self::Error> {
                Self::new(number).ok_or(InvalidText { type_name: ::ers_fhir_values::Primitive::$name.code(), rule: $reason })
            }
        }

        impl TryFrom<i32> for $name {
            type Error = InvalidText;

            fn try_from(number: i32) -> Result<Self, Self::Error> {
                let number = u32::try_from(number).ok().and_then(Self::new);
                number.ok_or(InvalidText { type_name: ::ers_fhir_values::Primitive::$name.code(), rule: $reason })
            }
        }

        impl TryFrom<usize> for $name {
            type Error = InvalidText;

            fn try_from(number: usize) -> Result<Self, Self::Error> {
                let number = u32::try_from(number).ok().and_then(Self::new);
                number.ok_or(InvalidText { type_name: ::ers_fhir_values::Primitive::$name.code(), rule: $reason })
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidText;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidText;

            /// Reads digits, without a sign and without leading zeros.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let number = text.parse().ok().and_then(Self::new).filter(|number| number.0.to_string() == text);
                number.ok_or(InvalidText { type_name: ::ers_fhir_values::Primitive::$name.code(), rule: $reason })
            }
        }
        primitive_schema!($name, $name);
    };
}

bounded! {
    /// A whole number from 0 to 2,147,483,647.
    ///
    /// ```
    /// use ers_fhir_model::primitives::UnsignedInt;
    ///
    /// assert_eq!(UnsignedInt::new(0).map(UnsignedInt::get), Some(0));
    /// ```
    UnsignedInt, 0, "use a whole number from 0 to 2147483647"
}

impl From<u16> for UnsignedInt {
    fn from(number: u16) -> Self {
        Self(number.into())
    }
}

bounded! {
    /// A whole number from 1 to 2,147,483,647.
    ///
    /// ```
    /// use ers_fhir_model::primitives::PositiveInt;
    ///
    /// assert!(PositiveInt::new(0).is_none());
    /// ```
    PositiveInt, 1, "use a whole number from 1 to 2147483647"
}
