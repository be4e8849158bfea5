//! Whole pathways with the typed client, through a local e-RS that lets nobody in without a token: each call succeeds,
//! each payload is clean, and the referral ends where it should.

use ers_fhir_ers::service::Role;
use ers_fhir_http::client::*;
use ers_fhir_model::ers::builders::Worklist;
use ers_fhir_model::ers::stu3::*;
use ers_fhir_model::identifiers::{NhsNumber, ServiceId, Ubrn};
use ers_fhir_model::primitives::{Instant, Uri};
use ers_fhir_model::stu3::{Appointment, CodeableConcept};
use serde_json::json;

use crate::local::{Place, example};

const REFERRER: &str = "555000111222";
const CLINICIAN: &str = "555000333444";
const ADMIN: &str = "555000444555";
const REASONS: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem";

fn patient() -> NhsNumber {
    "9994827162".parse().expect("it is a number")
}

fn service(id: &str) -> ServiceId {
    id.parse().expect("it is an id")
}

fn indexed() -> Instant {
    "2026-03-02T09:15:00Z".parse().expect("it is a moment")
}

fn shortlist(specialty: &str, clinic_type: &str, services: &[&str]) -> ShortlistList {
    let criteria = criteria(specialty, clinic_type);
    ShortlistList::of(services.iter().map(|id| service(id))).found_by(criteria)
}

fn criteria(specialty: &str, clinic_type: &str) -> ServiceSearchCriteriaParameters {
    let specialty =
        ServiceSearchCriteriaParametersSpecialtyValue::new(format!("{REASONS}/SPECIALTY"), specialty);
    ServiceSearchCriteriaParameters::of(ErsPriority::Routine)
        .with_specialty(specialty)
        .with_clinic_type(ServiceSearchCriteriaParametersClinicTypeValue::new(clinic_type))
}

/// A file that was uploaded, to be attached.
fn attached(file: &Uploaded, kind: ErsAttachmentType) -> AttachmentToAdd {
    AttachmentToAdd::new(kind, indexed(), vec![Uri::from(file.reference.as_str()).into()])
}

/// Why nothing is booked.
fn because(code: &str) -> BookOrDeferAppointmentReason {
    let reason = CodeableConcept::of("https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewReason-1", code);
    reason.try_into().expect("it is one code")
}

fn text(name: &str) -> Upload {
    Upload::new(name, "text/plain", "The rash has not settled.")
}

/// Who is on a worklist.
async fn listed<W>(client: &Client<W>, list: Worklist) -> Vec<String>
where
    W: Who + May<ers_fhir_model::ers::RetrieveReferralWorklist>,
{
    let found =
        client.retrieve_referral_worklist(&FetchWorklistParameters::of(list)).await.expect("it is listed");
    ubrns(&found)
}

fn ubrns(list: &FetchWorklistList) -> Vec<String> {
    use ers_fhir_model::runtime::Json;

    let list: serde_json::Value = serde_json::from_str(&list.to_json()).expect("it is JSON");
    let rows = list["entry"].as_array().into_iter().flatten();
    let references = rows.filter_map(|row| row["item"]["reference"].as_str()?.split('/').nth(1));
    references.map(str::to_owned).collect()
}

fn state(referral: &ErsReferralRequest) -> &ErsReferralState {
    &referral.state.state.code
}

