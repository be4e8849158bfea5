//! The formats of `ers-fhir validate`: each says the same findings in its own way, and none can be spoken through.

mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use support::{ers_fhir, folder, write};

const GOOD: &str =
    r#"{ "resourceType": "Patient", "active": true, "animal": { "species": { "text": "cat" } } }"#;
const FAULTY: &str = "{\n  \"resourceType\": \"Patient\",\n  \"nickname\": \"Annie Secret\",\n  \"birthDate\": \"1970-33-03\"\n}";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// A folder that is the top of a repository.
fn repository(name: &str) -> PathBuf {
    let at = folder(name);
    fs::create_dir_all(at.join(".git")).expect("a folder");
    at
}

#[test]
fn several_formats_go_to_files_of_their_own() {
    let at = repository("formats-files");
    write(&at, "payloads/faulty.json", FAULTY);
    write(&at, "payloads/good.json", GOOD);
    fs::write(at.join("old.sarif"), "what was there before").expect("a file");
    let args = ["validate", "payloads", "--fhir-version", "3.0", "--format", "concise"];
    let files = [
        "--format",
        "sarif=old.sarif",
        "--format",
        "junit=out.xml",
        "--format",
        "gitlab=out.gl.json",
        "--format",
        "jsonl=out.jsonl",
        "--format",
        "html=out.html",
        "--format",
        "markdown=out.md",
    ];
    let run = ers_fhir(&at, &[&args[..], &files].concat());
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    let lines: Vec<_> = run.out.lines().collect();
    assert!(lines[0].starts_with("payloads/faulty.json:3:3: error[unknown-element]: "), "{}", run.out);
    assert!(lines[1].starts_with("payloads/faulty.json:4:16: error[primitive-range]: "), "{}", run.out);

    let read = |name: &str| fs::read_to_string(at.join(name)).expect(name);
    let sarif = json(&read("old.sarif"));
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 2);
    assert_eq!(results[0]["ruleId"], "unknown-element");
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "payloads/faulty.json");
    let region = &place["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"], &region["endLine"], &region["endColumn"]),
        (&3.into(), &3.into(), &3.into(), &13.into())
    );
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids, [Some("primitive-range"), Some("unknown-element")]);

    let gitlab = json(&read("out.gl.json"));
    assert_eq!(gitlab[1]["location"]["lines"]["begin"], 4);
    assert_eq!(gitlab[1]["severity"], "major");

    let lines: Vec<_> = read("out.jsonl").lines().map(json).collect();
    assert_eq!(
        (&lines[0]["rule"], &lines[0]["file"]),
        (&"unknown-element".into(), &"payloads/faulty.json".into())
    );
    assert_eq!(lines[2]["summary"]["checked"], 2);

    let junit = read("out.xml");
    assert_eq!((junit.matches("<testsuite ").count(), junit.matches("<failure ").count()), (2, 2), "{junit}");
    assert!(junit.contains(r#"<testcase name="valid" classname="payloads/good.json""#), "{junit}");
    assert!(read("out.html").contains("<article class=\"error\" data-rule=\"unknown-element\""));
    assert!(read("out.md").contains("| 3 | error | unknown-element |"));

    for name in ["old.sarif", "out.xml", "out.gl.json", "out.jsonl", "out.html", "out.md"] {
        assert!(!read(name).contains("Secret"), "{name} shows a value of the payload");
    }
}

#[test]
fn fingerprints_survive_moved_lines_and_other_values() {
    let at = folder("formats-fingerprints");
    let fingerprints = |payload: &str| {
        write(&at, "one.json", payload);
        let run = ers_fhir(&at, &["validate", "one.json", "--fhir-version", "3.0", "--format", "gitlab"]);
        let issues = json(&run.out);
        let issues = issues.as_array().expect("issues").iter();
        issues.map(|issue| issue["fingerprint"].to_string()).collect::<Vec<_>>()
    };
    let before = fingerprints(FAULTY);
    assert_eq!(before, fingerprints(&FAULTY.replace('\n', "\n\n").replace("1970-33", "1971-44")));
    assert_ne!(
        before,
        fingerprints(&FAULTY.replace("birthDate", "deceasedDateTime")),
        "another element is another finding"
    );
    let twice = FAULTY.replace("\"birthDate\": \"1970-33-03\"", "\"given\": 1, \"surname\": 2");
    let made = fingerprints(&twice);
    assert_eq!(made.iter().collect::<std::collections::BTreeSet<_>>().len(), made.len(), "each has its own");
}

#[test]
fn fingerprints_of_a_file_of_payloads_survive_moved_lines() {
    let at = folder("formats-fingerprints-ndjson");
    let sound = r#"{ "resourceType": "Basic", "code": { "text": "x" } }"#;
    let faulty = FAULTY.replace('\n', "");
    let fingerprints = |lines: &[&str]| {
        write(&at, "all.ndjson", lines.join("\n"));
        let run = ers_fhir(&at, &["validate", "all.ndjson", "--fhir-version", "3.0", "--format", "gitlab"]);
        let issues = json(&run.out);
        let issues = issues.as_array().expect("issues").iter();
        issues.map(|issue| issue["fingerprint"].to_string()).collect::<std::collections::BTreeSet<_>>()
    };
    let before = fingerprints(&[sound, &faulty, &faulty]);
    assert_eq!(before.len(), 4, "each has its own");
    assert_eq!(before, fingerprints(&[&faulty, sound, sound, &faulty]), "in whatever order");
    let more = fingerprints(&[&faulty, &faulty, sound, &faulty]);
    assert!(more.is_superset(&before) && more.len() == 6, "one more of the kind is new: {more:?}");
}

/// What GitLab documents of its code quality report.
#[test]
fn the_report_for_gitlab_is_as_it_documents_it() {
    let at = repository("formats-gitlab");
    write(&at, "payloads/faulty.json", FAULTY);
    write(&at, "payloads/cut.json", "{ \"resourceType\": ");
    write(&at, "payloads/all.ndjson", FAULTY.replace('\n', ""));
    let schema = serde_json::json!({
        "type": "array",
        "minItems": 5,
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "pattern": "[a-z]" },
                "check_name": { "type": "string", "pattern": "^[a-z0-9-]+$" },
                "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        // Relative to the repository, and not by way of the folder itself.
                        "path": { "type": "string", "pattern": "^payloads/" },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } }
                        }
                    }
                }
            }
        }
    });
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    for folder in ["payloads", "./payloads"] {
        let run = ers_fhir(&at, &["validate", folder, "--fhir-version", "3.0", "--format", "gitlab"]);
        let report = json(&run.out);
        let wrong: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:#?} in {report:#}");
        let fingerprints = report.as_array().expect("issues").iter().map(|issue| &issue["fingerprint"]);
        let apart: std::collections::HashSet<_> = fingerprints.clone().collect();
        assert_eq!(apart.len(), fingerprints.count(), "no two findings are taken for one");
    }
}

