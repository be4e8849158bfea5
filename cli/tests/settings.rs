//! `ers-fhir.toml`: what is checked, as what, and how findings weigh.

mod support;

use std::path::Path;

use support::{Run, ers_fhir, folder, write};

const FAULTY: &str = r#"{ "resourceType": "Patient", "birthDate": "1970-33-01" }"#;
const SOUND: &str = r#"{ "resourceType": "Patient", "birthDate": "1970-01-01" }"#;

fn validate(at: &Path, args: &[&str]) -> Run {
    ers_fhir(at, &[&["validate", "--format", "concise"], args].concat())
}

#[test]
fn settings_say_what_is_checked_and_as_what() {
    let at = folder("settings-what");
    write(&at, "payloads/a.json", FAULTY);
    write(&at, "payloads/old/b.json", FAULTY);
    write(
        &at,
        "ers-fhir.toml",
        "paths = [\"payloads\"]\nexclude = [\"payloads/old\"]\nfhir-version = \"4.0\"\n",
    );
    let run = validate(&at.join("payloads"), &[]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("primitive-range") && !run.out.contains("b.json"), "{}", run.out);
    assert!(run.out.contains("; 1 path ignored"), "{}", run.out);
    // A file that is named is checked.
    assert!(validate(&at, &["payloads/old/b.json"]).out.contains("b.json"));
    assert_eq!(validate(&at, &["--isolated", "payloads"]).out.matches("error[").count(), 2);
}

