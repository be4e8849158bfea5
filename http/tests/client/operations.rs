//! Each operation goes out as it is documented, and its answer comes in as its type.

use ers_fhir_ers::Call;
use ers_fhir_ers::example::{Caller as Example, good};
use ers_fhir_ers::service::{Body, Role, endpoints, find};
use ers_fhir_http::client::*;
use ers_fhir_model::runtime::{Json, Value};

use crate::gateway::{Gateway, Got, Reply};
use crate::support::*;

const ADVICE: &str = "000049954321";
const FILE: &str = "9ad9b9a2-5e78-454d-b065-a1c284cc4549";

/// A gateway that answers each operation with its example.
fn examples() -> Gateway {
    Gateway::start(|got| {
        if got.path().starts_with("/files/") {
            return Reply::Answer(
                200,
                vec![("Content-Type".into(), "text/plain".into())],
                b"a file".to_vec(),
            );
        }
        let Ok(endpoint) = Call::new(&got.method, &got.target).operation() else { return Reply::status(404) };
        let answer = good(endpoint, example_of(got), 0).call.answer.expect("it has an answer");
        let headers = answer.headers.into_iter().map(|(name, value)| match name.as_str() {
            "Location" if endpoint.id == "A042" => {
                (name, format!("http://{}/files/1?signature=x", got.header("host").unwrap()))
            }
            "X-Correlation-ID" => (name, got.header("X-Correlation-ID").unwrap_or_default().to_owned()),
            _ => (name, value),
        });
        Reply::Answer(answer.status, headers.collect(), answer.body)
    })
}

fn example_of(got: &Got) -> Example {
    match got.header("NHSD-eRS-Business-Function") {
        Some(code) => Example::User(code.parse().expect("it is a business function")),
        None => Example::Application,
    }
}

/// The body of an example, as its type.
fn sent<T: Value>(id: &str, role: Role) -> T {
    let endpoint = find(id).next().expect("it is an operation");
    T::from_json(good(endpoint, Example::User(role), 0).call.body)
        .unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// What came last is the example of the operation: method, path, query and headers.
fn is_example(gateway: &Gateway, id: &str, is_versioned: bool, who: Example) {
    let endpoint =
        find(id).find(|endpoint| endpoint.is_versioned() == is_versioned).expect("it is an operation");
    let wanted = good(endpoint, who, 0).call;
    let calls = gateway.calls();
    let got = calls.iter().rev().find(|got| !got.path().starts_with("/files/")).expect("something came");
    assert_eq!(got.method, wanted.method, "{id}");
    let (_, target) = wanted.url.split_once("api.service.nhs.uk").expect("it is an address");
    assert_eq!(got.target.replace("%3A", ":"), target, "{id}");
    for (name, value) in &wanted.headers {
        let given = got.header(name);
        match name.as_str() {
            "X-Correlation-ID" => assert!(given.is_some_and(|id| id.len() == 36), "{id} {name}"),
            "Authorization" => assert_eq!(given, Some(format!("Bearer {TOKEN}").as_str()), "{id} {name}"),
            _ => assert_eq!(given, Some(value.as_str()), "{id} {name}"),
        }
    }
    // Nothing that e-RS has a word for goes out beyond that.
    for (name, _) in got.headers.iter().filter(|(name, _)| name.to_ascii_lowercase().starts_with("nhsd-")) {
        assert!(wanted.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)), "{id} {name}");
    }
    match endpoint.request {
        Body::Resource(_) => {
            let read = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON");
            assert_eq!(read(&got.body), read(&wanted.body), "{id}");
        }
        Body::File(_) => assert_eq!(got.body, wanted.body, "{id}"),
        Body::None => assert!(got.body.is_empty(), "{id}"),
    }
}

