//! Identifiers as e-RS expects them in STU3: the struct of the profile implies the system.

use super::traits::identifier_structs;
use super::{InvalidIdentifier, NhsNumber, OdsCode, SdsUserId, ServiceId, Ubrn};
use crate::ers::stu3::{
    DirectoryOrganisationIdentifier, NhsNumberIdentifier, NhsNumberReceivedIdentifier,
    OdsOrganisationIdentifier, SdsUserIdIdentifier, SdsUserIdReceivedIdentifier, ServiceIdIdentifier,
};
use crate::stu3::Reference;

identifier_structs! {
    NhsNumber: NhsNumberIdentifier, NhsNumberReceivedIdentifier;
    OdsCode: OdsOrganisationIdentifier, DirectoryOrganisationIdentifier;
    SdsUserId: SdsUserIdIdentifier, SdsUserIdReceivedIdentifier;
    ServiceId: ServiceIdIdentifier;
}

impl TryFrom<&Reference> for Ubrn {
    type Error = InvalidIdentifier;

    /// The number of the referral, or request for advice and guidance, that the reference points to.
    fn try_from(reference: &Reference) -> Result<Self, Self::Error> {
        reference.target().map_or("", |(_, id)| id).parse()
    }
}
