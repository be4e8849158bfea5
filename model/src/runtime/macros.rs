//! The common parts of all generated types of a kind, written once.

/// `serde` for a type that reads and writes itself.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_by_json {
    ($name:ty) => {
        impl $crate::runtime::serde::Serialize for $name {
            fn serialize<S: $crate::runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::runtime::bridge::serialize(self, serializer)
            }
        }

        impl<'de> $crate::runtime::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::bridge::deserialize(deserializer)
            }
        }
    };
}

/// `serde` for a type that is text, which may also be the key of a map.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_by_text {
    ($name:ty, $text:expr) => {
        impl $crate::runtime::serde::Serialize for $name {
            fn serialize<S: $crate::runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let text: fn(&Self) -> &str = $text;
                serializer.serialize_str(text(self))
            }
        }

        impl<'de> $crate::runtime::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::bridge::deserialize_text(deserializer)
            }
        }
    };
}

/// Copying for a value that is cloned as a whole: part of its `Leaf`.
#[doc(hidden)]
#[macro_export]
macro_rules! copied_by_clone {
    () => {
        #[inline]
        fn as_any(&self) -> &dyn ::core::any::Any {
            self
        }

        fn copy(&mut self, from: &dyn $crate::runtime::Leaf) {
            if let ::core::option::Option::Some(from) = from.as_any().downcast_ref::<Self>() {
                ::core::clone::Clone::clone_from(self, from);
            }
        }

        fn same(&self, other: &dyn $crate::runtime::Leaf) -> bool {
            other.as_any().downcast_ref::<Self>().is_some_and(|other| self == other)
        }
    };
}

/// Copying for a record: part of its `Leaf`.
#[doc(hidden)]
#[macro_export]
macro_rules! copied_by_fields {
    () => {
        #[inline]
        fn as_any(&self) -> &dyn ::core::any::Any {
            self
        }

        fn copy(&mut self, from: &dyn $crate::runtime::Leaf) {
            $crate::runtime::copy_record(from, self);
        }

        fn same(&self, other: &dyn $crate::runtime::Leaf) -> bool {
            $crate::runtime::same_record(self, other)
        }
    };
}

/// `Clone`, by `Leaf::copy`; not inline, so that a program that clones does not compile it again.
#[doc(hidden)]
#[macro_export]
macro_rules! clone_by_copy {
    ($name:ident) => {
        impl ::core::clone::Clone for $name {
            fn clone(&self) -> Self {
                let mut copy: Self = $crate::runtime::Value::blank();
                $crate::runtime::Leaf::copy(&mut copy, self);
                copy
            }
        }
    };
}

/// A generated structure: reads, writes and shows itself by its shape.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ident, $element:ty) => {
        impl $crate::runtime::Leaf for $name {
            fn read(
                &mut self,
                reader: &mut $crate::runtime::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::runtime::ReadError> {
                $crate::runtime::read_record(self, reader)
            }

            fn write(&self, writer: &mut $crate::runtime::Writer) {
                $crate::runtime::write_record(self, writer);
            }

            #[inline]
            fn as_record(&self) -> ::core::option::Option<&dyn $crate::runtime::Record> {
                ::core::option::Option::Some(self)
            }

            #[inline]
            fn as_record_mut(&mut self) -> ::core::option::Option<&mut dyn $crate::runtime::Record> {
                ::core::option::Option::Some(self)
            }

            $crate::described_by_name!();

            $crate::copied_by_fields!();
        }

        $crate::schema!($name, $crate::runtime::schema::of_record::<$name>);
        $crate::record_common!($name, $element);
    };
}

/// What base structures and profile structs have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! record_common {
    ($name:ident, $element:ty) => {
        impl $crate::runtime::Extensible for $name {
            type Element = $element;

            #[inline]
            fn kept(&self) -> &$crate::runtime::Extras<$element> {
                &self.extras
            }

            #[inline]
            fn kept_mut(&mut self) -> &mut $crate::runtime::Extras<$element> {
                &mut self.extras
            }
        }

        $crate::clone_by_copy!($name);

        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::Leaf::same(self, other)
            }
        }

        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::runtime::show(::core::stringify!($name), self, f)
            }
        }

        $crate::serde_by_json!($name);
    };
}

/// A structure without mandatory parts.
#[doc(hidden)]
#[macro_export]
macro_rules! default_is_blank {
    ($name:ident) => {
        impl ::core::default::Default for $name {
            #[inline]
            fn default() -> Self {
                $crate::runtime::Value::blank()
            }
        }
    };
}

