//! Whole pathways, each call of which succeeds and is answered as the service would.

use serde_json::json;

use crate::support::*;

#[test]
fn a_referral_is_booked_cancelled_and_sent_for_triage() {
    let mut service = Service::new();
    let service = &mut service;
    service.ok(&get(REFERRER, "/R4/PractitionerRole"));
    for list in ["PRIORITY", "SPECIALTY", "CLINIC-TYPE", "APPOINTMENT-CANCELLATION-REASON", "REFERRAL-CANCELLATION-REASON", "APPOINTMENT-NON-ATTENDANCE-REASON"] {
        service.ok(&get(REFERRER, &format!("/STU3/CodeSystem/{list}")));
    }
    let mut search = parameters("eRS-ServiceSearchCriteria-Parameters-1", skin());
    search["id"] = json!("criteria");
    let search = vec![
        coded("requestType", "eRS-RequestType-1", "APPOINTMENT_REQUEST"),
        coded("sortBy", "eRS-SortBy-1", "DISTANCE"),
        patient(PATIENT),
        json!({ "name": "searchCriteria", "resource": search }),
    ];
    let search = parameters("eRS-PatientServiceSearch-Parameters-1", search);
    let found =
        service.ok(&post(REFERRER, "/STU3/HealthcareService/$ers.searchHealthcareServicesForPatient", &search));
    let found: Vec<&str> = found["entry"]
        .as_array()
        .expect("there are services")
        .iter()
        .filter_map(|entry| entry["item"]["identifier"]["value"].as_str())
        .collect();
    assert_eq!(found, ["20417", "20418", "20583", "31006"]);

    let referral = created(service, skin(), &["20417", "31006"]);
    assert_eq!((state(&referral).0.as_str(), version(&referral).as_str()), ("NOT_BOOKED", "3"));
    let ubrn = id(&referral);
    assert_eq!(worklist(service, REFERRER, "LETTERS_OUTSTANDING"), [ubrn.as_str()]);
    assert_eq!(worklist(service, REFERRER, "AWAITING_BOOKING"), [ubrn.as_str()]);
    let referral = with_letter(service, &referral);
    assert_eq!(version(&referral), "4");
    assert_eq!(worklist(service, REFERRER, "LETTERS_OUTSTANDING"), [""; 0]);

    let slot = first_slot(service, "20417");
    let made = service.ok(&post(REFERRER, "/STU3/Appointment", &booking(&referral, "20417", &slot)));
    assert_eq!((made["status"].as_str(), version(&made).as_str()), (Some("booked"), "0"));
    let referral = read(service, PROVIDER, &ubrn);
    assert_eq!((state(&referral).0.as_str(), version(&referral).as_str()), ("BOOKED", "6"));
    assert_eq!(made["incomingReferral"][0]["reference"], format!("ReferralRequest/{ubrn}/_history/6"));
    assert_ne!(id(&first_slot(service, "20417")), id(&slot), "the slot is taken");
    assert_eq!(worklist(service, REFERRER, "AWAITING_BOOKING"), [""; 0]);
    assert_eq!(worklist(service, PROVIDER, "REFERRALS_FOR_REVIEW"), [ubrn.as_str()]);

    let accept = call(PROVIDERS_ADMIN, "POST", &format!("/STU3/ReferralRequest/{ubrn}/$ers.acceptReferral"));
    let referral = service.ok(&from(accept, "6"));
    assert_eq!((state(&referral).0.as_str(), version(&referral).as_str()), ("BOOKED", "7"));
    assert_eq!(worklist(service, PROVIDER, "REFERRALS_FOR_REVIEW"), [""; 0]);
    let focus = format!("/STU3/Task?focus=ReferralRequest/{ubrn}/_history/7&intent=proposal&status=ready");
    let tasks = service.ok(&get(REFERRER, &focus));
    assert_eq!(tasks["entry"][0]["resource"]["code"]["coding"][0]["code"], "CANCEL_DIRECTLY_BOOKED_APPOINTMENT");

    let target = format!("/STU3/Appointment/{}", id(&made));
    let mut read_back = service.ok(&get(REFERRER, &target));
    read_back["status"] = json!("cancelled");
    read_back["reason"] = json!([{ "coding": [{
        "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON",
        "code": "PATIENT_HOLIDAY",
    }] }]);
    for gone in ["slot", "start", "end"] {
        read_back.as_object_mut().expect("it is an object").remove(gone);
    }
    let put = call(REFERRER, "PUT", &target).header("Content-Type", "application/fhir+json").body(read_back.to_string());
    let cancelled = service.ok(&from(put, &version(&made)));
    assert_eq!((cancelled["status"].as_str(), version(&cancelled).as_str()), (Some("cancelled"), "1"));
    assert_eq!(id(&first_slot(service, "20417")), id(&slot), "the slot is free again");
    let referral = read(service, REFERRER, &ubrn);
    assert_eq!(state(&referral), ("APPT_CANCELLED_BY_PATIENT".to_owned(), "PATIENT_HOLIDAY".to_owned()));
    assert_eq!(worklist(service, REFERRER, "AWAITING_BOOKING"), [ubrn.as_str()]);

    let mut parts = vec![shortlist(skin(), &["31006"])];
    parts.extend(intention("NEED_TO_ADD_LATER", 0));
    let body = parameters("eRS-ChangeShortlist-Parameters-1", parts);
    let change = post(REFERRER, &format!("/STU3/ReferralRequest/{ubrn}/$ers.changeShortlist"), &body);
    let referral = service.ok(&from(change, &version(&referral)));
    assert_eq!(state(&referral).0, "NOT_BOOKED");
    assert!(referral.get("specialty").is_none());

    let sent = service.ok(&post(REFERRER, "/STU3/Appointment", &deferral(&referral, "31006", "TRIAGE")));
    assert_eq!((sent["status"].as_str(), version(&sent).as_str()), (Some("proposed"), "1"));
    let referral = read(service, PROVIDER, &ubrn);
    assert_eq!(state(&referral), ("AWAITING_TRIAGE".to_owned(), "TRIAGE".to_owned()));
    assert_eq!(worklist(service, PROVIDER, "REFERRALS_FOR_REVIEW"), [ubrn.as_str()]);
    let note = upload(service, PROVIDER, "note.txt", Some(&ubrn));
    let outcome = vec![
        coded("reviewOutcome", "eRS-ReviewOutcome-1", "ACCEPT_REFER_BOOK_LATER"),
        text("reviewComments", "Accepted for the rapid access clinic."),
        coded("reviewPriority", "eRS-Priority-1", "URGENT"),
        attachment("reviewAttachmentFile", "PROVIDER", &note),
    ];
    let outcome = parameters("eRS-RecordReviewOutcome-Parameters-1", outcome);
    let record = post(PROVIDER, &format!("/STU3/ReferralRequest/{ubrn}/$ers.recordReviewOutcome"), &outcome);
    let referral = service.ok(&from(record, &version(&referral)));
    assert_eq!(state(&referral).0, "TRIAGED_PROVIDER_TO_ACTION");
    assert_eq!(worklist(service, PROVIDER, "REFERRALS_FOR_REVIEW"), [""; 0]);

    service.ok(&call(PROVIDER, "POST", &format!("/STU3/ReferralRequest/{ubrn}/$ers.generateCRI")));
    let reason = vec![
        listed("cancellationReason", "REFERRAL-CANCELLATION-REASON", "BOOKED_CLINICAL_NEED"),
        text("cancellationComments", "Seen in the ward."),
    ];
    let reason = parameters("eRS-CancelReferral-Request-Parameters-1", reason);
    let cancel = post(PROVIDER, &format!("/STU3/ReferralRequest/{ubrn}/$ers.cancelReferral"), &reason);
    let answer = service.ok(&from(cancel, &version(&referral)));
    let referral = &answer["parameter"][0]["resource"];
    assert_eq!((state(referral).0.as_str(), &referral["status"]), ("CANCELLED_REFERRAL", &json!("cancelled")));
    assert_eq!(answer["parameter"].as_array().map(Vec::len), Some(1), "the appointment stays proposed");
    assert_eq!(worklist(service, REFERRER, "ASSESSMENT_RETURNED_CANCELLED_DNA"), [ubrn.as_str()]);
}
