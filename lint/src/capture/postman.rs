//! Postman collections: requests in folders, with the answers that were saved.

use ers_fhir_ers::{Answer, Call};
use serde_json::Value;

use super::{Exchange, pairs};

/// Folders in folders that are looked into.
const DEEPEST: usize = 32;

pub(super) fn exchanges(value: &Value) -> Option<Vec<Exchange>> {
    let is_collection =
        value["info"]["schema"].as_str().is_some_and(|schema| schema.contains("getpostman.com"));
    let items = value["item"].as_array().filter(|_| is_collection)?;
    let mut found = Vec::new();
    search(items, 0, &mut found);
    Some(found)
}

fn search(items: &[Value], depth: usize, found: &mut Vec<Exchange>) {
    for item in items {
        if let Some(inner) = item["item"].as_array() {
            if depth < DEEPEST {
                search(inner, depth + 1, found);
            }
            continue;
        }
        let saved: Vec<&Value> = item["response"].as_array().into_iter().flatten().collect();
        if saved.is_empty() {
            found.push(exchange(&item["request"], None, found.len() + 1));
        }
        for response in saved {
            let own = &response["originalRequest"];
            let request = if own.is_object() { own } else { &item["request"] };
            found.push(exchange(request, Some(response), found.len() + 1));
        }
    }
}

fn exchange(request: &Value, response: Option<&Value>, number: usize) -> Exchange {
    let url = request["url"].as_str().or_else(|| request["url"]["raw"].as_str()).unwrap_or_default();
    let raw = request["body"]["raw"].as_str();
    let headers = request["header"].as_array().into_iter().flatten();
    let headers = headers.filter(|header| header["disabled"] != true).cloned().collect();
    let answer = response.map(|response| Answer {
        status: response["code"].as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or(0),
        headers: pairs(&response["header"], "key"),
        body: response["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
    });
    Exchange {
        number,
        call: Call {
            method: request["method"].as_str().unwrap_or("GET").to_owned(),
            url: url.to_owned(),
            headers: pairs(&Value::Array(headers), "key"),
            body: raw.unwrap_or_default().as_bytes().to_vec(),
            answer: answer.filter(|answer| answer.status > 0),
        },
        began: None,
        has_request: raw.is_some() || !request["body"].is_object(),
        has_answer: true,
    }
}
