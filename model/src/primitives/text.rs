//! Primitives that are text of a certain form: ids, URIs, codes, markdown ...

use std::fmt;
use std::ops::Deref;

use ers_fhir_values::{Primitive, lexical};

use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

/// A text does not follow the rule of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidText {
    /// FHIR name of the type.
    pub type_name: &'static str,
    /// The rule of the type.
    pub rule: &'static str,
}

impl fmt::Display for InvalidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a {}: {}", self.type_name, self.rule)
    }
}

impl std::error::Error for InvalidText {}

/// A type that is text of a lexical form; shared with dates and times. The last argument, if any, is a check
/// for further texts that a lenient reader accepts.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $primitive:ident, $rule:literal) => {
        text_type!($(#[$doc])* $name, $primitive, $rule, lenient: |_| false);
    };
    ($(#[$doc:meta])* $name:ident, $primitive:ident, $rule:literal, lenient: $is_readable:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl fmt::Debug for $name {
            /// The text only with `{:#?}`: debug output ends up in logs.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $crate::runtime::show_text(stringify!($name), &self.0, f)
            }
        }

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A value, if the text has the form of the type in either release.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, $crate::primitives::text::InvalidText> {
                let text = text.into();
                if lexical::is_valid_in(&text, Primitive::$primitive, None) {
                    Ok(Self(text))
                } else {
                    Err($crate::primitives::text::InvalidText { type_name: Primitive::$primitive.code(), rule: $rule })
                }
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                *self.0 == *other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                *self.0 == **other
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::primitives::text::InvalidText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl Leaf for $name {
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
                let text = reader.string()?;
                let is_readable: fn(&str) -> bool = $is_readable;
                let is_taken = reader.options().forgives_values && is_readable(&text)
                    || lexical::is_valid_in(&text, Primitive::$primitive, reader.release());
                if !is_taken {
                    return Err(reader.fault(Fault::Value {
                        type_name: Primitive::$primitive.code(),
                        reason: $rule,
                    }));
                }
                *self = Self(text.into());
                Ok(())
            }

            fn write(&self, writer: &mut Writer) {
                writer.string(&self.0);
            }

            $crate::described_by_name!();

            $crate::copied_by_clone!();
        }

        impl Value for $name {
            fn blank() -> Self {
                Self(Box::default())
            }
        }

        $crate::serde_by_text!($name, |value| value.as_str());
        primitive_schema!($name, $primitive);
    };
}
pub(crate) use text_type;

/// The order of a type that is ordered as text.
macro_rules! text_order {
    ($name:ident) => {
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.0.cmp(&other.0)
            }
        }
    };
}
pub(crate) use text_order;

/// Conversions for a text that is checked when it is created.
macro_rules! checked_text {
    ($name:ident) => {
        impl TryFrom<&str> for $name {
            type Error = $crate::primitives::text::InvalidText;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::primitives::text::InvalidText;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }
    };
}
pub(crate) use checked_text;

/// Text that a lenient reader accepts as it is, and that a program may set without a check.
macro_rules! free_text {
    ($(#[$doc:meta])* $name:ident, $primitive:ident, $rule:literal) => {
        text_type!($(#[$doc])* $name, $primitive, $rule, lenient: |_| true);
        text_order!($name);

        impl From<&str> for $name {
            /// Accepts any text; `new` and `parse` check it against the rule.
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            /// Accepts any text; `new` and `parse` check it against the rule.
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
    };
}

text_type! {
    /// An id of a resource.
    ///
    /// ```
    /// use ers_fhir_model::primitives::Id;
    ///
    /// assert!("eRS-1.2".parse::<Id>().is_ok());
    /// assert!("no spaces".parse::<Id>().is_err());
    /// ```
    Id, Id, "use 1 to 64 letters, digits, '-' and '.'",
    // Servers and examples have longer ids, and ids with '_'.
    lenient: has_no_blanks
}
checked_text!(Id);
text_order!(Id);

impl Id {
    /// A text that is known to be a valid id.
    pub(crate) fn known(text: &str) -> Self {
        Self(text.into())
    }
}

free_text! {
    /// A URI; servers send placeholders and relative URIs too.
    Uri, Uri, "use text without white space, and a URN for an OID or UUID"
}

free_text! {
    /// A URL (R4).
    Url, Url, "use text without white space, and a URN for an OID or UUID"
}

free_text! {
    /// A canonical URL, possibly with a `|version` (R4).
    Canonical, Canonical, "use text without white space, and a URN for an OID or UUID"
}

free_text! {
    /// An OID as a URI.
    ///
    /// ```
    /// use ers_fhir_model::primitives::Oid;
    ///
    /// assert!("urn:oid:2.16.840.1".parse::<Oid>().is_ok());
    /// assert!("2.16.840.1".parse::<Oid>().is_err());
    /// ```
    Oid, Oid, "use urn:oid: and numbers separated by dots"
}

free_text! {
    /// A UUID as a URI.
    ///
    /// ```
    /// use ers_fhir_model::primitives::Uuid;
    ///
    /// assert!("urn:uuid:c757873d-ec9a-4326-a141-556f43239520".parse::<Uuid>().is_ok());
    /// assert!("c757873d-ec9a-4326-a141-556f43239520".parse::<Uuid>().is_err());
    /// ```
    Uuid, Uuid, "use urn:uuid: and 8-4-4-4-12 hexadecimal digits in lower case"
}

free_text! {
    /// A code that is not bound to a closed list of codes.
    CodeText, Code, "use words separated by single spaces"
}

free_text! {
    /// Text in GitHub-flavoured markdown.
    Markdown, Markdown, "use some text"
}

free_text! {
    /// XHTML of a narrative: one `div`.
    Xhtml, Xhtml, "use a div"
}

fn has_no_blanks(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}
