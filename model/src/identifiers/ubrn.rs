//! The unique booking reference number.

use std::fmt;
use std::str::FromStr;

use super::digits::Digits;
use super::error::InvalidIdentifier;
use super::traits::text_traits;

/// The groups in which people write it.
const GROUPS: [usize; 3] = [4, 4, 4];

/// A unique booking reference number, which is also the id of a referral: twelve digits.
///
/// ```
/// use ers_fhir_model::identifiers::Ubrn;
///
/// let ubrn: Ubrn = "0000-0007-0000".parse()?;
/// assert_eq!(format!("ReferralRequest/{ubrn}"), "ReferralRequest/000000070000");
/// assert_eq!(ubrn.grouped(), "0000 0007 0000");
/// # Ok::<(), ers_fhir_model::identifiers::InvalidIdentifier>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ubrn(Digits<12>);

impl Ubrn {
    /// The twelve digits, as FHIR writes them.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The reference to the referral with this number: `ReferralRequest/000000070000`.
    pub fn referral(&self) -> String {
        format!("ReferralRequest/{self}")
    }

    /// The reference to the request for advice and guidance with this number: `CommunicationRequest/000000070000`.
    pub fn advice(&self) -> String {
        format!("CommunicationRequest/{self}")
    }

    /// As people read it: `0000 0007 0000`.
    pub fn grouped(&self) -> String {
        self.0.grouped(&GROUPS)
    }
}

impl FromStr for Ubrn {
    type Err = InvalidIdentifier;

    /// Reads twelve digits, in one piece or as 4-4-4 with spaces or hyphens.
    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let fault = |problem| InvalidIdentifier { name: "UBRN", rule: "use twelve digits", problem };
        Digits::parse(text, &GROUPS).map(Self).map_err(fault)
    }
}

impl fmt::Debug for Ubrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ubrn").field(&self.as_str()).finish()
    }
}

text_traits!(Ubrn, "^(?:[0-9]{12}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4})$");
