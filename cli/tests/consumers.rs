//! What others make of the reports, documents and completions: the schema of SARIF, `sarif-tools`, `junitparser`, a validator of
//! `OpenAPI`, and a browser with axe.
//!
//! `tests/fetch-consumers` fetches them; what is absent is ignored.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use ers_fhir_corpora::{Suite, program, tests, workspace};
use serde_json::Value;
use support::{ers_fhir, folder, write};

fn consumer(name: &str) -> PathBuf {
    let folder = std::env::var_os("ERS_FHIR_CONSUMERS");
    folder.map_or_else(|| workspace(".cache/consumers"), PathBuf::from).join(name)
}

fn main() -> ExitCode {
    Suite::new()
        .reading([&consumer("sarif-2.1.0.json")], tests![sarif_is_as_its_schema_says])
        .reading([&program("bash")], tests![bash_completes_commands_options_and_values])
        .reading([&consumer("python/bin/sarif")], tests![sarif_tools_read_sarif])
        .reading([&consumer("python/bin/junitparser")], tests![junitparser_reads_junit])
        .reading([&consumer("python/bin/openapi-spec-validator")], tests![the_openapi_document_is_one])
        .reading(
            [&consumer("node_modules/axe-core"), &program("node"), &program("chromium")],
            tests![
                the_page_is_opened_filtered_and_printed_and_axe_finds_nothing,
                axe_finds_nothing_in_the_page_of_evidence
            ],
        )
        .run()
}

/// A folder with reports of all kinds of findings.
fn reports(test: &str) -> PathBuf {
    let at = folder(test);
    let faulty =
        "{\n  \"resourceType\": \"Patient\",\n  \"nickname\": \"A\",\n  \"birthDate\": \"1970-33-03\"\n}";
    write(&at, "in/faulty.json", faulty);
    write(
        &at,
        "in/empty.json",
        r#"{ "resourceType": "Patient", "name": [{ "family": "" }], "gender": "Male" }"#,
    );
    write(&at, "in/cut.json", "{ \"resourceType\": ");
    write(
        &at,
        "in/<odd> & name.ndjson",
        "{ \"resourceType\": \"Patient\", \"contact\": [{}] }\n{ \"resourceType\": \"Basic\" }\n",
    );
    write(
        &at,
        "in/observation.xml",
        "<Observation xmlns=\"http://hl7.org/fhir\"><status value=\"finale\"/></Observation>",
    );
    write(&at, "in/package.json", "{}");
    write(&at, "ers-fhir.toml", "[[suppress]]\nrule = \"unknown-element\"\nreason = \"we know\"\n");
    let args = ["validate", "in", "absent.json", "--fhir-version", "4.0", "--show-values"];
    let formats = ["--format", "sarif=out.sarif", "--format", "junit=out.xml", "--format", "html=out.html"];
    let run = ers_fhir(&at, &[&args[..], &formats, &["--format", "json"]].concat());
    assert_eq!(run.status, 2, "{}", run.err);
    write(&at, "out.json", run.out);
    at
}

fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("it can be read");
    serde_json::from_str(&text).expect("it is JSON")
}

fn said(command: &mut Command) -> String {
    let run = command.output().expect("it runs");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    out.into_owned()
}

fn sarif_is_as_its_schema_says() {
    let at = reports("consumers-sarif");
    let mut sarif = json(&at.join("out.sarif"));
    // A bracket too many in an expression, which only a lenient reader takes for itself.
    let schema =
        fs::read_to_string(consumer("sarif-2.1.0.json")).expect("it can be read").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).expect("it is a schema");
    let wrong: Vec<String> = schema.iter_errors(&sarif).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(results.iter().any(|result| result["suppressions"][0]["justification"] == "we know"));
    assert!(results.iter().any(|result| result["fixes"].is_array()), "{results:#?}");
    sarif["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!schema.is_valid(&sarif), "the schema speaks");
}

fn sarif_tools_read_sarif() {
    let at = reports("consumers-sarif-tools");
    let summary =
        said(Command::new(consumer("python/bin/sarif")).current_dir(&at).args(["summary", "out.sarif"]));
    let found = json(&at.join("out.json"));
    let errors = found["summary"]["errors"].as_u64().expect("a number");
    // What is suppressed it counts too.
    let suppressed = found["summary"]["suppressed"].as_u64().expect("a number");
    let expected = [format!("error: {errors}"), format!("error: {}", errors + suppressed)];
    assert!(errors > 3 && expected.iter().any(|line| summary.contains(line)), "{errors}: {summary}");
}

