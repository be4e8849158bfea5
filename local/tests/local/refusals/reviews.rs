//! The rows of what providers do with referrals, and of what is cancelled, listed or answered.

use ers_fhir_local::Call;
use ers_fhir_local::elsewhere::{Step, take};
use ers_fhir_local::seed::ProviderSystem;
use serde_json::{Value, json};

use super::Row;
use super::records::attached;
use crate::support::*;

fn on(referral: &Value, who: Who, operation: &str, body: &Value) -> Call {
    let target = format!("/STU3/ReferralRequest/{}/$ers.{operation}", id(referral));
    from(post(who, &target, body), &version(referral))
}

fn accept(referral: &Value, who: Who) -> Call {
    let target = format!("/STU3/ReferralRequest/{}/$ers.acceptReferral", id(referral));
    from(call(who, "POST", &target), &version(referral))
}

fn reject(referral: &Value, reason: &str, more: Vec<Value>) -> Call {
    let mut parts = vec![listed("rejectionReason", "APPOINTMENT-CANCELLATION-REASON", reason)];
    parts.extend(more);
    on(referral, PROVIDER, "rejectReferral", &parameters("eRS-RejectReferral-Parameters-1", parts))
}

fn outcome(referral: &Value, who: Who, code: &str, more: Vec<Value>) -> Call {
    let mut parts = vec![coded("reviewOutcome", "eRS-ReviewOutcome-1", code)];
    parts.extend(more);
    on(referral, who, "recordReviewOutcome", &parameters("eRS-RecordReviewOutcome-Parameters-1", parts))
}

fn cancel(referral: &Value, who: Who, reason: &str, more: Vec<Value>) -> Call {
    let mut parts = vec![listed("cancellationReason", "REFERRAL-CANCELLATION-REASON", reason)];
    parts.extend(more);
    on(referral, who, "cancelReferral", &parameters("eRS-CancelReferral-Request-Parameters-1", parts))
}

fn said() -> Vec<Value> {
    vec![text("reviewComments", "Seen.")]
}

fn triaged(service: &mut Service) -> Value {
    let referral = created(service, skin(), &["31006"]);
    service.ok(&post(REFERRER, "/STU3/Appointment", &deferral(&referral, "31006", "TRIAGE")));
    read(service, PROVIDER, &id(&referral))
}

fn fetch(who: Who, list: &str, more: Vec<Value>) -> Call {
    let system = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReferralListSelector-1";
    let wanted = json!({ "name": "listType", "valueCodeableConcept": { "coding": [{ "system": system, "code": list }] } });
    let mut parts = vec![wanted];
    parts.extend(more);
    post(
        who,
        "/STU3/ReferralRequest/$ers.fetchworklist",
        &parameters("eRS-FetchWorklist-Parameters-1", parts),
    )
}

fn of_service(id: &str) -> Value {
    json!({ "name": "service", "valueIdentifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": id } })
}

fn asked(service: &mut Service, authorisation: &str) -> Value {
    let parts = vec![
        patient(PATIENT),
        coded("providerConversionAuthorisation", "eRS-ProviderConversionAuthorisation-1", authorisation),
        shortlist(skin(), &["20700"]),
        text("request", "Is a patch test worthwhile?"),
    ];
    let body = parameters("eRS-CreateAdviceAndGuidance-Request-Parameters-1", parts);
    let made = service.ok(&post(REFERRER, "/STU3/CommunicationRequest/$ers.createAdviceAndGuidance", &body));
    made["parameter"][0]["resource"].clone()
}

fn respond(advice: &Value, outcome: &str, priority: &str, more: Vec<Value>) -> Call {
    let mut parts = vec![
        coded("guidanceOutcome", "eRS-GuidanceResponseOutcome-1", outcome),
        text("guidance", "Which cream was used?"),
        coded("updatedPriority", "eRS-Priority-1", priority),
    ];
    parts.extend(more);
    let body = parameters("eRS-SendCommunicationToRequester-Request-Parameters-1", parts);
    let target = format!("/STU3/CommunicationRequest/{}/$ers.sendCommunicationToRequester", id(advice));
    from(post(PROVIDER, &target, &body), &version(advice))
}

