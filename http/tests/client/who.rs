//! A forbidden call fails before anything is sent, with the rule that forbids it.

use ers_fhir_ers::service::{Organisation, Repeat, Role};
use ers_fhir_http::client::*;

use crate::gateway::{Gateway, Reply};
use crate::support::*;

fn user(role: Role, on_behalf_of: Option<&str>) -> Caller {
    Caller::User {
        role,
        organisation: "R69".parse().unwrap(),
        on_behalf_of: on_behalf_of.map(|id| id.parse().unwrap()),
    }
}

#[tokio::test]
async fn what_is_not_allowed_is_not_sent() {
    let gateway = Gateway::start(|_| Reply::status(500));
    let ubrn = || UBRN.parse().unwrap();
    let refused = |error: Error| match error {
        Error::Refused(refusal) => refusal.codes(),
        other => panic!("{other:?}"),
    };
    for (caller, code) in [
        (user(Role::ReferringClinician, None), "ers-rule-06"),
        (user(Role::Commissioner, None), "ers-rule-06"),
        (user(Role::ProviderAuthorisedApplication, None), "ers-rule-07"),
        (user(Role::ServiceProviderClinicianAdmin, None), "ers-rule-03"),
        (Caller::AnyUser, "ers-rule-01"),
        (Caller::Application(Organisation::Referrer), "ers-rule-08"),
    ] {
        let client = client(&gateway, caller.clone());
        let error = client.accept_referral(ubrn(), 4.into()).await.expect_err("they may not");
        assert_eq!(error.repeat(), Repeat::Corrected);
        assert!(refused(error).contains(&code), "{caller:?}");
    }
    let application = client(&gateway, Caller::Application(Organisation::Provider));
    let error = application.retrieve_appointment("70000").await.expect_err("it may not");
    assert_eq!(refused(error), ["ers-rule-08"]);

    let client = client(&gateway, ReferringClinician::of("R69".parse().unwrap()));
    let error = client.retrieve_attachment("no-uuid").await.expect_err("it is no id");
    assert_eq!(refused(error), ["ers-call-path-parameter"]);
    let error = client.retrieve_appointment("../../7").await.expect_err("it is no id");
    assert!(!error.to_string().contains("../.."), "values are masked: {error}");
    assert_eq!(refused(error), ["ers-call-path-parameter"]);
    let many: Vec<_> = (0..21).map(|_| "1".parse().unwrap()).collect();
    let error = client.search_healthcare_services(&many).await.expect_err("twenty are the most");
    assert_eq!(refused(error), ["ers-rule-54"]);
    let search = SlotSearch::new("1".parse().unwrap(), AppointmentType::Routine, "R69".parse().unwrap());
    let error =
        client.retrieve_appointment_slots(search.on_page(101)).await.expect_err("a hundred are the most");
    assert_eq!(refused(error), ["ers-rule-74"]);
    let request = Request::of("A005", false).unwrap();
    let error = client.send(request).await.expect_err("the UBRN is missing");
    assert_eq!(refused(error), ["ers-call-path-parameter"]);
    assert!(gateway.got().is_empty(), "nothing was sent: {:?}", gateway.got());
}

#[tokio::test]
async fn payloads_are_held_against_the_rules() {
    use ers_fhir_ers::example::{Caller as Example, good};
    use ers_fhir_ers::service::find;

    let gateway = Gateway::start(|got| {
        let Reply::Answer(status, headers, body) = sample("A011") else { return Reply::Gone };
        let body = String::from_utf8_lossy(&body).replace("\"active\"", "\"draft\"");
        let headers = headers.into_iter().map(|(name, value)| match name.as_str() {
            "X-Correlation-ID" => (name, got.header("X-Correlation-ID").unwrap_or_default().to_owned()),
            "Content-Length" => (name, body.len().to_string()),
            _ => (name, value),
        });
        Reply::Answer(status, headers.collect(), body.clone().into_bytes())
    });
    let endpoint = find("A011").next().unwrap();
    let call = good(endpoint, Example::User(Role::ReferringClinician), 0).call;
    let right = Request::to(endpoint).json(call.body.clone());
    let wrong = Request::to(endpoint).json(String::from_utf8(call.body).unwrap().replace("ROUTINE", "SOON"));
    let who = || ReferringClinician::of("X26".parse().unwrap());
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = heard.clone();
    let telling = move |checks: Checks| {
        let told = told.clone();
        checks.telling(move |context, report| {
            let codes: Vec<&str> = report.diagnostics.iter().map(|found| found.rule.code).collect();
            told.lock().unwrap().push((context.direction, codes));
        })
    };
    let off = builder(&gateway).build(who()).unwrap();
    off.send(wrong.clone()).await.expect("nobody looks");
    let warn = builder(&gateway).checks(telling(Checks::all(Checking::Warn))).build(who()).unwrap();
    warn.send(wrong.clone()).await.expect("it passes");
    let directions: Vec<_> = heard.lock().unwrap().iter().map(|(direction, _)| *direction).collect();
    assert_eq!(directions, [ers_fhir_ers::Direction::Request, ers_fhir_ers::Direction::Response]);
    let sent = gateway.calls().len();
    let refuse = builder(&gateway).checks(Checks::all(Checking::Refuse)).build(who()).unwrap();
    let error = refuse.send(wrong).await.expect_err("it does not pass");
    assert!(matches!(error, Error::Refused(_)), "{error:?}");
    assert_eq!(gateway.calls().len(), sent);
    let error = refuse.send(right.clone()).await.expect_err("the answer does not pass");
    assert!(matches!(error, Error::Unsound(_)), "{error:?}");
    assert_eq!(error.repeat(), Repeat::Never);
    assert_eq!(gateway.calls().len(), sent + 1);
    let trusting = builder(&gateway).checks(Checks::off().sent(Checking::Refuse)).build(who()).unwrap();
    trusting.send(right).await.expect("only what is sent is looked at");
}
