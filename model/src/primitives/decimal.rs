//! `decimal`: a number that keeps its digits.

use std::fmt;
use std::str::FromStr;

use ers_fhir_values::{Primitive, lexical};

use super::text::InvalidText;
use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

const RULE: &str = "use digits with at most one decimal point, such as 1.50";

/// A decimal number, digit for digit as it was written: `1.50` stays `1.50`.
///
/// Precision carries meaning in FHIR, so `1.5` and `1.50` are not equal here.
///
/// ```
/// use ers_fhir_model::primitives::Decimal;
///
/// let weight: Decimal = "1.50".parse()?;
/// assert_eq!(weight.as_str(), "1.50");
/// assert_eq!(weight.to_f64(), 1.5);
/// assert_eq!(Decimal::from(3).as_str(), "3");
/// # Ok::<(), ers_fhir_model::primitives::InvalidText>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        // Every JSON number is a number in Rust too.
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl FromStr for Decimal {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if lexical::is_valid_in(text, Primitive::Decimal, None) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidText { type_name: Primitive::Decimal.code(), rule: RULE })
        }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl fmt::Debug for Decimal {
    /// The number only with `{:#?}`: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::runtime::show_text("Decimal", &self.0, f)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Leaf for Decimal {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.decimal()?;
        if !reader.options().forgives_values
            && !lexical::is_valid_in(&text, Primitive::Decimal, reader.release())
        {
            let reason = "use a number without an exponent";
            return Err(reader.fault(Fault::Value { type_name: Primitive::Decimal.code(), reason }));
        }
        self.0 = text.into();
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(if self.0.is_empty() { "0" } else { &self.0 });
    }

    crate::described_by_name!();

    crate::copied_by_clone!();
}

impl Value for Decimal {
    fn blank() -> Self {
        Self(Box::default())
    }
}

crate::serde_by_json!(Decimal);
primitive_schema!(Decimal, Decimal);