#[tokio::test]
#[expect(deprecated, reason = "those are operations too")]
async fn referrers_call_what_is_documented() {
    let gateway = examples();
    let client = client(&gateway, ReferringClinician::of("X26".parse().unwrap()));
    let who = Example::User(Role::ReferringClinician);
    let (ubrn, advice) = (UBRN.parse().unwrap(), ADVICE.parse().unwrap());
    let role = Role::ReferringClinician;
    macro_rules! called {
        ($id:literal $call:expr) => { called!($id false $call) };
        ($id:literal $is_versioned:literal $call:expr) => {{
            let answer = $call.await.unwrap_or_else(|error| panic!("{}: {error}", $id));
            is_example(&gateway, $id, $is_versioned, who);
            answer
        }};
    }
    called!("A004" client.retrieve_reference_data(ReferenceData::Priority));
    let referral = called!("A005" client.retrieve_referral_request(ubrn));
    assert_eq!(referral.version, 4.into());
    called!("A005" true client.retrieve_referral_request_version(ubrn, 4.into()));
    called!("A006" client.retrieve_stored_attachment(FILE));
    called!("A007" client.retrieve_clinical_information(ubrn));
    called!("A008" client.retrieve_referral_worklist(&sent("A008", role)));
    called!("A010" client.search_services_for_patient(&sent("A010", role)));
    called!("A011" client.create_referral(&sent("A011", role)));
    let changed = called!("A012" client.maintain_referral_letter(ubrn, 4.into(), &sent("A012", role)));
    assert_eq!(changed.version, 5.into());
    let search = SlotSearch::new("20417".parse().unwrap(), AppointmentType::Routine, "X26".parse().unwrap());
    let search = search.on_page(10);
    called!("A015" client.retrieve_appointment_slots(search.clone()));
    called!("A016" client.book_or_defer_appointment(&sent("A016", role)));
    let letter = called!("A019" client.generate_patient_letter(ubrn));
    let name = letter.name.as_deref().unwrap_or_default();
    assert!(name.contains("_Appointment_Confirmation_Summary_"), "{name}");
    assert_eq!(letter.media_type.as_deref(), Some("application/pdf"));
    let endpoint = find("A020").next().unwrap();
    let file = good(endpoint, who, 0).call.body;
    let uploaded = called!("A020" client.upload_file(Upload::new("letter.txt", "text/plain", file).to(ubrn)));
    assert_eq!(uploaded.reference, format!("Binary/{FILE}"));
    called!("A021" client.create_referral_and_send_for_triage(&sent("A021", role)));
    called!("A024" client.retrieve_advice_request(advice));
    called!("A024" true client.retrieve_advice_request_version(advice, 2.into()));
    called!("A025" client.retrieve_advice_conversation(Conversation::of(advice, 2.into()).with_files()));
    called!("A029" client.available_actions(ubrn, 4.into()));
    called!("A030" client.retrieve_business_functions());
    called!("A031" client.change_shortlist(ubrn, 4.into(), &sent("A031", role)));
    called!("A032" client.change_shortlist_and_send_for_triage(ubrn, 4.into(), &sent("A032", role)));
    let service = called!("A033" client.retrieve_healthcare_service(&"20417".parse().unwrap()));
    assert_eq!(service.version, 12.into());
    called!("A034" client.update_appointment("81220", 2.into(), &sent("A034", role)));
    called!("A035" client.search_healthcare_services(&["20417".parse().unwrap()]));
    called!("A036" client.cancel_referral(ubrn, 4.into(), &sent("A036", role)));
    let version = called!("A037" client.retrieve_healthcare_service_version(&"20417".parse().unwrap()));
    assert_eq!(version, Version::new(12));
    called!("A038" client.retrieve_appointment("81220"));
    called!("A038" true client.retrieve_appointment_version("81220", 2.into()));
    called!("A041" client.search_service_requests(ubrn));
    let file = called!("A042" client.retrieve_attachment(FILE));
    assert_eq!(&*file.bytes(100).await.unwrap(), b"a file");
    called!("A043" client.retrieve_advice_overview(advice));
    called!("A044" client.create_advice_request(&sent("A044", role)));
}

