//! URL and headers of a valid call.

use super::caller::Caller;
use crate::service::{Body, Endpoint, Header, Need, Role};

/// The address of the service.
const BASE: &str = "https://api.service.nhs.uk/referrals/FHIR";

/// The URL of a valid call.
pub(super) fn url(endpoint: &Endpoint) -> String {
    let steps = endpoint.path.split('/').map(|step| {
        if step.starts_with('{') { value(endpoint, step.trim_matches(['{', '}'])) } else { step }
    });
    let path = steps.collect::<Vec<_>>().join("/");
    let is_asked = |name: &str| (endpoint.id, name) == ("A025", "_include");
    let pairs: Vec<String> = endpoint
        .query
        .iter()
        .filter(|parameter| parameter.required || is_asked(parameter.name))
        .map(|parameter| format!("{}={}", parameter.name, query(endpoint, parameter.name)))
        .collect();
    let mark = if pairs.is_empty() { "" } else { "?" };
    format!("{BASE}{path}{mark}{}", pairs.join("&"))
}

/// The value of a parameter of a path.
fn value(endpoint: &Endpoint, name: &str) -> &'static str {
    let is_advice = endpoint.resource_type() == "CommunicationRequest";
    match (name, endpoint.resource_type()) {
        ("ubrn", _) if is_advice => "000049954321",
        ("ubrn", _) => "000049912345",
        ("version", "Appointment") => "2",
        ("version", _) if is_advice => "2",
        ("version", _) => "4",
        ("codeSystemType", _) => "PRIORITY",
        ("id", "Appointment") => "81220",
        ("id", "HealthcareService") => "20417",
        _ => "9ad9b9a2-5e78-454d-b065-a1c284cc4549",
    }
}

fn query(endpoint: &Endpoint, name: &str) -> &'static str {
    match (endpoint.id, name) {
        ("A015", "appointmentType") => "ROUTINE",
        ("A015", "status") => "free",
        ("A015", "_count") => "10",
        ("A015", "page") => "1",
        ("A025", "_include") => "Communication:content-reference:DocumentReference",
        ("A025", _) => "CommunicationRequest/000049954321/_history/2",
        ("A029", "focus") => "ReferralRequest/000049912345/_history/4",
        ("A029", "intent") => "proposal",
        ("A029", "status") => "ready",
        ("A040", _) => "onBehalfOf",
        ("A041", _) => "000049912345",
        _ => "20417",
    }
}

/// The headers of a valid call.
pub(crate) fn headers(endpoint: &Endpoint, caller: Caller) -> Vec<(String, String)> {
    let role = caller.role();
    let is_sent = |header: &Header| match header.need {
        Need::OnBehalf => role == Some(Role::ServiceProviderClinicianAdmin),
        Need::Users => role.is_some(),
        Need::Always | Need::Never => true,
    };
    let mut headers: Vec<(String, String)> = Vec::new();
    for header in endpoint.headers().iter().filter(|header| is_sent(header)) {
        let is = |known: &Header| header.name == known.name;
        let value = if is(&Header::AUTHORIZATION) {
            "Bearer token"
        } else if is(&Header::ORGANISATION) {
            if role.is_some_and(Role::is_referrer) { "X26" } else { "R9K" }
        } else if is(&Header::FUNCTION) {
            role.map_or("", Role::code)
        } else if is(&Header::ON_BEHALF_OF) {
            "555000333444"
        } else if is(&Header::IF_MATCH) {
            if endpoint.resource_type() == "ReferralRequest" { "W/\"4\"" } else { "W/\"2\"" }
        } else if is(&Header::COMMISSIONING_RULE_ORGANISATION) {
            "X26"
        } else if is(&Header::FILE_NAME) {
            "letter.txt"
        } else if is(&Header::REFERRAL) {
            "000049912345"
        } else if is(&Header::CONTENT_TYPE) {
            if matches!(endpoint.request, Body::File(_)) { "text/plain" } else { "application/fhir+json" }
        } else {
            "11d46f5f-cdef-4865-94b2-0ee0edcc26da"
        };
        headers.push((header.name.to_owned(), value.to_owned()));
    }
    let accepted = match endpoint.response {
        Body::Resource(_) => Some("application/fhir+json"),
        Body::File(_) if endpoint.operation().is_some() => Some("application/pdf"),
        Body::File(_) => Some("*/*"),
        Body::None => None,
    };
    headers.extend(accepted.map(|accepted| ("Accept".to_owned(), accepted.to_owned())));
    headers
}

/// The headers of a valid answer with that body.
pub(crate) fn answer_headers(endpoint: &Endpoint, body: &[u8]) -> Vec<(String, String)> {
    let is_generated = endpoint.operation().is_some();
    let names = endpoint.answer_headers().into_iter();
    let pairs = names.map(|name| {
        let value = match name {
            "ETag" => format!("W/\"{}\"", version(body)),
            "Location" if endpoint.id == "A020" => "Binary/9ad9b9a2-5e78-454d-b065-a1c284cc4549".to_owned(),
            "Location" => {
                "https://files.example.org/9ad9b9a2-5e78-454d-b065-a1c284cc4549?expires=60".to_owned()
            }
            "Content-Length" => body.len().to_string(),
            "Content-Disposition" if is_generated => {
                format!("attachment; filename=\"{}\"", document_name(endpoint))
            }
            "Content-Disposition" => "attachment; filename=\"letter.txt\"".to_owned(),
            "Content-Type" => match endpoint.response {
                Body::File(_) if is_generated => "application/pdf".to_owned(),
                Body::File(_) => "text/plain".to_owned(),
                Body::Resource(_) | Body::None => "application/fhir+json".to_owned(),
            },
            "Cache-Control" => "no-cache".to_owned(),
            "X-Request-ID" => "99bd8d4e-5c5d-4a0c-b2a3-2d3e1f6a7b80-1".to_owned(),
            // The correlation id of the request.
            _ => "11d46f5f-cdef-4865-94b2-0ee0edcc26da".to_owned(),
        };
        (name.to_owned(), value)
    });
    pairs.collect()
}

/// The name of the document that an operation makes.
fn document_name(endpoint: &Endpoint) -> &'static str {
    match endpoint.id {
        "A043" => "000049954321_Advice_And_Guidance_20260306120000.pdf",
        "A019" => "000049912345_Appointment_Confirmation_Summary_20260306120000.pdf",
        _ => "000049912345_Clinical_Information_Summary_20260306120000.pdf",
    }
}

/// The version of the record at the beginning of an answer; for a service, which it does not contain, the version
/// that A033 returns.
fn version(body: &[u8]) -> String {
    const MARK: &str = "\"versionId\": \"";
    let text = String::from_utf8_lossy(body);
    let digits = text.split_once(MARK).and_then(|(_, rest)| rest.split_once('"')).map(|(digits, _)| digits);
    digits.unwrap_or("12").to_owned()
}
