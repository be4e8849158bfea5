//! `ers-fhir evidence`: captured calls by operation and case.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{ers_fhir, folder, write};

/// A HAR file with good calls of those operations, as `ers-fhir example` makes them.
fn capture(folder: &std::path::Path, operations: &[&str]) -> Value {
    let mut whole: Option<Value> = None;
    for operation in operations {
        let run = ers_fhir(folder, &["example", operation, "--call=har"]);
        assert_eq!(run.status, 0, "{}", run.err);
        let one: Value = serde_json::from_str(&run.out).expect("it is JSON");
        match &mut whole {
            None => whole = Some(one),
            Some(whole) => {
                let entries = one["log"]["entries"].as_array().expect("there are entries").clone();
                whole["log"]["entries"].as_array_mut().expect("there are entries").extend(entries);
            }
        }
    }
    whole.expect("there is an operation")
}

#[test]
fn cases_that_were_run_pass_and_the_others_are_said() {
    let folder = folder("evidence-good");
    write(&folder, "int.har", capture(&folder, &["A008", "A005"]).to_string());
    let run = ers_fhir(&folder, &["evidence", "int.har", "--out", "evidence"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("2 of "), "{}", run.out);
    let page = fs::read_to_string(folder.join("evidence/index.html")).expect("the page");
    for piece in ["A008", "A005", "not run", "Coverage", "Rules of e-RS whose operation was called"] {
        assert!(page.contains(piece), "{piece}");
    }
    let junit = fs::read_to_string(folder.join("evidence/junit.xml")).expect("the XML");
    assert!(junit.contains("name=\"A008 success\""), "{junit}");
    assert!(junit.contains("<skipped message=\"not run\""), "{junit}");
    let run = ers_fhir(&folder, &["evidence", "int.har", "--out", "evidence", "--require-complete"]);
    assert_eq!(run.status, 1, "most operations were not called");
}

#[test]
fn a_mistake_fails_its_case_and_values_stay_hidden() {
    let folder = folder("evidence-bad");
    let mut har = capture(&folder, &["A011"]);
    let request = &mut har["log"]["entries"][0]["request"];
    let body = request["postData"]["text"].as_str().expect("it has a body").to_owned();
    let spoilt = body.replacen("\"parameter\"", "\"paramter\"", 1);
    assert_ne!(spoilt, body);
    request["postData"]["text"] = json!(spoilt);
    request["headers"]
        .as_array_mut()
        .expect("headers")
        .push(json!({ "name": "Authorization", "value": "Bearer s3cret" }));
    write(&folder, "int.har", har.to_string());
    let run = ers_fhir(&folder, &["evidence", "int.har", "--out", "evidence"]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    let read = || fs::read_to_string(folder.join("evidence/index.html")).expect("the page");
    let page = read();
    assert!(page.contains("unknown-element"), "the finding is shown");
    let ubrn = ["s3cret", "<script"];
    for hidden in ubrn {
        assert!(!page.contains(hidden), "{hidden}");
    }
    let junit = fs::read_to_string(folder.join("evidence/junit.xml")).expect("the XML");
    assert!(junit.contains("<failure"), "{junit}");
    let run = ers_fhir(&folder, &["evidence", "int.har", "--out", "evidence", "--show-values"]);
    assert_eq!(run.status, 1);
    assert!(!read().contains("s3cret"), "a token is never written");
    assert!(read().len() > page.len() - 2000 && read() != page, "values are shown");
}

#[test]
fn what_does_not_apply_needs_a_reason() {
    let folder = folder("evidence-scope");
    write(&folder, "int.har", capture(&folder, &["A005"]).to_string());
    let entry = |operation: &str, reason: &str| {
        format!("[[not-applicable]]\noperation = \"{operation}\"\nreason = \"{reason}\"\n")
    };
    write(&folder, "scope.toml", entry("A029", "We cancel nothing & never will"));
    let args = ["evidence", "int.har", "--out", "evidence", "--scope", "scope.toml"];
    let run = ers_fhir(&folder, &args);
    assert_eq!(run.status, 0, "{}", run.err);
    let page = fs::read_to_string(folder.join("evidence/index.html")).expect("the page");
    assert!(page.contains("We cancel nothing &amp; never will"));
    write(&folder, "scope.toml", entry("A005", "We do not"));
    assert!(ers_fhir(&folder, &args).err.contains("was called"));
    for (text, said) in [
        (entry("A029", " "), "give the reason why A029"),
        (entry("A999", "x"), "no operation 'A999'"),
        ("[[not-applicable]]\noperation = \"A029\"\n".to_owned(), "reason"),
        ("x = 1\n".to_owned(), "scope.toml:1"),
    ] {
        write(&folder, "scope.toml", &text);
        let run = ers_fhir(&folder, &args);
        assert_eq!(run.status, 2, "{text}");
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
}

#[test]
fn without_calls_there_is_no_evidence() {
    let folder = folder("evidence-none");
    write(&folder, "patient.json", "{\"resourceType\": \"Patient\"}");
    write(&folder, "empty/readme.json", "{}");
    for capture in ["patient.json", "absent.har", "empty"] {
        let run = ers_fhir(&folder, &["evidence", capture, "--out", "evidence"]);
        assert_eq!(run.status, 2, "{capture}: {}", run.out);
        assert!(!run.err.is_empty());
        assert!(!folder.join("evidence").exists(), "{capture}: nothing is written");
    }
}

#[test]
fn who_calls_is_said_of_all_captures() {
    let folder = folder("evidence-access");
    write(&folder, "int.har", capture(&folder, &["A005"]).to_string());
    let ends = |access: &str| {
        ers_fhir(&folder, &["evidence", "int.har", "--out", "evidence", "--access", access]).status
    };
    assert_eq!((ends("user"), ends("application"), ends("nobody")), (0, 1, 2));
}

#[test]
fn a_collection_of_examples_is_no_sign_that_anything_was_sent() {
    let folder = folder("evidence-examples");
    assert_eq!(ers_fhir(&folder, &["generate", "postman", "--out", "ers.postman.json"]).status, 0);
    // As in the help of the command.
    write(
        &folder,
        "scope.toml",
        "[[not-applicable]]\noperation = \"A036\"\nreason = \"We do not cancel referrals\"\n\
         [[not-applicable]]\noperation = \"A011\"\ncase = \"422 NO_REG_GP_PRACTICE\"\nreason = \"None can be chosen\"\n",
    );
    let args = ["evidence", "ers.postman.json", "--out", "evidence", "--scope", "scope.toml"];
    let run = ers_fhir(&folder, &args);
    assert!(run.err.contains("nothing shows that they were sent"), "{}", run.err);
    assert!(run.err.contains("A036 is marked as not applicable, but was called"), "{}", run.err);
    assert!(!run.err.contains("no such case"), "{}", run.err);
}
