//! Documents for other tools: the `OpenAPI` document and the collection for Postman.

use ers_fhir_docs::{Definers, openapi, postman};
use ers_fhir_ers::example::{callers, good};
use ers_fhir_ers::service::{Body, Endpoint, endpoints};
use ers_fhir_ers::{Direction, Ers};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::Severity;
use ers_fhir_validator::{Options, Validator};
use jsonschema::Validator as Schema;
use serde_json::{Value, json};

fn document() -> Value {
    openapi(&endpoints(), &Definers::embedded()).expect("every profile has a schema")
}

/// A schema with its examples, and the place where they are.
type Content = (String, Schema, Vec<(String, Value)>);

/// Every schema with examples, compiled, with the place where it is.
fn contents(document: &Value) -> Vec<Content> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(!method.is_empty() && !path.is_empty());
            let request = operation.get("requestBody").map(|body| ("request".to_owned(), body));
            let answers = operation["responses"].as_object().expect("responses");
            let answers = answers.iter().map(|(status, answer)| (status.clone(), answer));
            for (side, body) in request.into_iter().chain(answers) {
                let media = &body["content"]["application/fhir+json"];
                let Some(examples) = media["examples"].as_object() else { continue };
                let schema = json!({ "allOf": [media["schema"]], "components": document["components"] });
                let schema = jsonschema::validator_for(&schema).expect("a schema");
                let examples =
                    examples.iter().map(|(name, one)| (name.clone(), one["value"].clone())).collect();
                found.push((format!("{id} {side}"), schema, examples));
            }
        }
    }
    found
}

/// A payload spoiled in each way that structure decides.
fn spoiled(good: &Value) -> Vec<(&'static str, Value)> {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut made = good.clone();
        change(&mut made);
        made
    };
    vec![
        ("an unknown member", with(&|made| made["nobodyKnowsThis"] = json!("x"))),
        ("another type", with(&|made| made["resourceType"] = json!("Account"))),
        ("no type", with(&|made| drop(made.as_object_mut().and_then(|made| made.remove("resourceType"))))),
        ("meta that is a text", with(&|made| made["meta"] = json!("x"))),
        ("an id with blanks", with(&|made| made["id"] = json!("a b"))),
        ("no object", json!([good])),
    ]
}

#[test]
fn examples_fit_their_schemas_and_spoiled_ones_do_not() {
    let document = document();
    let (mut fit, mut refused) = (0, 0);
    for (place, schema, examples) in contents(&document) {
        for (name, example) in examples {
            let faults: Vec<String> = schema.iter_errors(&example).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{place}, {name}: {faults:?}");
            fit += 1;
            if name != "good" {
                continue;
            }
            for (how, wrong) in spoiled(&example) {
                assert!(!schema.is_valid(&wrong), "{place} with {how} fits");
                refused += 1;
            }
        }
    }
    assert!(fit > 200 && refused > 200, "{fit} fit, {refused} do not");
}

/// The findings of a check of a payload, except information.
fn faults(validator: &Validator, payload: &[u8], options: &Options) -> Vec<String> {
    let report = validator.check(payload, options);
    let found = report.diagnostics.iter().filter(|found| found.severity != Severity::Information);
    found.map(|found| format!("{}: {}", found.rule.code, found.message.revealed())).collect()
}

#[test]
fn examples_of_requests_and_errors_pass_the_check_of_their_operation() {
    let document = document();
    let validators = [FhirVersion::Stu3, FhirVersion::R4]
        .map(|version| (version, Validator::new(ers_fhir_ers::definitions(version))));
    let of = |endpoint: &Endpoint| {
        &validators.iter().find(|(version, _)| *version == endpoint.release).expect("both").1
    };
    let mut errors = 0;
    for endpoint in endpoints() {
        let item = &document["paths"][endpoint.path][endpoint.method.to_string().to_lowercase()];
        let caller = callers(endpoint)[0];
        let sample = good(endpoint, caller, 0);
        if matches!(endpoint.request, Body::Resource(_)) {
            let body = &item["requestBody"]["content"]["application/fhir+json"]["examples"]["good"]["value"];
            let options = Options::from(Ers::called(sample.context()));
            let said = faults(of(endpoint), body.to_string().as_bytes(), &options);
            assert!(said.is_empty(), "{}: {said:?}", endpoint.id);
        }
        for (status, _) in endpoint.failures {
            let examples =
                &item["responses"][status.to_string()]["content"]["application/fhir+json"]["examples"];
            for (code, example) in examples.as_object().into_iter().flatten() {
                let mut call = sample.clone();
                if let Some(answer) = &mut call.call.answer {
                    answer.status = *status;
                    answer.headers.retain(|(name, _)| name.starts_with("X-"));
                    answer.headers.push(("Content-Type".to_owned(), "application/fhir+json".to_owned()));
                }
                let options = Options::from(Ers::called(call.towards(Direction::Response).context()));
                let text = example["value"].to_string();
                let said = faults(of(endpoint), text.as_bytes(), &options);
                assert!(said.is_empty(), "{} {status} {code}: {said:?}\n{text}", endpoint.id);
                errors += 1;
            }
        }
    }
    assert!(errors > 100, "{errors}");
}

#[test]
fn operations_have_names_of_their_own_and_all_that_they_need() {
    let document = document();
    let mut names: Vec<&str> = Vec::new();
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("operations").values() {
            names.push(operation["operationId"].as_str().expect("an id"));
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), count), (endpoints().len(), endpoints().len()));
    let create = &document["paths"]["/STU3/ReferralRequest/$ers.createReferral"]["post"];
    let headers: Vec<&str> = create["parameters"]
        .as_array()
        .expect("parameters")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert!(headers.contains(&"NHSD-End-User-Organisation-ODS"), "{headers:?}");
    let one = openapi(&ers_fhir_ers::service::find("A040").collect::<Vec<_>>(), &Definers::embedded());
    let one = one.expect("a document").to_string();
    assert!(one.len() < document.to_string().len() / 5, "only what it needs is in it");
}

#[test]
fn a_collection_has_every_operation_with_its_answer() {
    let made = postman(&endpoints());
    let mut requests = 0;
    for folder in made["item"].as_array().expect("folders") {
        for item in folder["item"].as_array().expect("requests") {
            let raw = item["request"]["url"]["raw"].as_str().expect("an address");
            assert!(raw.starts_with("{{base}}/STU3/") || raw.starts_with("{{base}}/R4/"), "{raw}");
            assert_eq!(item["response"].as_array().map(Vec::len), Some(1), "{raw}");
            assert!(!item.to_string().contains("Authorization"), "{raw}");
            requests += 1;
        }
    }
    assert_eq!(requests, endpoints().len());
}
