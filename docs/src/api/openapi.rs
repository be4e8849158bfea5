//! An `OpenAPI` 3.1 document: the operations with closed schemas of what they send and answer, and with examples.

use ers_fhir_codegen::Error;
use ers_fhir_ers::service::{Body, Endpoint, Method, Need, codes, status};
use serde_json::{Map, Value, json};

use super::schemas::{Schemas, outcome as outcome_profile};
use super::shared::{Definers, FHIR_JSON, SERVERS, area, description, name, outcome, sample};

/// The `OpenAPI` document of these operations.
///
/// Schemas are closed: what a profile does not know is refused. What structure does not decide, such as invariants, is
/// left to the validator.
///
/// # Errors
///
/// A profile cannot be expressed as a schema; none of e-RS is like that.
pub fn openapi(endpoints: &[&'static Endpoint], definers: &Definers) -> Result<Value, Box<Error>> {
    let schemas = Schemas::of(endpoints, definers)?;
    let mut paths: Map<String, Value> = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for endpoint in endpoints {
        let tag = area(endpoint);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        let item = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        item[method(endpoint.method)] = operation(endpoint, tag, &schemas);
    }
    Ok(json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "NHS e-Referral Service (e-RS), FHIR API",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "What you may send and what comes back, from the definitions that ers-fhir checks against.",
            "description": "Made by ers-fhir; not a document of NHS England.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": SERVERS.map(|(url, what)| json!({ "url": url, "description": what })),
        "tags": tags.into_iter().map(|tag| json!({ "name": tag })).collect::<Vec<_>>(),
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The access token of the user or the application.",
                },
            },
            "schemas": schemas.all,
        },
    }))
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Head => "head",
        Method::Post => "post",
        Method::Put => "put",
    }
}

fn operation(endpoint: &'static Endpoint, tag: &str, schemas: &Schemas) -> Value {
    let mut made = json!({
        "operationId": name(endpoint),
        "summary": endpoint.name,
        "description": description(endpoint),
        "tags": [tag],
        "parameters": parameters(endpoint),
        "responses": responses(endpoint, schemas),
    });
    if endpoint.replaced_by.is_some() {
        made["deprecated"] = json!(true);
    }
    let sample = sample(endpoint);
    let sent = sample.as_ref().map_or(&[][..], |sample| &sample.call.body);
    if let Some(content) = content(endpoint, endpoint.request, sent, schemas) {
        made["requestBody"] = json!({ "required": true, "content": content });
    }
    made
}

fn parameters(endpoint: &'static Endpoint) -> Vec<Value> {
    let sample = sample(endpoint);
    let sent = |name: &str| {
        let call = &sample.as_ref()?.call;
        Some(call.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name))?.1.clone())
    };
    let mut made = Vec::new();
    for parameter in endpoint.path_parameters() {
        made.push(json!({
            "name": parameter.name, "in": "path", "required": true, "description": parameter.holds,
            "schema": { "type": "string", "minLength": 1 },
        }));
    }
    for parameter in endpoint.query {
        made.push(json!({
            "name": parameter.name, "in": "query", "required": parameter.required, "description": parameter.holds,
            "schema": { "type": "string" },
        }));
    }
    for header in endpoint.headers() {
        // OpenAPI has these elsewhere: as security, and as the type of the body.
        if matches!(header.name, "Authorization" | "Content-Type") {
            continue;
        }
        let (is_required, when) = match header.need {
            Need::Never => (false, ""),
            Need::Users if endpoint.application.is_some() => {
                (false, "; required for users, not allowed for applications")
            }
            Need::Always | Need::Users => (true, ""),
            Need::OnBehalf => {
                (false, "; required for SERVICE_PROVIDER_CLINICIAN_ADMIN, not allowed for others")
            }
        };
        let mut schema = json!({ "type": "string", "minLength": 1 });
        if header.name == "NHSD-eRS-Business-Function" {
            schema = json!({
                "type": "string",
                "enum": endpoint.roles.iter().map(|role| role.code()).collect::<Vec<_>>(),
            });
        }
        let mut parameter = json!({
            "name": header.name, "in": "header", "required": is_required,
            "description": format!("{}{when}", header.holds), "schema": schema,
        });
        if let Some(example) = sent(header.name) {
            parameter["example"] = json!(example);
        }
        made.push(parameter);
    }
    made
}

/// The content of a body, by media type; `None` if there is no body.
fn content(endpoint: &Endpoint, body: Body, example: &[u8], schemas: &Schemas) -> Option<Value> {
    match body {
        Body::None => None,
        Body::File(what) => {
            Some(json!({ "*/*": { "schema": { "description": what, "contentMediaType": "*/*" } } }))
        }
        Body::Resource(profiles) => {
            let mut media = json!({ "schema": schemas.one_of(endpoint.release, profiles) });
            if let Ok(example) = serde_json::from_slice::<Value>(example) {
                media["examples"] = json!({ "good": { "value": example } });
            }
            Some(json!({ FHIR_JSON: media }))
        }
    }
}

fn responses(endpoint: &'static Endpoint, schemas: &Schemas) -> Value {
    let mut made = Map::new();
    let sample = sample(endpoint);
    let answer = sample.as_ref().and_then(|sample| sample.call.answer.as_ref());
    let mut headers = Map::new();
    for name in endpoint.answer_headers().into_iter().filter(|name| *name != "Content-Type") {
        headers.insert(name.to_owned(), json!({ "schema": { "type": "string" } }));
    }
    let mut good = json!({ "description": endpoint.name, "headers": headers });
    let body = answer.map_or(&[][..], |answer| &answer.body);
    if let Some(content) = content(endpoint, endpoint.response, body, schemas) {
        good["content"] = content;
    }
    made.insert(endpoint.success.to_string(), good);
    for (number, _) in endpoint.failures {
        let general = status(*number);
        let mut said = general.map_or_else(|| "Failure".to_owned(), |general| general.cause.to_owned());
        let codes = codes(endpoint, Some(*number));
        let mut failure = json!({});
        if !codes.is_empty() {
            let examples =
                codes.iter().map(|code| ((*code).to_owned(), json!({ "value": outcome(endpoint, code) })));
            failure["content"] = json!({ FHIR_JSON: {
                "schema": schemas.one_of(endpoint.release, &[outcome_profile(endpoint.release)]),
                "examples": examples.collect::<Map<_, _>>(),
            } });
            said = format!("{said} Codes: {}.", codes.join(", "));
        }
        failure["description"] = json!(said);
        made.insert(number.to_string(), failure);
    }
    Value::Object(made)
}
