//! Identifiers that are digits, or letters and digits, in one piece.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::error::{InvalidIdentifier, Problem};
use super::traits::text_traits;

macro_rules! token {
    ($(#[$doc:meta])* $name:ident, $title:literal, $rule:literal, $lengths:expr, $is_allowed:expr, $pattern:literal) => {
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
                match problem(text, $lengths, $is_allowed) {
                    None => Ok(Self(text.into())),
                    Some(problem) => Err(InvalidIdentifier { name: $title, rule: $rule, problem }),
                }
            }
        }

        text_traits!($name, $pattern);
    };
}

token! {
    /// Code of an organisation or site in the ODS.
    ///
    /// ```
    /// use ers_fhir_model::identifiers::OdsCode;
    ///
    /// assert!("R69".parse::<OdsCode>().is_ok());
    /// assert!("r 69".parse::<OdsCode>().is_err());
    /// ```
    OdsCode, "ODS code", "use 3 to 10 capital letters and digits", 3..=10,
    |c| c.is_ascii_uppercase() || c.is_ascii_digit(), "^[A-Z0-9]{3,10}$"
}

token! {
    /// Number of a service in e-RS.
    ///
    /// ```
    /// use ers_fhir_model::identifiers::ServiceId;
    ///
    /// assert!("11002".parse::<ServiceId>().is_ok());
    /// assert!("service 2".parse::<ServiceId>().is_err());
    /// ```
    ServiceId, "service id", "use digits", 1..=20, |c| c.is_ascii_digit(), "^[0-9]{1,20}$"
}

token! {
    /// Id of a user in the Spine directory: twelve digits.
    ///
    /// ```
    /// use ers_fhir_model::identifiers::SdsUserId;
    ///
    /// assert!("100000000017".parse::<SdsUserId>().is_ok());
    /// assert!("17".parse::<SdsUserId>().is_err());
    /// ```
    SdsUserId, "SDS user id", "use twelve digits", 12..=12, |c| c.is_ascii_digit(), "^[0-9]{12}$"
}

/// What is wrong with a text whose length and characters are restricted.
fn problem(text: &str, lengths: RangeInclusive<usize>, is_allowed: fn(char) -> bool) -> Option<Problem> {
    let length = text.chars().count();
    if !lengths.contains(&length) {
        return Some(Problem::Length(length));
    }
    let place = text.chars().position(|c| !is_allowed(c))?;
    Some(Problem::Character(place + 1))
}
