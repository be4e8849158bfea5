//! The rows of slots and appointments.

use ers_fhir_local::Call;
use ers_fhir_local::seed::ProviderSystem;
use serde_json::{Value, json};

use super::Row;
use crate::support::*;

pub(super) fn slots_of(who: Who) -> Call {
    get(who, "/STU3/Slot")
}

fn slots(change: impl Fn(&str) -> String) -> Call {
    let target = "/STU3/Slot?schedule.actor:HealthcareService=20417&appointmentType=ROUTINE&status=free&_count=5&page=1";
    get(REFERRER, &change(target)).header("NHSD-eRS-Comm-Rule-Org", "X26")
}

/// A referral at these services, and the first slot of one.
fn to_book(service: &mut Service, criteria: Vec<Value>, at: &str) -> (Value, Value) {
    let referral = created(service, criteria, &[at]);
    let slot = first_slot(service, at);
    (referral, slot)
}

fn book(body: &Value) -> Call {
    post(REFERRER, "/STU3/Appointment", body)
}

/// The rows.
pub(super) const APPOINTMENTS: &[Row] = &[
    ("a parameter is missing", 400, "MISSING_PARAMETER", |_| slots(|target| target.replace("&page=1", ""))),
    ("the organisation is missing", 400, "MISSING_HEADER", |_| {
        let mut call = slots(str::to_owned);
        call.headers.retain(|(name, _)| name != "NHSD-eRS-Comm-Rule-Org");
        call
    }),
    ("there is no such type", 400, "INVALID_CODE", |_| slots(|target| target.replace("ROUTINE", "SOON"))),
    ("there are too many to a page", 400, "INVALID_VALUE", |_| {
        slots(|target| target.replace("_count=5", "_count=101"))
    }),
    ("there is no such page", 400, "INVALID_VALUE", |_| slots(|target| target.replace("page=1", "page=99"))),
    ("there is no such service", 400, "REFERENCE_NOT_FOUND", |_| {
        slots(|target| target.replace("20417", "1"))
    }),
    ("it is not booked directly", 400, "INVALID_STATE", |_| slots(|target| target.replace("20417", "20583"))),
    ("it is not published", 400, "SERVICE_UNAVAILABLE", |_| slots(|target| target.replace("20417", "20607"))),
    ("there is no such clinician", 400, "INVALID_VALUE", |_| {
        slots(|target| format!("{target}&schedule.actor:Practitioner=555000666777"))
    }),
    ("the referral is old", 409, "", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["incomingReferral"][0]["reference"] =
            json!(format!("ReferralRequest/{}/_history/1", id(&referral)));
        book(&body)
    }),
    ("the referral is nowhere", 422, "REFERENCE_NOT_FOUND", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["incomingReferral"][0]["reference"] = json!("ReferralRequest/000049999999/_history/1");
        book(&body)
    }),
    ("the patient is another", 422, "INAPPROPRIATE_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["participant"][1]["actor"]["identifier"]["value"] =
            json!(ers_fhir_local::england().patients[1].nhs_number);
        book(&body)
    }),
    ("there is no patient", 422, "MISSING_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["participant"].as_array_mut().expect("there are two").pop();
        book(&body)
    }),
    ("the service is not on the shortlist", 422, "INAPPROPRIATE_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        book(&booking(&referral, "20418", &slot))
    }),
    ("there is no slot", 422, "MISSING_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body.as_object_mut().expect("it is an object").remove("slot");
        book(&body)
    }),
    ("the slot is nowhere", 422, "REFERENCE_NOT_FOUND", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["slot"][0]["reference"] = json!("Slot/1");
        book(&body)
    }),
    ("the slot is of another service", 422, "INAPPROPRIATE_SLOT", |service| {
        let (referral, _) = to_book(service, heart(), "20601");
        let slot = first_slot(service, "20417");
        book(&booking(&referral, "20601", &slot))
    }),
    ("the slot is at another time", 422, "INAPPROPRIATE_SLOT", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["end"] = json!("2026-03-09T23:00:00Z");
        book(&body)
    }),
    ("the slot is one of a clinician", 422, "INAPPROPRIATE_SLOT", |service| {
        let (referral, slot) = to_book(service, skin(), "20418");
        book(&booking(&referral, "20418", &slot))
    }),
    ("the slot is taken", 422, "SLOT_NOT_AVAILABLE", |service| {
        let (other, slot) = to_book(service, skin(), "20417");
        service.ok(&book(&booking(&other, "20417", &slot)));
        let referral = created(service, skin(), &["20417"]);
        book(&booking(&referral, "20417", &slot))
    }),
    ("the provider gave the slot away", 422, "SLOT_NOT_AVAILABLE", |service| {
        let (referral, slot) = to_book(service, heart(), "20606");
        book(&booking(&referral, "20606", &slot))
    }),
    ("the provider's system fails", 502, "PAS_RESPONDED_WITH_ERROR", |service| {
        let (referral, slot) = to_book(service, heart(), "20604");
        book(&booking(&referral, "20604", &slot))
    }),
    ("the provider's system is silent", 504, "PAS_NOT_RESPONDING", |service| {
        let (referral, slot) = to_book(service, heart(), "20603");
        book(&booking(&referral, "20603", &slot))
    }),
    ("the service is booked on the telephone", 422, "INVALID_STATE", |service| {
        let referral = created(service, skin(), &["20583"]);
        let slot = first_slot(service, "20417");
        book(&booking(&referral, "20583", &slot))
    }),
    ("it is booked already", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = booked(service, skin(), "20417");
        let slot = first_slot(service, "20417");
        book(&booking(&referral, "20417", &slot))
    }),
    ("there are slots", 422, "SLOTS_CURRENTLY_AVAILABLE", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "NO_SLOTS_AT_SERVICE"))
    }),
    ("the slot is free", 422, "THIS_SLOT_IS_AVAILABLE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = deferral(&referral, "20417", "SLOT_NOT_AVAILABLE");
        body["slot"] = json!([{ "reference": format!("Slot/{}", id(&slot)) }]);
        book(&body)
    }),
    ("a slot that is not available is not named", 422, "MISSING_VALUE", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "SLOT_NOT_AVAILABLE"))
    }),
    ("a slot is named for nothing", 422, "INAPPROPRIATE_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = deferral(&referral, "20417", "NO_SLOTS_AT_SERVICE");
        body["slot"] = json!([{ "reference": format!("Slot/{}", id(&slot)) }]);
        book(&body)
    }),
    ("no attempt was left without an answer", 422, "UNABLE_TO_CONFIRM_APPOINTMENT", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "BOOKING_ATTEMPT_PROBLEM"))
    }),
    ("the service does no triage", 422, "INAPPROPRIATE_VALUE", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "TRIAGE"))
    }),
    ("the comment is too long", 422, "INVALID_VALUE", |service| {
        let referral = created(service, heart(), &["20602"]);
        let mut body = deferral(&referral, "20602", "NO_SLOTS_AT_SERVICE");
        body["comment"] = json!("x".repeat(1001));
        book(&body)
    }),
    ("the appointment is old", 409, "", |service| cancellation(service, "20417", "7", |_| {})),
    ("the reason is missing", 422, "MISSING_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body.as_object_mut().expect("it is an object").remove("reason");
        })
    }),
    ("the reason is of providers", 422, "INAPPROPRIATE_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["reason"][0]["coding"][0]["code"] = json!("FURTHER_INFORMATION_REQUIRED");
        })
    }),
    ("the reason demands a comment", 422, "MISSING_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["reason"][0]["coding"][0]["code"] = json!("PATIENT_OTHER_ENGAGEMENT");
        })
    }),
    ("a participant is missing", 422, "MISSING_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["participant"].as_array_mut().expect("there are two").pop();
        })
    }),
    ("the referral is another", 422, "INAPPROPRIATE_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["incomingReferral"][0]["reference"] = json!("ReferralRequest/000049900001/_history/1");
        })
    }),
    ("the provider does not cancel", 422, "UNABLE_TO_CANCEL_APPOINTMENT", |service| {
        cancellation(service, "20605", "0", |_| {})
    }),
    ("the provider is silent about it", 504, "PAS_NOT_RESPONDING", |service| Call {
        provider_system: Some(ProviderSystem::Timeout),
        ..cancellation(service, "20417", "0", |_| {})
    }),
    ("the provider fails at it", 502, "PAS_RESPONDED_WITH_ERROR", |service| Call {
        provider_system: Some(ProviderSystem::Error),
        ..cancellation(service, "20417", "0", |_| {})
    }),
];

/// A call that cancels the appointment of a referral that was just booked.
fn cancellation(service: &mut Service, at: &str, version: &str, change: impl FnOnce(&mut Value)) -> Call {
    let criteria = if at == "20417" { skin() } else { heart() };
    let referral = booked(service, criteria, at);
    let reference = referral["extension"].as_array().expect("there are some").iter();
    let mut reference = reference.filter_map(|it| it["valueReference"]["reference"].as_str());
    let target =
        format!("/STU3/{}", reference.find(|it| it.starts_with("Appointment/")).expect("it is booked"));
    let mut body = service.ok(&get(REFERRER, &target));
    body["status"] = json!("cancelled");
    body["reason"] = json!([{ "coding": [{
        "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON",
        "code": "PATIENT_HOLIDAY",
    }] }]);
    change(&mut body);
    let put =
        call(REFERRER, "PUT", &target).header("Content-Type", "application/fhir+json").body(body.to_string());
    from(put, version)
}
