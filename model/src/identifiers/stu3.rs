//! Identifiers as e-RS wants them in STU3: the struct of the profile implies the system.

use super::{InvalidIdentifier, NhsNumber, SdsUserId, ServiceId, Ubrn};
use crate::ers::stu3::{NhsNumberIdentifier, SdsUserIdIdentifier, ServiceIdIdentifier};
use crate::stu3::Reference;

macro_rules! identifier {
    ($name:ident, $struct:ident) => {
        impl From<$name> for $struct {
            fn from(identifier: $name) -> Self {
                Self::new(identifier.as_str())
            }
        }

        impl TryFrom<&$struct> for $name {
            type Error = InvalidIdentifier;

            fn try_from(identifier: &$struct) -> Result<Self, Self::Error> {
                identifier.value.parse()
            }
        }
    };
}

identifier!(NhsNumber, NhsNumberIdentifier);
identifier!(SdsUserId, SdsUserIdIdentifier);
identifier!(ServiceId, ServiceIdIdentifier);

impl TryFrom<&Reference> for Ubrn {
    type Error = InvalidIdentifier;

    /// The number of the referral, or request for advice and guidance, that is referred to.
    fn try_from(reference: &Reference) -> Result<Self, Self::Error> {
        reference.target().map_or("", |(_, id)| id).parse()
    }
}
