//! Primitives that are text with a rule: ids, URIs, codes, markdown ...

use std::fmt;
use std::ops::Deref;

use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

/// A text does not follow the rule of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidText {
    /// FHIR name of the type.
    pub type_name: &'static str,
    /// What the type asks for.
    pub rule: &'static str,
}

impl fmt::Display for InvalidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a {}: {}", self.type_name, self.rule)
    }
}

impl std::error::Error for InvalidText {}

/// A type that is text with a rule; shared with dates and times.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $fhir:literal, $rule:literal, $is_valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A value, if the text follows the rule of the type.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, $crate::primitives::InvalidText> {
                let text = text.into();
                let is_valid: fn(&str) -> bool = $is_valid;
                if is_valid(&text) {
                    Ok(Self(text))
                } else {
                    Err($crate::primitives::InvalidText { type_name: $fhir, rule: $rule })
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

        impl std::str::FromStr for $name {
            type Err = $crate::primitives::InvalidText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl Leaf for $name {
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
                let text = reader.string()?;
                *self = Self::new(text).map_err(|error| {
                    reader.fault(Fault::Value { type_name: error.type_name, reason: error.rule })
                })?;
                Ok(())
            }

            fn write(&self, writer: &mut Writer) {
                writer.string(&self.0);
            }

            fn is_blank(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl Value for $name {
            fn blank() -> Self {
                Self(Box::default())
            }
        }

        $crate::serde_by_json!($name);
    };
}
pub(crate) use text_type;

/// Text that any string is a value of.
macro_rules! free_text {
    ($(#[$doc:meta])* $name:ident, $fhir:literal) => {
        text_type!($(#[$doc])* $name, $fhir, "any text", |_| true);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
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
    Id, "id", "use 1 to 64 letters, digits, '-' and '.'",
    // Ids in examples run longer, and '_' is common: length and letters are the validator's.
    |text| !text.is_empty() && !text.bytes().any(|byte| byte.is_ascii_whitespace())
}

free_text! {
    /// A URI. Servers send placeholders and relative URIs, so that any text is one here.
    Uri, "uri"
}

free_text! {
    /// A URL (R4).
    Url, "url"
}

free_text! {
    /// A canonical URL, maybe with a `|version` (R4).
    Canonical, "canonical"
}

free_text! {
    /// An OID as a URI: `urn:oid:2.16.840.1`.
    Oid, "oid"
}

free_text! {
    /// A UUID as a URI: `urn:uuid:c757873d-…`.
    Uuid, "uuid"
}

free_text! {
    /// A code that is not bound to a closed list of codes.
    CodeText, "code"
}

free_text! {
    /// Text in GitHub-flavoured markdown.
    Markdown, "markdown"
}

free_text! {
    /// XHTML of a narrative: one `div`.
    Xhtml, "xhtml"
}
