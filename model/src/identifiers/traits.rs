//! Common implementations for every identifier, given `FromStr` and `as_str`.

macro_rules! text_traits {
    ($name:ident, $pattern:literal) => {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl TryFrom<&$crate::primitives::Id> for $name {
            type Error = $crate::identifiers::error::InvalidIdentifier;

            fn try_from(id: &$crate::primitives::Id) -> Result<Self, Self::Error> {
                id.parse()
            }
        }

        impl From<$name> for $crate::primitives::Id {
            fn from(identifier: $name) -> Self {
                // Letters and digits are a valid id.
                $crate::primitives::Id::known(identifier.as_str())
            }
        }

        impl ::std::fmt::Display for $name {
            /// As FHIR writes it.
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::identifiers::error::InvalidIdentifier;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::identifiers::error::InvalidIdentifier;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> Self {
                identifier.as_str().to_owned()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(<D::Error as ::serde::de::Error>::custom)
            }
        }
    };
}
pub(super) use text_traits;

/// Conversions to the struct of a profile, which implies the system, and back.
#[cfg(all(feature = "ers", any(feature = "stu3", feature = "r4")))]
macro_rules! identifier_structs {
    ($($name:ident: $($struct:ident),+;)+) => {
        $($(
            impl From<$name> for $struct {
                fn from(identifier: $name) -> Self {
                    Self::new(identifier.as_str())
                }
            }

            impl TryFrom<&$struct> for $name {
                type Error = $crate::identifiers::error::InvalidIdentifier;

                fn try_from(identifier: &$struct) -> Result<Self, Self::Error> {
                    identifier.value.parse()
                }
            }
        )+)+
    };
}
#[cfg(all(feature = "ers", any(feature = "stu3", feature = "r4")))]
pub(super) use identifier_structs;
