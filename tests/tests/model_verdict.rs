//! Profile structs read strictly refuse what the validator refuses for its structure, and take what it takes.
//!
//! Where they differ, it is for one of the reasons in [`Difference`].

use std::collections::BTreeMap;
use std::fmt::Write;

use ers_fhir_ers::Ers;
use ers_fhir_model::ers::{r4, stu3};
use ers_fhir_model::runtime::{Json, ReadOptions};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::bad::{examples, packages, structures};
use ers_fhir_tests::ers::validator;
use ers_fhir_tests::spoil::spoiled;
use ers_fhir_validator::{Diagnostic, Options, Severity};
use serde_json::Value;

/// The rules that types and tables can express.
const STRUCTURAL: &[&str] = &[
    "array-expected",
    "array-not-expected",
    "cardinality-max",
    "cardinality-min",
    "empty-array",
    "fixed-value",
    "missing-resource-type",
    "pattern-value",
    "primitive-format",
    "primitive-range",
    "slice-unmatched",
    "unknown-element",
    "wrong-json-kind",
    "wrong-resource-type",
    "wrong-type",
];

/// Reads a payload strictly: what is wrong with it, if anything is.
type Strict = fn(&str) -> Result<(), String>;

fn strict<T: Json>(json: &str) -> Result<(), String> {
    let read = T::from_json_with(json, ReadOptions::strict());
    read.map(drop).map_err(|error| error.to_string())
}

/// Ids of profiles of STU3, with their structs.
const STU3: &[(&str, Strict)] = &[
    ("AdviceAndGuidanceCommunication-Bundle", strict::<stu3::AdviceAndGuidanceCommunicationBundle>),
    ("AppointmentSlot-Bundle", strict::<stu3::AppointmentSlotBundle>),
    ("AttachmentToAdd-DocumentReference", strict::<stu3::AttachmentToAdd>),
    ("BookOrDefer-Appointment", strict::<stu3::BookOrDeferAppointment>),
    ("Cancel-Appointment", strict::<stu3::CancelAppointment>),
    ("CareConnect-Appointment-1", strict::<stu3::CareConnectAppointment>),
    ("CareConnect-PractitionerRole-1", strict::<stu3::CareConnectPractitionerRole>),
    ("CareConnect-Schedule-1", strict::<stu3::CareConnectSchedule>),
    ("CareConnect-Slot-1", strict::<stu3::CareConnectSlot>),
    ("CareConnect-Task-1", strict::<stu3::CareConnectTask>),
    ("ReferenceData-CodeSystem", strict::<stu3::ReferenceDataCodeSystem>),
    ("STU3-Bundle", strict::<stu3::SearchBundle>),
    ("Task-Bundle", strict::<stu3::TaskBundle>),
    ("UK-eRS-Communication-1", strict::<stu3::CommunicationUk>),
    ("eRS-Appointment-1", strict::<stu3::ErsAppointment>),
    ("eRS-CancelReferral-Request-Parameters-1", strict::<stu3::CancelReferralRequestParameters>),
    ("eRS-CancelReferral-Response-Parameters-1", strict::<stu3::CancelReferralResponseParameters>),
    ("eRS-ChangeShortlist-Parameters-1", strict::<stu3::ChangeShortlistParameters>),
    (
        "eRS-ChangeShortlistAndSendForTriage-Request-Parameters-1",
        strict::<stu3::ChangeShortlistAndSendForTriageRequestParameters>,
    ),
    (
        "eRS-ChangeShortlistAndSendForTriage-Response-Parameters-1",
        strict::<stu3::ChangeShortlistAndSendForTriageResponseParameters>,
    ),
    ("eRS-Communication-1", strict::<stu3::ErsCommunication>),
    ("eRS-CommunicationRequest-1", strict::<stu3::ErsCommunicationRequest>),
    (
        "eRS-CreateAdviceAndGuidance-Request-Parameters-1",
        strict::<stu3::CreateAdviceAndGuidanceRequestParameters>,
    ),
    (
        "eRS-CreateAdviceAndGuidance-Response-Parameters-1",
        strict::<stu3::CreateAdviceAndGuidanceResponseParameters>,
    ),
    (
        "eRS-CreateFromCommunicationRequestActionLater-Request-1",
        strict::<stu3::CreateFromCommunicationRequestActionLaterRequestParameters>,
    ),
    ("eRS-CreateReferral-Parameters-1", strict::<stu3::CreateReferralParameters>),
    (
        "eRS-CreateReferralAndSendForTriage-Parameters-1",
        strict::<stu3::CreateReferralAndSendForTriageParameters>,
    ),
    ("eRS-DocumentReference-1", strict::<stu3::ErsDocumentReference>),
    ("eRS-FetchServices-List-1", strict::<stu3::FetchServicesList>),
    ("eRS-FetchWorklist-List-1", strict::<stu3::FetchWorklistList>),
    ("eRS-FetchWorklist-Parameters-1", strict::<stu3::FetchWorklistParameters>),
    ("eRS-MaintainReferralLetter-Parameters-1", strict::<stu3::MaintainReferralLetterParameters>),
    ("eRS-OperationOutcome-1", strict::<stu3::ErsOperationOutcome>),
    ("eRS-Patient-1", strict::<stu3::ErsPatient>),
    ("eRS-PatientServiceSearch-Parameters-1", strict::<stu3::PatientServiceSearchParameters>),
    ("eRS-Practitioner-1", strict::<stu3::ErsPractitioner>),
    ("eRS-RecordReviewOutcome-Parameters-1", strict::<stu3::RecordReviewOutcomeParameters>),
    ("eRS-ReferralRequest-1", strict::<stu3::ErsReferralRequest>),
    ("eRS-RejectReferral-Parameters-1", strict::<stu3::RejectReferralParameters>),
    (
        "eRS-SendCommunicationToRequester-Request-Parameters-1",
        strict::<stu3::SendCommunicationToRequesterRequestParameters>,
    ),
    (
        "eRS-SendCommunicationToRequester-Response-Parameters-1",
        strict::<stu3::SendCommunicationToRequesterResponseParameters>,
    ),
    ("eRS-ServiceSearchCriteria-Parameters-1", strict::<stu3::ServiceSearchCriteriaParameters>),
    ("eRS-Shortlist-List-1", strict::<stu3::ShortlistList>),
    ("eRS-Specialty-CodeSystem-1", strict::<stu3::SpecialtyCodeSystem>),
    ("eRS-cancelAppointmentActionLater-Parameters-1", strict::<stu3::CancelAppointmentActionLaterParameters>),
];

