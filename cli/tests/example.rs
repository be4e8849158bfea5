//! Examples of payloads and calls.

mod support;

use support::{ers_fhir, folder, write};

#[test]
fn an_example_passes_its_own_check() {
    let folder = folder("example-good");
    for (id, role) in [("A011", "REFERRING_CLINICIAN_ADMIN"), ("A028", "SERVICE_PROVIDER_CLINICIAN")] {
        let run = ers_fhir(&folder, &["example", id, "--role", role, "--seed", "7"]);
        assert_eq!(run.status, 0, "{}", run.err);
        write(&folder, "sent.json", &run.out);
        let checked = ["validate", "--endpoint", id, "--role", role, "--fail-on", "information", "sent.json"];
        let run = ers_fhir(&folder, &checked);
        assert_eq!(run.status, 0, "{}", run.out);
    }
    let again = ["example", "A011", "--seed", "7"];
    assert_eq!(ers_fhir(&folder, &again).out, ers_fhir(&folder, &again).out);
    assert_ne!(ers_fhir(&folder, &again).out, ers_fhir(&folder, &["example", "A011"]).out);
}

#[test]
fn an_example_breaks_the_rule_that_is_named() {
    let folder = folder("example-broken");
    let run = ers_fhir(&folder, &["example", "A044", "--break", "ers-rule-23"]);
    assert_eq!(run.status, 0, "{}", run.err);
    write(&folder, "sent.json", &run.out);
    let checked = ["validate", "--endpoint", "A044", "--format", "jsonl", "sent.json"];
    let run = ers_fhir(&folder, &checked);
    assert_eq!(run.status, 1, "{}", run.out);
    assert!(run.out.contains("ers-rule-23"), "{}", run.out);

    // The whole call, where the mistake is not in the body.
    let run = ers_fhir(&folder, &["example", "A013", "--break", "ers-rule-13"]);
    assert!(run.out.starts_with("POST https://") && !run.out.contains("If-Match"), "{}", run.out);
    let run = ers_fhir(&folder, &["example", "A015", "--break", "ers-rule-23"]);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("A010, A011, A016, A021, A034, A044"), "{}", run.err);
}

#[test]
fn a_call_is_written_as_text_or_as_a_capture() {
    let folder = folder("example-call");
    let run = ers_fhir(&folder, &["example", "A005"]);
    assert!(run.status == 0 && run.out.is_empty() && run.err.contains("--call"), "{}", run.err);
    let run = ers_fhir(&folder, &["example", "A005", "--call"]);
    assert!(
        run.out.starts_with("GET https://api.service.nhs.uk/referrals/FHIR/STU3/ReferralRequest/"),
        "{}",
        run.out
    );
    let run = ers_fhir(&folder, &["example", "A005", "--response", "--call"]);
    assert!(run.out.starts_with("HTTP/1.1 200\n") && run.out.contains("ETag: W/\"4\""), "{}", run.out);
    let run = ers_fhir(&folder, &["example", "A016", "--call=har", "--seed", "3"]);
    write(&folder, "call.har", &run.out);
    let run = ers_fhir(&folder, &["validate", "--fail-on", "warning", "call.har"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(run.out.contains("A016  1 call  1 × 201"), "{}", run.out);
}

#[test]
fn a_change_is_held_against_the_record_before_it() {
    let folder = folder("example-record");
    for id in ["A012", "A028", "A034"] {
        let read = ers_fhir(&folder, &["example", id, "--record"]);
        assert_eq!(read.status, 0, "{}", read.err);
        write(&folder, "read.json", read.out);
        write(&folder, "sent.json", ers_fhir(&folder, &["example", id]).out);
        let checked =
            ["validate", "--endpoint", id, "--against", "read.json", "--fail-on", "warning", "sent.json"];
        let run = ers_fhir(&folder, &checked);
        assert_eq!(run.status, 0, "{id}: {}", run.out);
    }
    assert_eq!(ers_fhir(&folder, &["example", "A005", "--record"]).status, 2);
}

#[test]
fn what_cannot_be_made_is_said() {
    let folder = folder("example-refused");
    for (args, told) in [
        (&["example", "A099"][..], "no operation"),
        (&["example", "A011", "--role", "SERVICE_PROVIDER_CLINICIAN"], "not open to"),
        (&["example", "A011", "--access", "application"], "not open to"),
        (&["example", "A011", "--break", "unknown-element"], "a rule of FHIR"),
        (&["example", "A011", "--break", "ers-rule-232"], "ers-rule-23"),
        (&["example", "A011", "--response", "--break", "ers-rule-23"], "about requests"),
    ] {
        let run = ers_fhir(&folder, args);
        assert_eq!(run.status, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(told) && run.out.is_empty(), "{args:?}: {}", run.err);
    }
}
