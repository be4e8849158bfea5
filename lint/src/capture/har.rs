//! HAR: what browsers, proxies and test tools write.

use ers_fhir_ers::{Answer, Call};
use ers_fhir_values::base64;
use serde_json::Value;

use super::{Exchange, pairs};

pub(super) fn exchanges(value: &Value) -> Option<Vec<Exchange>> {
    let entries = value["log"]["entries"].as_array()?;
    Some(entries.iter().zip(1..).map(|(entry, number)| exchange(entry, number)).collect())
}

fn exchange(entry: &Value, number: usize) -> Exchange {
    let (request, response) = (&entry["request"], &entry["response"]);
    let sent = request["postData"]["text"].as_str();
    let is_sent = |size: &Value| size.as_i64().is_some_and(|size| size > 0);
    let came = body(&response["content"]);
    let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
    Exchange {
        number,
        call: Call {
            method: request["method"].as_str().unwrap_or_default().to_owned(),
            url: request["url"].as_str().unwrap_or_default().to_owned(),
            headers: pairs(&request["headers"], "name"),
            body: sent.unwrap_or_default().as_bytes().to_vec(),
            // Nothing came back where the status is 0.
            answer: (status > 0).then(|| Answer {
                status,
                headers: pairs(&response["headers"], "name"),
                body: came.clone().unwrap_or_default(),
            }),
        },
        began: entry["startedDateTime"].as_str().and_then(moment),
        has_request: sent.is_some() || !is_sent(&request["bodySize"]),
        has_answer: came.is_some() || !is_sent(&response["content"]["size"]),
    }
}

/// A body that was captured.
fn body(content: &Value) -> Option<Vec<u8>> {
    let text = content["text"].as_str()?;
    match content["encoding"].as_str() {
        Some("base64") => base64::decode(text).ok(),
        _ => Some(text.as_bytes().to_vec()),
    }
}

/// Milliseconds of the day in `2026-03-01T09:30:00.250Z`.
fn moment(text: &str) -> Option<u64> {
    let time = text.split_once('T')?.1;
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, fraction) = time[..end].split_once('.').unwrap_or((&time[..end], "0"));
    let mut parts = clock.split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let millis: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis)
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn moments_are_read() {
        assert_eq!(moment("2026-03-01T00:00:01.5Z"), Some(1500));
        assert_eq!(moment("2026-03-01T01:00:00+00:00"), Some(3_600_000));
        assert_eq!(moment("today"), None);
    }
}