fn convert(advice: &Value, priority: &str) -> Call {
    let reference = format!("CommunicationRequest/{}/_history/{}", id(advice), version(advice));
    let parts = vec![
        json!({ "name": "createFrom", "valueReference": { "reference": reference } }),
        text("guidance", "This should be seen in clinic."),
        coded("newReferralPriority", "eRS-Priority-1", priority),
        text("reviewComments", "Needs dermoscopy."),
    ];
    let body = parameters("eRS-CreateFromCommunicationRequestActionLater-Request-Parameters-1", parts);
    post(PROVIDER, "/STU3/ReferralRequest/$ers.createFromCommunicationRequestActionLater", &body)
}

fn recommended() -> Vec<Value> {
    vec![coded("guidanceIntendedRecommendation", "eRS-GuidanceIntendedRecommendation-1", "OTHER")]
}

/// The rows.
pub(super) const REVIEWS: &[Row] = &[
    ("it is not booked", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = triaged(service);
        accept(&referral, PROVIDER)
    }),
    ("it was looked at already", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = booked(service, skin(), "20417");
        let referral = service.ok(&accept(&referral, PROVIDER));
        accept(&referral, PROVIDER)
    }),
    ("the letter has not come", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = created(service, skin(), &["20417"]);
        let slot = first_slot(service, "20417");
        service.ok(&post(REFERRER, "/STU3/Appointment", &booking(&referral, "20417", &slot)));
        let referral = read(service, REFERRER, &id(&referral));
        accept(&referral, PROVIDER)
    }),
    ("the appointment is over", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = booked(service, skin(), "20417");
        service.wait(90 * 86_400);
        accept(&referral, PROVIDER)
    }),
    ("it is at another provider", 422, "NO_RELATIONSHIP", |service| {
        let referral = booked(service, skin(), "20417");
        accept(&referral, Who("R9M", "SERVICE_PROVIDER_CLINICIAN"))
    }),
    ("the reason is no rejection", 422, "INAPPROPRIATE_VALUE", |service| {
        let referral = booked(service, skin(), "20417");
        reject(&referral, "PATIENT_HOLIDAY", Vec::new())
    }),
    ("it was booked on the telephone", 422, "VALUE_IS_REQUIRED", |service| {
        let referral = created(service, skin(), &["20583"]);
        let referral = with_letter(service, &referral);
        let start = "2026-03-20T10:00:00Z".parse().ok();
        let step = Step::Book { service: "20583".to_owned(), start };
        take(&service.local, &mut service.state, &id(&referral), step, service.now).expect("it is booked");
        service.state.commit();
        let referral = read(service, PROVIDER, &id(&referral));
        reject(&referral, "FURTHER_INFORMATION_REQUIRED", Vec::new())
    }),
    ("it was booked directly", 422, "FIELD_NOT_PERMITTED", |service| {
        let referral = booked(service, skin(), "20417");
        let told = json!({ "name": "appointmentCancelledInPAS", "valueBoolean": true });
        reject(&referral, "FURTHER_INFORMATION_REQUIRED", vec![told, text("rejectionComments", "No.")])
    }),
    ("the provider's own system does not cancel", 422, "UNABLE_TO_CANCEL_APPOINTMENT", |service| {
        let referral = booked(service, heart(), "20605");
        reject(&referral, "FURTHER_INFORMATION_REQUIRED", vec![text("rejectionComments", "No.")])
    }),
    ("the provider's own system is silent", 504, "PAS_NOT_RESPONDING", |service| {
        let referral = booked(service, skin(), "20417");
        let call = reject(&referral, "FURTHER_INFORMATION_REQUIRED", vec![text("rejectionComments", "No.")]);
        Call { provider_system: Some(ProviderSystem::Timeout), ..call }
    }),
    ("the comment is too long", 422, "INVALID_VALUE", |service| {
        let referral = booked(service, skin(), "20417");
        let long = text("rejectionComments", &"x".repeat(2001));
        reject(&referral, "FURTHER_INFORMATION_REQUIRED", vec![long])
    }),
    ("an outcome has no comment", 422, "MISSING_VALUE", |service| {
        let referral = triaged(service);
        outcome(&referral, PROVIDER, "RETURN_TO_REFERRER_WITH_ADVICE", Vec::new())
    }),
    ("an outcome is one of others", 422, "INVALID_CODE", |service| {
        let referral = triaged(service);
        outcome(&referral, PROVIDER, "CANCEL_APPOINTMENT_ACTION_LATER", said())
    }),
    ("who accepts says how soon", 422, "VALUE_IS_REQUIRED", |service| {
        let referral = triaged(service);
        outcome(&referral, PROVIDER, "ACCEPT_REFER_BOOK_LATER", said())
    }),
    ("who returns does not say how soon", 422, "PRIORITY_NOT_CURRENT", |service| {
        let referral = triaged(service);
        let mut parts = said();
        parts.push(coded("reviewPriority", "eRS-Priority-1", "URGENT"));
        outcome(&referral, PROVIDER, "RETURN_TO_REFERRER_WITH_ADVICE", parts)
    }),
    ("no outcome is awaited", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = booked(service, skin(), "20417");
        outcome(&referral, PROVIDER, "RETURN_TO_REFERRER_WITH_ADVICE", said())
    }),
    ("a file of an outcome is attached already", 422, "INVALID_STATE", |service| {
        let referral = triaged(service);
        let referral = with_letter(service, &referral);
        let mut parts = said();
        parts.push(attachment("reviewAttachmentFile", "PROVIDER", &attached(&referral)));
        outcome(&referral, PROVIDER, "RETURN_TO_REFERRER_WITH_ADVICE", parts)
    }),
    ("a shortlist is changed while it is booked", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = booked(service, skin(), "20417");
        let mut parts = vec![shortlist(skin(), &["31006"])];
        parts.extend(intention("NEED_TO_ADD_LATER", 0));
        on(&referral, REFERRER, "changeShortlist", &parameters("eRS-ChangeShortlist-Parameters-1", parts))
    }),
    ("the reason does not cancel appointments", 422, "INAPPROPRIATE_VALUE", |service| {
        let referral = booked(service, skin(), "20417");
        cancel(&referral, PROVIDER, "BOOKED_CLINICAL_NEED", vec![text("cancellationComments", "No.")])
    }),
    ("the reason to cancel demands a comment", 422, "MISSING_VALUE", |service| {
        let referral = created(service, skin(), &["20417"]);
        cancel(&referral, REFERRER, "PATIENT_REQUEST_CANCELLATION_OTHER", Vec::new())
    }),
    ("it is cancelled", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = created(service, skin(), &["20417"]);
        let comment = || vec![text("cancellationComments", "No.")];
        let answer =
            service.ok(&cancel(&referral, REFERRER, "PATIENT_REQUEST_CANCELLATION_OTHER", comment()));
        cancel(&answer["parameter"][0]["resource"], REFERRER, "PATIENT_REQUEST_CANCELLATION_OTHER", comment())
    }),
    ("a cancelled referral gets another shortlist", 422, "INVALID_REQUEST_TYPE", |service| {
        let referral = created(service, skin(), &["20417"]);
        let comment = vec![text("cancellationComments", "No.")];
        let answer = service.ok(&cancel(&referral, REFERRER, "PATIENT_REQUEST_CANCELLATION_OTHER", comment));
        let mut parts = vec![shortlist(skin(), &["31006"])];
        parts.extend(intention("NEED_TO_ADD_LATER", 0));
        let body = parameters("eRS-ChangeShortlist-Parameters-1", parts);
        on(&answer["parameter"][0]["resource"], REFERRER, "changeShortlist", &body)
    }),
    (
        "the provider's system does not cancel for a referral",
        422,
        "UNABLE_TO_CANCEL_APPOINTMENT",
        |service| {
            let referral = booked(service, heart(), "20605");
            cancel(
                &referral,
                REFERRER,
                "PATIENT_REQUEST_CANCELLATION_OTHER",
                vec![text("cancellationComments", "No.")],
            )
        },
    ),
    ("actions of an old version", 400, "HISTORY_NOT_SUPPORTED", |service| {
        let referral = created(service, skin(), &["20417"]);
        let focus = format!("focus=ReferralRequest/{}/_history/1", id(&referral));
        get(REFERRER, &format!("/STU3/Task?{focus}&intent=proposal&status=ready"))
    }),
    ("actions of nothing", 400, "MISSING_PARAMETER", |_| {
        get(REFERRER, "/STU3/Task?intent=proposal&status=ready")
    }),
    ("actions of another kind", 400, "INVALID_VALUE", |_| {
        get(REFERRER, "/STU3/Task?focus=ReferralRequest/000049900001/_history/3&intent=plan&status=ready")
    }),
    ("actions of no referral", 400, "REFERENCE_NOT_FOUND", |_| {
        get(REFERRER, "/STU3/Task?focus=ReferralRequest/000049999999/_history/3&intent=proposal&status=ready")
    }),
    ("a referrer asks for a list of providers", 403, "FORBIDDEN", |_| {
        fetch(REFERRER, "REFERRALS_FOR_REVIEW", Vec::new())
    }),
    ("a referrer narrows a list", 422, "UNEXPECTED_FIELD", |_| {
        fetch(REFERRER, "AWAITING_BOOKING", vec![of_service("20417")])
    }),
    ("a list is of no service", 422, "REFERENCE_NOT_FOUND", |_| {
        fetch(PROVIDER, "REFERRALS_FOR_REVIEW", vec![of_service("1")])
    }),
    ("a list is of another provider", 422, "NO_RELATIONSHIP", |_| {
        fetch(PROVIDER, "REFERRALS_FOR_REVIEW", vec![of_service("20800")])
    }),
    ("there is no such list", 422, "INVALID_CODE", |_| fetch(PROVIDER, "EVERYTHING", Vec::new())),
    ("an application names no service", 422, "MISSING_VALUE", |_| {
        let body = fetch(PROVIDER, "REFERRALS_FOR_REVIEW", Vec::new()).body;
        by_application("POST", "/STU3/ReferralRequest/$ers.fetchworklist")
            .header("Content-Type", "application/fhir+json")
            .body(body)
    }),
    ("advice comes without a recommendation", 422, "VALUE_IS_REQUIRED", |service| {
        let advice = asked(service, "AUTHORISED_TO_CONVERT");
        respond(&advice, "RETURN_TO_REFERRER_WITH_ADVICE", "ROUTINE", Vec::new())
    }),
    ("a question comes with one", 422, "INAPPROPRIATE_VALUE", |service| {
        let advice = asked(service, "AUTHORISED_TO_CONVERT");
        respond(&advice, "REQUIRE_FURTHER_INFORMATION", "ROUTINE", recommended())
    }),
    ("the service takes no such priority", 422, "UNSUPPORTED_PRIORITY", |service| {
        let advice = asked(service, "AUTHORISED_TO_CONVERT");
        respond(&advice, "REQUIRE_FURTHER_INFORMATION", "TWO_WEEK_WAIT", Vec::new())
    }),
    ("no answer is awaited", 422, "INVALID_REQUEST_STATE", |service| {
        let advice = asked(service, "AUTHORISED_TO_CONVERT");
        let answer = service.ok(&respond(&advice, "REQUIRE_FURTHER_INFORMATION", "ROUTINE", Vec::new()));
        respond(&answer["parameter"][0]["resource"], "REQUIRE_FURTHER_INFORMATION", "ROUTINE", Vec::new())
    }),
    ("an answer is to an old version", 409, "", |service| {
        let mut advice = asked(service, "AUTHORISED_TO_CONVERT");
        advice["meta"]["versionId"] = json!("0");
        respond(&advice, "REQUIRE_FURTHER_INFORMATION", "ROUTINE", Vec::new())
    }),
    ("the referrer has not authorised a conversion", 422, "INVALID_REQUEST_STATE", |service| {
        let advice = asked(service, "NOT_AUTHORISED_TO_CONVERT");
        convert(&advice, "ROUTINE")
    }),
    ("the service takes no such referral", 422, "UNSUPPORTED_PRIORITY", |service| {
        let advice = asked(service, "AUTHORISED_TO_CONVERT");
        convert(&advice, "TWO_WEEK_WAIT")
    }),
    ("a conversation of an old version", 404, "", |service| {
        let advice = asked(service, "AUTHORISED_TO_CONVERT");
        get(
            PROVIDER,
            &format!("/STU3/Communication?based-on=CommunicationRequest/{}/_history/0", id(&advice)),
        )
    }),
    ("a conversation of another organisation", 400, "NO_RELATIONSHIP", |service| {
        let advice = asked(service, "AUTHORISED_TO_CONVERT");
        let target = format!("/STU3/Communication?based-on=CommunicationRequest/{}/_history/1", id(&advice));
        get(Who("A99002", "REFERRING_CLINICIAN"), &target)
    }),
];
