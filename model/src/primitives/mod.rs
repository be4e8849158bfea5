//! The primitive types of FHIR.
//!
//! Each keeps the text it was read from, so that it is written again digit for digit, and converts
//! to types that Rust can compute with. A value is checked when it is read or parsed, against the forms of
//! `ers_fhir_values`: those of the release whose type it is read into, or of either release.

/// The JSON Schema of a primitive, by its name in FHIR; nothing where the feature is off.
macro_rules! described {
    ($primitive:ident) => {
        #[cfg(feature = "schemars")]
        fn describe(&self, _: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
            $crate::runtime::schema::primitive(::ers_fhir_values::Primitive::$primitive)
        }
    };
}

/// `schemars::JsonSchema` for a primitive type, under its name in FHIR.
macro_rules! primitive_schema {
    ($name:ident, $primitive:ident) => {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::ers_fhir_values::Primitive::$primitive.code().into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $crate::runtime::schema::primitive(::ers_fhir_values::Primitive::$primitive)
            }
        }
    };
}

mod base64;
mod decimal;
mod moment;
mod number;
mod plain;
mod text;

pub use base64::{Base64Binary, Base64Error};
pub use decimal::Decimal;
pub use moment::{Date, DateTime, Instant, Precision, Time};
pub use number::{PositiveInt, UnsignedInt};
pub use text::{Canonical, CodeText, Id, InvalidText, Markdown, Oid, Uri, Url, Uuid, Xhtml};
