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

/// A type that is text with a rule; shared with dates and times. What a lenient reader takes beyond
/// the rule comes last, where there is such.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $fhir:literal, $rule:literal, $is_valid:expr) => {
        text_type!($(#[$doc])* $name, $fhir, $rule, $is_valid, lenient: $is_valid);
    };
    (
        $(#[$doc:meta])* $name:ident, $fhir:literal, $rule:literal, $is_valid:expr, lenient: $is_readable:expr
    ) => {
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
                let is_valid: fn(&str) -> bool = $is_valid;
                let is_readable: fn(&str) -> bool = $is_readable;
                let is_taken = if reader.options().forgives_values { is_readable } else { is_valid };
                if !is_taken(&text) {
                    return Err(reader.fault(Fault::Value { type_name: $fhir, reason: $rule }));
                }
                *self = Self(text.into());
                Ok(())
            }

            fn write(&self, writer: &mut Writer) {
                writer.string(&self.0);
            }

            fn is_blank(&self) -> bool {
                self.0.is_empty()
            }

            $crate::described_by_name!();

            $crate::copied_by_clone!();
        }

        impl Value for $name {
            fn blank() -> Self {
                Self(Box::default())
            }
        }

        $crate::serde_by_json!($name);
        primitive_schema!($name, $fhir);
    };
}
pub(crate) use text_type;

/// Text that a lenient reader takes as it is, and that a program may give without a check.
macro_rules! free_text {
    ($(#[$doc:meta])* $name:ident, $fhir:literal, $rule:literal, $is_valid:expr) => {
        text_type!($(#[$doc])* $name, $fhir, $rule, $is_valid, lenient: |_| true);

        impl From<&str> for $name {
            /// Takes any text; `new` and `parse` hold it against the rule.
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            /// Takes any text; `new` and `parse` hold it against the rule.
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
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')),
    // Servers and examples have longer ones, and such with '_'.
    lenient: has_no_blanks
}

free_text! {
    /// A URI; servers send placeholders and relative URIs too.
    Uri, "uri", "use some text without blanks", has_no_blanks
}

free_text! {
    /// A URL (R4).
    Url, "url", "use some text without blanks", has_no_blanks
}

free_text! {
    /// A canonical URL, maybe with a `|version` (R4).
    Canonical, "canonical", "use some text without blanks", has_no_blanks
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
    Oid, "oid", "use urn:oid: and numbers with points between them", is_oid
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
    Uuid, "uuid", "use urn:uuid: and 8-4-4-4-12 hexadecimal digits", is_uuid
}

free_text! {
    /// A code that is not bound to a closed list of codes.
    CodeText, "code", "use words with one blank between them", is_code
}

free_text! {
    /// Text in GitHub-flavoured markdown.
    Markdown, "markdown", "use some text", |text| !text.trim().is_empty()
}

free_text! {
    /// XHTML of a narrative: one `div`.
    Xhtml, "xhtml", "use a div", |text| text.trim_start().starts_with("<div")
}

fn has_no_blanks(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

fn is_oid(text: &str) -> bool {
    let Some(numbers) = text.strip_prefix("urn:oid:") else { return false };
    let is_number = |number: &str| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && (number == "0" || !number.starts_with('0'))
    };
    let first = numbers.split('.').next().unwrap_or(numbers);
    matches!(first, "0" | "1" | "2") && numbers.contains('.') && numbers.split('.').all(is_number)
}

fn is_uuid(text: &str) -> bool {
    let Some(groups) = text.strip_prefix("urn:uuid:") else { return false };
    let is_hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && groups.split('-').all(is_hex)
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.split(char::is_whitespace).all(|word| !word.is_empty())
}
