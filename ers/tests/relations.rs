//! One mistake in a request is one finding, and the first words name it.

use std::sync::LazyLock;

use ers_fhir_ers::example::{callers, good};
use ers_fhir_ers::rule::{self, Example};
use ers_fhir_ers::{Context, Ers, service};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Diagnostic, Message};
use ers_fhir_validator::{Options, Report, Severity, Validator};

static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));

/// The body of A011 that is right, as text.
fn create() -> String {
    let Example { payload, .. } = &rule::find("ers-rule-140").expect("it is declared").good;
    String::from_utf8(payload.bytes().into_owned()).expect("it is text")
}

fn sent_to(endpoint: &str, payload: &str) -> Report {
    let endpoint = service::find(endpoint).next().expect("there is such an operation");
    let now = "2026-03-01T09:30:00Z".parse().ok();
    STU3.check(payload.as_bytes(), &Options { now, ..Ers::called(Context::request(endpoint)).into() })
}

/// A good body of an operation.
fn sample(id: &str) -> String {
    let endpoint = service::find(id).next().expect("there is such an operation");
    String::from_utf8(good(endpoint, callers(endpoint)[0], 0).call.body).expect("it is text")
}

/// A deferral that is right, as text.
fn deferral() -> String {
    let Example { payload, .. } = &rule::find("ers-rule-83").expect("it is declared").good;
    String::from_utf8(payload.bytes().into_owned()).expect("it is text")
}

/// The only finding above information in a payload where a text is replaced.
#[track_caller]
fn only(endpoint: &str, payload: &str) -> Diagnostic {
    let report = sent_to(endpoint, payload);
    let mut above = report.diagnostics.iter().filter(|found| found.severity > Severity::Information);
    let (Some(first), None) = (above.next(), above.next()) else { panic!("{report:#?}") };
    first.clone()
}

fn edited(text: &str, with: &str) -> String {
    let whole = create();
    assert!(whole.contains(text), "the body does not hold {text}");
    whole.replacen(text, with, 1)
}

fn effects(found: &Diagnostic) -> Vec<&str> {
    found.related.iter().map(|note| note.finding.rule.code).collect()
}

#[test]
fn the_right_body_is_clean() {
    assert!(sent_to("A011", &create()).is_valid());
}

#[test]
fn a_parameter_of_almost_the_right_name_is_one_mistake() {
    for (name, slip) in [
        ("Patient", "differs in upper and lower case"),
        ("patient ", "has white space around it"),
        ("pateint", "is spelt differently"),
    ] {
        let found = only("A011", &edited("\"patient\"", &format!("\"{name}\"")));
        let expected = format!("the 'name' of this Parameters.parameter is almost 'patient', but {slip}");
        assert_eq!(found.message.masked(), expected);
        assert_eq!(found.suggestion.as_ref().map(Message::masked).as_deref(), Some("write 'patient'"));
        let effects = effects(&found);
        assert!(effects.contains(&"cardinality-min") && effects.contains(&"ers-rule-137"), "{effects:?}");
    }
}

#[test]
fn what_the_service_answers_is_a_note_on_the_mistake() {
    let found = only("A011", &edited("\"code\": \"NEED_TO_ADD_LATER\"", "\"code\": \"NEED_TO_ADD\""));
    assert_eq!(found.rule.code, "unknown-code");
    let effects = effects(&found);
    assert!(effects.contains(&"ers-rule-140") && effects.contains(&"binding-required"), "{effects:?}");
    // The codes that are allowed are known to the binding.
    let help = found.suggestion.as_ref().map(Message::masked).unwrap_or_default();
    assert!(help.contains("NEED_TO_ADD_LATER"), "{help}");
}

#[test]
fn the_body_of_another_operation_is_named() {
    // A021 has parameters of the same names, so that those do not tell which of the two it is.
    for (body, told) in [
        (create(), "this is the body of A011 ("),
        (without_profile(&create()), "this is the body of A011 or A021, "),
    ] {
        let found = only("A036", &body);
        assert_eq!(found.rule.code, "ers-other-operation");
        let message = found.message.masked();
        assert!(message.starts_with(told), "{message}");
        assert!(!found.related.is_empty());
    }
    // What it declares tells where all else fits both.
    let triage = sample("A021");
    let found = only("A011", &triage);
    assert_eq!(found.rule.code, "ers-other-operation");
    assert!(found.message.masked().starts_with("this is the body of A021 ("), "{}", found.message.masked());
    // The right body under the wrong profile is a mistake of the profile.
    let other = edited("eRS-CreateReferral-Parameters-1", "eRS-ChangeShortlist-Parameters-1");
    let found = only("A011", &other);
    assert_eq!((found.rule.code, &*found.location), ("fixed-value", "Parameters.meta.profile[0]"));
}

