//! Identifiers that are digits, or letters and digits, of known lengths.

use std::fmt;
use std::str::FromStr;

use super::InvalidIdentifier;

macro_rules! token {
    ($(#[$doc:meta])* $name:ident, $title:literal, $rule:literal, $is_valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The identifier, as FHIR writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidIdentifier;

            fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
                let is_valid: fn(&str) -> bool = $is_valid;
                if is_valid(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidIdentifier { name: $title, rule: $rule })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

token! {
    /// A unique booking reference number, which is also the id of a referral: twelve digits.
    ///
    /// ```
    /// use ers_fhir_model::identifiers::Ubrn;
    ///
    /// assert!("000000070000".parse::<Ubrn>().is_ok());
    /// assert!("70000".parse::<Ubrn>().is_err());
    /// ```
    Ubrn, "UBRN", "use twelve digits", |text| is_digits(text, 12..=12)
}

token! {
    /// Code of an organisation or site in the ODS: letters and digits.
    ///
    /// ```
    /// use ers_fhir_model::identifiers::OdsCode;
    ///
    /// assert!("R69".parse::<OdsCode>().is_ok());
    /// assert!("r 69".parse::<OdsCode>().is_err());
    /// ```
    OdsCode, "ODS code", "use 3 to 10 capital letters and digits", |text| {
        (3..=10).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }
}

token! {
    /// Number of a service in e-RS.
    ServiceId, "service id", "use digits", |text| is_digits(text, 1..=20)
}

token! {
    /// Id of a user in the Spine directory: twelve digits.
    SdsUserId, "SDS user id", "use twelve digits", |text| is_digits(text, 12..=12)
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
