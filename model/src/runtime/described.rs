//! How generated types describe themselves in JSON Schema; empty unless the feature `schemars` is on.

/// `schemars::JsonSchema` for a generated type, by one of the functions that serve all types of its kind.
///
/// The feature is evaluated here and not where the macro is used, which may be another crate.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! schema {
    ($name:ident, $make:path) => {
        impl $crate::runtime::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::core::stringify!($name).into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::concat!(::core::module_path!(), "::", ::core::stringify!($name)).into()
            }

            fn json_schema(
                generator: &mut $crate::runtime::schemars::SchemaGenerator,
            ) -> $crate::runtime::schemars::Schema {
                $make(generator)
            }
        }
    };
}

/// Nothing, as the feature `schemars` is off.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! schema {
    ($name:ident, $make:path) => {};
}

/// A value described by the schema of its type.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! described_by_name {
    () => {
        fn describe(
            &self,
            generator: &mut $crate::runtime::schemars::SchemaGenerator,
        ) -> $crate::runtime::schemars::Schema {
            generator.subschema_for::<Self>()
        }
    };
}

/// Nothing, as the feature `schemars` is off.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! described_by_name {
    () => {};
}

/// A value of a choice described by its type.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! described_by_value {
    () => {
        fn describe(
            &self,
            generator: &mut $crate::runtime::schemars::SchemaGenerator,
        ) -> $crate::runtime::schemars::Schema {
            $crate::runtime::Choice::leaf(self).describe(generator)
        }
    };
}

/// Nothing, as the feature `schemars` is off.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! described_by_value {
    () => {};
}
