//! A collection for Postman 2.1: a folder for each pathway, a request for each operation, with an example of its answer.

use ers_fhir_ers::service::{Body, Endpoint, pathways};
use serde_json::{Value, json};

use super::shared::{SERVERS, area, description, name, sample};

/// The schema that collections say they follow.
const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// The collection of these operations; `{{base}}` and `{{token}}` are its variables.
pub fn postman(endpoints: &[&'static Endpoint]) -> Value {
    let folders = pathways().iter().map(|pathway| pathway.name).chain(["Other"]);
    let made = folders.filter_map(|folder| {
        let inside: Vec<Value> = endpoints
            .iter()
            .filter(|endpoint| area(endpoint) == folder)
            .filter_map(|one| item(one))
            .collect();
        (!inside.is_empty()).then(|| json!({ "name": folder, "item": inside }))
    });
    json!({
        "info": {
            "name": "NHS e-Referral Service (e-RS)",
            "description": "Made by ers-fhir from the definitions that it checks payloads against. People, referrals and services are invented.",
            "schema": SCHEMA,
        },
        "auth": { "type": "bearer", "bearer": [{ "key": "token", "value": "{{token}}", "type": "string" }] },
        "variable": [
            { "key": "base", "value": SERVERS[0].0 },
            { "key": "token", "value": "" },
        ],
        "item": made.collect::<Vec<_>>(),
    })
}

fn item(endpoint: &'static Endpoint) -> Option<Value> {
    let sample = sample(endpoint)?;
    let call = &sample.call;
    let headers = call.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("Authorization"));
    let headers: Vec<Value> = headers.map(|(name, value)| json!({ "key": name, "value": value })).collect();
    let mut request = json!({
        "method": call.method,
        "header": headers,
        "url": url(&call.url),
        "description": description(endpoint),
    });
    match endpoint.request {
        Body::None => {}
        Body::File(_) => request["body"] = json!({ "mode": "file", "file": {} }),
        Body::Resource(_) => {
            let text = String::from_utf8_lossy(&call.body);
            request["body"] =
                json!({ "mode": "raw", "raw": text, "options": { "raw": { "language": "json" } } });
        }
    }
    let answers = call.answer.iter().map(|answer| {
        // What a file holds has no place in a collection.
        let is_text = !matches!(endpoint.response, Body::File(_));
        let text = is_text.then(|| String::from_utf8_lossy(&answer.body).into_owned());
        let headers = answer.headers.iter().map(|(name, value)| json!({ "key": name, "value": value }));
        json!({
            "name": format!("{} good", answer.status),
            "originalRequest": request,
            "code": answer.status,
            "header": headers.collect::<Vec<_>>(),
            "body": text,
        })
    });
    Some(json!({
        "name": format!("{} {}", name(endpoint), endpoint.name),
        "request": request,
        "response": answers.collect::<Vec<_>>(),
    }))
}

/// An address by its parts, below the base.
fn url(address: &str) -> Value {
    let below = address.split_once("/referrals/FHIR").map_or(address, |(_, below)| below);
    let (path, query) = below.split_once('?').map_or((below, None), |(path, query)| (path, Some(query)));
    let steps: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let mut made = json!({ "raw": format!("{{{{base}}}}{below}"), "host": ["{{base}}"], "path": steps });
    if let Some(query) = query {
        let pairs = query.split('&').map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({ "key": key, "value": value })
        });
        made["query"] = json!(pairs.collect::<Vec<_>>());
    }
    made
}
