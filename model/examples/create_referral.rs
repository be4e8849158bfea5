//! Builds the request of A011 (create referral) and prints it.

use ers_fhir_model::ers::stu3::{
    CreateReferralParameters, ErsPriority, ErsReferralLetterIntention, ServiceSearchCriteriaParameters,
    ShortlistList,
};
use ers_fhir_model::identifiers::{NhsNumber, ServiceId};
use ers_fhir_model::runtime::Json;

#[expect(clippy::print_stdout, reason = "an example shows what it makes")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let patient: NhsNumber = "943 476 5919".parse()?;
    let services: [ServiceId; 2] = ["11002".parse()?, "51002".parse()?];
    let criteria = ServiceSearchCriteriaParameters::of(ErsPriority::Routine);
    let request = CreateReferralParameters::new(
        patient,
        ShortlistList::of(services).found_by(criteria),
        ErsReferralLetterIntention::NeedToAddLater,
        0,
    );
    let json = request.to_json();
    println!("{json}");
    assert_eq!(CreateReferralParameters::from_json(&json)?, request);
    Ok(())
}
