//! Profile structs read strictly refuse what the validator refuses for its structure, and take what it takes.
//!
//! Where they differ, it is for one of the reasons in [`Difference`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ers_fhir_ers::Ers;
use ers_fhir_model::ers::{r4, stu3};
use ers_fhir_model::runtime::{Json, ReadOptions};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Kind;
use ers_fhir_tests::bad::{examples, packages, structures};
use ers_fhir_tests::ers::validator;
use ers_fhir_tests::spoil::spoiled;
use ers_fhir_validator::{Diagnostic, Options, Severity};
use serde_json::Value;

/// The rules that types and tables can express.
const STRUCTURAL: &[&str] = &[
    "array-expected",
    "array-not-expected",
    "binding-required",
    "cardinality-max",
    "cardinality-min",
    "control-character",
    "empty-array",
    "empty-element",
    "fixed-value",
    "missing-resource-type",
    "missing-time-zone",
    "misplaced-underscore",
    "nested-array",
    "not-a-resource",
    "pattern-value",
    "primitive-empty",
    "primitive-format",
    "primitive-range",
    "slice-order",
    "slice-unmatched",
    "unknown-element",
    "unknown-resource-type",
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
    /// A `_name` without an extension or a value is read, and written again.
    NoExtension,
    /// A `null` among primitives that nothing extends is read, and written again.
    NullItem,
    /// A resource of a type that was not generated is kept as it came.
    OtherResource,
    /// The claim to follow a profile, which the validator holds for an invariant, is implied by the struct.
    Claim,
    /// None of these.
    Unexplained(String),
}

/// Where types are defined.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// A profile, the types and profiles that it uses, and those that these use.
fn parts(version: FhirVersion, url: &str) -> BTreeSet<String> {
    let definitions = validator(version).definitions();
    let (mut found, mut open) = (BTreeSet::new(), vec![url.to_owned()]);
    while let Some(url) = open.pop() {
        let url = url.split(['|', '#']).next().unwrap_or_default().to_owned();
        if !found.insert(url.clone()) {
            continue;
        }
        let Ok(Some(definition)) = definitions.structure(&url) else { continue };
        open.extend(definition.base_definition.clone());
        let Ok(Some(snapshot)) = definitions.snapshot(&url) else { continue };
        for of in snapshot.elements().iter().flat_map(|element| &element.types) {
            open.extend(of.profiles.iter().cloned());
            open.push(format!("{CORE}{}", of.code));
        }
    }
    found
}

/// The structural rules that a payload breaks, as the validator sees it; those of the profile, and not of others
/// that the payload claims to follow; and whether there are any of these or those.
fn broken(
    version: FhirVersion,
    url: &str,
    parts: &BTreeSet<String>,
    payload: &Value,
) -> (Vec<Diagnostic>, bool) {
    let options = Options {
        profiles: vec![url.to_owned()],
        now: "2026-03-01T00:00:00Z".parse().ok(),
        lists_effects: true,
        ..Ers::new().strict(true).into()
    };
    let report = validator(version).check(payload.to_string().as_bytes(), &options);
    let errors = report.diagnostics.into_iter().filter(|found| found.severity >= Severity::Error);
    // What a type demands is demanded of any payload; other profiles only of those that claim to follow them.
    let is_type = |url: &str| {
        let known = validator(version).definitions().find(Kind::Structure, url);
        known.is_some_and(|known| !known.is_constraint)
    };
    let is_own = |found: &Diagnostic| {
        let profile = found.profile.as_deref().map(|profile| profile.split('|').next().unwrap_or(profile));
        profile.is_none_or(|profile| parts.contains(profile) || is_type(profile))
    };
    let found: Vec<Diagnostic> = errors.filter(|found| STRUCTURAL.contains(&found.rule.code)).collect();
    // A demand of two profiles is found once, and the finding may name either.
    let is_any = !found.is_empty();
    (found.into_iter().filter(is_own).collect(), is_any)
}

fn difference(
    (version, url, parts): (FhirVersion, &str, &BTreeSet<String>),
    read: Strict,
    (label, payload): (&str, &Value),
) -> Option<Difference> {
    let (broken, is_any) = broken(version, url, parts, payload);
    let has_only = |codes: &[&str]| broken.iter().all(|found| codes.contains(&found.rule.code));
    match (read(&payload.to_string()), broken.first()) {
        (Ok(()), Some(found)) => Some(match label.split(' ').next() {
            Some("underscore") if has_only(&["primitive-empty", "array-expected"]) => Difference::NoExtension,
            Some("null") if has_only(&["wrong-json-kind"]) => Difference::NullItem,
            _ if has_only(&["unknown-resource-type"]) => Difference::OtherResource,
            _ => {
                let place = found.element.as_deref().unwrap_or_default();
                Difference::Unexplained(format!("it takes what is {} {place}", found.rule.code))
            }
        }),
        (Err(_), None) if label.contains("/meta/profile/") => Some(Difference::Claim),
        (Err(said), None) if !is_any => Some(Difference::Unexplained(format!("it refuses: {said}"))),
        _ => None,
    }
}

#[test]
fn structs_and_validator_agree_about_structure() {
    let (mut made, mut wrong, mut reasons) = (0, String::new(), BTreeMap::<Difference, u32>::new());
    for (version, package) in packages() {
        let structs = if version == FhirVersion::R4 { R4 } else { STU3 };
        for (id, url) in structures(&package) {
            let Some((_, read)) = structs.iter().find(|(known, _)| *known == id) else { continue };
            let parts = parts(version, &url);
            for (name, good) in examples(&package, &id) {
                let all = spoiled(&good).into_iter().chain([("as it is".to_owned(), good)]);
                for (label, payload) in all {
                    made += 1;
                    let found = difference((version, &url, &parts), *read, (&label, &payload));
                    match found {
                        Some(Difference::Unexplained(why)) => {
                            let _infallible = writeln!(wrong, "{name}: {label}: {why}");
                        }
                        Some(known) => *reasons.entry(known).or_default() += 1,
                        None => {}
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "of {made}, {reasons:?}:\n{wrong}");
    let differing: u32 = reasons.values().sum();
    assert!(made > 25_000 && differing * 20 < made, "of {made}, {reasons:?}");
}
