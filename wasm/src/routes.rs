//! The addresses of the service that the page uses.

use ers_fhir_http::{Answer, Engine, Place, Refusal};

/// Answers a request: an address, a line break, and a body.
pub(crate) fn answered(engine: Result<&Engine, &str>, request: &[u8]) -> Vec<u8> {
    let (address, body) = match request.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&request[..end], &request[end + 1..]),
        None => (request, &[][..]),
    };
    let address = String::from_utf8_lossy(address);
    let answer = engine
        .map_err(|error| Refusal { status: 500, code: "exception", text: error.to_owned() })
        .and_then(|engine| found(engine, &address, body))
        .unwrap_or_else(|refusal| refusal.answer());
    let mut bytes = format!("{}\n", answer.status).into_bytes();
    bytes.extend_from_slice(&answer.body);
    bytes
}

fn found(engine: &Engine, address: &str, body: &[u8]) -> Result<Answer, Refusal> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    match path.split_once('/').unwrap_or((path, "")) {
        ("validate", "") => {
            let ask = Engine::ask(query, Place::Payloads)?;
            engine.payloads(body.to_vec(), &ask, None, ask.names_lines())
        }
        ("calls", "") => engine.calls(body, &Engine::ask(query, Place::Calls)?, None),
        ("examples", "") => Ok(Engine::examples()),
        ("examples", operation) => engine.example(operation, query),
        ("rules", code) if !code.is_empty() => Engine::rule(code),
        _ => Err(Refusal::unknown("there is nothing at this address")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    /// The status and the body of an answer, asked as a browser does.
    fn asked(address: &str, body: &str) -> (u16, Value) {
        let request = format!("{address}\n{body}").into_bytes();
        let answer = super::answered(crate::engine(), &request);
        let text = String::from_utf8(answer).expect("it is text");
        let (status, body) = text.split_once('\n').expect("a status stands first");
        (status.parse().expect("it is a number"), serde_json::from_str(body).expect("it is JSON"))
    }

    #[test]
    fn what_the_page_asks_is_answered() {
        let payload = r#"{ "resourceType": "Patient", "birthdate": "2000-01-01" }"#;
        let (status, found) = asked("validate?format=json&now=2026-03-01T09:30:00Z", payload);
        assert_eq!((status, &found["payloads"][0]["findings"][0]["rule"]), (200, &"unknown-element".into()));
        let lines = format!("{payload}\n{payload}\n");
        let (_, found) = asked("validate?name=all.ndjson", &lines);
        assert_eq!(found["payloads"].as_array().map(Vec::len), Some(2));
        let (status, example) = asked("examples/A011?break=ers-priority-and-type", "");
        assert!(status == 200 || example["issue"].is_array());
        let (_, example) = asked("examples/A011", "");
        assert!(example["body"].as_str().is_some_and(|body| body.contains("Parameters")));
        assert!(asked("examples", "").1["operations"].as_array().is_some_and(|all| all.len() > 30));
        assert!(asked("rules/unknown-element", "").1["explanation"].is_string());
        let call = r#"{ "method": "POST", "url": "/STU3/ReferralRequest/$ers.createReferral", "body": {} }"#;
        let (status, found) = asked("calls?now=2026-03-01T09:30:00Z", call);
        assert!(status == 200 && found["payloads"].is_array(), "{found}");
    }

    #[test]
    fn what_is_not_there_is_refused() {
        for (address, expected) in [
            ("", 404),
            ("rules/", 404),
            ("rules/none", 404),
            ("validate?x=1", 400),
            ("examples/A999", 404),
            ("calls", 400),
        ] {
            let (status, outcome) = asked(address, "{}");
            assert_eq!(
                (status, &outcome["resourceType"]),
                (expected, &"OperationOutcome".into()),
                "{address}"
            );
        }
    }

    #[test]
    fn requests_and_answers_are_in_memory() {
        let at = crate::room(3);
        assert!(!at.is_null());
        crate::exchange().copy_from_slice(b"x\n{");
        assert!(!crate::answer().is_null());
        let length = crate::answer_length();
        assert!(crate::exchange().starts_with(b"404\n") && crate::exchange().len() == length);
    }
}
