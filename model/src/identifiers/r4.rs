//! Identifiers as e-RS expects them in R4: the struct of the profile implies the system.

use super::traits::identifier_structs;
use super::{NhsNumber, OdsCode, SdsUserId, Ubrn};
use crate::ers::r4::{
    NhsNumberReceivedIdentifier, OdsOrganisationIdentifier, OdsSiteIdentifier, SdsUserIdReceivedIdentifier,
    UbrnIdentifier,
};

identifier_structs! {
    NhsNumber: NhsNumberReceivedIdentifier;
    OdsCode: OdsOrganisationIdentifier, OdsSiteIdentifier;
    SdsUserId: SdsUserIdReceivedIdentifier;
    Ubrn: UbrnIdentifier;
}