#[test]
fn what_is_to_be_done_with_an_appointment_is_told_by_all_of_it() {
    for (body, called) in [("A034", "A016"), ("A016", "A034")] {
        let found = only(called, &sample(body));
        assert_eq!(found.rule.code, "ers-other-operation");
        assert!(found.message.masked().starts_with(&format!("this is the body of {body} (")));
    }
    // A wrong status alone does not make it one of the other operation.
    let slip = sample("A034").replace("\"cancelled\"", "\"booked\"");
    let report = sent_to("A034", &slip);
    assert!(report.diagnostics.iter().all(|found| found.rule.code != "ers-other-operation"));
}

#[test]
fn one_mistake_in_an_appointment_is_one_finding() {
    let times = r#""description": "e-Referral Appointment",
  "start": "2026-04-14T09:30:00Z","#;
    let deferred = deferral().replace(r#""description": "e-Referral Appointment","#, times);
    let found = only("A016", &deferred);
    assert_eq!((found.rule.code, &*found.location), ("ers-rule-83", "Appointment.start"));
    assert!(!found.related.is_empty());
    let found = only("A016", &sample("A016").replace("2026-04-14T09:30:00Z", "2026-04-14 09:30:00Z"));
    assert_eq!((found.rule.code, &*found.location), ("primitive-format", "Appointment.start"));
    // What belongs to a deferral is not asked of a booking that gives a reason.
    let found = only("A016", &deferral().replace("\"proposed\"", "\"booked\""));
    assert_eq!(found.rule.code, "ers-rule-79");
}

#[test]
fn one_mistake_in_a_search_is_one_finding() {
    let search = sample("A010");
    let start = search.find("\"specialty\"").expect("it names a specialty");
    let without = format!("{}\"commissioningProvisioning\"{}", &search[..start], &search[start + 11..]);
    let report = sent_to("A010", &without);
    let rules: Vec<&str> = report.diagnostics.iter().map(|found| found.rule.code).collect();
    assert!(rules.contains(&"ers-rule-32") && !rules.contains(&"ers-rule-33"), "{rules:?}");
}

#[test]
fn a_file_that_is_attached_twice_is_marked_where_it_is_named_again() {
    let letter = sample("A012");
    let parameter = letter.find("    {\n      \"name\": \"referralLetterFile\"").expect("there is a letter");
    let end = letter.rfind("\n  ]").expect("there are parameters");
    let again = format!("{},\n{}{}", &letter[..end], &letter[parameter..end], &letter[end..]);
    let report = sent_to("A012", &again);
    let found: Vec<_> = report.diagnostics.iter().filter(|found| found.rule.code == "ers-rule-65").collect();
    assert!(!found.is_empty(), "{report:#?}");
    assert!(found.iter().all(|found| found.location.ends_with("attachment.url")), "{found:#?}");
}

#[test]
fn advice_may_compare_and_may_not_mark_up() {
    for (text, is_markup) in [
        ("Keep BP <140/90; if K+ <3.5 or >5.5 call. a<b && c>d", false),
        ("Hb<LLN and MCV>100", false),
        ("write to <dr.x@nhs.net>", false),
        ("see <a href=\\\"https://x.nhs.uk\\\" target=\\\"_blank\\\">this</a>", false),
        ("this is <b>bold</b>", true),
        ("see <a href='https://x.nhs.uk'>this</a>", true),
        ("one<br/>two", true),
    ] {
        let answer = sample("A026");
        let start = answer.find("\"name\": \"guidance\"").expect("there is advice");
        let from = start + answer[start..].find("\"valueString\": \"").expect("it is a text") + 16;
        let to = from + answer[from..].find("\"\n").expect("it ends");
        let report = sent_to("A026", &format!("{}{text}{}", &answer[..from], &answer[to..]));
        let is_found = report.diagnostics.iter().any(|found| found.rule.code == "ers-rule-124");
        assert_eq!(is_found, is_markup, "{text}");
    }
}

fn without_profile(body: &str) -> String {
    let start = body.find("\"meta\"").expect("there is a profile");
    let end = start + body[start..].find("},").expect("it ends") + 2;
    format!("{}{}", &body[..start], &body[end..])
}

#[test]
fn another_resource_at_an_operation_is_named() {
    let appointment = r#"{ "resourceType": "Appointment", "status": "booked",
        "participant": [{ "status": "accepted", "actor": { "display": "a" } }] }"#;
    let found = sent_to("A011", appointment).diagnostics.swap_remove(0);
    assert_eq!(found.rule.code, "ers-other-operation");
    assert!(found.message.masked().contains("A016"), "{found:#?}");
    let request = r#"{ "resourceType": "ServiceRequest", "status": "active", "intent": "order" }"#;
    let found = only("A011", request);
    assert!(found.message.masked().contains("ServiceRequest is a resource type of R4"), "{found:#?}");
}

