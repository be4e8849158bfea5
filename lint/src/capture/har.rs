//! HAR, the format of browsers, proxies and test tools.

use ers_fhir_ers::service::{Body, Endpoint};
use ers_fhir_ers::{Answer, Call, operation_of};
use jiff::Timestamp;
use serde_json::Value;

use super::unpack::{Unpacker, Unusable};
use super::{Exchange, pairs};

/// Who calls, user or application, which a call itself does not say: HAR reserves names with an underscore for
/// custom fields.
pub const ACCESS: &str = "_ersAccess";

pub(super) fn exchanges(value: &Value) -> Option<Vec<Exchange>> {
    let entries = value["log"]["entries"].as_array()?;
    let mut unpacker = Unpacker::default();
    let exchange = |(entry, number)| exchange(entry, number, &mut unpacker);
    Some(in_order(entries.iter().zip(1..).map(exchange).collect()))
}

/// The exchanges in the order in which they began; one without a time keeps its place.
fn in_order(exchanges: Vec<Exchange>) -> Vec<Exchange> {
    let (mut timed, untimed): (Vec<_>, Vec<_>) =
        exchanges.into_iter().enumerate().partition(|(_, exchange)| exchange.began.is_some());
    let places: Vec<usize> = timed.iter().map(|(place, _)| *place).collect();
    timed.sort_by_key(|(_, exchange)| exchange.began);
    let timed = places.into_iter().zip(timed).map(|(place, (_, exchange))| (place, exchange));
    let mut all: Vec<(usize, Exchange)> = timed.chain(untimed).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, exchange)| exchange).collect()
}

fn exchange(entry: &Value, number: usize, unpacker: &mut Unpacker) -> Exchange {
    let (request, response) = (&entry["request"], &entry["response"]);
    let headers = pairs(&request["headers"], "name");
    let (sent, unusable_request) = parted(unpacker.body(&request["postData"], &headers));
    let method = request["method"].as_str().unwrap_or_default();
    let url = request["url"].as_str().unwrap_or_default();
    let is_sent = |size: &Value| size.as_i64().is_some_and(|size| size > 0);
    let content = &response["content"];
    let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
    let answered = pairs(&response["headers"], "name");
    let (came, unusable_answer) = parted(unpacker.body(content, &answered));
    let came = came.filter(|body| !body.is_empty());
    // Whether there was a body, as far as the capture says; if it does not, calls of this kind have one.
    let sends = || matches!(method, "POST" | "PUT" | "PATCH") && has_body(method, url, |it| it.request);
    let was_sent = is_sent(&request["bodySize"]) || is_unknown(&request["bodySize"]) && sends();
    let answers = || (200..300).contains(&status) && status != 204 && has_body(method, url, |it| it.response);
    let has_come =
        is_sent(&content["size"]) || has_length(&answered) || is_unknown(&content["size"]) && answers();
    Exchange {
        number,
        has_request: unusable_request.is_none() && (sent.is_some() || !was_sent),
        has_answer: unusable_answer.is_none() && (came.is_some() || !has_come),
        unusable_request,
        unusable_answer,
        call: Call {
            method: method.to_owned(),
            url: url.to_owned(),
            headers,
            body: sent.unwrap_or_default(),
            // Status 0 means that there was no answer.
            answer: (status > 0).then(|| Answer {
                status,
                headers: answered,
                body: came.unwrap_or_default(),
            }),
        },
        access: entry[ACCESS].as_str().and_then(|access| access.parse().ok()),
        began: entry["startedDateTime"].as_str().and_then(moment),
    }
}

/// A body that can be read, or else why it cannot.
fn parted(body: Result<Option<Vec<u8>>, Unusable>) -> (Option<Vec<u8>>, Option<Unusable>) {
    match body {
        Ok(body) => (body, None),
        Err(why) => (None, Some(why)),
    }
}

/// Whether an operation has a body there, as far as the operation is known.
fn has_body(method: &str, url: &str, body: fn(&Endpoint) -> Body) -> bool {
    !operation_of(Some(method), url).is_ok_and(|endpoint| body(endpoint) == Body::None)
}

/// Whether a size is unknown, which HAR writes as -1.
fn is_unknown(size: &Value) -> bool {
    size.as_i64() == Some(-1)
}

/// Whether the headers of an answer say that a body came.
fn has_length(headers: &[(String, String)]) -> bool {
    let mut lengths = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Content-Length"));
    lengths.any(|(_, length)| length.trim().parse::<u64>().is_ok_and(|length| length > 0))
}

/// Milliseconds since 1970 of `2026-03-01T09:30:00.250Z`.
fn moment(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Unpacker, exchange, exchanges, moment};

    #[test]
    fn moments_are_read() {
        assert_eq!(moment("1970-01-02T00:00:01.5Z"), Some(86_401_500));
        assert_eq!(moment("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(moment("today"), None);
    }

    #[test]
    fn entries_are_taken_as_they_began() {
        let entry = |time: &str| json!({ "startedDateTime": time, "request": { "method": "GET" } });
        let times = ["2026-03-01T09:00:02Z", "", "2026-03-01T09:00:01Z", "2026-03-02T00:00:00+01:00"];
        let har = json!({ "log": { "entries": times.map(entry) } });
        let numbers: Vec<usize> =
            exchanges(&har).unwrap_or_default().iter().map(|exchange| exchange.number).collect();
        assert_eq!(numbers, [3, 2, 1, 4]);
    }

    #[test]
    fn what_the_capture_does_not_hold_is_not_absent() {
        for (response, has_answer) in [
            (json!({ "status": 200, "content": { "size": -1 } }), false),
            (json!({ "status": 200, "content": { "size": 64, "text": "" } }), false),
            (
                json!({ "status": 200, "content": { "size": 0 }, "headers": [{ "name": "content-length", "value": "64" }] }),
                false,
            ),
            (json!({ "status": 200, "content": { "size": 0 } }), true),
            (json!({ "status": 204, "content": { "size": -1 } }), true),
            (json!({ "status": 200, "content": { "size": 2, "text": "{}" } }), true),
        ] {
            let entry = json!({ "request": { "method": "GET" }, "response": response });
            let exchange = exchange(&entry, 1, &mut Unpacker::default());
            assert_eq!(exchange.has_answer, has_answer, "{response}");
        }
    }

    #[test]
    fn what_has_no_body_is_not_left_out() {
        let referral = "STU3/ReferralRequest/000049912345";
        for (method, path, has_request, has_answer) in [
            ("POST", format!("{referral}/$ers.acceptReferral"), true, false),
            ("POST", format!("{referral}/$ers.generateCRI"), true, false),
            ("POST", format!("{referral}/$ers.rejectReferral"), false, false),
            ("POST", "STU3/Binary".to_owned(), false, true),
            ("HEAD", "R4/HealthcareService/1".to_owned(), true, true),
            ("POST", "other".to_owned(), false, false),
        ] {
            let entry = json!({ "request": { "method": method, "url": format!("https://h/FHIR/{path}"), "bodySize": -1 },
                "response": { "status": 200, "content": { "size": -1 } } });
            let exchange = exchange(&entry, 1, &mut Unpacker::default());
            assert_eq!((exchange.has_request, exchange.has_answer), (has_request, has_answer), "{path}");
        }
    }
}
