//! Methods for ids and extensions of primitives, written once.

/// Typed access to ids and extensions of the primitives of a structure: for each, whether it is one, many or a choice,
/// the numbers of its JSON properties, its path, and the names of its methods.
#[doc(hidden)]
#[macro_export]
macro_rules! extended {
    ($name:ident, $element:ty, $extension:ty: $($field:tt)*) => {
        impl $name {
            $($crate::extended_field! { $element, $extension, $field })*
        }
    };
}

/// The methods of one field.
#[doc(hidden)]
#[macro_export]
macro_rules! extended_field {
    ($element:ty, $extension:ty, (one $number:literal $path:literal $extensions:ident $get:ident $change:ident)) => {
        #[doc = ::core::concat!("Extensions of `", $path, "`.")]
        #[inline]
        pub fn $extensions(&self) -> &[$extension] {
            $crate::runtime::element_of(self, $number, 0).map_or(&[], |element| &element.extension)
        }

        #[doc = ::core::concat!("Id and extensions of `", $path, "`.")]
        #[inline]
        pub fn $get(&self) -> ::core::option::Option<&$element> {
            $crate::runtime::element_of(self, $number, 0)
        }

        #[doc = ::core::concat!("Mutable id and extensions of the current value of `", $path, "`.")]
        #[inline]
        pub fn $change(&mut self) -> &mut $element {
            $crate::runtime::element_mut_of_one(self, $number)
        }
    };
    ($element:ty, $extension:ty, (many $number:literal $path:literal $extensions:ident $get:ident $change:ident)) => {
        #[doc = ::core::concat!("Extensions of a value of `", $path, "`.")]
        #[inline]
        pub fn $extensions(&self, position: usize) -> &[$extension] {
            $crate::runtime::element_of(self, $number, position).map_or(&[], |element| &element.extension)
        }

        #[doc = ::core::concat!("Id and extensions of a value of `", $path, "`.")]
        #[inline]
        pub fn $get(&self, position: usize) -> ::core::option::Option<&$element> {
            $crate::runtime::element_of(self, $number, position)
        }

        #[doc = ::core::concat!("Mutable id and extensions of a current value of `", $path, "`.")]
        #[inline]
        pub fn $change(&mut self, position: usize) -> ::core::option::Option<&mut $element> {
            $crate::runtime::element_mut(self, $number, position)
        }
    };
    ($element:ty, $extension:ty, (choice $first:literal $count:literal $path:literal $extensions:ident $get:ident $change:ident)) => {
        #[doc = ::core::concat!("Extensions of `", $path, "`, where it is a primitive.")]
        #[inline]
        pub fn $extensions(&self) -> &[$extension] {
            $crate::runtime::element_of_choice(self, $first, $count).map_or(&[], |element| &element.extension)
        }

        #[doc = ::core::concat!("Id and extensions of `", $path, "`, where it is a primitive.")]
        #[inline]
        pub fn $get(&self) -> ::core::option::Option<&$element> {
            $crate::runtime::element_of_choice(self, $first, $count)
        }

        #[doc = ::core::concat!("Mutable id and extensions of `", $path, "`, where it is a primitive.")]
        #[inline]
        pub fn $change(&mut self) -> ::core::option::Option<&mut $element> {
            $crate::runtime::element_mut_of_choice(self, $first, $count)
        }
    };
}
