//! What a newcomer writes for the five requests that most callers begin with, from the documentation of the
//! model alone: it compiles as it is, and the validator finds nothing wrong with the result.

use std::error::Error;

use ers_fhir_ers::Ers;
use ers_fhir_model::ers::builders::Worklist;
use ers_fhir_model::ers::stu3::{
    AttachmentToAdd, BookOrDeferAppointment, CreateReferralParameters, ErsAssignedIndicator,
    ErsAttachmentType, ErsPriority, ErsReferralLetterIntention, ErsRequestType, ErsSortBy,
    ErsSubmittableReviewOutcome, FetchWorklistParameters, PatientServiceSearchParameters,
    RecordReviewOutcomeParameters, ServiceSearchCriteriaParameters, ShortlistList,
};
use ers_fhir_model::identifiers::{NhsNumber, OdsCode, SdsUserId, ServiceId, Ubrn};
use ers_fhir_model::primitives::Instant;
use ers_fhir_model::runtime::{Json, ReadOptions};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::ers::validator;
use ers_fhir_validator::{Options, Severity};

type Made = Result<String, Box<dyn Error>>;

/// A008: the referrals that wait for a clinician's review.
fn retrieve_worklist() -> Made {
    let service: ServiceId = "11002".parse()?;
    let clinician: SdsUserId = "100000000017".parse()?;
    let request = FetchWorklistParameters::of(Worklist::ReferralsForReview)
        .with_service(service)
        .with_clinician_assigned_indicator(ErsAssignedIndicator::Assigned)
        .with_clinician(clinician);
    again(&request)
}

/// A010: services for a patient, the nearest first.
fn search_services() -> Made {
    let patient: NhsNumber = "943 476 5919".parse()?;
    let practice: OdsCode = "R69".parse()?;
    let consultant: SdsUserId = "100000000017".parse()?;
    let criteria = ServiceSearchCriteriaParameters::of(ErsPriority::Routine)
        .with_named_clinician(consultant)
        .with_postcode("LS1 4AP")
        .with_distance_limit(30);
    let request = PatientServiceSearchParameters::new(
        ErsRequestType::AppointmentRequest,
        ErsSortBy::Distance,
        patient,
        criteria,
    );
    again(&request.with_commissioning_rule_organisation(practice))
}

/// A011: a referral with two services to choose from.
fn create_referral() -> Made {
    let patient = NhsNumber::try_from("943 476 5919")?;
    let clinician = SdsUserId::try_from("100000000017")?;
    let services = [ServiceId::try_from("11002")?, ServiceId::try_from("51002")?];
    let criteria =
        ServiceSearchCriteriaParameters::of(ErsPriority::Urgent).with_named_clinician(clinician.clone());
    let shortlist = ShortlistList::of(services).found_by(criteria);
    let request =
        CreateReferralParameters::new(patient, shortlist, ErsReferralLetterIntention::NeedToAddLater, 7);
    again(&request.with_referring_clinician(clinician))
}

/// A016: a slot for that referral.
fn book_appointment() -> Made {
    let referral: Ubrn = "0000 0007 0000".parse()?;
    let (start, end): (Instant, Instant) = ("2026-04-14T09:30:00Z".parse()?, "2026-04-14T09:50:00Z".parse()?);
    let request =
        BookOrDeferAppointment::of(referral, 3, NhsNumber::try_from("9434765919")?, "11002".parse()?);
    again(&request.in_slot("4410027", start, end))
}

/// A028: the outcome of triage, with a letter.
fn record_triage_outcome() -> Made {
    let letter = AttachmentToAdd::of(
        "8df08078-a22e-4180-85c2-c2af3977a654",
        ErsAttachmentType::Provider,
        "2026-03-02T09:15:00Z".parse()?,
    );
    let outcome = ErsSubmittableReviewOutcome::AcceptReferBookLater;
    let request = RecordReviewOutcomeParameters::new(outcome, "Accepted for the rapid access clinic.")
        .with_review_priority(ErsPriority::Urgent)
        .with_review_attachment_file(letter);
    again(&request)
}

/// The JSON of a request, which reads back as the same, also strictly.
fn again<T: Json + PartialEq>(request: &T) -> Made {
    let json = request.to_json();
    if T::from_json_with(&json, ReadOptions::strict())? == *request {
        Ok(json)
    } else {
        Err(format!("comes back different: {json}").into())
    }
}

#[test]
fn the_five_requests_are_what_the_service_takes() {
    for (id, made) in [
        ("A008", retrieve_worklist()),
        ("A010", search_services()),
        ("A011", create_referral()),
        ("A016", book_appointment()),
        ("A028", record_triage_outcome()),
    ] {
        let json = made.unwrap_or_else(|error| panic!("{id}: {error}"));
        let report = validator(FhirVersion::Stu3).check(json.as_bytes(), &Options::from(Ers::new()));
        let errors = report.all().filter(|found| found.severity >= Severity::Warning);
        let errors: Vec<_> = errors.map(|found| (found.rule.code, found.message.revealed())).collect();
        assert!(errors.is_empty(), "{id}: {errors:#?}\n{json}");
        assert!(report.all().all(|found| found.rule.code != "no-profile"), "{id} declares its profile");
    }
}