#[test]
fn annotations_are_commands_that_no_payload_can_forge() {
    let at = repository("formats-github");
    write(&at, "a,b%.json", FAULTY.replace("nickname", "::error::x\\n::stop-commands::y"));
    let run = ers_fhir(
        &at,
        &["validate", "--show-values", "--format", "github", "--fhir-version", "3.0", "a,b%.json"],
    );
    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    for line in lines {
        assert!(line.starts_with("::error file=a%2Cb%25.json,line="), "{line}");
    }
}

#[test]
fn the_runner_of_github_gets_annotations_unasked() {
    let at = repository("formats-runner");
    write(&at, "faulty.json", FAULTY);
    let run = |on_runner| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ers-fhir"));
        command.args(["validate", "faulty.json"]).current_dir(&at).env_remove("GITHUB_ACTIONS");
        if on_runner {
            command.env("GITHUB_ACTIONS", "true");
        }
        String::from_utf8(command.output().expect("it runs").stdout).expect("text")
    };
    assert!(run(true).contains("\n::error file=faulty.json,line=3,"));
    assert!(!run(false).contains("::error"));
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing_behind() {
    let at = folder("formats-trouble");
    write(&at, "good.json", GOOD);
    for (formats, said) in [
        (&["sarif=absent/out.sarif"][..], "absent/out.sarif"),
        (&["html=."], "it is a folder"),
        (&["json", "sarif"], "only one format"),
        (&["jnuit=x"], "did you mean 'junit'?"),
        (&["junit="], "no file"),
    ] {
        let args = formats.iter().flat_map(|format| ["--format", format]);
        let args: Vec<_> = ["validate", "good.json"].into_iter().chain(args).collect();
        let run = ers_fhir(&at, &args);
        assert_eq!(run.status, 2, "{formats:?}: {}{}", run.out, run.err);
        assert!(run.err.contains(said), "{formats:?}: {}", run.err);
    }
    let left: Vec<_> =
        fs::read_dir(&at).expect("the folder").flatten().map(|file| file.file_name()).collect();
    assert_eq!(left, ["good.json"]);
}

