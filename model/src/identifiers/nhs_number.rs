//! The NHS number.

use std::fmt;
use std::str::FromStr;

use super::InvalidIdentifier;
use super::check_digit::modulus_11;

/// The number of a patient: ten digits, of which the last checks the others.
///
/// ```
/// use ers_fhir_model::identifiers::NhsNumber;
///
/// let number: NhsNumber = "943 476 5919".parse()?;
/// assert_eq!(number.as_str(), "9434765919");
/// assert_eq!(number.to_string(), "943 476 5919");
/// assert!("9434765918".parse::<NhsNumber>().is_err());
/// # Ok::<(), ers_fhir_model::identifiers::InvalidIdentifier>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber([u8; 10]);

impl NhsNumber {
    /// The ten digits, as FHIR writes them.
    pub fn as_str(&self) -> &str {
        // Digits are ASCII, so that this always holds.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for NhsNumber {
    type Err = InvalidIdentifier;

    /// Reads ten digits, in one piece or as 3-3-4 with blanks or hyphens.
    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let fault = |rule| InvalidIdentifier { name: "NHS number", rule };
        let bytes = text.as_bytes();
        let is_grouped = bytes.len() == 12 && [bytes[3], bytes[7]].iter().all(|byte| b" -".contains(byte));
        let digits: Vec<u8> =
            if is_grouped { [&bytes[..3], &bytes[4..7], &bytes[8..]].concat() } else { bytes.to_vec() };
        let digits: [u8; 10] = digits.try_into().map_err(|_| fault("use ten digits"))?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(fault("use ten digits"));
        }
        if modulus_11(&digits[..9]) != Some(digits[9]) {
            return Err(fault("the last digit does not check the others: look for a typing error"));
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for NhsNumber {
    /// As people read it: 3-3-4.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        write!(f, "{} {} {}", &text[..3], &text[3..6], &text[6..])
    }
}

impl fmt::Debug for NhsNumber {
    /// Without the digits: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(..)")
    }
}