/// A generated enum of codes.
#[doc(hidden)]
#[macro_export]
macro_rules! code {
    ($name:ident) => {
        impl $crate::runtime::Leaf for $name {
            fn read(
                &mut self,
                reader: &mut $crate::runtime::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::runtime::ReadError> {
                $crate::runtime::read_code(reader, <Self as $crate::runtime::Code>::VALUE_SET, &mut |code| {
                    *self = $crate::runtime::Code::from_code(code);
                    $crate::runtime::Code::is_unknown(self)
                })
            }

            fn write(&self, writer: &mut $crate::runtime::Writer) {
                let code = $crate::runtime::Code::as_code(self);
                if $crate::runtime::Code::is_unknown(self) {
                    writer.string(code);
                } else {
                    writer.name(code);
                }
            }

            $crate::described_by_name!();

            $crate::copied_by_clone!();
        }

        $crate::schema!($name, $crate::runtime::schema::of_codes::<$name>);

        impl $crate::runtime::Value for $name {
            #[inline]
            fn blank() -> Self {
                Self::Unlisted(::std::string::String::new())
            }
        }

        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::runtime::show(::core::stringify!($name), self, f)
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str($crate::runtime::Code::as_code(self))
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            /// A code outside the value set becomes `Unlisted`.
            #[inline]
            fn from_str(code: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok($crate::runtime::Code::from_code(code))
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                $crate::runtime::Code::as_code(self)
            }
        }

        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(code: &str) -> Self {
                $crate::runtime::Code::from_code(code)
            }
        }

        $crate::serde_by_text!($name, |code| $crate::runtime::Code::as_code(code));
    };
}

/// A generated enum of the types of a choice.
#[doc(hidden)]
#[macro_export]
macro_rules! choice {
    ($name:ident) => {
        impl $crate::runtime::Leaf for $name {
            fn read(
                &mut self,
                reader: &mut $crate::runtime::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::runtime::ReadError> {
                $crate::runtime::Choice::leaf_mut(self).read(reader)
            }

            fn write(&self, writer: &mut $crate::runtime::Writer) {
                $crate::runtime::Choice::leaf(self).write(writer);
            }

            #[inline]
            fn as_record(&self) -> ::core::option::Option<&dyn $crate::runtime::Record> {
                $crate::runtime::Choice::leaf(self).as_record()
            }

            #[inline]
            fn as_record_mut(&mut self) -> ::core::option::Option<&mut dyn $crate::runtime::Record> {
                $crate::runtime::Choice::leaf_mut(self).as_record_mut()
            }

            $crate::described_by_value!();

            #[inline]
            fn as_any(&self) -> &dyn ::core::any::Any {
                self
            }

            fn copy(&mut self, from: &dyn $crate::runtime::Leaf) {
                if let ::core::option::Option::Some(from) = from.as_any().downcast_ref::<Self>() {
                    $crate::runtime::Value::choose(self, $crate::runtime::Value::variant(from));
                    let value = $crate::runtime::Choice::leaf(from);
                    $crate::runtime::Choice::leaf_mut(self).copy(value);
                }
            }

            fn same(&self, other: &dyn $crate::runtime::Leaf) -> bool {
                let other = other.as_any().downcast_ref::<Self>();
                other.is_some_and(|other| {
                    $crate::runtime::Value::variant(self) == $crate::runtime::Value::variant(other)
                        && $crate::runtime::Choice::leaf(self).same($crate::runtime::Choice::leaf(other))
                })
            }
        }

        $crate::clone_by_copy!($name);

        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::runtime::show(::core::stringify!($name), self, f)
            }
        }

        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::Leaf::same(self, other)
            }
        }
    };
}

/// A generated enum of resources.
#[doc(hidden)]
#[macro_export]
macro_rules! resource {
    ($name:ident) => {
        impl $crate::runtime::Leaf for $name {
            fn read(
                &mut self,
                reader: &mut $crate::runtime::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::runtime::ReadError> {
                let name = $crate::runtime::type_of_next(reader)?;
                *self = $crate::runtime::AnyResource::start(&name);
                $crate::runtime::AnyResource::leaf_mut(self).read(reader)
            }

            fn write(&self, writer: &mut $crate::runtime::Writer) {
                $crate::runtime::AnyResource::leaf(self).write(writer);
            }

            #[inline]
            fn as_record(&self) -> ::core::option::Option<&dyn $crate::runtime::Record> {
                $crate::runtime::AnyResource::leaf(self).as_record()
            }

            #[inline]
            fn as_record_mut(&mut self) -> ::core::option::Option<&mut dyn $crate::runtime::Record> {
                $crate::runtime::AnyResource::leaf_mut(self).as_record_mut()
            }

            $crate::described_by_name!();

            #[inline]
            fn as_any(&self) -> &dyn ::core::any::Any {
                self
            }

            fn copy(&mut self, from: &dyn $crate::runtime::Leaf) {
                if let ::core::option::Option::Some(from) = from.as_any().downcast_ref::<Self>() {
                    *self = $crate::runtime::AnyResource::start(from.type_name());
                    let resource = $crate::runtime::AnyResource::leaf(from);
                    $crate::runtime::AnyResource::leaf_mut(self).copy(resource);
                }
            }

            fn same(&self, other: &dyn $crate::runtime::Leaf) -> bool {
                let other = other.as_any().downcast_ref::<Self>();
                other.is_some_and(|other| {
                    $crate::runtime::AnyResource::leaf(self).same($crate::runtime::AnyResource::leaf(other))
                })
            }
        }

        $crate::clone_by_copy!($name);

        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::Leaf::same(self, other)
            }
        }

        $crate::schema!($name, $crate::runtime::schema::of_resources::<$name>);

        impl $crate::runtime::Value for $name {
            #[inline]
            fn blank() -> Self {
                Self::Other(::core::default::Default::default())
            }
        }

        $crate::serde_by_json!($name);
    };
}
