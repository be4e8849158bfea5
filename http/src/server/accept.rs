//! What a client accepts: which of FHIR's two syntaxes, and whether compressed.

use crate::engine::{Refusal, Written};
use axum::http::{HeaderMap, header};

/// How an OperationOutcome is to be written.
pub(super) fn written(headers: &HeaderMap, said: Option<&str>) -> Result<Written, Refusal> {
    if let Some(said) = said {
        let of_type = syntax(&said.replace(' ', "+").to_ascii_lowercase());
        return match (said, of_type) {
            ("json", _) | (_, Some(Written::Json)) => Ok(Written::Json),
            ("xml", _) | (_, Some(Written::Xml)) => Ok(Written::Xml),
            _ => Err(Refusal {
                status: 406,
                code: "not-supported",
                text: "_format must be json or xml".to_owned(),
            }),
        };
    }
    let mut best: Option<(Written, u32)> = None;
    let mut is_any = false;
    for value in headers.get_all(header::ACCEPT) {
        for range in value.to_str().unwrap_or_default().split(',') {
            is_any = true;
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, weight);
            if let Some(written) = syntax(&kind).filter(|_| weight > 0)
                && best.is_none_or(|(_, known)| weight > known)
            {
                best = Some((written, weight));
            }
        }
    }
    match best {
        Some((written, _)) => Ok(written),
        None if !is_any => Ok(Written::Json),
        None => {
            let text = "an OperationOutcome is available as application/fhir+json or application/fhir+xml"
                .to_owned();
            Err(Refusal { status: 406, code: "not-supported", text })
        }
    }
}

/// The syntax that a media type or media range accepts.
fn syntax(kind: &str) -> Option<Written> {
    match kind {
        "application/fhir+json"
        | "application/json"
        | "application/json+fhir"
        | "text/json"
        | "*/*"
        | "application/*" => Some(Written::Json),
        "application/fhir+xml" | "application/xml" | "application/xml+fhir" | "text/xml" | "text/*" => {
            Some(Written::Xml)
        }
        _ => None,
    }
}

/// `0.8` as thousandths.
fn weight(text: &str) -> u32 {
    let value: f64 = text.trim().parse().unwrap_or_default();
    // Between 0 and 1000.
    #[expect(clippy::cast_sign_loss, reason = "it is clamped")]
    let weight = (value.clamp(0.0, 1.0) * 1000.0) as u32;
    weight
}

/// Whether a client takes gzip.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut codings = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','));
    codings.any(|coding| {
        let (name, rest) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = rest.trim().strip_prefix("q=").is_some_and(|q| weight(q) == 0);
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

/// Whether each line of a body is a payload, judging by its media type.
pub(super) fn has_lines(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    ["ndjson", "jsonl", "json-seq", "jsonlines"].iter().any(|known| kind.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &'static str) -> Result<Written, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, header::HeaderValue::from_static(value));
        written(&headers, None).map_err(|refusal| refusal.status)
    }

    #[test]
    fn the_syntax_is_the_one_that_is_preferred() {
        assert_eq!(accept("application/fhir+xml"), Ok(Written::Xml));
        assert_eq!(accept("application/fhir+xml;q=0.5, application/json"), Ok(Written::Json));
        assert_eq!(accept("text/html, application/xml;q=0.9, */*;q=0.8"), Ok(Written::Xml));
        assert_eq!(accept("*/*"), Ok(Written::Json));
        assert_eq!(accept("application/fhir+json; fhirVersion=3.0"), Ok(Written::Json));
        assert_eq!(accept("image/png"), Err(406));
        assert_eq!(accept("application/json;q=0"), Err(406));
        let none = HeaderMap::new();
        assert_eq!(written(&none, None), Ok(Written::Json));
        assert_eq!(written(&none, Some("application/fhir xml")), Ok(Written::Xml));
        assert!(written(&none, Some("turtle")).is_err());
    }

    #[test]
    fn gzip_is_taken_where_it_is_named() {
        for (value, takes) in [("gzip", true), ("br, GZIP;q=0.5", true), ("gzip;q=0", false), ("br", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, header::HeaderValue::from_static(value));
            assert_eq!(takes_gzip(&headers), takes, "{value}");
        }
    }
}