/// Ids of profiles of R4, with their structs.
const R4: &[(&str, Strict)] = &[
    ("HealthcareService-Bundle", strict::<r4::HealthcareServiceBundle>),
    ("NHSDigital-OperationOutcome", strict::<r4::NhsDigitalOperationOutcome>),
    ("NHSDigital-ServiceRequest", strict::<r4::NhsDigitalServiceRequest>),
    ("Practitioner-Bundle", strict::<r4::PractitionerBundle>),
    ("PractitionerRole-Bundle", strict::<r4::PractitionerRoleBundle>),
    ("ServiceRequest-Bundle", strict::<r4::ServiceRequestBundle>),
    ("UKCore-Bundle", strict::<r4::UkCoreBundle>),
    ("UKCore-Practitioner", strict::<r4::UkCorePractitioner>),
    ("UKCore-PractitionerRole", strict::<r4::UkCorePractitionerRole>),
    ("eRS-HealthcareService", strict::<r4::ErsHealthcareService>),
    ("gateway-operationoutcome", strict::<r4::GatewayOperationOutcome>),
];

/// Why a struct may differ from the validator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// The struct takes what breaks a rule of these codes.
    Taken(String),
    /// The struct refuses what the validator takes.
    Refused(String),
}

/// The structural rules that a payload breaks, as the validator sees it.
fn broken(version: FhirVersion, url: &str, payload: &Value) -> Vec<Diagnostic> {
    let options = Options {
        profiles: vec![url.to_owned()],
        now: "2026-03-01T00:00:00Z".parse().ok(),
        lists_effects: true,
        ..Ers::new().strict(true).into()
    };
    let report = validator(version).check(payload.to_string().as_bytes(), &options);
    let errors = report.diagnostics.into_iter().filter(|found| found.severity >= Severity::Error);
    errors.filter(|found| STRUCTURAL.contains(&found.rule.code)).collect()
}

fn difference(version: FhirVersion, url: &str, read: Strict, payload: &Value) -> Option<Difference> {
    let broken = broken(version, url, payload);
    match (read(&payload.to_string()), broken.first()) {
        (Ok(()), Some(found)) => {
            let place = found.element.as_deref().unwrap_or_default();
            Some(Difference::Taken(format!("{} {place}", found.rule.code)))
        }
        (Err(said), None) => Some(Difference::Refused(said)),
        _ => None,
    }
}

#[test]
fn structs_and_validator_agree_about_structure() {
    let (mut made, mut found) = (0, BTreeMap::<Difference, (u32, String)>::new());
    for (version, package) in packages() {
        let structs = if version == FhirVersion::R4 { R4 } else { STU3 };
        for (id, url) in structures(&package) {
            let Some((_, read)) = structs.iter().find(|(known, _)| *known == id) else { continue };
            for (name, good) in examples(&package, &id) {
                let all = spoiled(&good).into_iter().chain([("as it is".to_owned(), good)]);
                for (label, payload) in all {
                    made += 1;
                    if let Some(difference) = difference(version, &url, *read, &payload) {
                        let first = || (0, format!("{name}: {label}"));
                        found.entry(difference).or_insert_with(first).0 += 1;
                    }
                }
            }
        }
    }
    let mut said = String::new();
    for (difference, (count, first)) in &found {
        let _infallible = writeln!(said, "{count} {difference:?}, first {first}");
    }
    let differing: u32 = found.values().map(|(count, _)| count).sum();
    assert!(found.is_empty(), "{differing} of {made}:\n{said}");
}
