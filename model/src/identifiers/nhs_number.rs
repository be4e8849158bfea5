//! The NHS number.

use std::fmt;
use std::str::FromStr;

use super::check_digit::modulus_11;
use super::digits::Digits;
use super::error::{InvalidIdentifier, Problem};
use super::traits::text_traits;

/// The groups in which people write it.
const GROUPS: [usize; 3] = [3, 3, 4];

/// The number of a patient: ten digits, of which the last checks the others.
///
/// ```
/// use ers_fhir_model::identifiers::NhsNumber;
///
/// let number: NhsNumber = "943-476-5919".parse()?;
/// assert_eq!(number.as_str(), "9434765919");
/// assert_eq!(number.grouped(), "943 476 5919");
/// assert!("9434765918".parse::<NhsNumber>().is_err());
/// # Ok::<(), ers_fhir_model::identifiers::InvalidIdentifier>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber(Digits<10>);

impl NhsNumber {
    /// The ten digits, as FHIR writes them.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// As people read it: `943 476 5919`.
    pub fn grouped(&self) -> String {
        self.0.grouped(&GROUPS)
    }
}

impl FromStr for NhsNumber {
    type Err = InvalidIdentifier;

    /// Reads ten digits, in one piece or as 3-3-4 with spaces or hyphens.
    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let fault = |problem| InvalidIdentifier { name: "NHS number", rule: "use ten digits", problem };
        let digits = Digits::<10>::parse(text, &GROUPS).map_err(fault)?;
        let [nine @ .., last] = digits.bytes();
        if modulus_11(nine) != Some(*last) {
            return Err(fault(Problem::CheckDigit));
        }
        Ok(Self(digits))
    }
}

impl fmt::Debug for NhsNumber {
    /// Without the digits: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(..)")
    }
}

text_traits!(NhsNumber, "^(?:[0-9]{10}|[0-9]{3}[ -][0-9]{3}[ -][0-9]{4})$");
