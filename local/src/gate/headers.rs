//! Checks of the path, the media types and the version of a call.

use ers_fhir_ers::service::{Body, Endpoint, FILE_TYPES, Header};

use crate::call::{Call, Token};
use crate::refusal::{Outcome, Refusal};

const JSON: [&str; 2] = ["application/fhir+json", "application/json"];

/// The refusal of a call that matches no operation.
pub(crate) fn unknown_path(call: &Call) -> Refusal {
    if let Token::Invalid(why) = call.caller {
        return Refusal::new(401, "NO_ACCESS", why);
    }
    Refusal::plain(404, format!("there is no operation {} {}", call.method, call.path()))
}

/// The number in `W/"5"`.
pub(crate) fn version_of(etag: &str) -> Option<u64> {
    let digits = etag.trim().strip_prefix("W/\"")?.strip_suffix('"')?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Checks the headers of a call, in the order of the refusals.
pub(crate) fn check_headers(endpoint: &Endpoint, call: &Call) -> Outcome<()> {
    accept(endpoint, call)?;
    content_type(endpoint, call)?;
    if endpoint.more_headers.contains(&Header::IF_MATCH)
        && call.value(Header::IF_MATCH.name).and_then(version_of).is_none()
    {
        // Three operations do not document 412.
        let is_described = endpoint.failures.iter().any(|(status, _)| *status == 412);
        let status = if is_described { 412 } else { 400 };
        return Err(Refusal::plain(status, "If-Match is missing, or is not W/\"<version>\""));
    }
    Ok(())
}

fn accept(endpoint: &Endpoint, call: &Call) -> Outcome<()> {
    let written: &[&str] = match endpoint.response {
        Body::Resource(_) => &JSON,
        Body::File(_) if endpoint.operation().is_some() => &["application/pdf"],
        Body::File(_) | Body::None => return Ok(()),
    };
    let Some(accepted) = call.value("Accept") else { return Ok(()) };
    let fits = |range: &str| {
        let range = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        range == "*/*" || range == "application/*" || written.contains(&range.as_str())
    };
    if accepted.split(',').any(fits) {
        return Ok(());
    }
    Err(Refusal::plain(406, format!("{} answers with {}", endpoint.id, written[0])))
}

fn content_type(endpoint: &Endpoint, call: &Call) -> Outcome<()> {
    let given = call.value("Content-Type").unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match endpoint.request {
        Body::None => Ok(()),
        Body::Resource(_) if JSON.contains(&given.as_str()) => Ok(()),
        Body::Resource(_) => Err(Refusal::plain(415, "Content-Type must be application/fhir+json")),
        Body::File(_) if FILE_TYPES.iter().any(|(known, _)| *known == given) => Ok(()),
        Body::File(_) => Err(Refusal::plain(415, "Content-Type does not name an accepted file type")),
    }
}
