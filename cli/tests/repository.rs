//! A repository that begins with the linter: a messy one with few settings, and one with a thousand faults.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ers_fhir_corpora::{Suite, shared, tests};
use serde_json::{Value, json};
use support::{Run, ers_fhir, folder, write};

fn main() -> ExitCode {
    Suite::new()
        .always(tests![a_thousand_findings_go_green_and_each_new_fault_turns_red])
        .reading([&shared("ers/examples")], tests![payloads_of_the_service_pass_with_few_settings])
        .run()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it is readable").path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What a team would write: where payloads are, what some of them are, and what is accepted and why.
const SETTINGS: &str = r#"paths = ["."]
exclude = ["fixtures/broken"]
fail-on = "warning"
path = [
    { glob = ["**/createReferral/requests"], endpoint = "A011" },
    { glob = ["**/createReferral/responses"], endpoint = "A011", response = true },
    { glob = ["**/retrieveAppointmentSlots/responses"], endpoint = "A015", response = true },
]
[[suppress]]
rule = "ers-rule-51"
reason = "examples are older than a year"
[[suppress]]
rule = "ers-rule-65"
path = ["**/WithUnavailableAttachments.json"]
reason = "the service answers so for files that it has not scanned"
[[suppress]]
rule = "ers-sent-placeholder"
reason = "a script fills in the address of the environment"
"#;

fn payloads_of_the_service_pass_with_few_settings() {
    let at = folder("repository-messy");
    assert!(SETTINGS.lines().count() <= 20);
    let examples = shared("ers/examples");
    let payloads = files(&examples);
    for path in &payloads {
        let name = path.strip_prefix(&examples).expect("it is there");
        write(&at, &name.to_string_lossy(), fs::read(path).expect("it is readable"));
    }
    write(&at, "ers-fhir.toml", SETTINGS);
    write(&at, ".git/HEAD", "ref: refs/heads/main\n");
    write(&at, ".gitignore", "dist/\n");
    for (name, text) in [
        ("package.json", "{ \"name\": \"adapter\" }"),
        ("pom.xml", "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"/>"),
        ("node_modules/x/package.json", "{"),
        ("dist/copy.json", "{ \"resourceType\": \"Patient\", \"x\": 1 }"),
        (".vscode/settings.json", "{ // with a comment\n}"),
        ("fixtures/broken/cut.json", "{"),
        ("README.md", "# Adapter"),
    ] {
        write(&at, name, text);
    }
    let run = ers_fhir(&at, &["validate", "--format", "json"]);
    let found: Value = serde_json::from_str(&run.out).expect("it is JSON");
    let summary = &found["summary"];
    assert_eq!((run.status, &summary["errors"]), (0, &json!(0)), "{}", run.err);
    assert_eq!((&summary["warnings"], &summary["suppressed"]), (&json!(0), &json!(4)), "{summary:#}");
    assert_eq!(summary["checked"], payloads.len(), "{summary:#}");
    assert_eq!(summary["ignored"], 2, "dist/ and what is excluded");
    let skipped: Vec<_> = summary["skippedFiles"].as_array().expect("files").iter().collect();
    let names: Vec<_> = skipped.iter().filter_map(|file| file["name"].as_str()?.rsplit('/').next()).collect();
    assert_eq!(names, ["package.json", "pom.xml"]);
}

/// A payload with ten faults or so.
fn faulty(number: usize) -> Value {
    json!({
        "resourceType": "Patient",
        "id": format!("p{number}"),
        "birthDate": "1970-33-01",
        "gender": "Male",
        "nickname": "A",
        "name": [{ "family": "", "period": { "start": "2020-13-01" } }, { "use": "informal", "text": "B" }],
        "telecom": [{ "system": "fone", "value": "1", "rank": 0 }, { "system": "phone", "value": 2 }],
        "contact": [{ "gender": "f" }, { "name": { "surname": "C" } }],
        "active": "true",
    })
}

fn validate(at: &Path, args: &[&str]) -> Run {
    ers_fhir(at, &[&["validate", "--fhir-version", "4.0", "--format", "json", "in"], args].concat())
}

fn errors(run: &Run) -> u64 {
    let found: Value = serde_json::from_str(&run.out).expect("it is JSON");
    found["summary"]["errors"].as_u64().expect("a number")
}

/// A fault, by what it does to a payload.
type Fault = (&'static str, fn(&mut Value));

fn push(list: &mut Value, item: Value) {
    list.as_array_mut().expect("it is a list").push(item);
}

const FAULTS: [Fault; 10] = [
    ("an unknown element", |patient| patient["surname"] = "D".into()),
    ("a value of the wrong form", |patient| patient["deceasedDateTime"] = "yesterday".into()),
    ("a code that is not in the value set", |patient| {
        patient["contact"][0]["telecom"] = json!([{ "use": "day" }]);
    }),
    ("a value of the wrong type", |patient| patient["multipleBirthInteger"] = "two".into()),
    ("an element that must be there and is not", |patient| patient["link"] = json!([{ "type": "seealso" }])),
    ("an element once too often", |patient| patient["maritalStatus"] = json!([{ "text": "E" }])),
    ("an empty object", |patient| patient["photo"] = json!([{}])),
    ("a broken invariant", |patient| {
        push(&mut patient["contact"], json!({ "relationship": [{ "text": "F" }] }));
    }),
    ("one more of a kind that is known", |patient| {
        push(&mut patient["telecom"], json!({ "system": "fone", "value": "3" }));
    }),
    ("another resource", |patient| patient["resourceType"] = "Patiant".into()),
];

fn a_thousand_findings_go_green_and_each_new_fault_turns_red() {
    let at = folder("repository-dirty");
    for number in 0..100 {
        write(&at, &format!("in/{number}.json"), format!("{:#}", faulty(number)));
    }
    let before = validate(&at, &[]);
    assert_eq!(before.status, 1);
    assert!(errors(&before) >= 1000, "{} errors", errors(&before));
    let run = validate(&at, &["--write-baseline", "known.json"]);
    assert_eq!(run.status, 0, "{}", run.err);
    let known = &["--baseline", "known.json"];
    let run = validate(&at, known);
    assert_eq!((run.status, errors(&run)), (0, 0), "{}", run.err);
    // Reformatted, with moved lines and members in another order.
    for number in 0..100 {
        let members = faulty(number);
        let members = members.as_object().expect("it is an object").iter().rev();
        let members: Vec<String> = members.map(|(name, value)| format!("\"{name}\":\n\n{value}")).collect();
        write(&at, &format!("in/{number}.json"), format!("\n\n{{ {} }}", members.join(",\n")));
    }
    let run = validate(&at, known);
    assert_eq!((run.status, errors(&run)), (0, 0), "{}{}", run.out, run.err);
    for (number, (what, fault)) in FAULTS.iter().enumerate() {
        let name = format!("in/{}.json", number * 7);
        let mut patient = faulty(number * 7);
        write(&at, &name, patient.to_string());
        assert_eq!(validate(&at, known).status, 0, "{what}, before");
        fault(&mut patient);
        write(&at, &name, patient.to_string());
        let run = validate(&at, known);
        assert_eq!(run.status, 1, "{what}: {}{}", run.out, run.err);
        assert!(errors(&run) >= 1, "{what}");
        write(&at, &name, faulty(number * 7).to_string());
    }
    // What is fixed is said.
    write(&at, "in/0.json", json!({ "resourceType": "Patient" }).to_string());
    let run = validate(&at, known);
    assert!(
        run.status == 0 && run.err.contains("findings of the baseline do not occur any more"),
        "{}",
        run.err
    );
}
