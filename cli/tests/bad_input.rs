//! Hostile and broken input: each gets one clear diagnostic, and the rest of the run goes on.

mod support;

use serde_json::Value;
use support::{Run, ers_fhir, folder, write};

const GOOD: &str = r#"{ "resourceType": "Patient", "active": true }"#;

/// Rule codes of the findings for each payload of a run, and the line and column of the first.
fn findings(run: &Run) -> Vec<(Vec<String>, u64, u64)> {
    let found: Value =
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error} in {}", run.out));
    let payloads = found["payloads"].as_array().expect("payloads");
    payloads
        .iter()
        .map(|payload| {
            let findings = payload["findings"].as_array().cloned().unwrap_or_default();
            let place = |of: &str| findings.first().and_then(|finding| finding[of].as_u64()).unwrap_or(0);
            let codes =
                findings.iter().filter_map(|finding| finding["rule"].as_str().map(str::to_owned)).collect();
            (codes, place("line"), place("column"))
        })
        .collect()
}

#[test]
fn what_cannot_be_read_is_one_finding_with_its_place() {
    let at = folder("unreadable-payloads");
    let utf_16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(GOOD.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let unmarked: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let cases: [(&str, Vec<u8>, &str, u64, u64); 14] = [
        ("text.json", b"Dear colleague".to_vec(), "not-a-resource", 1, 1),
        ("empty.json", Vec::new(), "not-a-resource", 1, 1),
        ("cut.json", GOOD[..GOOD.len() - 1].into(), "invalid-json", 1, 45),
        ("comma.json", b"{\n  \"resourceType\": \"Patient\",\n}".to_vec(), "invalid-json", 2, 28),
        ("utf-16.json", utf_16, "invalid-utf8", 1, 1),
        ("utf-16-without-mark.json", unmarked, "invalid-utf8", 1, 1),
        (
            "latin-1.json",
            b"{\n\"resourceType\": \"Patient\",\n\"name\": [{\"text\": \"J\xf6rg\"}]}".to_vec(),
            "invalid-utf8",
            3,
            21,
        ),
        ("deep.json", "[".repeat(100_000).into(), "limit-exceeded", 1, 201),
        ("deep-objects.json", "{\"a\":".repeat(100_000).into(), "limit-exceeded", 1, 1001),
        ("deep.xml", "<a>".repeat(100_000).into(), "limit-exceeded", 1, 601),
        ("list.json", b"[1, 2]".to_vec(), "not-a-resource", 1, 1),
        ("cut.xml", b"<Patient>\n<a>".to_vec(), "invalid-xml", 2, 4),
        (
            "dtd.xml",
            b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>".to_vec(),
            "invalid-xml",
            1,
            1,
        ),
        ("latin-1.xml", b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>".to_vec(), "invalid-xml", 1, 31),
    ];
    for (name, content, rule, line, column) in cases {
        write(&at, name, content);
        write(&at, "good.json", GOOD);
        let run = ers_fhir(&at, &["validate", name, "good.json", "--format", "json"]);
        assert_eq!(run.status, 1, "{name}: {}", run.err);
        assert_eq!(run.err, "", "{name}");
        assert_eq!(findings(&run), [(vec![rule.to_owned()], line, column), (vec![], 0, 0)], "{name}");
        let text = ers_fhir(&at, &["validate", name]).out;
        assert!(text.contains(&format!("fatal[{rule}]")) && text.len() < 1500, "{name}: {text}");
    }
}

#[test]
fn a_large_string_is_read_and_shown_in_part() {
    let at = folder("large-string");
    let long = "x".repeat(20 << 20);
    write(&at, "large.json", format!(r#"{{"resourceType":"Patient","nickname":"{long}"}}"#));
    let run = ers_fhir(&at, &["validate", "large.json", "--show-values"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("unknown-element") && run.out.len() < 3000, "{} bytes", run.out.len());
}

#[test]
fn duplicate_keys_are_found() {
    let at = folder("duplicate-keys");
    write(&at, "twice.json", "{\"resourceType\":\"Patient\",\n\"active\":true,\n\"active\":false}");
    let run = ers_fhir(&at, &["validate", "twice.json", "--format", "json"]);
    assert_eq!(findings(&run), [(vec!["duplicate-key".to_owned()], 3, 1)]);
}

#[test]
fn inputs_that_are_not_there_do_not_stop_the_others() {
    let at = folder("absent");
    write(&at, "good.json", GOOD);
    write(&at, "empty/readme.txt", "no payload");
    let run = ers_fhir(&at, &["validate", "absent.json", "empty", "good.json"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("cannot read absent.json"), "{}", run.err);
    assert!(run.err.contains("no .json, .xml, .ndjson or .har file in empty"), "{}", run.err);
    assert!(run.out.contains("1 payload checked, 0 failed"), "{}", run.out);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_or_in_a_circle_is_said() {
    let at = folder("links");
    write(&at, "in/good.json", GOOD);
    std::os::unix::fs::symlink("nowhere.json", at.join("in/dangling.json")).expect("a link");
    std::os::unix::fs::symlink(".", at.join("in/circle")).expect("a link");
    let run = ers_fhir(&at, &["validate", "in"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("in/dangling.json"), "{}", run.err);
    assert!(run.out.contains("1 payload checked"), "{}", run.out);
}

#[test]
fn an_unknown_profile_is_a_finding() {
    let at = folder("unknown-profile");
    write(&at, "good.json", GOOD);
    let profile = "https://example.org/StructureDefinition/none";
    let run = ers_fhir(&at, &["validate", "good.json", "--profile", profile]);
    assert!(run.out.contains(profile), "{}", run.out);
    assert_eq!(
        run.out.matches("fatal[").count()
            + run.out.matches("error[").count()
            + run.out.matches("warning[").count(),
        1
    );
}

#[test]
fn nothing_in_a_payload_steers_the_terminal() {
    let at = folder("control-characters");
    let payload = r#"{ "resourceType": "Patient", "meta": { "profile": ["https://example.org/STU3/\u001b[2J"] }, "x\u001b[2J": 1 }"#;
    write(&at, "steering.json", payload);
    let run = ers_fhir(&at, &["validate", "steering.json", "--show-values"]);
    assert!(run.out.contains("[2J"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{}", run.out);
}

#[test]
fn options_that_cannot_go_together_are_refused() {
    let at = folder("bad-options");
    write(&at, "a.json", "{}");
    for (args, told) in [
        (&["--show-settings", "--fix"][..], "cannot be used with"),
        (&["--json-schema", "--settings-schema"], "cannot be used with"),
        (&["--watch", "--json-schema"], "cannot be used with"),
        (&["--changed", "-"], "--changed cannot be used with standard input"),
        (&["--jobs", "-1", "a.json"], "invalid value '-1' for '--jobs"),
        (&["--max-findings", "-1", "a.json"], "invalid value '-1' for '--max-findings"),
    ] {
        let run = ers_fhir(&at, &[&["validate"], args].concat());
        assert_eq!(run.status, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(told) && !run.err.contains("tip:"), "{args:?}: {}", run.err);
    }
}

#[test]
fn outputs_and_lists_that_are_broken_are_told_in_plain_words() {
    let at = folder("bad-words");
    write(&at, "in/a.json", "{ \"resourceType\": \"Patient\" }");
    let validate = |args: &[&str]| ers_fhir(&at, &[&["validate", "--isolated"], args].concat());
    for option in [["--format", "sarif=none/x"], ["--write-baseline", "none/x"]] {
        let run = validate(&[&option[..], &["in"]].concat());
        assert!(run.status == 2 && run.err.contains("there is no folder none"), "{}", run.err);
    }
    for (text, told) in [("[]", "it has no formatVersion"), ("{", "it is not JSON (line 1, column 1)")] {
        write(&at, "known.json", text);
        let run = validate(&["in", "--baseline", "known.json"]);
        assert!(run.status == 2 && run.err.contains(told), "{}", run.err);
    }
    write(&at, "known.json", "{\"formatVersion\": 2, \"findings\": [7]}");
    let run = validate(&["in", "--baseline", "known.json"]);
    let is_told = run.err.contains("it does not have the members of a baseline");
    assert!(run.status == 2 && is_told, "{}", run.err);
    std::fs::write(at.join("in/.ersfhirignore"), b"\xff\n").expect("it can be written");
    let run = validate(&["in"]);
    assert!(run.status == 2 && run.err.contains("it is not UTF-8"), "{}", run.err);
    assert_eq!(run.err.matches(".ersfhirignore").count(), 1, "{}", run.err);
    std::fs::remove_file(at.join("in/.ersfhirignore")).expect("it is there");
    std::fs::create_dir(at.join("in/.ersfhirignore")).expect("it can be made");
    let run = validate(&["in"]);
    assert!(run.status == 2 && run.err.contains(".ersfhirignore"), "{}", run.err);
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_no_success() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_ers-fhir"));
    let ended = run.arg("--help").stdout(full).stderr(std::process::Stdio::null()).status().expect("it runs");
    assert_eq!(ended.code(), Some(2));
}
