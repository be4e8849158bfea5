//! Payloads of e-RS through their profile structs: read, written, equal.
//!
//! Reads `../shared/ers/examples` beside the repository; says so where it is not there.
#![cfg(all(feature = "ers", feature = "stu3"))]

mod support;

use ers_fhir_model::ers::stu3;
use ers_fhir_model::runtime::{Json, Profile, ReadError};
use support::{differences, json_files, normalised};

/// Writes what it reads, or says why not.
type Through = fn(&[u8]) -> Result<String, ReadError>;

fn through<P: Profile>(bytes: &[u8]) -> Result<String, ReadError> {
    Ok(P::from_json(bytes)?.to_json())
}

const BASE: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/";

/// The struct for each profile that a payload declares.
const PROFILES: &[(&str, Through)] = &[
    ("eRS-Appointment-1", through::<stu3::ErsAppointment>),
    ("eRS-CancelReferral-Request-Parameters-1", through::<stu3::CancelReferralRequestParameters>),
    ("eRS-CancelReferral-Response-Parameters-1", through::<stu3::CancelReferralResponseParameters>),
    ("eRS-ChangeShortlist-Parameters-1", through::<stu3::ChangeShortlistParameters>),
    (
        "eRS-ChangeShortlistAndSendForTriage-Response-Parameters-1",
        through::<stu3::ChangeShortlistAndSendForTriageResponseParameters>,
    ),
    ("eRS-CommunicationRequest-1", through::<stu3::ErsCommunicationRequest>),
    (
        "eRS-CreateAdviceAndGuidance-Request-Parameters-1",
        through::<stu3::CreateAdviceAndGuidanceRequestParameters>,
    ),
    (
        "eRS-CreateFromCommunicationRequestActionLater-Request-Parameters-1",
        through::<stu3::CreateFromCommunicationRequestActionLaterRequestParameters>,
    ),
    ("eRS-CreateReferral-Parameters-1", through::<stu3::CreateReferralParameters>),
    (
        "eRS-CreateReferralAndSendForTriage-Parameters-1",
        through::<stu3::CreateReferralAndSendForTriageParameters>,
    ),
    ("eRS-FetchServices-List-1", through::<stu3::FetchServicesList>),
    ("eRS-FetchWorklist-List-1", through::<stu3::FetchWorklistList>),
    ("eRS-FetchWorklist-Parameters-1", through::<stu3::FetchWorklistParameters>),
    ("eRS-MaintainReferralLetter-Parameters-1", through::<stu3::MaintainReferralLetterParameters>),
    ("eRS-OperationOutcome-1", through::<stu3::ErsOperationOutcome>),
    ("eRS-PatientServiceSearch-Parameters-1", through::<stu3::PatientServiceSearchParameters>),
    ("eRS-RecordReviewOutcome-Parameters-1", through::<stu3::RecordReviewOutcomeParameters>),
    ("eRS-ReferralRequest-1", through::<stu3::ErsReferralRequest>),
    ("eRS-RejectReferral-Parameters-1", through::<stu3::RejectReferralParameters>),
    (
        "eRS-SendCommunicationToRequester-Request-Parameters-1",
        through::<stu3::SendCommunicationToRequesterRequestParameters>,
    ),
    (
        "eRS-SendCommunicationToRequester-Response-Parameters-1",
        through::<stu3::SendCommunicationToRequesterResponseParameters>,
    ),
    ("eRS-Specialty-CodeSystem-1", through::<stu3::SpecialtyCodeSystem>),
    (
        "eRS-cancelAppointmentActionLater-Parameters-1",
        through::<stu3::CancelAppointmentActionLaterParameters>,
    ),
];

#[test]
fn payloads_survive_their_profile_structs() {
    let files = json_files("../../shared/ers/examples/stu3");
    let mut faults = Vec::new();
    let mut checked = 0;
    for (path, bytes) in &files {
        let before: serde_json::Value = serde_json::from_slice(bytes).expect("the examples are JSON");
        let declared = before["meta"]["profile"].as_array().into_iter().flatten();
        let mut structs = declared.filter_map(|url| {
            let name = url.as_str()?.strip_prefix(BASE)?;
            PROFILES.iter().find(|(profile, _)| *profile == name)
        });
        let Some((profile, through)) = structs.next() else { continue };
        checked += 1;
        match through(bytes) {
            Ok(json) => {
                let after = serde_json::from_str(&json).expect("what is written is JSON");
                let found = differences(&normalised(before), &after);
                if !found.is_empty() {
                    faults.push(format!("{path} as {profile}: {found:?}"));
                }
            }
            Err(error) => faults.push(format!("{path} as {profile}: {error}")),
        }
    }
    assert!(faults.is_empty(), "{} of {checked}:\n{}", faults.len(), faults.join("\n"));
    assert!(files.is_empty() || checked > 60, "only {checked} payloads declare a profile of e-RS");
}