#[test]
fn an_operation_of_a_path_says_its_release() {
    let at = folder("settings-release");
    write(&at, "a011/a.json", ers_fhir(&at, &["example", "A011"]).out);
    write(&at, "b.json", r#"{ "resourceType": "Patient", "active": true }"#);
    let part = "[[path]]\nglob = [\"a011/**\"]\nendpoint = \"A011\"\nrole = \"REFERRING_CLINICIAN\"\n";
    write(&at, "ers-fhir.toml", format!("fhir-version = \"4.0\"\n{part}"));
    let run = validate(&at, &["."]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
}

#[test]
fn the_command_line_goes_before() {
    let at = folder("settings-before");
    write(&at, "a.json", r#"{ "resourceType": "Patient", "text": { "status": "generated" } }"#);
    write(&at, "own.toml", "fail-on = \"information\"\nfhir-version = \"4.0\"\n");
    assert_eq!(validate(&at, &["--config", "own.toml", "a.json"]).status, 1);
    write(&at, "a.json", SOUND);
    write(&at, "own.toml", "fail-on = \"information\"\nfhir-version = \"4.0\"\nrequire-complete = false\n");
    let run = validate(&at, &["--config", "own.toml", "--show-settings", "--fail-on", "warning"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.out.contains("fail-on = \"information\""), "{}", run.out);
    assert!(run.out.contains("# --fail-on on the command line takes precedence: warning"), "{}", run.out);
}

#[test]
fn paths_tell_the_call() {
    let at = folder("settings-paths");
    write(&at, "requests/a.json", SOUND);
    write(
        &at,
        "ers-fhir.toml",
        "[[path]]\nglob = [\"requests\"]\nendpoint = \"A011\"\nrole = \"REFERRING_CLINICIAN\"\n",
    );
    let run = validate(&at, &["requests"]);
    assert_eq!(run.status, 1, "{}", run.err);
    assert!(run.out.contains("profile-type"), "{}", run.out);
    write(&at, "ers-fhir.toml", "[[path]]\nglob = [\"requests\"]\nendpoint = \"A999\"\n");
    let run = validate(&at, &["requests"]);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("ers-fhir.toml: path requests: e-RS has no operation 'A999'"), "{}", run.err);
    write(&at, "ers-fhir.toml", "[[path]]\nglob = [\"requests\"]\nrole = \"REFERRING_CLINICIAN\"\n");
    let run = validate(&at, &["requests"]);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("path requests: settings of a call need its endpoint"), "{}", run.err);
}

#[test]
fn findings_are_weighed_and_accepted_with_a_reason() {
    let at = folder("settings-weights");
    write(&at, "a.json", FAULTY);
    write(&at, "b.json", SOUND);
    let suppress = |rest: &str| {
        let start = "fhir-version = \"4.0\"\n[[suppress]]\nrule = \"primitive-range\"\npath = [\"a.json\"]\n";
        write(&at, "ers-fhir.toml", format!("{start}{rest}"));
        validate(&at, &["."])
    };
    let run = suppress("at = \"Patient.birthDate\"\nreason = \"a test\"\nexpires = \"2999-01-01\"\n");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("; 1 finding suppressed"), "{}", run.out);
    let run = suppress("reason = \"a test\"\nexpires = \"2020-01-01\"\n");
    assert_eq!(run.status, 1, "{}", run.out);
    assert!(run.out.contains("warning[suppression-expired]"), "{}", run.out);
    let run = suppress("at = \"Patient.name\"\n");
    assert!(run.out.contains("suppression-unused") && run.out.contains("suppression-reason"), "{}", run.out);
    // Where its file is not checked, nothing is known of it.
    assert!(!validate(&at, &["b.json"]).out.contains("suppression-unused"));

    write(&at, "ers-fhir.toml", "fhir-version = \"4.0\"\n[rules]\nprimitive-range = \"warning\"\n");
    assert_eq!(validate(&at, &["."]).status, 0);
}

#[test]
fn broken_settings_are_told_with_their_place() {
    let at = folder("settings-broken");
    write(&at, "a.json", SOUND);
    for (text, told) in [
        (
            "fail-onn = \"error\"",
            "ers-fhir.toml:1:1: there is no setting 'fail-onn': did you mean 'fail-on'?",
        ),
        (
            "[rules]\nprimitive-formt = \"off\"",
            "there is no rule 'primitive-formt': did you mean 'primitive-format'?",
        ),
        (
            "[rules]\nnope = \"off\"",
            "there is no rule 'nope', and no invariant of the loaded packages has that key",
        ),
        ("[rules]\n\"\" = \"off\"", "there is no rule ''"),
        (
            "[rules]\ninvalid-json = \"off\"",
            "ers-fhir.toml:2:1: 'invalid-json' reports that a payload cannot be read",
        ),
        ("[[path]]\nendpoint = \"A011\"", "ers-fhir.toml:1:1: a [[path]] names its payloads"),
        ("[[path]]\nglob = []\nendpoint = \"A011\"", "ers-fhir.toml:1:1: a [[path]] names its payloads"),
        ("fhir-version = \"9\"", "ers-fhir.toml:1:16: fhir-version: '9' is not a FHIR version"),
        ("\n[rules]\nprimitive-formt = \"off\"", "ers-fhir.toml:3:1: there is no rule"),
        ("[[suppress]]\nrule = \"primitive-formt\"", "ers-fhir.toml:2:8: there is no rule"),
        ("fhir-version = 4.0", "ers-fhir.toml:1:16: 'fhir-version' is a text: write fhir-version = \"4.0\""),
        ("paths = \"in\"", "'paths' is a list of texts: write paths = [\"in\"]"),
        ("[[paths]]\na = 1", "'paths' is a list of texts: write paths = [\"…\"]"),
        (
            "[[path]]\nglob = \"*.json\"",
            "ers-fhir.toml:2:8: 'glob' is a list of texts: write glob = [\"*.json\"]",
        ),
        ("[path]\nglob = [\"a\"]", "'path' is a table that may be repeated: write [[path]]"),
        ("timeout = -1", "'timeout' must be a whole number that is neither"),
        ("timeout = \"1\"", "'timeout' must be a non-negative whole number, without quotes"),
        ("strict = \"yes\"", "'strict' is true or false, without quotes"),
        ("rules = 1", "'rules' is a table: write [rules]"),
        ("fail-on = \"errors\"", "'fail-on' is one of error, warning, information; did you mean 'error'?"),
        (
            "[rules]\nbinding-required = \"of\"",
            "'binding-required' is one of off, information, warning, error",
        ),
        ("baseline = \"\"", "'baseline' must name a file, but is empty"),
        (
            "[[suppress]]\nrule = \"invariant\"\nexpires = 2027-02-01",
            "ers-fhir.toml:3:11: 'expires' is a text: write expires = \"2027-02-01\"",
        ),
        ("[[suppress]]\nrule = \"invariant\"\nexpires = \"soon\"", "ers-fhir.toml:3:11: 'soon' is not a day"),
        ("[[suppress]]\nrule = \"invariant\"\npath = [\"[\"]", "ers-fhir.toml:3:8: the glob '['"),
        ("\n[[path]]\nglob = [\"[\"]", "ers-fhir.toml:3:8: the glob '['"),
        ("profiles = [\"nope\"]", "ers-fhir.toml:1:13: profiles: "),
        ("[[path]]\nglob = [\"*\"]\nprofiles = [\"nope\"]", "ers-fhir.toml:3:13: profiles: "),
        ("packages = [\"nope\"]", "ers-fhir.toml:1:13: packages: "),
        ("fail-on = ", "ers-fhir.toml:1:"),
    ] {
        write(&at, "ers-fhir.toml", text);
        let run = validate(&at, &["a.json"]);
        assert_eq!(run.status, 2, "{text}: {}", run.out);
        assert!(run.err.contains(told), "{text}: {}", run.err);
        let words = ["invalid type", "expected a sequence", "unknown variant", "--profile", "--ig"];
        assert!(words.iter().all(|word| !run.err.contains(word)), "{text}: {}", run.err);
    }
    std::fs::write(at.join("ers-fhir.toml"), b"paths = [\"\xff\"]").expect("it can be written");
    let run = validate(&at, &["a.json"]);
    assert!(run.status == 2 && run.err.contains("ers-fhir.toml: it is not UTF-8"), "{}", run.err);
    std::fs::remove_file(at.join("ers-fhir.toml")).expect("it is there");
    std::fs::create_dir(at.join("ers-fhir.toml")).expect("it can be made");
    assert_eq!(
        validate(&at, &["a.json"]).status,
        2,
        "a folder is no settings, and is not passed by in silence"
    );
    std::fs::remove_dir(at.join("ers-fhir.toml")).expect("it is there");
    let run = ers_fhir(&at, &["validate", "--settings-schema"]);
    let schema: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert!(schema["properties"]["suppress"].is_object(), "{schema}");
}

#[test]
fn what_follows_from_a_finding_that_is_switched_off_is_found() {
    let at = folder("settings-effects");
    // A misspelt member is the finding, and that the status is missing follows from it.
    let payload = r#"{ "resourceType": "Observation", "statuss": "final", "code": { "text": "a" } }"#;
    write(&at, "observation.json", payload);
    for (settings, words) in [
        ("[rules]\nunknown-element = \"off\"\n", ["cardinality-min", "status"]),
        ("[rules]\nunknown-element = \"warning\"\n", ["warning[unknown-element]", "error[cardinality-min]"]),
        ("[[suppress]]\nrule = \"unknown-element\"\nreason = \"theirs\"\n", ["cardinality-min", "status"]),
    ] {
        write(&at, "ers-fhir.toml", settings);
        let args =
            ["validate", "observation.json", "--fhir-version", "4.0", "--format", "concise", "--show-values"];
        let run = ers_fhir(&at, &args);
        assert_eq!(run.status, 1, "{settings}: {}", run.out);
        assert!(words.iter().all(|word| run.out.contains(word)), "{settings}: {}", run.out);
    }
}

#[test]
fn what_is_said_of_no_payload_is_a_finding() {
    let at = folder("settings-path-unused");
    write(&at, "requests/a.json", SOUND);
    write(&at, "other.json", SOUND);
    write(
        &at,
        "ers-fhir.toml",
        "fhir-version = \"4.0\"\n\n[[path]]\nglob = [\"request/**\"]\nprofiles = []\n",
    );
    let run = validate(&at, &["."]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("warning[path-unused]") && run.out.contains("ers-fhir.toml:3:1"), "{}", run.out);
    // Where not all is checked, nothing is known of it.
    assert!(!validate(&at, &["other.json"]).out.contains("path-unused"));
    write(
        &at,
        "ers-fhir.toml",
        "fhir-version = \"4.0\"\n[[path]]\nglob = [\"requests/**\"]\nprofiles = []\n",
    );
    assert!(!validate(&at, &["."]).out.contains("path-unused"));
}

#[test]
fn keys_of_invariants_need_no_number() {
    let at = folder("settings-invariants");
    let constraint = r#"{ "key": "has-active-flag", "severity": "error", "human": "It says so", "expression": "active.exists()" }"#;
    let profile = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "https://example.org/odd", "name": "Odd", "status": "draft",
            "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
            "differential": {{ "element": [{{ "id": "Patient", "path": "Patient", "constraint": [{constraint}] }}] }} }}"#
    );
    write(&at, "odd.json", profile);
    write(
        &at,
        "a.json",
        r#"{ "resourceType": "Patient", "meta": { "profile": ["https://example.org/odd"] } }"#,
    );
    let settings = |rules: &str| {
        write(
            &at,
            "ers-fhir.toml",
            format!("packages = [\"odd.json\"]\nfhir-version = \"4.0\"\n[rules]\n{rules}\n"),
        );
        validate(&at, &["a.json"])
    };
    assert_eq!(settings("").status, 1);
    let run = settings("has-active-flag = \"off\"");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let run = settings("has-passive-flag = \"off\"");
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(
        run.err.contains("ers-fhir.toml:4:1: there is no rule 'has-passive-flag', and no invariant"),
        "{}",
        run.err
    );
}
