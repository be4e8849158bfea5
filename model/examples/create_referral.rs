//! Builds the request of A011 (create referral) and prints it.

use ers_fhir_model::ers::stu3::{
    CreateReferralParameters, ErsReferralLetterIntention, NhsNumberIdentifier, ServiceIdIdentifier,
    ShortlistList, ShortlistListEntry,
};
use ers_fhir_model::identifiers::{NhsNumber, ServiceId};
use ers_fhir_model::primitives::UnsignedInt;
use ers_fhir_model::runtime::Json;

#[expect(clippy::print_stdout, reason = "an example shows what it makes")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let patient: NhsNumber = "943 476 5919".parse()?;
    let service: ServiceId = "11002".parse()?;
    let shortlist = ShortlistList::new(vec![ShortlistListEntry::from(ServiceIdIdentifier::from(service))]);
    let request = CreateReferralParameters::new(
        NhsNumberIdentifier::from(patient),
        shortlist,
        ErsReferralLetterIntention::NeedToAddLater,
        UnsignedInt::new(0).ok_or("zero days are a number of days")?,
    );
    let json = request.to_json();
    println!("{json}");
    assert_eq!(CreateReferralParameters::from_json(&json)?, request);
    Ok(())
}