#[tokio::test]
async fn providers_call_what_is_documented() {
    let gateway = examples();
    let ubrn = UBRN.parse().unwrap();
    let advice = ADVICE.parse().unwrap();
    let admin = ServiceProviderClinicianAdmin::of("R9K".parse().unwrap());
    let role = Role::ServiceProviderClinicianAdmin;
    let who = Example::User(role);
    let alone = client(&gateway, admin.clone());
    alone.retrieve_clinicians_to_act_for().await.unwrap();
    is_example(&gateway, "A040", false, who);
    let client = alone.called_by(admin.on_behalf_of("555000333444".parse().unwrap()));
    macro_rules! called {
        ($id:literal $call:expr) => {{
            $call.await.unwrap_or_else(|error| panic!("{}: {error}", $id));
            is_example(&gateway, $id, false, who);
        }};
    }
    called!("A008" client.retrieve_referral_worklist(&sent("A008", role)));
    called!("A013" client.accept_referral(ubrn, 4.into()));
    called!("A014" client.reject_referral(ubrn, 4.into(), &sent("A014", role)));
    called!("A022" client.cancel_appointment_action_later(ubrn, 4.into(), &sent("A022", role)));
    called!("A023" client.retrieve_advice_worklist(&sent("A023", role)));
    called!("A026" client.send_advice_response(advice, 2.into(), &sent("A026", role)));
    called!("A027" client.convert_advice_to_referral(&sent("A027", role)));
    called!("A028" client.record_triage_outcome(ubrn, 4.into(), &sent("A028", role)));
    called!("A029" client.available_actions(ubrn, 4.into()));
    called!("A036" client.cancel_referral(ubrn, 4.into(), &sent("A036", role)));
}

#[tokio::test]
async fn applications_name_nobody() {
    let gateway = examples();
    let provider = client(&gateway, ProviderApplication);
    provider.retrieve_referral_request(UBRN.parse().unwrap()).await.unwrap();
    is_example(&gateway, "A005", false, Example::Application);
    provider.accept_referral(UBRN.parse().unwrap(), 4.into()).await.unwrap();
    is_example(&gateway, "A013", false, Example::Application);
    let referrer = provider.called_by(ReferrerApplication);
    referrer.retrieve_healthcare_service(&"20417".parse().unwrap()).await.unwrap();
    is_example(&gateway, "A033", false, Example::Application);
}

/// Every operation is one of the methods above.
#[test]
fn every_operation_has_a_method() {
    let text = include_str!("operations.rs");
    for endpoint in endpoints() {
        let kind = if endpoint.is_versioned() { " true" } else { "" };
        let is_called = text.contains(&format!("called!(\"{}\"{kind} ", endpoint.id))
            || text.contains(&format!("is_example(&gateway, \"{}\"", endpoint.id));
        assert!(is_called, "{} {}", endpoint.id, endpoint.path);
    }
}

#[tokio::test]
async fn slots_come_page_by_page() {
    let gateway = Gateway::start(|got| {
        let Reply::Answer(status, headers, body) = sample("A015") else { return Reply::Gone };
        let page: u32 =
            got.target.split("&page=").nth(1).and_then(|rest| rest.split('&').next()?.parse().ok()).unwrap();
        let mut body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        body["link"] = serde_json::json!([{ "relation": "self", "url": "x" }]);
        if page < 3 {
            body["link"]
                .as_array_mut()
                .unwrap()
                .push(serde_json::json!({ "relation": "next", "url": "http://elsewhere.example/x" }));
        }
        let _ = status;
        Reply::Answer(
            200,
            headers.into_iter().filter(|(name, _)| name == "Content-Type").collect(),
            body.to_string().into_bytes(),
        )
    });
    let client = client(&gateway, ReferringClinician::of("X26".parse().unwrap()));
    let search = SlotSearch::new("20417".parse().unwrap(), AppointmentType::Urgent, "X26".parse().unwrap());
    let mut pages = client.slot_pages(search.clone());
    let mut slots = 0;
    while let Some(page) = pages.next().await {
        slots += page.expect("it is a page").slot.len();
    }
    assert_eq!(gateway.calls().len(), 3, "the next page is asked for by number, wherever the link leads");
    let mut all = client.slots(search);
    let mut count = 0;
    while let Some(slot) = all.next().await {
        slot.expect("it is a slot");
        count += 1;
    }
    assert!(slots > 0);
    assert_eq!((count, gateway.calls().len()), (slots, 6));
    assert!(all.next().await.is_none());
}
