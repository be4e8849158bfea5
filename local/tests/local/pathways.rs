//! Whole pathways, each call of which succeeds and is answered as the service would.

use serde_json::json;

use crate::support::*;

#[test]
fn a_referral_is_booked_cancelled_and_sent_for_triage() {
    let mut service = Service::new();
    let service = &mut service;
    service.ok(&get(REFERRER, "/R4/PractitionerRole"));
    for list in [
        "PRIORITY",
        "SPECIALTY",
        "CLINIC-TYPE",
        "APPOINTMENT-CANCELLATION-REASON",
        "REFERRAL-CANCELLATION-REASON",
        "APPOINTMENT-NON-ATTENDANCE-REASON",
    ] {
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
    let found = service.ok(&post(
        REFERRER,
        "/STU3/HealthcareService/$ers.searchHealthcareServicesForPatient",
        &search,
    ));
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
    assert_eq!(
        tasks["entry"][0]["resource"]["code"]["coding"][0]["code"],
        "CANCEL_DIRECTLY_BOOKED_APPOINTMENT"
    );

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
    let put = call(REFERRER, "PUT", &target)
        .header("Content-Type", "application/fhir+json")
        .body(read_back.to_string());
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
    assert_eq!(
        (state(referral).0.as_str(), &referral["status"]),
        ("CANCELLED_REFERRAL", &json!("cancelled"))
    );
    assert_eq!(answer["parameter"].as_array().map(Vec::len), Some(1), "the appointment stays proposed");
    assert_eq!(worklist(service, REFERRER, "ASSESSMENT_RETURNED_CANCELLED_DNA"), [ubrn.as_str()]);
}

/// The body of A044.
fn question(files: Vec<serde_json::Value>) -> serde_json::Value {
    let mut parts = vec![
        patient(PATIENT),
        coded(
            "providerConversionAuthorisation",
            "eRS-ProviderConversionAuthorisation-1",
            "AUTHORISED_TO_CONVERT",
        ),
        shortlist(skin(), &["20700"]),
        text("request", "Is a patch test worthwhile before the rash has settled?"),
    ];
    parts.extend(files);
    parameters("eRS-CreateAdviceAndGuidance-Request-Parameters-1", parts)
}

#[test]
fn a_question_is_answered_asked_again_and_becomes_a_referral() {
    let mut service = Service::new();
    let service = &mut service;
    let photo = upload(service, REFERRER, "rash.txt", None);
    let sent = question(vec![attachment("requestAttachmentFile", "ADVICE_REQUEST", &photo)]);
    let made = service.ok(&post(REFERRER, "/STU3/CommunicationRequest/$ers.createAdviceAndGuidance", &sent));
    let advice = made["parameter"][0]["resource"].clone();
    let ubrn = id(&advice);
    assert_eq!((version(&advice).as_str(), &advice["status"]), ("1", &json!("active")));
    assert_eq!(worklist(service, PROVIDER, "ADVICE_AND_GUIDANCE_REQUESTS"), [ubrn.as_str()]);

    let talk = |version: &str| {
        format!(
            "/STU3/Communication?based-on=CommunicationRequest/{ubrn}/_history/{version}&_include=Communication:content-reference:DocumentReference"
        )
    };
    let found = service.ok(&get(PROVIDER, &talk("1")));
    assert_eq!(found["total"], 1);
    let leaflet = upload(service, PROVIDERS_ADMIN, "leaflet.txt", Some(&ubrn));
    let respond = |outcome: &str, recommendation: Option<&str>, file: Option<&str>| {
        let mut parts = vec![
            coded("guidanceOutcome", "eRS-GuidanceResponseOutcome-1", outcome),
            text("guidance", "Which cream was used, and for how long?"),
            coded("updatedPriority", "eRS-Priority-1", "ROUTINE"),
        ];
        parts.extend(recommendation.map(|code| {
            coded("guidanceIntendedRecommendation", "eRS-GuidanceIntendedRecommendation-1", code)
        }));
        parts.extend(file.map(|url| attachment("guidanceAttachmentFile", "GUIDANCE_RESPONSE", url)));
        let body = parameters("eRS-SendCommunicationToRequester-Request-Parameters-1", parts);
        post(
            PROVIDERS_ADMIN,
            &format!("/STU3/CommunicationRequest/{ubrn}/$ers.sendCommunicationToRequester"),
            &body,
        )
    };
    let answer = service.ok(&from(respond("REQUIRE_FURTHER_INFORMATION", None, Some(&leaflet)), "1"));
    let category =
        |advice: &serde_json::Value| advice["category"][0]["coding"][0]["code"].as_str().map(str::to_owned);
    let advice = &answer["parameter"][0]["resource"];
    assert_eq!(
        (version(advice).as_str(), category(advice).as_deref()),
        ("2", Some("REFERRER_TO_SUBMIT_FURTHER_INFORMATION"))
    );

    let reply = ers_fhir_local::elsewhere::Step::Reply { text: "Hydrocortisone, for two weeks.".to_owned() };
    let replied =
        ers_fhir_local::elsewhere::take(&service.local, &mut service.state, &ubrn, reply, service.now);
    service.state.commit();
    assert_eq!(replied, Ok(3));
    let found = service.ok(&get(REFERRER, &talk("3")));
    assert_eq!(found["total"], 3);
    let advice = service.ok(&get(REFERRER, &format!("/STU3/CommunicationRequest/{ubrn}")));
    assert_eq!(category(&advice).as_deref(), Some("PROVIDER_RESPONSE_REQUIRED"));
    service.ok(&get(REFERRER, &format!("/STU3/CommunicationRequest/{ubrn}/_history/3")));
    service.ok(&call(PROVIDER, "POST", &format!("/STU3/CommunicationRequest/{ubrn}/$ers.generateCRI")));

    let note = upload(service, PROVIDER, "triage.txt", Some(&ubrn));
    let reference = format!("CommunicationRequest/{ubrn}/_history/3");
    let conversion = vec![
        json!({ "name": "createFrom", "valueReference": { "reference": reference } }),
        text("guidance", "This should be seen in clinic."),
        coded("newReferralPriority", "eRS-Priority-1", "URGENT"),
        text("reviewComments", "Needs dermoscopy."),
        attachment("reviewAttachmentFile", "PROVIDER", &note),
    ];
    let conversion =
        parameters("eRS-CreateFromCommunicationRequestActionLater-Request-Parameters-1", conversion);
    let convert =
        post(PROVIDER, "/STU3/ReferralRequest/$ers.createFromCommunicationRequestActionLater", &conversion);
    let referral = service.ok(&convert);
    assert_eq!(id(&referral), ubrn, "the referral keeps the number");
    let expected = ("TRIAGED_PROVIDER_TO_ACTION", "PROVIDER_CONVERTED_ADVICE_AND_GUIDANCE_ADMIN_TO_REFER");
    assert_eq!(state(&referral), (expected.0.to_owned(), expected.1.to_owned()));
    let referral = read(service, REFERRER, &ubrn);
    assert_eq!(
        referral["supportingInfo"].as_array().map(Vec::len),
        Some(5),
        "question, answer, summary, note, request"
    );
    let advice = service.ok(&get(REFERRER, &format!("/STU3/CommunicationRequest/{ubrn}")));
    assert_eq!(
        (category(&advice).as_deref(), &advice["status"]),
        (Some("ADVICE_CONVERTED"), &json!("completed"))
    );
    let both = service.ok(&get(REFERRER, &format!("/R4/ServiceRequest?identifier={ubrn}")));
    assert_eq!(both["total"], 2);
    assert_eq!(worklist(service, PROVIDER, "ADVICE_AND_GUIDANCE_REQUESTS"), [""; 0]);
    let gone = service.refused(&convert);
    assert_eq!(gone, (409, ""), "and is converted once");
}

#[test]
fn a_question_is_answered_for_good() {
    let mut service = Service::new();
    let sent = question(Vec::new());
    let made = service.ok(&post(REFERRER, "/STU3/CommunicationRequest/$ers.createAdviceAndGuidance", &sent));
    let ubrn = id(&made["parameter"][0]["resource"]);
    let parts = vec![
        coded("guidanceOutcome", "eRS-GuidanceResponseOutcome-1", "RETURN_TO_REFERRER_WITH_ADVICE"),
        coded(
            "guidanceIntendedRecommendation",
            "eRS-GuidanceIntendedRecommendation-1",
            "REFERRAL_RECOMMENDED",
        ),
        text("guidance", "Continue the emollient."),
        coded("updatedPriority", "eRS-Priority-1", "URGENT"),
    ];
    let body = parameters("eRS-SendCommunicationToRequester-Request-Parameters-1", parts);
    let target = format!("/STU3/CommunicationRequest/{ubrn}/$ers.sendCommunicationToRequester");
    service.ok(&from(post(PROVIDER, &target, &body), "1"));
    let closed = ers_fhir_local::elsewhere::take(
        &service.local,
        &mut service.state,
        &ubrn,
        ers_fhir_local::elsewhere::Step::Close,
        service.now,
    );
    assert_eq!(closed, Ok(3));
    let advice = service.ok(&get(PROVIDER, &format!("/STU3/CommunicationRequest/{ubrn}")));
    assert_eq!(advice["status"], "completed");
}

#[test]
fn without_slots_a_referral_is_deferred_and_accepted() {
    let mut service = Service::new();
    let service = &mut service;
    let referral = created(service, heart(), &["20602"]);
    let referral = with_letter(service, &referral);
    let ubrn = id(&referral);
    let target = "/STU3/Slot?schedule.actor:HealthcareService=20602&appointmentType=ROUTINE&status=free&_count=5&page=1";
    let slots = service.ok(&get(REFERRER, target).header("NHSD-eRS-Comm-Rule-Org", "X26"));
    assert_eq!((&slots["total"], slots.get("entry")), (&json!(0), None));
    let mut body = deferral(&referral, "20602", "NO_SLOTS_AT_SERVICE");
    body["comment"] = json!("Only in the afternoon");
    let made = service.ok(&post(REFERRERS_ADMIN, "/STU3/Appointment", &body));
    assert_eq!(made["comment"], "Only in the afternoon");
    assert_eq!(worklist(service, PROVIDER, "APPOINTMENT_SLOT_ISSUES"), [ubrn.as_str()]);
    let referral = read(service, PROVIDER, &ubrn);
    assert_eq!(state(&referral), ("DEFERRED_TO_PROVIDER".to_owned(), "NO_SLOTS_AT_SERVICE".to_owned()));
    let focus =
        format!("focus=ReferralRequest/{ubrn}/_history/{}&intent=proposal&status=ready", version(&referral));
    let tasks = service.ok(&get(PROVIDER, &format!("/STU3/Task?{focus}")));
    assert_eq!(tasks["entry"].as_array().map(Vec::len), Some(2));
    let tasks = service.ok(&by_application("GET", &format!("/STU3/Task?{focus}")));
    assert_eq!(tasks["entry"].as_array().map(Vec::len), Some(2));
    let parts = vec![
        coded("reviewOutcome", "eRS-ReviewOutcome-1", "RETURN_TO_REFERRER_WITH_ADVICE"),
        text("reviewComments", "Try the other clinic."),
    ];
    let outcome = parameters("eRS-RecordReviewOutcome-Parameters-1", parts);
    let target = format!("/STU3/ReferralRequest/{ubrn}/$ers.recordReviewOutcome");
    let referral = service.ok(&from(post(PROVIDER, &target, &outcome), &version(&referral)));
    assert_eq!(state(&referral).0, "TRIAGE_RESPONSE");
    assert_eq!(worklist(service, REFERRER, "REJECTED_TRIAGE_RESPONSE"), [ubrn.as_str()]);
}

#[test]
fn a_silent_provider_is_deferred_to_with_a_problem() {
    let mut service = Service::new();
    let service = &mut service;
    let referral = created(service, heart(), &["20603", "20604"]);
    for (at, refused, deferred) in [
        ("20603", (504, "PAS_NOT_RESPONDING"), "BOOKING_ATTEMPT_PROBLEM"),
        ("20604", (502, "PAS_RESPONDED_WITH_ERROR"), "SLOT_NOT_AVAILABLE"),
    ] {
        let slot = first_slot(service, at);
        let answer = service.refused(&post(REFERRER, "/STU3/Appointment", &booking(&referral, at, &slot)));
        assert_eq!(answer, refused);
        let mut body = deferral(&referral, at, deferred);
        if deferred == "SLOT_NOT_AVAILABLE" {
            body["slot"] = json!([{ "reference": format!("Slot/{}", id(&slot)) }]);
        }
        let mut tried = service.state.clone();
        let answer =
            service.local.apply(&mut tried, &post(REFERRER, "/STU3/Appointment", &body), service.now);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    }
}

#[test]
fn a_booking_is_rejected_or_left_for_later() {
    let mut service = Service::new();
    let service = &mut service;
    let referral = booked(service, skin(), "20417");
    let ubrn = id(&referral);
    let reason = listed("rejectionReason", "APPOINTMENT-CANCELLATION-REASON", "FURTHER_INFORMATION_REQUIRED");
    let comments = text("rejectionComments", "Please add the result of the biopsy.");
    let body = parameters("eRS-RejectReferral-Parameters-1", vec![reason, comments]);
    let reject = post(PROVIDER, &format!("/STU3/ReferralRequest/{ubrn}/$ers.rejectReferral"), &body);
    let rejected = service.ok(&from(reject, &version(&referral)));
    assert_eq!(state(&rejected), ("REJECTED".to_owned(), "FURTHER_INFORMATION_REQUIRED".to_owned()));
    assert_eq!(worklist(service, REFERRER, "REJECTED_TRIAGE_RESPONSE"), [ubrn.as_str()]);

    // Booked by the patient, on the telephone.
    let referral = created(service, skin(), &["20583"]);
    let referral = with_letter(service, &referral);
    let ubrn = id(&referral);
    let start = "2026-03-20T10:00:00Z".parse().ok();
    let step = ers_fhir_local::elsewhere::Step::Book { service: "20583".to_owned(), start };
    ers_fhir_local::elsewhere::take(&service.local, &mut service.state, &ubrn, step, service.now)
        .expect("it is booked");
    service.state.commit();
    let referral = read(service, PROVIDER, &ubrn);
    assert_eq!(state(&referral).0, "BOOKED");
    assert_eq!(worklist(service, PROVIDER, "REFERRALS_FOR_REVIEW"), [ubrn.as_str()]);
    let note = upload(service, PROVIDER, "note.txt", Some(&ubrn));
    let parts = vec![
        coded("priority", "eRS-Priority-1", "URGENT"),
        json!({ "name": "appointmentCancelledInPAS", "valueBoolean": true }),
        text("comments", "The clinic needs a longer appointment."),
        attachment("providerAttachmentFile", "PROVIDER", &note),
    ];
    let body = parameters("eRS-cancelAppointmentActionLater-Parameters-1", parts);
    let later = post(
        PROVIDERS_ADMIN,
        &format!("/STU3/ReferralRequest/{ubrn}/$ers.cancelAppointmentActionLater"),
        &body,
    );
    let referral = service.ok(&from(later, &version(&referral)));
    assert_eq!(
        state(&referral),
        ("TRIAGED_PROVIDER_TO_ACTION".to_owned(), "CANCEL_APPOINTMENT_ACTION_LATER".to_owned())
    );
}

#[test]
fn a_referral_with_an_appointment_is_cancelled_as_a_whole() {
    let mut service = Service::new();
    let service = &mut service;
    let referral = booked(service, skin(), "20417");
    let ubrn = id(&referral);
    let reason = vec![
        listed("cancellationReason", "REFERRAL-CANCELLATION-REASON", "PATIENT_REQUEST_CANCELLATION_OTHER"),
        text("cancellationComments", "The patient has moved abroad."),
    ];
    let reason = parameters("eRS-CancelReferral-Request-Parameters-1", reason);
    let cancel = post(REFERRER, &format!("/STU3/ReferralRequest/{ubrn}/$ers.cancelReferral"), &reason);
    let answer = service.ok(&from(cancel, &version(&referral)));
    assert_eq!(answer["parameter"][1]["name"], "updatedAppointment");
    assert_eq!(answer["parameter"][1]["resource"]["status"], "cancelled");
    assert_eq!(
        worklist(service, REFERRER, "ASSESSMENT_RETURNED_CANCELLED_DNA"),
        [""; 0],
        "the referrer did it"
    );
}

#[test]
fn deprecated_operations_send_for_triage_at_once() {
    let mut service = Service::new();
    let service = &mut service;
    let mut parts =
        vec![patient(PATIENT), shortlist(skin(), &["31006"]), user("referringClinician", "555000111222")];
    parts.extend(intention("NEED_TO_ADD_LATER", 0));
    let body = parameters("eRS-CreateReferralAndSendForTriage-Parameters-1", parts);
    let target = "/STU3/ReferralRequest/$ers.createReferralAndSendForTriage";
    let referral = service.ok(&post(REFERRERS_ADMIN, target, &body));
    assert_eq!(state(&referral).0, "AWAITING_TRIAGE");

    let referral = created(service, skin(), &["20417"]);
    let mut parts = vec![shortlist(skin(), &["31006"])];
    parts.extend(intention("NEED_TO_ADD_LATER", 0));
    let body = parameters("eRS-ChangeShortlistAndSendForTriage-Request-Parameters-1", parts);
    let target = format!("/STU3/ReferralRequest/{}/$ers.changeShortlistAndSendForTriage", id(&referral));
    let answer = service.ok(&from(post(REFERRER, &target, &body), &version(&referral)));
    assert_eq!(state(&answer["parameter"][0]["resource"]).0, "AWAITING_TRIAGE");
    let letter = call(
        REFERRER,
        "POST",
        &format!("/STU3/ReferralRequest/{}/$ers.generatePatientLetter", id(&referral)),
    );
    let letter = service.send(&letter);
    assert!(letter.body.starts_with(b"%PDF-"));
    assert!(letter.header("Content-Disposition").is_some_and(|name| name.contains("_Triage_Summary_2026")));
}

#[test]
fn files_are_looked_at_and_fetched() {
    let mut service = Service::new();
    let service = &mut service;
    let referral = created(service, skin(), &["20417"]);
    let referral = with_letter(service, &referral);
    let document = &referral["contained"]
        .as_array()
        .expect("there is something")
        .last()
        .expect("there is a letter")
        .clone();
    let url = document["content"][0]["attachment"]["url"].as_str().expect("it has an address").to_owned();
    service.wait(10);
    let old = service.send(&get(REFERRER, &format!("/STU3/{url}")));
    assert_eq!((old.status, old.body.as_slice()), (200, b"The rash has not settled.".as_slice()));
    let link = service.send(&get(REFERRER, &format!("/R4/{url}")));
    assert_eq!(link.status, 307);
    assert!(link.header("Location").is_some_and(|to| to.contains("/object-store/")));
}

#[test]
fn services_users_and_clinicians_are_found() {
    let mut service = Service::new();
    let service = &mut service;
    service.ok(&get(REFERRER, "/R4/HealthcareService/20417"));
    let head = service.send(&call(REFERRER, "HEAD", "/R4/HealthcareService/20417"));
    assert_eq!((head.status, head.header("ETag")), (200, Some("W/\"12\"")));
    let found = service.ok(&get(REFERRER, "/R4/HealthcareService?_id=20417,31006,99999"));
    assert_eq!(found["total"], 2);
    let admin = ers_fhir_local::Call::new("GET", "/R4/Practitioner?_query=onBehalfOf")
        .header("NHSD-End-User-Organisation-ODS", "R9K")
        .header("NHSD-eRS-Business-Function", "SERVICE_PROVIDER_CLINICIAN_ADMIN");
    let found = service.ok(&admin);
    assert_eq!(found["entry"][0]["resource"]["id"], CLINICIAN);
    for page in 1..=3 {
        let target = format!(
            "/STU3/Slot?schedule.actor:HealthcareService=20418&schedule.actor:Practitioner={CLINICIAN}&appointmentType=ROUTINE&status=free&_count=20&page={page}"
        );
        let found = service.ok(&get(REFERRER, &target).header("NHSD-eRS-Comm-Rule-Org", "X26"));
        assert_eq!(found["total"], 56);
        assert_eq!(found["link"].as_array().map(Vec::len), Some(if page == 2 { 3 } else { 2 }));
    }
}
