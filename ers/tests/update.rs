//! Changes, held against the record that they start from.

use std::sync::LazyLock;

use ers_fhir_ers::Ers;
use ers_fhir_ers::example::{Caller, callers, good, record};
use ers_fhir_ers::service::{Role, find};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Options, Severity, Validator};

static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));

/// What is found in a change by somebody, with a piece of it and of its record replaced, by weight and rule.
fn found(
    id: &str,
    caller: Option<Caller>,
    sent: (&str, &str),
    record_of: &str,
    read: (&str, &str),
) -> Vec<(Severity, &'static str)> {
    let replaced = |text: String, (from, to): (&str, &str)| {
        assert!(text.contains(from), "{id} has no {from}");
        text.replace(from, to)
    };
    let endpoint = find(id).next().expect("it is an operation");
    let mut sample = good(endpoint, caller.unwrap_or(callers(endpoint)[0]), 0);
    let body = String::from_utf8(sample.call.body).expect("it is text");
    sample.call.body = replaced(body, sent).into();
    let other = find(record_of).next().expect("it is an operation");
    sample.current = record(other, 0).map(|record| replaced(record, read));
    let report = STU3.check(sample.payload(), &Options::from(Ers::called(sample.context())));
    let about_service = report.diagnostics.iter().filter(|found| {
        found.rule.code.starts_with("ers-update-") || found.rule.code.starts_with("ers-rule-")
    });
    about_service.map(|found| (found.severity, found.rule.code)).collect()
}

const NOTHING: (&str, &str) = ("", "");
/// What the patient of the referral needs, and the same as something that nobody asks for.
const NEEDS: (&str, &str) = ("PatientAdditionalRequirement", "PatientOther");
const PROVIDER: Option<Caller> = Some(Caller::User(Role::ServiceProviderClinician));

#[test]
fn a_change_starts_from_a_state_that_allows_it() {
    let state = (Severity::Error, "ers-update-state");
    for id in ["A013", "A014", "A022", "A028"] {
        assert_eq!(found(id, None, NOTHING, id, NOTHING), [], "{id}");
        let other = if id == "A028" { "A013" } else { "A028" };
        assert_eq!(found(id, None, NOTHING, other, NOTHING), [state], "{id}");
    }
    // Which states are unbooked is said nowhere in one place.
    let weak = (Severity::Warning, "ers-update-state");
    for id in ["A016", "A031", "A032"] {
        let without_needs = if id == "A016" { NOTHING } else { NEEDS };
        assert_eq!(found(id, None, NOTHING, id, without_needs), [], "{id}");
        assert_eq!(found(id, None, NOTHING, "A013", NOTHING).first(), Some(&weak), "{id}");
    }
    for id in ["A012", "A013", "A016", "A028", "A031", "A036"] {
        let cancelled = ("\"status\": \"active\"", "\"status\": \"cancelled\"");
        assert_eq!(found(id, None, NOTHING, id, cancelled), [state], "{id}");
    }
    let ended = ("\"status\": \"active\"", "\"status\": \"completed\"");
    for id in ["A026", "A027"] {
        assert_eq!(found(id, None, NOTHING, id, ended), [state], "{id}");
    }
    let refused = ("AUTHORISED_TO_CONVERT", "NOT_AUTHORISED_TO_CONVERT");
    assert_eq!(found("A027", None, NOTHING, "A027", refused), [state]);
    assert_eq!(found("A026", None, NOTHING, "A026", refused), []);
    let cancelled = ("\"booked\"", "\"cancelled\"");
    assert_eq!(found("A034", None, NOTHING, "A034", cancelled), [state]);
}

#[test]
fn what_the_patient_needs_is_told_where_services_change() {
    let told = [(Severity::Information, "ers-update-change")];
    for id in ["A031", "A032"] {
        assert_eq!(found(id, None, NOTHING, id, NOTHING), told, "{id}");
        assert_eq!(found(id, None, NOTHING, id, NEEDS), [], "{id}");
    }
}

#[test]
fn letters_are_changed_and_none_is_lost_unawares() {
    const KEPT: &str = "c1b87f1a-7323-491b-99f9-cbef0f69a4d0";
    const NEW: &str = "9ad9b9a2-5e78-454d-b065-a1c284cc4549";
    let lost = found("A012", None, (KEPT, "2330fcf1-562a-44b8-8866-8d77e827062c"), "A012", NOTHING);
    assert_eq!(lost, [(Severity::Information, "ers-update-change")]);
    // A file that is there already, as something else than a letter.
    let other = found("A012", None, NOTHING, "A012", ("\"REFERRER\"", "\"PROVIDER\""));
    assert_eq!(other, [(Severity::Error, "ers-update-change")]);
    let again = found("A028", None, (NEW, KEPT), "A028", NOTHING);
    assert_eq!(again, [(Severity::Error, "ers-update-change")]);
}

#[test]
fn priority_and_reason_go_with_the_record() {
    let returned = ("ACCEPT_REFER_BOOK_LATER", "RETURN_TO_REFERRER_WITH_ADVICE");
    assert_eq!(found("A028", None, returned, "A028", NOTHING), [(Severity::Error, "ers-rule-104")]);
    let same = ("\"ROUTINE\"", "\"URGENT\"");
    assert_eq!(found("A028", None, returned, "A028", same), []);

    let triage = ("PATIENT_REQUEST_CANCELLATION_OTHER", "TRIAGE_ENDED");
    let booked = found("A036", PROVIDER, triage, "A036", NOTHING);
    assert_eq!(booked, [(Severity::Warning, "ers-rule-108"), (Severity::Warning, "ers-rule-107")]);
    let ours = ("\"AWAITING_TRIAGE\"", "\"TRIAGED_PROVIDER_TO_ACTION\"");
    assert_eq!(found("A036", PROVIDER, triage, "A028", ours), []);
    assert_eq!(found("A036", PROVIDER, NOTHING, "A028", ours), [(Severity::Warning, "ers-rule-108")]);
}

#[test]
fn a_moment_may_be_written_in_another_way() {
    let sent = "2026-03-02T10:02:11Z";
    for same in ["2026-03-02T10:02:11.000Z", "2026-03-02T10:02:11.000+00:00", "2026-03-02T11:02:11+01:00"] {
        assert_eq!(found("A034", None, NOTHING, "A034", (sent, same)), [], "{same}");
        assert_eq!(found("A034", None, (sent, same), "A034", NOTHING), [], "{same}");
    }
    for other in ["2026-03-02T10:02:11.001Z", "2026-03-02T10:02:11+01:00"] {
        let change = [(Severity::Error, "ers-update-change")];
        assert_eq!(found("A034", None, NOTHING, "A034", (sent, other)), change, "{other}");
    }
}

#[test]
fn whether_the_system_of_the_provider_knows_is_said_of_what_was_booked_there() {
    let weak = [(Severity::Warning, "ers-update-change")];
    let said = (
        "\"parameter\": [",
        "\"parameter\": [{ \"name\": \"appointmentCancelledInPAS\", \"valueBoolean\": true },",
    );
    let indirect = ("\"slot\": [{ \"reference\": \"Slot/4410027\" }]", "\"comment\": \"by phone\"");
    for id in ["A014", "A022"] {
        assert_eq!(found(id, None, NOTHING, id, NOTHING), [], "{id}");
        assert_eq!(found(id, None, said, id, NOTHING), weak, "{id}");
        assert_eq!(found(id, None, NOTHING, id, indirect), weak, "{id}");
        assert_eq!(found(id, None, said, id, indirect), [], "{id}");
    }
}
