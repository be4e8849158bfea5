//! `ers-fhir lsp`, spoken with as an editor does.

#![cfg(feature = "lsp")]

#[path = "support/editor.rs"]
mod editor;
mod support;

use editor::Editor;
use serde_json::{Value, json};
use support::{ers_fhir, folder, write};

const PATIENT: &str = "file:///payloads/patient.json";

/// A text without its caret, and where that was, in UTF-16.
fn marked(text: &str) -> (String, Value) {
    let before = text.split('‸').next().expect("it has a caret");
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
    (text.replace('‸', ""), json!({ "line": line, "character": character }))
}

fn at(uri: &str, position: &Value) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": position })
}

/// What is offered at the caret of a text.
fn offered(editor: &mut Editor, uri: &str, text: &str) -> Vec<Value> {
    let (text, position) = marked(text);
    editor.open(uri, &text);
    let answer = editor.ask("textDocument/completion", &at(uri, &position));
    answer["items"].as_array().cloned().unwrap_or_default()
}

fn labels(offers: &[Value]) -> Vec<&str> {
    offers.iter().filter_map(|offer| offer["label"].as_str()).collect()
}

fn codes(findings: &[Value]) -> Vec<&str> {
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[test]
fn findings_follow_what_is_typed() {
    let folder = folder("lsp-findings");
    let mut editor = Editor::start(&folder, &["utf-16"]);
    assert_eq!(editor.capabilities["positionEncoding"], "utf-16");
    editor.open(PATIENT, "{\n  \"resourceType\": \"Patient\",\n  \"ä𝒳\": 1, \"gendr\": \"female\"\n}");
    let found = editor.findings(PATIENT);
    let wrong =
        found.iter().find(|found| found["message"].as_str().is_some_and(|text| text.contains("gender")));
    let wrong = wrong.expect("the name is wrong");
    // Two letters before it take three places of UTF-16, and seven bytes.
    assert_eq!(wrong["range"]["start"], json!({ "line": 2, "character": 12 }));
    assert_eq!(wrong["source"], "ers-fhir");
    let line = json!({ "start": { "line": 2, "character": 2 }, "end": { "line": 2, "character": 29 } });
    editor.change(PATIENT, 2, &line, "\"gender\": \"femal\"");
    assert_eq!(codes(&editor.findings(PATIENT)), ["binding-required"]);
    let line = json!({ "start": { "line": 2, "character": 2 }, "end": { "line": 2, "character": 19 } });
    editor.change(PATIENT, 3, &line, "\"gender\": \"female\"");
    assert!(editor.findings(PATIENT).is_empty());
    editor.change(PATIENT, 4, &Value::Null, "{\"resourceType\": \"Patient\", ");
    assert_eq!(codes(&editor.findings(PATIENT)), ["invalid-json"]);
    editor.tell("textDocument/didClose", &json!({ "textDocument": { "uri": PATIENT } }));
    assert!(editor.findings(PATIENT).is_empty());
    assert_eq!(editor.quit(), 0);
}

#[test]
fn xml_is_checked_and_what_is_no_fhir_is_left_alone() {
    let folder = folder("lsp-xml");
    let mut editor = Editor::start(&folder, &["utf-8", "utf-16"]);
    assert_eq!(editor.capabilities["positionEncoding"], "utf-8");
    let uri = "file:///payloads/patient.xml";
    editor.open(uri, "<Patient xmlns=\"http://hl7.org/fhir\">\n  <gendr value=\"female\"/>\n</Patient>");
    let found = editor.findings(uri);
    assert_eq!(codes(&found), ["unknown-element"]);
    assert_eq!(found[0]["range"]["start"]["line"], 1);
    let other = "file:///payloads/package.json";
    editor.open(other, "{\"name\": \"x\", \"version\": 1}");
    assert!(editor.findings(other).is_empty());
    assert_eq!(editor.quit(), 0);
}

#[test]
fn hints_say_what_an_element_is_and_what_is_wrong_with_it() {
    let folder = folder("lsp-hover");
    let mut editor = Editor::start(&folder, &[]);
    let mut said = |text: &str| {
        let (text, position) = marked(text);
        editor.open(PATIENT, &text);
        editor.findings(PATIENT);
        let answer = editor.ask("textDocument/hover", &at(PATIENT, &position));
        answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let gender = said(r#"{"resourceType": "Patient", "gen‸der": "female"}"#);
    for piece in ["**Patient.gender** `0..1` code", "ValueSet/administrative-gender", "- `male`"] {
        assert!(gender.contains(piece), "{piece}: {gender}");
    }
    let family = said(r#"{"resourceType": "Patient", "name": [{"fam‸ily": "x"}]}"#);
    assert!(family.contains("**HumanName.family** `0..1` string"), "{family}");
    let choice = said(r#"{"resourceType": "Observation", "valueQuan‸tity": {}}"#);
    assert!(choice.contains("**Observation.value[x]** `0..1` Quantity"), "{choice}");
    let inner = said(
        r#"{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation", "sta‸tus": "final"}}]}"#,
    );
    assert!(inner.contains("**Observation.status** `1..1` code"), "{inner}");
    let wrong = said(r#"{"resourceType": "Patient", "gender": "fe‸mal"}"#);
    assert!(wrong.contains("**binding-required**") && wrong.contains("**Patient.gender**"), "{wrong}");
    assert_eq!(said(r#"{"resourceType": "Patient",‸ "a": 1}"#), "");
    assert_eq!(editor.quit(), 0);
}

#[test]
fn names_codes_types_and_profiles_are_offered() {
    let folder = folder("lsp-completion");
    let mut editor = Editor::start(&folder, &[]);
    let mut offers = |text: &str| offered(&mut editor, PATIENT, text);
    let names = offers("{\"resourceType\": \"Patient\", \"gender\": \"male\", \"na‸\n}");
    let found = labels(&names);
    assert!(found.contains(&"name") && found.contains(&"deceasedBoolean"), "{found:?}");
    assert!(!found.contains(&"gender"), "it is there already: {found:?}");
    let name = names.iter().find(|offer| offer["label"] == "name").expect("it was found");
    assert_eq!(name["textEdit"]["newText"], "\"name\": ");
    assert_eq!(name["textEdit"]["range"]["start"], json!({ "line": 0, "character": 46 }));
    assert_eq!(name["textEdit"]["range"]["end"], json!({ "line": 0, "character": 49 }));

    assert_eq!(
        labels(&offers(r#"{"resourceType": "Patient", "gender": "‸"}"#)),
        ["male", "female", "other", "unknown"],
    );
    let inner = offers(r#"{"resourceType": "Patient", "name": [{"‸"}]}"#);
    assert!(labels(&inner).contains(&"family"), "{inner:?}");
    assert_eq!(labels(&offers(r#"{"resourceType": "Patient", "active": ‸}"#)), ["true", "false"]);
    let types = offers(r#"{"resourceType": "‸"}"#);
    assert!(labels(&types).contains(&"ServiceRequest") && !labels(&types).contains(&"ReferralRequest"));
    let profiles = offers(r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["‸"]}}"#);
    assert!(labels(&profiles).iter().any(|url| url.ends_with("NHSDigital-OperationOutcome")), "{profiles:?}");
    let coding = offers(
        r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system":
            "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "‸"}]}}"#,
    );
    assert!(labels(&coding).contains(&"M") && !labels(&coding).contains(&"UNK"), "{coding:?}");
    assert_eq!(editor.quit(), 0);
}

#[test]
fn xml_is_completed_and_explained_like_json() {
    let folder = folder("lsp-completion-xml");
    let mut editor = Editor::start(&folder, &[]);
    let uri = "file:///payloads/patient.xml";
    let mut offers = |text: &str| offered(&mut editor, uri, text);
    let patient = |inner: &str| format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}</Patient>");
    let written = |offers: &[Value], label: &str| {
        let offer = offers.iter().find(|offer| offer["label"] == label);
        offer.map(|offer| offer["textEdit"]["newText"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(labels(&offers(&patient("<gender value=\"‸\"/>"))), ["male", "female", "other", "unknown"],);
    let names = offers(&patient("<gender value=\"male\"/><name/><na‸\n"));
    assert!(!labels(&names).contains(&"gender"), "it is there already, and only once: {names:?}");
    assert_eq!(written(&names, "name").as_deref(), Some("<name></name>"));
    assert_eq!(written(&names, "birthDate").as_deref(), Some("<birthDate value=\"\"/>"));
    let offer = names.iter().find(|offer| offer["label"] == "name").expect("it was found");
    let before = "<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\"/><name/>";
    assert_eq!(offer["textEdit"]["range"]["start"]["character"], before.len());
    let inner = offers(&patient("<name>\n  ‸\n</name>"));
    assert_eq!(written(&inner, "family").as_deref(), Some("<family value=\"\"/>"));
    let begun = offers(&patient("<name><fam‸ value=\"x\"/></name>"));
    assert_eq!(written(&begun, "family").as_deref(), Some("<family"));
    let root = offers("<‸");
    assert!(
        written(&root, "Patient")
            .is_some_and(|text| text.starts_with("<Patient xmlns=\"http://hl7.org/fhir\""))
    );
    assert_eq!(
        written(&offers(&patient("<contained><‸</contained>")), "Slot").as_deref(),
        Some("<Slot></Slot>")
    );
    assert_eq!(labels(&offers("<Patient xmlns=\"http://hl7.org/fhir\"><name></‸")), ["</name>"]);
    let profiles = offers(
        "<OperationOutcome xmlns=\"http://hl7.org/fhir\"><meta><profile value=\"‸\"/></meta></OperationOutcome>",
    );
    assert!(labels(&profiles).iter().any(|url| url.ends_with("NHSDigital-OperationOutcome")), "{profiles:?}");

    let (text, position) = marked(&patient("<gen‸der value=\"male\"/>"));
    editor.open(uri, &text);
    let said = editor.ask("textDocument/hover", &at(uri, &position));
    let said = said["contents"]["value"].as_str().unwrap_or_default();
    assert!(said.contains("**Patient.gender** `0..1` code"), "{said}");
    assert_eq!(editor.quit(), 0);
}

#[test]
fn what_is_completed_leaves_what_is_behind_it_whole() {
    let folder = folder("lsp-completion-behind");
    let mut editor = Editor::start(&folder, &[]);
    let offers = offered(&mut editor, PATIENT, r#"{"resourceType":"Patient",‸"active":true}"#);
    let id = offers.iter().find(|offer| offer["label"] == "id").expect("it is offered");
    assert_eq!(id["textEdit"]["newText"], "\"id\": , ");
    assert_eq!(editor.quit(), 0);
    let snippets =
        json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
    let mut editor = Editor::start_with(&folder, &snippets);
    let offers = offered(&mut editor, PATIENT, r#"{"resourceType":"Patient",‸"active":true}"#);
    let id = offers.iter().find(|offer| offer["label"] == "id").expect("it is offered");
    assert_eq!((&id["textEdit"]["newText"], &id["insertTextFormat"]), (&json!("\"id\": $0, "), &json!(2)));
    assert_eq!(editor.quit(), 0);
}

#[test]
fn what_looks_like_fhir_is_what_the_command_line_takes_for_it() {
    let folder = folder("lsp-looks");
    write(&folder, "ers-fhir.toml", "fhir-version = \"4.0\"\n");
    write(&folder, "a.json", "{}");
    let mut editor = Editor::start(&folder, &[]);
    let mut found = |name: &str, text: &str| {
        let uri = format!("file://{}/{name}", folder.display());
        editor.open(&uri, text);
        editor.findings(&uri)
    };
    assert!(
        !found("a.xml", "<Patient><active value=\"true\"/></Patient>").is_empty(),
        "it lacks the namespace"
    );
    assert!(!found("b.json", "{\"resourceTyp\": \"Patient\"}").is_empty());
    assert!(found("package.json", "{\"name\": \"web\"}").is_empty(), "a release makes no payload of it");
    let nested = found(
        "c.json",
        r#"{"resourceType": "Patient", "contained": [{"resourceType": "Slot", "id": "a", "contained": [
            {"resourceType": "Slot", "id": "b"}]}]}"#,
    );
    assert!(codes(&nested).contains(&"invariant"), "a rule, as in suppressions: {nested:?}");
    assert_eq!(editor.quit(), 0);
}

#[test]
fn the_settings_of_a_folder_tell_the_operation() {
    let folder = folder("lsp-settings");
    write(&folder, "ers-fhir.toml", "[[path]]\nglob = [\"create/*\"]\nendpoint = \"A011\"\n");
    write(&folder, "create/a.json", "{}");
    let uri = format!("file://{}/create/a.json", folder.display());
    let mut editor = Editor::start(&folder, &[]);
    let offers =
        offered(&mut editor, &uri, r#"{"resourceType": "Parameters", "parameter": [{"name": "‸"}]}"#);
    assert!(!offers.is_empty(), "the names of the operation's parameters are offered");
    assert!(labels(&offers).contains(&"patient"), "{offers:?}");
    editor.change(&uri, 2, &Value::Null, r#"{"resourceType": "Patient"}"#);
    let found = editor.findings_of(&uri, 2);
    assert!(!found.is_empty(), "A011 takes no Patient");

    let settings = format!("file://{}/ers-fhir.toml", folder.display());
    write(&folder, "ers-fhir.toml", "[[path]]\nglobs = [\"create/*\"]\n");
    editor.tell("textDocument/didSave", &json!({ "textDocument": { "uri": settings } }));
    assert!(editor.findings(&settings).is_empty(), "what was wrong with them is taken back");
    let found = editor.findings(&settings);
    assert_eq!(found[0]["range"]["start"]["line"], 1, "{found:?}");
    assert!(found[0]["message"].as_str().is_some_and(|text| text.contains("glob")), "{found:?}");
    assert_eq!(editor.quit(), 0);
}

#[test]
fn a_package_that_another_needs_is_named_in_the_settings() {
    let folder = folder("lsp-missing");
    let manifest = r#"{"name":"test.top","version":"2.0.0","fhirVersions":["4.0.1"],"dependencies":{"test.gone":"3.1.0"}}"#;
    write(&folder, "top/package/package.json", manifest);
    write(&folder, "ers-fhir.toml", "packages = [\"top\"]\n");
    let mut editor = Editor::start(&folder, &[]);
    editor.open(&format!("file://{}/a.json", folder.display()), r#"{"resourceType": "Patient"}"#);
    let found = editor.findings(&format!("file://{}/ers-fhir.toml", folder.display()));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["severity"], 2, "a warning: {found:?}");
    assert!(found[0]["message"].as_str().is_some_and(|text| text.contains("test.gone#3.1.0")), "{found:?}");
    assert_eq!(editor.quit(), 0);
}

#[test]
fn what_is_certain_is_fixed_by_an_action() {
    let folder = folder("lsp-actions");
    let mut editor = Editor::start(&folder, &[]);
    let text = "{\n  \"resourceType\": \"Patient\",\n  \"active\": \"true\",\n  \"gender\": \" male\"\n}";
    editor.open(PATIENT, text);
    assert_eq!(editor.findings(PATIENT).len(), 2);
    let line = json!({ "start": { "line": 2, "character": 14 }, "end": { "line": 2, "character": 14 } });
    let context = json!({ "diagnostics": [] });
    let params = json!({ "textDocument": { "uri": PATIENT }, "range": line, "context": context });
    let actions = editor.ask("textDocument/codeAction", &params);
    let actions = actions.as_array().expect("there are actions");
    assert_eq!(actions.len(), 2, "one for the finding, one for all: {actions:?}");
    assert_eq!(actions[0]["kind"], "quickfix");
    let edit = &actions[0]["edit"]["changes"][PATIENT][0];
    assert_eq!(edit["range"]["start"]["line"], 2);
    let all = actions[1]["edit"]["changes"][PATIENT].as_array().expect("edits");
    assert_eq!(actions[1]["kind"], "source.fixAll.ers-fhir");
    for (number, edit) in all.iter().rev().enumerate() {
        let text = edit["newText"].as_str().expect("a text");
        editor.change(PATIENT, 2 + number, &edit["range"], text);
    }
    let found = editor.findings_of(PATIENT, 1 + all.len());
    assert!(found.is_empty(), "all is fixed: {found:?}");
    let mut params = params;
    params["context"]["only"] = json!(["source.organizeImports"]);
    assert_eq!(editor.ask("textDocument/codeAction", &params), json!([]));
    assert_eq!(editor.quit(), 0);
}

#[test]
fn references_lead_to_contained_resources_and_entries() {
    let folder = folder("lsp-definition");
    let mut editor = Editor::start(&folder, &[]);
    let (text, position) = marked(
        "{\"resourceType\": \"Observation\", \"contained\": [\n  {\"resourceType\": \"Patient\", \"id\": \"p\"}],\n  \
         \"subject\": {\"reference\": \"#‸p\"}}",
    );
    editor.open(PATIENT, &text);
    let found = editor.ask("textDocument/definition", &at(PATIENT, &position));
    assert_eq!(found["range"]["start"], json!({ "line": 1, "character": 2 }));
    assert_eq!(editor.quit(), 0);
}

#[test]
fn bad_input_is_answered_or_ends_the_server_with_a_word() {
    let folder = folder("lsp-bad");
    let mut editor = Editor::start(&folder, &[]);
    let answer = editor.whole_answer("textDocument/rename", &json!({}));
    assert_eq!(answer["error"]["code"], -32601);
    let answer = editor.whole_answer("textDocument/hover", &json!({ "position": "nowhere" }));
    assert_eq!(answer["error"]["code"], -32602);
    let none =
        editor.ask("textDocument/hover", &at("file:///not/open.json", &json!({ "line": 9, "character": 9 })));
    assert_eq!(none, Value::Null);
    editor.tell("textDocument/didChange", &json!({ "nothing": true }));
    for text in [
        "",
        "{",
        "[[[[",
        "\u{feff}{}",
        "{\"resourceType\":",
        "{\"resourceType\": \"Patient\", \"name\": [{\"‸",
    ] {
        editor.open(PATIENT, text);
        for (line, character) in [(0, 0), (0, 400), (7, 3)] {
            let position = json!({ "line": line, "character": character });
            for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
                editor.ask(method, &at(PATIENT, &position));
            }
        }
    }
    assert_eq!(editor.leave(), 2, "it went away without a word");
    let mut editor = Editor::start(&folder, &[]);
    editor.send_bytes(b"Content-Length: 3\r\n\r\n{]}");
    assert_eq!(editor.leave(), 2, "that is not JSON");
    let run = ers_fhir(&folder, &["lsp"]);
    assert_eq!((run.status, &*run.out), (2, ""), "nobody speaks");
    assert!(run.err.contains("Language Server Protocol"), "{}", run.err);
}
