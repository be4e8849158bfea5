//! Postman collections: requests in folders, with their saved answers.
//!
//! Variables that the collection gives a value are filled in. Others come from an environment that is not in the file,
//! and stay as they are: `{{ubrn}}`.

use std::collections::BTreeMap;

use ers_fhir_ers::service::Header;
use ers_fhir_ers::{Answer, Call};
use serde_json::Value;

use super::{Exchange, pairs};

/// The greatest depth of nested folders.
const DEEPEST: usize = 32;

/// Settings that apply to all requests below.
#[derive(Clone, Default)]
struct Scope {
    variables: BTreeMap<String, String>,
    /// Whether requests have a token that is not among their headers.
    has_token: bool,
}

pub(super) fn exchanges(value: &Value) -> Option<Vec<Exchange>> {
    let is_collection =
        value["info"]["schema"].as_str().is_some_and(|schema| schema.contains("getpostman.com"));
    let items = value["item"].as_array().filter(|_| is_collection)?;
    let mut found = Vec::new();
    search(items, &Scope::default().below(value), 0, &mut found);
    Some(found)
}

fn search(items: &[Value], scope: &Scope, depth: usize, found: &mut Vec<Exchange>) {
    for item in items {
        let scope = scope.below(item);
        if let Some(inner) = item["item"].as_array() {
            if depth < DEEPEST {
                search(inner, &scope, depth + 1, found);
            }
            continue;
        }
        let saved: Vec<&Value> = item["response"].as_array().into_iter().flatten().collect();
        if saved.is_empty() {
            found.push(exchange(&item["request"], None, &scope, found.len() + 1));
        }
        for response in saved {
            let own = &response["originalRequest"];
            let request = if own.is_object() { own } else { &item["request"] };
            found.push(exchange(request, Some(response), &scope, found.len() + 1));
        }
    }
}

impl Scope {
    /// These settings, overridden by those of a collection, a folder or a request.
    fn below(&self, value: &Value) -> Self {
        let mut scope = self.clone();
        let variables = value["variable"].as_array().into_iter().flatten();
        for variable in variables.filter(|variable| variable["disabled"] != true) {
            let (Some(key), Some(value)) = (variable["key"].as_str(), variable["value"].as_str()) else {
                continue;
            };
            if !value.is_empty() {
                scope.variables.insert(key.to_owned(), value.to_owned());
            }
        }
        match value["auth"]["type"].as_str() {
            Some("bearer" | "oauth2" | "jwt") => scope.has_token = true,
            Some(_) => scope.has_token = false,
            None => {}
        }
        scope
    }

    /// A text with its variables replaced by their values; they may refer to each other, up to a limit.
    fn filled(&self, text: &str) -> String {
        const ROUNDS: usize = 4;
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            if !text.contains("{{") {
                break;
            }
            for (key, value) in &self.variables {
                text = text.replace(&format!("{{{{{key}}}}}"), value);
            }
        }
        text
    }
}

fn exchange(request: &Value, response: Option<&Value>, scope: &Scope, number: usize) -> Exchange {
    let scope = scope.below(request);
    let raw = request["body"]["raw"].as_str();
    let headers = request["header"].as_array().into_iter().flatten();
    let headers = headers.filter(|header| header["disabled"] != true).cloned().collect();
    let mut headers: Vec<(String, String)> = pairs(&Value::Array(headers), "key")
        .into_iter()
        .map(|(name, value)| (name, scope.filled(&value)))
        .collect();
    let authorization = Header::AUTHORIZATION.name;
    if scope.has_token && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(authorization)) {
        headers.push((authorization.to_owned(), "Bearer {{token}}".to_owned()));
    }
    let answer = response.map(|response| Answer {
        status: response["code"].as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or(0),
        headers: pairs(&response["header"], "key"),
        body: response["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
    });
    Exchange {
        number,
        call: Call {
            method: request["method"].as_str().unwrap_or("GET").to_owned(),
            url: url(&request["url"], &scope),
            headers,
            body: scope.filled(raw.unwrap_or_default()).into_bytes(),
            answer: answer.filter(|answer| answer.status > 0),
        },
        has_request: raw.is_some() || !request["body"].is_object(),
        has_answer: response.is_none_or(|response| response["body"].is_string()),
        ..Exchange::default()
    }
}

/// The address, with values for path variables such as `/:ubrn`.
fn url(url: &Value, scope: &Scope) -> String {
    let raw = url.as_str().or_else(|| url["raw"].as_str()).unwrap_or_default();
    let (path, query) = raw.split_once('?').map_or((raw, None), |(path, query)| (path, Some(query)));
    let own = url["variable"].as_array().into_iter().flatten();
    let own: Vec<(&str, &str)> =
        own.filter_map(|variable| Some((variable["key"].as_str()?, variable["value"].as_str()?))).collect();
    let steps = path.split('/').map(|step| {
        let value = step.strip_prefix(':').and_then(|name| own.iter().find(|(key, _)| *key == name));
        value.map_or(step, |(_, value)| value)
    });
    let path = steps.collect::<Vec<_>>().join("/");
    scope.filled(&query.map_or(path.clone(), |query| format!("{path}?{query}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::exchanges;

    #[test]
    fn variables_and_tokens_of_a_collection_are_those_of_its_requests() {
        let collection = json!({
            "info": { "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
            "auth": { "type": "bearer" },
            "variable": [
                { "key": "base", "value": "https://{{host}}/referrals/FHIR" },
                { "key": "host", "value": "int.api.service.nhs.uk" },
                { "key": "empty", "value": "" }
            ],
            "item": [
                { "request": {
                    "method": "GET",
                    "header": [{ "key": "NHSD-End-User-Organisation-ODS", "value": "{{ods}}" }],
                    "url": {
                        "raw": "{{base}}/STU3/ReferralRequest/:ubrn?a={{empty}}",
                        "variable": [{ "key": "ubrn", "value": "000049912345" }]
                    }
                } },
                { "auth": { "type": "noauth" }, "request": "not an object" }
            ]
        });
        let found = exchanges(&collection).expect("it is a collection");
        let call = &found[0].call;
        assert_eq!(
            call.url,
            "https://int.api.service.nhs.uk/referrals/FHIR/STU3/ReferralRequest/000049912345?a={{empty}}"
        );
        let names: Vec<&str> = call.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["NHSD-End-User-Organisation-ODS", "Authorization"]);
        assert!(found[1].call.headers.is_empty());
    }

    #[test]
    fn variables_that_stand_for_themselves_come_to_an_end() {
        let collection = json!({
            "info": { "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
            "variable": [{ "key": "a", "value": "{{a}}{{a}}" }],
            "item": [{ "request": { "url": "{{a}}" } }]
        });
        assert!(exchanges(&collection).expect("it is a collection")[0].call.url.len() < 1000);
    }
}