fn junitparser_reads_junit() {
    let at = reports("consumers-junit");
    let script = "import sys, junitparser\n\
                  suites = junitparser.JUnitXml.fromfile(sys.argv[1])\n\
                  suites.update_statistics()\n\
                  print(len(list(suites)), suites.failures, suites.errors)";
    let python = consumer("python/bin/python");
    let read = said(Command::new(python).current_dir(&at).args(["-c", script, "out.xml"]));
    let found = json(&at.join("out.json"));
    let entries = found["payloads"].as_array().expect("payloads").len();
    assert_eq!(read.trim(), format!("{entries} {} 1", found["summary"]["errors"]));
}

/// What a browser tells of a page; axe finds nothing in it, and it loads nothing.
fn opened(page: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page.cjs");
    let mut node = Command::new("node");
    node.arg(script).arg(consumer("")).arg(page.canonicalize().expect("it is there"));
    let told = said(node.env("CHROMIUM", program("chromium")));
    let told: Value = serde_json::from_str(&told).expect("it is JSON");
    assert_eq!(
        (&told["violations"], &told["loaded"]),
        (&Value::Array(vec![]), &Value::Array(vec![])),
        "{told:#}"
    );
    told
}

fn axe_finds_nothing_in_the_page_of_evidence() {
    let at = folder("consumers-evidence");
    for (operation, file) in [("A011", "good.har"), ("A016", "bad.har")] {
        let run = ers_fhir(&at, &["example", operation, "--call=har"]);
        assert_eq!(run.status, 0, "{}", run.err);
        let spoilt = run.out.replace(r#"\"start\""#, r#"\"begin\""#);
        write(&at, file, if file == "bad.har" { spoilt } else { run.out });
    }
    let run = ers_fhir(&at, &["evidence", "good.har", "bad.har", "--out", "evidence"]);
    assert_eq!(run.status, 1, "a case passes and one fails: {}{}", run.out, run.err);
    opened(&at.join("evidence/index.html"));
}

fn the_page_is_opened_filtered_and_printed_and_axe_finds_nothing() {
    let at = reports("consumers-page");
    let told = opened(&at.join("out.html"));
    let number = |name: &str| told[name].as_u64().expect("a number");
    assert!(number("all") > 4 && number("left") < number("all") && told["isSwitched"] == true, "{told:#}");
    assert!(number("printed") > 10_000, "{told:#}");
}

fn the_openapi_document_is_one() {
    let at = folder("openapi-document");
    for args in
        [&["--out", "all.json"][..], &["--endpoint", "A011", "--endpoint", "A005", "--out", "two.json"]]
    {
        let run = ers_fhir(&at, &[&["generate", "openapi"][..], args].concat());
        assert_eq!(run.status, 0, "{}", run.err);
    }
    for file in ["all.json", "two.json"] {
        let mut validator = Command::new(consumer("python/bin/openapi-spec-validator"));
        let done = validator.args(["--schema", "3.1"]).arg(at.join(file)).output().expect("it starts");
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    }
}

fn bash_completes_commands_options_and_values() {
    let at = folder("completions-bash");
    write(&at, "script", ers_fhir(&at, &["completions", "bash"]).out);
    for (line, offered) in [
        ("ers-fhir val", "validate"),
        ("ers-fhir validate --fail-on ", "warning"),
        ("ers-fhir validate --fail", "--fail-on"),
        ("ers-fhir package a", "add"),
        ("ers-fhir package add --", "--help"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let last = words.len() - 1;
        let ask = format!(
            "source ./script; COMP_WORDS=({}); COMP_CWORD={last}; _ers__fhir ers-fhir '{}' '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
            words[last],
            words[last - 1],
        );
        let done = Command::new(program("bash")).args(["--norc", "-c", &ask]).current_dir(&at).output();
        let said = String::from_utf8(done.expect("it starts").stdout).expect("it is text");
        assert!(said.lines().any(|word| word == offered), "{line}: {said}");
    }
}