/// A referral with a letter, of a patient of the practice.
async fn referred(
    client: &Client<ReferringClinician>,
    shortlist: ShortlistList,
) -> (Ubrn, Versioned<ErsReferralRequest>) {
    let request =
        CreateReferralParameters::new(patient(), shortlist, ErsReferralLetterIntention::NeedToAddLater, 7);
    let created = client.create_referral(&request).await.expect("it is created");
    assert_eq!(state(&created), &ErsReferralState::NotBooked);
    let ubrn: Ubrn = created.id.as_str().parse().expect("it is a UBRN");
    let file = client.upload_file(text("letter.txt").to(ubrn)).await.expect("it is uploaded");
    let letters = MaintainReferralLetterParameters::new(vec![attached(&file, ErsAttachmentType::Referrer)]);
    let referral =
        client.maintain_referral_letter(ubrn, created.version, &letters).await.expect("it is attached");
    assert!(referral.version > created.version);
    (ubrn, referral)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_referral_is_booked_accepted_cancelled_and_sent_for_triage() {
    let place = Place::new().await;
    let somebody = place.user(REFERRER, AnyUser).await;
    let functions = somebody.retrieve_business_functions().await.expect("they work somewhere");
    assert_eq!(functions.entry.len(), 1);
    let referrer = somebody.called_by(ReferringClinician::of("X26".parse().unwrap()));
    let provider = place.user(CLINICIAN, ServiceProviderClinician::of("R9K".parse().unwrap())).await;

    let priorities =
        referrer.retrieve_reference_data(ReferenceData::Priority).await.expect("there is a list");
    assert!(!priorities.concept.is_empty());
    let search = PatientServiceSearchParameters::new(
        ErsRequestType::AppointmentRequest,
        ErsSortBy::Distance,
        patient(),
        criteria("DERMATOLOGY", "ECZEMA_AND_DERMATITIS"),
    );
    let found = referrer.search_services_for_patient(&search).await.expect("it is searched");
    assert!(found.entry.len() > 1);
    let both = shortlist("DERMATOLOGY", "ECZEMA_AND_DERMATITIS", &["20417", "31006"]);
    let (ubrn, referral) = referred(&referrer, both).await;

    let search = SlotSearch::new(service("20417"), AppointmentType::Routine, "X26".parse().unwrap());
    let slot =
        referrer.slots(search.on_page(5)).next().await.expect("there is one").expect("it is read").resource;
    let number = |version: Version| u32::try_from(version.number()).expect("it is small");
    let booking = BookOrDeferAppointment::of(ubrn, number(referral.version), patient(), service("20417"));
    let booking = booking.in_slot(slot.id.as_str(), slot.start.clone(), slot.end.clone());
    let appointment = referrer.book_or_defer_appointment(&booking).await.expect("it is booked");
    assert_eq!(appointment.status, ErsAppointmentStatus::Booked);

    let referral = provider.retrieve_referral_request(ubrn).await.expect("it is read");
    assert_eq!(state(&referral), &ErsReferralState::Booked);
    assert_eq!(listed(&provider, Worklist::ReferralsForReview).await, [ubrn.to_string()]);
    let accepted = provider.accept_referral(ubrn, referral.version).await.expect("it is accepted");
    assert!(listed(&provider, Worklist::ReferralsForReview).await.is_empty());
    let tasks = referrer.available_actions(ubrn, accepted.version).await.expect("there is something to do");
    assert_eq!(tasks.task.len(), 2);

    let id = appointment.id.as_str();
    let read = referrer.retrieve_appointment(id).await.expect("it is read");
    let mut cancelled: Appointment = read.record.clone().into();
    cancelled.status = ers_fhir_model::stu3::AppointmentStatus::Cancelled;
    let why = CodeableConcept::of(format!("{REASONS}/APPOINTMENT-CANCELLATION-REASON"), "PATIENT_HOLIDAY");
    cancelled.reason = vec![why];
    (cancelled.slot, cancelled.start, cancelled.end) = (Vec::new(), None, None);
    let request = CancelAppointment::try_from(cancelled).expect("it follows the profile");
    let cancelled = referrer.update_appointment(id, read.version, &request).await.expect("it is cancelled");
    assert_eq!(cancelled.status, ErsAppointmentStatus::Cancelled);
    let referral = referrer.retrieve_referral_request(ubrn).await.expect("it is read");
    assert_eq!(state(&referral), &ErsReferralState::ApptCancelledByPatient);

    let waiting = referrer.reconcile_creation(&patient()).await.expect("the list is read");
    assert_eq!(waiting.iter().map(|created| created.ubrn).collect::<Vec<_>>(), [ubrn]);
    assert!(
        referrer.reconcile_creation(&"9990001006".parse().unwrap()).await.expect("it is read").is_empty()
    );

    let triage = shortlist("DERMATOLOGY", "ECZEMA_AND_DERMATITIS", &["31006"]);
    let change = ChangeShortlistParameters::new(triage, ErsReferralLetterIntention::NeedToAddLater, 7);
    let referral = referrer.change_shortlist(ubrn, referral.version, &change).await.expect("it is changed");
    assert_eq!(state(&referral), &ErsReferralState::NotBooked);
    let mut sent = BookOrDeferAppointment::of(ubrn, number(referral.version), patient(), service("31006"));
    sent.reason = Some(because("TRIAGE"));
    let sent = referrer.book_or_defer_appointment(&sent).await.expect("it is sent");
    assert_eq!(sent.status, ErsAppointmentStatus::Proposed);
    let referral = provider.retrieve_referral_request(ubrn).await.expect("it is read");
    assert_eq!(state(&referral), &ErsReferralState::AwaitingTriage);

    let note = provider.upload_file(text("note.txt").to(ubrn)).await.expect("it is uploaded");
    let mut outcome =
        RecordReviewOutcomeParameters::new(ErsSubmittableReviewOutcome::AcceptReferBookLater, "Accepted.");
    outcome.review_priority = Some(ErsPriority::Urgent.into());
    outcome.review_attachment_file = vec![attached(&note, ErsAttachmentType::Provider)];
    let triaged =
        provider.record_triage_outcome(ubrn, referral.version, &outcome).await.expect("it is recorded");
    assert_eq!(state(&triaged), &ErsReferralState::TriagedProviderToAction);
    let summary = provider.retrieve_clinical_information(ubrn).await.expect("it is made");
    assert_eq!(summary.media_type.as_deref(), Some("application/pdf"));

    let mut why: CancelReferralRequestParameters = example("A036", Role::ServiceProviderClinician);
    why.cancellation_reason.code = "BOOKED_CLINICAL_NEED".into();
    let ended = provider.cancel_referral(ubrn, triaged.version, &why).await.expect("it is cancelled");
    assert_eq!(state(&ended.updated_referral_request), &ErsReferralState::CancelledReferral);
    assert!(matches!(
        provider.cancel_referral(ubrn, triaged.version, &why).await,
        Err(Error::Stale(failure)) if failure.status == 409
    ));
    assert_eq!(listed(&referrer, Worklist::AssessmentReturnedCancelledDna).await, [ubrn.to_string()]);
    place.is_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_asked_again_and_becomes_a_referral() {
    let place = Place::new().await;
    let referrer = place.user(REFERRER, ReferringClinician::of("X26".parse().unwrap())).await;
    let admin = ServiceProviderClinicianAdmin::of("R9K".parse().unwrap());
    let admin = place.user(ADMIN, admin).await;
    let clinicians = admin.retrieve_clinicians_to_act_for().await.expect("there are some");
    assert_eq!(clinicians.entry.len(), 1);
    let on_behalf_of = admin.who().clone().on_behalf_of(CLINICIAN.parse().unwrap());
    let admin = admin.called_by(on_behalf_of);
    let provider = place.user(CLINICIAN, ServiceProviderClinician::of("R9K".parse().unwrap())).await;

    let photo = referrer.upload_file(text("photo.txt")).await.expect("it is uploaded");
    let services = shortlist("DERMATOLOGY", "ECZEMA_AND_DERMATITIS", &["20700"]);
    let may = ErsProviderConversionAuthorisation::AuthorisedToConvert;
    let mut question = CreateAdviceAndGuidanceRequestParameters::new(
        patient(),
        may,
        services,
        "Is a patch test worthwhile?",
    );
    question.request_attachment_file = vec![attached(&photo, ErsAttachmentType::AdviceRequest)];
    let asked = referrer.create_advice_request(&question).await.expect("it is asked");
    let ubrn: Ubrn = asked.created_communication_request.id.as_str().parse().expect("it is a UBRN");

    let list = FetchWorklistParameters::of(Worklist::AdviceAndGuidanceRequests);
    let list = provider.retrieve_advice_worklist(&list).await.expect("it is listed");
    assert_eq!(ubrns(&list), [ubrn.to_string()]);
    let advice = provider.retrieve_advice_request(ubrn).await.expect("it is read");
    let talk = Conversation::of(ubrn, advice.version).with_files().with_senders();
    provider.retrieve_advice_conversation(talk).await.expect("it is read");
    let mut answer = SendCommunicationToRequesterRequestParameters::new(
        ErsGuidanceResponseOutcome::RequireFurtherInformation,
        "Which cream was used, and for how long?",
        ErsPriority::Routine,
    );
    let leaflet = admin.upload_file(text("leaflet.txt").to(ubrn)).await.expect("it is uploaded");
    answer.guidance_attachment_file = vec![attached(&leaflet, ErsAttachmentType::GuidanceResponse)];
    admin.send_advice_response(ubrn, advice.version, &answer).await.expect("it is answered");

    let reply = json!({ "step": "reply", "text": "Hydrocortisone, for two weeks." });
    place.post(&format!("/_local/requests/{ubrn}/steps"), &reply).await;
    let Since::Changed(advice) = provider.reconcile_advice(ubrn, advice.version).await.expect("it is read")
    else {
        panic!("two messages were written")
    };
    let mut convert: CreateFromCommunicationRequestActionLaterRequestParameters =
        example("A027", Role::ServiceProviderClinician);
    convert.create_from.reference = format!("{}/_history/{}", ubrn.advice(), advice.version);
    convert.guidance_attachment_file.clear();
    convert.review_attachment_file.clear();
    let referral = provider.convert_advice_to_referral(&convert).await.expect("it becomes a referral");
    assert_eq!(referral.id.as_str(), ubrn.to_string());
    let referral = referrer.retrieve_referral_request(ubrn).await.expect("it is read");
    assert_eq!(state(&referral), &ErsReferralState::TriagedProviderToAction);
    let both = referrer.search_service_requests(ubrn).await.expect("it is searched");
    assert_eq!(both.total.to_string(), "2");
    place.is_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_slots_a_referral_is_deferred_and_returned() {
    let place = Place::new().await;
    let referrer = place.user(REFERRER, ReferringClinician::of("X26".parse().unwrap())).await;
    let provider = place.user(CLINICIAN, ServiceProviderClinician::of("R9K".parse().unwrap())).await;
    let application = place.application(ProviderApplication);
    let (ubrn, referral) = referred(&referrer, shortlist("CARDIOLOGY", "HEART_FAILURE", &["20602"])).await;
    let search = SlotSearch::new(service("20602"), AppointmentType::Routine, "X26".parse().unwrap());
    assert!(referrer.slots(search).next().await.is_none(), "there is none");
    let version = u32::try_from(referral.version.number()).expect("it is small");
    let mut deferral = BookOrDeferAppointment::of(ubrn, version, patient(), service("20602"));
    deferral.reason = Some(because("NO_SLOTS_AT_SERVICE"));
    referrer.book_or_defer_appointment(&deferral).await.expect("it is deferred");
    assert_eq!(listed(&provider, Worklist::AppointmentSlotIssues).await, [ubrn.to_string()]);
    let referral = application.retrieve_referral_request(ubrn).await.expect("an application may read it");
    assert_eq!(state(&referral), &ErsReferralState::DeferredToProvider);
    let tasks = application.available_actions(ubrn, referral.version).await.expect("it may ask");
    assert_eq!(tasks.task.len(), 2);
    let outcome = ErsSubmittableReviewOutcome::ReturnToReferrerWithAdvice;
    let outcome = RecordReviewOutcomeParameters::new(outcome, "Try the other clinic.");
    let returned =
        application.record_triage_outcome(ubrn, referral.version, &outcome).await.expect("it may review");
    assert_eq!(state(&returned), &ErsReferralState::TriageResponse);
    assert_eq!(listed(&referrer, Worklist::RejectedTriageResponse).await, [ubrn.to_string()]);
    place.is_clean();
}