#[test]
fn nothing_is_written_over_a_payload_or_over_another_output() {
    let at = folder("formats-apart");
    write(&at, "good.json", GOOD);
    for (args, said) in [
        (&["good.json", "--format", "json=./good.json"][..], "is a payload of this run"),
        (&["good.json", "--write-baseline", "good.json"], "is a payload of this run"),
        (&["good.json", "--format", "sarif=x", "--format", "junit=./x"], "is written twice"),
        (&["good.json", "--format", "json=x", "--write-baseline", "x"], "is written twice"),
    ] {
        let run = ers_fhir(&at, &[&["validate"], args].concat());
        assert_eq!(run.status, 2, "{args:?}: {}{}", run.out, run.err);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
    assert_eq!(fs::read_to_string(at.join("good.json")).expect("it is there"), GOOD);
    assert!(!at.join("x").exists());
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_device_stays_one() {
    let at = folder("formats-links");
    write(&at, "good.json", GOOD);
    write(&at, "kept/report.json", "before");
    std::os::unix::fs::symlink("kept/report.json", at.join("link.json")).expect("a link");
    std::os::unix::fs::symlink("/dev/null", at.join("null.json")).expect("a link");
    let args = ["validate", "good.json", "--format", "json=link.json", "--format", "sarif=null.json"];
    let run = ers_fhir(&at, &args);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(at.join("link.json").is_symlink() && at.join("null.json").is_symlink());
    assert!(fs::read_to_string(at.join("kept/report.json")).expect("it is there").contains("payloads"));
    assert!(!fs::metadata("/dev/null").expect("it is there").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_what_was_there_stays() {
    let at = folder("formats-full");
    write(&at, "good.json", GOOD);
    write(&at, "old.json", "before");
    std::os::unix::fs::symlink("/dev/full", at.join("full.sarif")).expect("a link");
    let args = ["validate", "good.json", "--format", "json=old.json", "--format", "sarif=full.sarif"];
    let run = ers_fhir(&at, &args);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains("full.sarif: "), "{}", run.err);
    assert_eq!(fs::read_to_string(at.join("old.json")).expect("it is there"), "before");
}

/// The schema with objects that have no other members than it names.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") {
                members.insert("unevaluatedProperties".to_owned(), false.into());
            }
            members.iter_mut().for_each(|(_, member)| closed(member));
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

#[test]
fn json_is_as_its_schema_says() {
    let at = folder("formats-json-schema");
    write(&at, "in/faulty.json", FAULTY);
    write(&at, "in/package.json", "{}");
    write(&at, "in/good.json", GOOD);
    write(&at, "ers-fhir.toml", "[[suppress]]\nrule = \"unknown-element\"\nreason = \"we know\"\n");
    let mut schema = json(&ers_fhir(&at, &["validate", "--json-schema"]).out);
    closed(&mut schema);
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    for (args, masked) in [(&["in", "absent.json"][..], true), (&["in", "--show-values"], false)] {
        let run = ers_fhir(&at, &[&["validate", "--format", "json", "--fhir-version", "4.0"], args].concat());
        let mut found = json(&run.out);
        let wrong: Vec<String> = validator.iter_errors(&found).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(
            (&found["formatVersion"], &found["tool"]["name"], &found["masked"]),
            (&1.into(), &"ers-fhir".into(), &masked.into())
        );
        let suppressed = &found["payloads"][0]["suppressed"][0];
        assert_eq!(
            (&suppressed["reason"], &suppressed["rule"]),
            (&"we know".into(), &"unknown-element".into())
        );
        assert_eq!(found["summary"]["suppressed"], 2);
        found["other"] = 1.into();
        assert!(!validator.is_valid(&found), "another member is not in the schema");
    }
}

#[test]
fn findings_may_be_counted_and_let_pass() {
    let at = folder("formats-statistics");
    write(&at, "a.json", FAULTY);
    let validate =
        |args: &[&str]| ers_fhir(&at, &[&["validate", "--fhir-version", "3.0", "a.json"], args].concat());
    let run = validate(&["--statistics"]);
    let expected =
        "      1  primitive-range  a.json:4:16\n      1  unknown-element  a.json:3:3\n1 payload checked";
    assert!(run.out.starts_with(expected), "{}", run.out);
    // Beside what programs read, people get them all the same.
    let run = validate(&["--statistics", "--format", "json"]);
    assert!(run.err.starts_with(expected) && json(&run.out)["summary"]["errors"] == 2, "{}", run.err);
    let run = validate(&["--statistics", "--format", "sarif=found.sarif"]);
    assert!(run.out.starts_with(expected) && run.err.is_empty(), "{}{}", run.out, run.err);
    for (args, status) in [
        (&["--max-findings", "1"][..], 1),
        (&["--max-findings", "2"], 0),
        (&["--exit-zero"], 0),
        (&["--exit-zero", "absent.json"], 2),
    ] {
        assert_eq!(validate(args).status, status, "{args:?}");
    }
}

#[test]
fn a_fix_hides_the_value_that_was_meant_as_well() {
    let at = folder("formats-masked-fixes");
    let payload =
        r#"{ "resourceType": "Patient", "gender": "Female", "birthdate": "1970", "active": "true" }"#;
    write(&at, "a.json", payload);
    let validate = |args: &[&str]| {
        let args = [&["validate", "--fhir-version", "4.0", "a.json"], args].concat();
        json(&ers_fhir(&at, &args).out)
    };
    let texts = |found: &Value| -> Vec<String> {
        let findings = found["payloads"][0]["findings"].as_array().cloned().unwrap_or_default();
        let edits = findings.iter().filter_map(|finding| finding["edits"].as_array()).flatten();
        edits.filter_map(|edit| edit["text"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(texts(&validate(&["--format", "json"])), ["***", "birthDate", "", ""]);
    assert_eq!(texts(&validate(&["--format", "json", "--show-values"])), ["female", "birthDate", "", ""]);
    for (args, fixes) in [(&["--format", "sarif"][..], 2), (&["--format", "sarif", "--show-values"], 3)] {
        let found = validate(args);
        let results = found["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.iter().filter(|result| result["fixes"].is_array()).count(), fixes, "{args:?}");
    }
}

#[test]
fn reports_name_files_from_the_top_of_the_repository() {
    let at = repository("formats-repository");
    write(&at, "in/payloads/a.json", r#"{ "resourceType": "Patient", "gender": "Male" }"#);
    write(&at, "ers-fhir.toml", "[[suppress]]\nrule = \"ext-1\"\n");
    let absolute = at.join("in").display().to_string();
    let mut seen = Vec::new();
    for (folder, path) in [
        ("", "in"),
        ("", "./in"),
        ("", &*absolute),
        ("in", "payloads"),
        ("in/payloads", "../payloads/a.json"),
    ] {
        let here = at.join(folder);
        let args = ["validate", "--fhir-version", "4.0", path, "--fail-on", "error"];
        let told = |format: &str| {
            let run = ers_fhir(&here, &[&args[..], &["--format", format]].concat());
            assert_eq!(run.status, 1, "{path}: {}", run.err);
            assert!(!run.out.contains(&*at.to_string_lossy()), "{folder} {path}: {}", run.out);
            run.out
        };
        let gitlab = json(&told("gitlab"));
        let found = gitlab.as_array().expect("a list").iter();
        let of_payload = found.filter(|found| {
            found["check_name"] != "suppression-reason" && found["check_name"] != "suppression-unused"
        });
        let of_payload: Vec<_> = of_payload
            .map(|found| (found["location"]["path"].clone(), found["fingerprint"].clone()))
            .collect();
        assert_eq!(of_payload[0].0, "in/payloads/a.json", "{folder} {path}");
        seen.push(of_payload);
        for format in ["github", "sarif", "junit"] {
            assert!(told(format).contains("in/payloads/a.json"), "{format} {folder} {path}");
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

#[test]
fn one_format_more_changes_no_count() {
    let at = folder("formats-counts");
    write(&at, "a.json", r#"{ "resourceType": "Observation", "statuss": "final", "code": { "text": "a" } }"#);
    let args = ["validate", "--fhir-version", "4.0", "a.json", "--format", "concise"];
    let alone = ers_fhir(&at, &args);
    let beside = ers_fhir(&at, &[&args[..], &["--format", "operation-outcome=oo.json"]].concat());
    assert_eq!(alone.out, beside.out);
    let outcome = json(&fs::read_to_string(at.join("oo.json")).expect("it is there"));
    assert!(outcome["issue"].as_array().is_some_and(|issues| issues.len() > 1), "{outcome}");
}