#[test]
fn a_file_in_the_payload_is_sent_to_the_upload() {
    let letter = String::from_utf8(
        rule::find("ers-rule-65").expect("it is declared").good.payload.bytes().into_owned(),
    )
    .expect("it is text");
    let start = letter.find("\"url\": \"Binary/").expect("there is an attachment");
    let end = start + letter[start + 7..].find('"').expect("it begins") + 8;
    let end = end + letter[end..].find('"').expect("it ends") + 1;
    let inline = format!("{}\"data\": \"aGVsbG8=\"{}", &letter[..start], &letter[end..]);
    let found = only("A012", &inline);
    assert_eq!(found.rule.code, "ers-rule-65");
    assert!(found.suggestion.is_some_and(|help| help.masked().contains("A020")));
}

#[test]
fn a_reference_to_nothing_is_a_mistake_where_more_follows_from_it() {
    let found = only("A011", &edited("\"#searchCriteria\"", "\"#criteria\""));
    assert_eq!((found.rule.code, found.severity), ("unresolved-local-reference", Severity::Error));
}

#[test]
fn codes_of_reference_data_are_suggested_by_code_and_by_display() {
    for code in ["DERMATOLGY", "Dermatology"] {
        let found = only("A011", &edited("\"DERMATOLOGY\"", &format!("\"{code}\"")));
        let help = found.suggestion.as_ref().map(Message::masked).unwrap_or_default();
        assert!(help.starts_with("did you mean 'DERMATOLOGY'"), "{help}");
    }
}

/// Edits to a good body, and where the one finding is that comes of each.
#[test]
fn what_follows_from_a_slip_is_a_note_of_it() {
    const PROFILE: &str =
        "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-PatientServiceSearch-Parameters-1";
    let profile = PROFILE.to_uppercase();
    for (id, from, to, rule, place) in [
        ("A016", "\"start\"", "\"starts\"", "unknown-element", "Appointment.starts"),
        ("A016", "\"identifier\"", "\"identifiers\"", "unknown-element", ".actor.identifiers"),
        ("A016", "\"actor\": {", "\"actor\": {}, \"x\": {", "unknown-element", ".x"),
        ("A010", PROFILE, &*profile, "unknown-profile", "Parameters.meta.profile[0]"),
        ("A011", "\"contained\"", "\"containeds\"", "unknown-element", ".containeds[0]"),
        (
            "A011",
            "\"name\": \"patient\"",
            "\"name\": null",
            "wrong-json-kind",
            "Parameters.parameter[0].name",
        ),
        ("A026", "\"guidanceOutcome\"", "\"guidanceOutcom\"", "slice-unmatched", "Parameters.parameter[0]"),
        ("A034", "\"incomingReferral\"", "\"incomingReferrals\"", "unknown-element", ".incomingReferrals[0]"),
        ("A036", "\"cancellationComments\"", "\"cancellationComment\"", "slice-unmatched", ".parameter[1]"),
    ] {
        let body = sample(id);
        assert!(body.contains(from), "{id} has no {from}: {body}");
        let report = sent_to(id, &body.replacen(from, to, 1));
        let found: Vec<(&str, &str)> = report
            .diagnostics
            .iter()
            .filter(|found| found.severity > Severity::Information)
            .map(|found| (found.rule.code, &*found.location))
            .collect();
        let is_one = found.first().is_some_and(|found| found.0 == rule && found.1.ends_with(place));
        // What stands empty and what stands beside it are two slips.
        let most = if to.contains("{}") { 2 } else { 1 };
        assert!(found.len() <= most && (is_one || most > 1), "{id} with {to}: {found:?}");
    }
}

#[test]
fn a_service_that_is_on_a_shortlist_twice_is_marked_where_it_is_repeated() {
    for id in ["A011", "A021"] {
        let mut body: serde_json::Value = serde_json::from_str(&sample(id)).expect("it is JSON");
        let parts = body["parameter"].as_array_mut().expect("there are parameters");
        let list = parts.iter_mut().find(|part| part["name"] == "shortlist").expect("there is a shortlist");
        let entries = list["resource"]["entry"].as_array_mut().expect("there are services");
        entries.truncate(1);
        entries.push(entries[0].clone());
        let found = only(id, &body.to_string());
        assert_eq!(found.rule.code, "ers-rule-42");
        assert!(found.location.ends_with("resource.entry[1]"), "{}", found.location);
    }
}

#[test]
fn a_booking_without_times_is_told_which_it_lacks() {
    let (start, end) = ("\"start\": \"2026-04-14T09:30:00Z\",", "\"end\": \"2026-04-14T09:50:00Z\",");
    let booking = sample("A016");
    for (without, what) in [
        (booking.replace(start, ""), "the booking lacks its start"),
        (booking.replace(end, ""), "the booking lacks its end"),
        (booking.replace(start, "").replace(end, ""), "the booking lacks its start and its end"),
    ] {
        let found = only("A016", &without);
        assert_eq!((found.rule.code, &*found.message.masked()), ("ers-rule-79", what));
    }
}
