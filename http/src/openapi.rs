//! The `OpenAPI` description of the service, made from the tables that the service uses.

use crate::engine::{Holds, PARAMETERS, Place};
use ers_fhir_report::render::Format;
use serde_json::{Map, Value, json};

/// The description.
pub(crate) fn document() -> String {
    let paths: Map<String, Value> = [
        ("/{release}/$validate", operation("FHIR's $validate, for a resource of any type", false)),
        ("/{release}/{type}/$validate", operation("FHIR's $validate, for a resource of that type", true)),
        ("/validate", payloads()),
        ("/calls", calls()),
        ("/metadata", get("The CapabilityStatement of R4, or of STU3 with Accept: …; fhirVersion=3.0", FHIR)),
        ("/{release}/metadata", with(get("The CapabilityStatement of a release", FHIR), &[release()])),
        (
            "/examples",
            get("Operations of e-RS, who may call them, and the rules that an example can break", JSON),
        ),
        ("/examples/{operation}", example()),
        ("/rules", get("All rules", JSON)),
        ("/rules/{code}", with(get("Explanation of a rule", JSON), &[in_path("code", "Code of the rule")])),
        ("/health", get("Whether the process is alive", TEXT)),
        ("/ready", get("Whether the service takes requests now; 503 if not", TEXT)),
        ("/metrics", get("Metrics for Prometheus", TEXT)),
        ("/openapi.json", get("This description", JSON)),
    ]
    .into_iter()
    .map(|(path, item)| (path.to_owned(), item))
    .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "ers-fhir",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Checks FHIR STU3 and R4 payloads, in particular those of the NHS e-Referral Service",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } },
        "security": [{}, { "bearer": [] }],
    });
    format!("{document}\n")
}

const FHIR: &[&str] = &["application/fhir+json", "application/fhir+xml"];
const JSON: &[&str] = &["application/json"];
const TEXT: &[&str] = &["text/plain"];

fn content(kinds: &[&str]) -> Value {
    kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect::<Map<_, _>>().into()
}

fn get(summary: &str, kinds: &[&str]) -> Value {
    json!({ "get": { "summary": summary, "responses": { "200": { "description": "It", "content": content(kinds) } } } })
}

/// The same, with parameters.
fn with(mut item: Value, parameters: &[Value]) -> Value {
    item["get"]["parameters"] = parameters.into();
    item
}

fn in_path(name: &str, about: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "description": about, "schema": { "type": "string" } })
}

fn release() -> Value {
    let mut release = in_path("release", "Release of FHIR");
    release["schema"]["enum"] = json!(["stu3", "r4"]);
    release
}

fn parameters(place: Place) -> Vec<Value> {
    let here = PARAMETERS.iter().filter(|parameter| parameter.at[place as usize]);
    here.map(|parameter| {
        let mut schema = match parameter.holds {
            Holds::Text => json!({ "type": "string" }),
            Holds::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            Holds::Flag => json!({ "type": "boolean" }),
            Holds::Number => json!({ "type": "integer" }),
        };
        if parameter.name == "format" {
            schema["enum"] = Format::ALL.map(Format::name).to_vec().into();
        }
        json!({ "name": parameter.name, "in": "query", "description": parameter.about, "schema": schema })
    })
    .collect()
}

fn post(summary: &str, takes: &[&str], gives: &[&str], parameters: &[Value]) -> Value {
    let refused = |about: &str| json!({ "description": about, "content": content(FHIR) });
    json!({ "post": {
        "summary": summary,
        "parameters": parameters,
        "requestBody": { "required": true, "content": content(takes) },
        "responses": {
            "200": {
                "description": "The findings; Ers-Fhir-Result says pass or fail",
                "headers": { "Ers-Fhir-Result": { "schema": { "type": "string", "enum": ["pass", "fail"] } } },
                "content": content(gives),
            },
            "400": refused("The request is not understood"),
            "401": refused("A token is needed"),
            "408": refused("The body did not arrive in time"),
            "413": refused("The body is too large"),
            "415": refused("The body is a form, or compressed with something other than gzip"),
            "429": refused("Too many requests from this client; Retry-After says how long to wait"),
            "503": refused("The service is overloaded; Retry-After says when to try again"),
        },
    } })
}

fn operation(summary: &str, has_type: bool) -> Value {
    let mut all = vec![release()];
    all.extend(has_type.then(|| in_path("type", "Type of the resource, such as Patient")));
    all.extend(parameters(Place::Operation));
    post(summary, FHIR, FHIR, &all)
}

fn written() -> Vec<&'static str> {
    let mut kinds: Vec<&str> = Format::ALL.iter().map(|format| format.media_type()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn payloads() -> Value {
    let takes = ["application/fhir+json", "application/fhir+xml", "application/x-ndjson"];
    let summary =
        "Checks a payload, or NDJSON with one payload per line, and returns the findings in any format";
    post(summary, &takes, &written(), &parameters(Place::Payloads))
}

fn calls() -> Value {
    let summary = "Checks calls of e-RS in their context: a HAR file, a Postman collection, or one call with method, \
                   url, headers, body, answer and current";
    post(summary, &["application/json"], &written(), &parameters(Place::Calls))
}

fn example() -> Value {
    let query = |name: &str, about: &str, kind: &str| json!({ "name": name, "in": "query", "description": about, "schema": { "type": kind } });
    with(
        get("An example of a call of e-RS", JSON),
        &[
            in_path("operation", "Operation of e-RS, such as A011"),
            query("role", "Business function of the user who calls", "string"),
            query("access", "Who calls: user or application", "string"),
            query("response", "Whether the example is the answer", "boolean"),
            query("seed", "Number that chooses people and services", "integer"),
            query("break", "Rule that the example breaks", "string"),
        ],
    )
}
