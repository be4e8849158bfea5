//! Answers, held against what was asked for and what the operation does.

use std::sync::LazyLock;

use ers_fhir_ers::example::{Caller, callers, good};
use ers_fhir_ers::service::{Role, find};
use ers_fhir_ers::{Direction, Ers};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Options, Severity, Validator};

static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::R4)));

/// What is found in the answer to a call, where it is that of another operation, with texts replaced: rules and places
/// above information.
fn found(
    id: &str,
    caller: Option<Caller>,
    of: &str,
    replaced: &[(&str, &str)],
) -> Vec<(&'static str, String)> {
    let [endpoint, other] = [id, of].map(|id| find(id).next().expect("it is an operation"));
    let caller = caller.unwrap_or(callers(endpoint)[0]);
    let mut sample = good(endpoint, caller, 0).towards(Direction::Response);
    let body = good(other, callers(other)[0], 0).call.answer.expect("it is answered").body;
    let mut text = String::from_utf8(body).expect("it is text");
    for (from, to) in replaced {
        assert!(text.contains(from), "{of} has no {from}");
        text = text.replace(from, to);
    }
    let answer = sample.call.answer.as_mut().expect("it is answered");
    answer.body = text.into();
    let mut context = sample.context();
    context.answer_headers.clear();
    let validator = if endpoint.release == FhirVersion::R4 { &R4 } else { &STU3 };
    let report = validator.check(sample.payload(), &Options::from(Ers::called(context)));
    let above = report.diagnostics.iter().filter(|found| found.severity > Severity::Information);
    above.map(|found| (found.rule.code, found.location.clone())).collect()
}

fn rules(found: &[(&'static str, String)]) -> Vec<&'static str> {
    found.iter().map(|(rule, _)| *rule).collect()
}

#[test]
fn an_answer_is_in_the_state_that_the_operation_leads_to() {
    for id in ["A011", "A012", "A013", "A014", "A021", "A022", "A028", "A031"] {
        assert_eq!(found(id, None, id, &[]), [], "{id}");
    }
    for (id, of) in [("A011", "A013"), ("A013", "A014"), ("A014", "A028"), ("A028", "A031"), ("A031", "A021")]
    {
        assert_eq!(rules(&found(id, None, of, &[])), ["ers-answer-state"], "{id} answered as {of}");
    }
    // Before there are letters there are none.
    let no_letter = ("\"resourceType\": \"DocumentReference\"", "\"resourceType\": \"Basic\"");
    assert!(rules(&found("A012", None, "A012", &[no_letter])).contains(&"ers-answer-state"));
    let proposed = ("\"status\": \"cancelled\"", "\"status\": \"proposed\"");
    assert_eq!(rules(&found("A014", None, "A014", &[proposed])), ["ers-answer-state"]);
    let kept = ("\"description\"", "\"slot\": [{ \"reference\": \"Slot/4410027\" }], \"description\"");
    assert_eq!(rules(&found("A034", None, "A034", &[kept])), ["ers-answer-state"]);
}

#[test]
fn rows_are_of_the_list_that_was_asked_for() {
    let provider = Some(Caller::User(Role::ServiceProviderClinician));
    for (id, caller, of) in [("A008", provider, "A008"), ("A008", None, "A023"), ("A023", None, "A008")] {
        let found = found(id, caller, of, &[]);
        assert_eq!(rules(&found), ["ers-answer-list"], "{id} answered as {of}: {found:?}");
    }
    let other = ("ReferralRequest/", "CommunicationRequest/");
    let found = found("A008", None, "A008", &[other]);
    assert!(
        !found.is_empty()
            && found
                .iter()
                .all(|(rule, place)| { *rule == "ers-answer-list" && place.ends_with("item.reference") }),
        "{found:?}"
    );
}

#[test]
fn slots_come_with_their_schedules() {
    for replaced in [
        ("\"reference\": \"Schedule/", "\"reference\": \"Schedule/9"),
        ("\"relation\": \"self\"", "\"relation\": \"previous\""),
    ] {
        let found = found("A015", None, "A015", &[replaced]);
        assert!(
            rules(&found).iter().any(|rule| rule.starts_with("ers-answer-pa")),
            "{replaced:?}: {found:?}"
        );
    }
}

#[test]
fn ids_tell_what_they_are_the_ids_of() {
    for (id, replaced) in [
        ("A005", ("\"value\": \"r.", "\"value\": \"a.")),
        ("A024", ("\"value\": \"a.", "\"value\": \"r.")),
        ("A030", ("\"id\": \"PractitionerRole-", "\"id\": \"PractitionerRole-X")),
        ("A040", ("\"id\": \"5", "\"id\": \"6")),
        ("A041", ("\"active\"", "\"draft\"")),
        ("A004", ("\"e-RS Priority\"", "\"Priority\"")),
    ] {
        let found = found(id, None, id, &[replaced]);
        assert!(rules(&found).contains(&"invariant"), "{id}: {found:?}");
    }
}

#[test]
fn one_schedule_that_is_another_is_said_once() {
    for replaced in [
        // Its own id is wrong, and so are not the slots that refer to it.
        ("\"id\": \"20417-555000333444\"", "\"id\": \"abc\""),
        ("\"resourceType\": \"Schedule\"", "\"resourceType\": \"Schedules\""),
    ] {
        let found = found("A015", None, "A015", &[replaced]);
        let parts = rules(&found).iter().filter(|rule| **rule == "ers-answer-parts").count();
        assert!(parts <= 1, "{replaced:?}: {found:?}");
    }
}

#[test]
fn a_conversation_has_people_where_they_were_asked_for() {
    let is_missed = |asked: &str| {
        let endpoint = find("A025").next().expect("it is an operation");
        let mut sample = good(endpoint, callers(endpoint)[0], 0).towards(Direction::Response);
        let context = sample.context();
        let answer = sample.call.answer.as_mut().expect("it is answered");
        let mut bundle: serde_json::Value = serde_json::from_slice(&answer.body).expect("it is JSON");
        let entries = bundle["entry"].as_array_mut().expect("there are entries");
        entries.retain(|entry| entry["resource"]["resourceType"] != "PractitionerRole");
        let url = bundle["link"][0]["url"].as_str().expect("there is a link").to_owned();
        bundle["link"][0]["url"] = format!("{url}{asked}").into();
        let text = bundle.to_string();
        let report = STU3.check(text.as_bytes(), &Options::from(Ers::called(context)));
        report.diagnostics.iter().any(|found| found.key.as_deref() == Some("ers-conversation-people"))
    };
    assert!(is_missed(""));
    assert!(is_missed("&_include=Communication:sender-practitionerrole:PractionerRole"));
    assert!(!is_missed("&_include=Communication:content-reference:DocumentReference"));
}
