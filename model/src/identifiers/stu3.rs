//! Identifiers as e-RS wants them in STU3: the struct of the profile implies the system.

use super::{NhsNumber, SdsUserId, ServiceId};
use crate::ers::stu3::{NhsNumberIdentifier, SdsUserIdIdentifier, ServiceIdIdentifier};

impl From<NhsNumber> for NhsNumberIdentifier {
    fn from(number: NhsNumber) -> Self {
        Self::new(number.as_str())
    }
}

impl From<SdsUserId> for SdsUserIdIdentifier {
    fn from(id: SdsUserId) -> Self {
        Self::new(id.as_str())
    }
}

impl From<ServiceId> for ServiceIdIdentifier {
    fn from(id: ServiceId) -> Self {
        Self::new(id.as_str())
    }
}
