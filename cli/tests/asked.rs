//! What the command line asks for happens, or the exit status and a message say that it did not.

mod support;

use serde_json::Value;
use support::{Run, ers_fhir, folder, write};

const PATIENT: &str = r#"{ "resourceType": "Patient", "active": true }"#;

/// A profile of our own that demands an element, in a version, for a release.
fn profile(version: &str, element: &str, release: &str) -> String {
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/kept",
  "version": "{version}", "name": "KeptPatient", "status": "active"{release}, "kind": "resource", "abstract": false,
  "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": {{ "element": [{{ "id": "Patient.{element}", "path": "Patient.{element}", "min": 1 }}] }} }}"#
    )
}

const R4: &str = r#", "fhirVersion": "4.0.1""#;
const KEPT: &str = "https://example.org/StructureDefinition/kept";

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error} in {}{}", run.out, run.err))
}

/// The messages of all findings.
fn messages(run: &Run) -> Vec<String> {
    let found = json(run);
    let payloads = found["payloads"].as_array().expect("payloads").iter();
    let findings = payloads.flat_map(|payload| payload["findings"].as_array().cloned().unwrap_or_default());
    findings.map(|finding| finding["message"].as_str().expect("a message").to_owned()).collect()
}

#[test]
fn a_profile_is_asked_for_by_url_version_or_name() {
    let at = folder("asked-profile");
    write(&at, "patient.json", PATIENT);
    write(&at, "one.json", profile("1.0.0", "name", R4));
    write(&at, "two.json", profile("2.0.0", "photo", R4));
    for (asked, missing) in [
        (KEPT, "photo"),
        (&format!("{KEPT}|1.0.0"), "name"),
        (&format!("{KEPT}|2"), "photo"),
        ("kept", "photo"),
        ("KeptPatient", "photo"),
        ("kept-patient", "photo"),
    ] {
        let args = ["validate", "patient.json", "--ig", "one.json", "--ig", "two.json", "--format", "json"];
        let run = ers_fhir(&at, &[&args[..], &["--show-values", "--profile", asked]].concat());
        assert_eq!((run.status, run.err.as_str()), (1, ""), "{asked}");
        assert_eq!(messages(&run), [format!("'Patient.{missing}' is missing")], "{asked}");
    }
    // A name may mean another profile in each release.
    write(&at, "parameters.json", r#"{ "resourceType": "Parameters", "parameter": [] }"#);
    let run = ers_fhir(&at, &["validate", "parameters.json", "--profile", "CreateReferralParameters"]);
    assert!(run.status == 1 && run.out.contains("eRS-CreateReferral-Parameters-1"), "{}{}", run.out, run.err);
}

#[test]
fn a_profile_that_cannot_be_had_fails_the_run() {
    let at = folder("asked-in-vain");
    write(&at, "patient.json", PATIENT);
    write(&at, "old.json", profile("1.0.0", "name", r#", "fhirVersion": "3.0.2""#));
    write(&at, "lost.json", profile("1.0.0", "name", R4).replace("fhir/StructureDefinition/Patient", "lost"));
    let cases: [(&[&str], &str); 7] = [
        (&["--profile", "https://example.org/StructureDefinition/typo"], "no package defines"),
        (&["--profile", "NoSuchName"], "no package defines 'NoSuchName'"),
        (
            &["--profile", "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patiant-1"],
            "there is https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patient-1",
        ),
        (&["--profile", "eRS"], "; there are "),
        (&["--profile", &format!("{KEPT}|9"), "--ig", "old.json"], "no package defines version 9 of"),
        (&["--profile", KEPT, "--ig", "old.json", "--fhir-version", "4.0"], "is written for FHIR 3.0.2"),
        (&["--profile", KEPT, "--ig", "lost.json"], "cannot be used: "),
    ];
    for (args, expected) in cases {
        let run = ers_fhir(&at, &[&["validate", "patient.json"], args].concat());
        assert_eq!(run.status, 2, "{args:?}: {}{}", run.out, run.err);
        assert!(
            run.err.starts_with("error: --profile: ") && run.err.contains(expected),
            "{args:?}: {}",
            run.err
        );
        assert!(run.out.contains("1 payload checked"), "the payload is checked all the same: {}", run.out);
    }
}

#[test]
fn a_package_without_definitions_fails_the_run() {
    let at = folder("empty-package");
    write(&at, "patient.json", PATIENT);
    write(&at, "example.json", PATIENT);
    write(&at, "empty/package/package.json", r#"{ "name": "empty", "version": "1.0.0" }"#);
    for ig in ["example.json", "empty"] {
        let run = ers_fhir(&at, &["validate", "patient.json", "--ig", ig]);
        assert_eq!(run.status, 2, "{}", run.out);
        assert!(run.err.contains(&format!("--ig {ig}: it has no definition:")), "{}", run.err);
    }
    // A definition is one, though validation does not need this kind.
    write(
        &at,
        "plan.json",
        r#"{ "resourceType": "PlanDefinition", "url": "https://example.org/PlanDefinition/p" }"#,
    );
    write(
        &at,
        "folder/plan.json",
        r#"{ "resourceType": "PlanDefinition", "url": "https://example.org/PlanDefinition/p" }"#,
    );
    for ig in ["plan.json", "folder"] {
        let run = ers_fhir(&at, &["validate", "patient.json", "--ig", ig]);
        assert_eq!(run.status, 0, "{}", run.err);
        assert!(run.err.starts_with("warning: "), "{}", run.err);
    }
}

#[test]
fn nothing_to_check_fails_the_run_unless_that_is_allowed() {
    let at = folder("nothing");
    write(&at, "none/readme.txt", "no payload");
    write(&at, "others/package.json", r#"{ "name": "a-package" }"#);
    write(&at, "empty.ndjson", "\n");
    for (place, expected) in [
        ("none", "no .json, .xml, .ndjson or .har file in none"),
        ("others", "no file looks like FHIR"),
        ("empty.ndjson", "the named files have no payload"),
    ] {
        let run = ers_fhir(&at, &["validate", place]);
        assert_eq!(run.status, 2, "{place}: {}", run.out);
        assert!(run.err.contains(expected) && run.err.contains("--allow-empty"), "{place}: {}", run.err);
        let run = ers_fhir(&at, &["validate", place, "--allow-empty"]);
        assert_eq!(run.status, 0, "{place}: {}{}", run.out, run.err);
    }
}

#[test]
fn in_a_folder_nothing_that_looks_like_fhir_is_skipped() {
    let at = folder("looks");
    for (name, content) in [
        ("spelling.json", r#"{ "ResourceType": "Patient" }"#),
        ("wrapped.json", r#"{ "data": { "resourceType": "Patient" } }"#),
        ("list.json", r#"[{ "resourceType": "Patient" }]"#),
        ("keyed.json", r#"{ "Patient": { "active": true } }"#),
        ("profiled.json", r#"{ "meta": { "profile": ["https://example.org/p"] } }"#),
        ("bare.xml", r#"<Patient><active value="true"/></Patient>"#),
    ] {
        write(&at, &format!("in/{name}"), content);
        let run = ers_fhir(&at, &["validate", "in"]);
        assert_eq!(run.status, 1, "{name}: {}{}", run.out, run.err);
        assert!(run.out.contains(name), "{name}: {}", run.out);
        std::fs::remove_file(at.join("in").join(name)).expect("the file");
    }
    write(&at, "in/patient.json", PATIENT);
    write(&at, "in/package.json", r#"{ "name": "a-package" }"#);
    assert_eq!(ers_fhir(&at, &["validate", "in"]).status, 0);
    for said in [["--fhir-version", "4.0"], ["--profile", "Patient"], ["--endpoint", "A011"]] {
        let run = ers_fhir(&at, &[&["validate", "in"][..], &said].concat());
        let is_passed_by = run.err.contains("package.json is not FHIR: skipped");
        assert!(is_passed_by && run.out.contains("1 payload checked"), "{said:?}: {}{}", run.out, run.err);
    }
}

#[test]
fn what_was_not_checked_is_counted_and_may_fail_the_run() {
    let at = folder("gaps");
    write(
        &at,
        "patient.json",
        r#"{ "resourceType": "Patient", "meta": { "profile": ["https://example.org/R4/StructureDefinition/none"] } }"#,
    );
    write(&at, "whole.json", r#"{ "resourceType": "Patient", "active": true }"#);
    let run = ers_fhir(&at, &["validate", "patient.json"]);
    assert_eq!(run.status, 0);
    assert!(run.out.ends_with("not checked: 1 unknown profile\n"), "{}", run.out);
    let run = ers_fhir(&at, &["validate", "patient.json", "--format", "json"]);
    assert_eq!(json(&run)["summary"]["notChecked"], serde_json::json!({ "profile": 1 }));
    let run = ers_fhir(&at, &["validate", "patient.json", "whole.json", "--require-complete", "--quiet"]);
    assert_eq!(run.status, 1);
    assert_eq!(run.out.matches("[unknown-profile]").count(), 1, "what fails the run is shown: {}", run.out);
    let run = ers_fhir(&at, &["validate", "whole.json", "--require-complete"]);
    assert!(run.status == 0 && !run.out.contains("not checked"), "{}", run.out);
}

#[test]
fn a_profile_that_a_service_does_not_have_is_an_error_with_the_nearest() {
    let at = folder("listed");
    let declaring =
        |url: &str| format!(r#"{{ "resourceType": "Patient", "meta": {{ "profile": ["{url}"] }} }}"#);
    for (url, nearest) in [
        ("https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patiant-1", Some("eRS-Patient-1")),
        ("https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Wallpaper-1", None),
    ] {
        write(&at, "patient.json", declaring(url));
        let run = ers_fhir(&at, &["validate", "patient.json"]);
        assert_eq!(run.status, 1, "{}", run.out);
        assert!(run.out.contains("error[unknown-profile]"), "{}", run.out);
        assert!(nearest.is_none_or(|nearest| run.out.contains(&format!("/{nearest}?"))), "{}", run.out);
    }
    // Others of the publisher are not known to be complete.
    write(&at, "patient.json", declaring("https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Patient-1"));
    let run = ers_fhir(&at, &["validate", "patient.json"]);
    assert!(run.status == 0 && run.out.contains("warning[unknown-profile]"), "{}", run.out);
}

#[test]
fn unknown_extensions_of_a_domain_are_allowed() {
    let at = folder("allowed-extensions");
    write(
        &at,
        "patient.json",
        r#"{ "resourceType": "Patient", "extension": [{ "url": "https://fhir.example.com/x", "valueBoolean": true }] }"#,
    );
    assert_eq!(ers_fhir(&at, &["validate", "patient.json"]).status, 1);
    let run = ers_fhir(&at, &["validate", "patient.json", "--allow-extensions", "example.com"]);
    assert!(run.status == 0 && run.out.contains("not checked: 1 unknown extension"), "{}", run.out);
}

#[test]
fn a_release_that_was_found_by_trial_is_said() {
    let at = folder("trial");
    write(
        &at,
        "slot.json",
        r#"{ "resourceType": "Slot", "schedule": { "reference": "Schedule/1" }, "status": "free",
  "serviceCategory": { "text": "x" }, "start": "2020-01-01T09:00:00Z", "end": "2020-01-01T10:00:00Z" }"#,
    );
    let run = ers_fhir(&at, &["validate", "slot.json"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(run.out.contains("slot.json: checked as FHIR STU3") && run.out.contains("as R4"), "{}", run.out);
    assert_eq!(ers_fhir(&at, &["validate", "slot.json", "--fhir-version", "4.0"]).status, 1);
    let run = ers_fhir(&at, &["validate", "slot.json", "--format", "operation-outcome"]);
    let outcome = json(&run);
    let issues = outcome["issue"].as_array().expect("issues");
    let told = issues.iter().filter_map(|issue| issue["details"]["text"].as_str());
    assert_eq!(told.filter(|text| text.starts_with("checked as FHIR STU3")).count(), 1, "{}", run.out);
    let run = ers_fhir(&at, &["validate", "slot.json", "--format", "json"]);
    assert!(
        json(&run)["payloads"][0]["decidedBy"].as_str().is_some_and(|by| by.contains("as R4")),
        "{}",
        run.out
    );
}
