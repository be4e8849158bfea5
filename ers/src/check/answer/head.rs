//! Status and headers of an answer.

use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{CallPart, Message, Severity, def, text};

use super::foreign;
use crate::call::url::Url;
use crate::call::{Context, Foreign};
use crate::check::fault::Fault;
use crate::check::headers::media_type;
use crate::rule::answers as rules;
use crate::service::{Body, Endpoint, Header, Method, form};

const FHIR: &str = "application/fhir+json";
const PDF: &str = "application/pdf";

pub(super) fn check(context: &Context, payload: &[u8]) -> Vec<Fault> {
    if let Some(kind) = context.foreign(payload) {
        // Status and headers come from where the body comes from.
        return vec![foreign::fault(context, kind)];
    }
    let mut faults = Vec::new();
    status(context, payload, &mut faults);
    faults.extend(document(context, payload));
    if !context.answer_headers.is_empty() {
        if context.succeeds() != Some(false) {
            listed(context, &mut faults);
            etag(context, &mut faults);
            location(context, &mut faults);
            file(context, payload, &mut faults);
        }
        content_type(context, payload, &mut faults);
        echo(context, &mut faults);
        retry_after(context, &mut faults);
    }
    faults
}

/// The status is documented for the operation, and the body matches it.
fn status(context: &Context, payload: &[u8], faults: &mut Vec<Fault>) {
    let Some(status) = context.status else { return };
    let endpoint = context.endpoint;
    let is_described =
        status == endpoint.success || endpoint.failures.iter().any(|(failure, _)| *failure == status);
    if !is_described {
        let message = text!("{} does not answer with {}", def(endpoint.id), status);
        let mut known: Vec<String> = vec![endpoint.success.to_string()];
        known.extend(endpoint.failures.iter().map(|(failure, _)| failure.to_string()));
        let fault = Fault::new(&rules::STATUS, CallPart::Status, message);
        // A proxy in between may answer with other failures.
        let severity = if (200..300).contains(&status) { Severity::Error } else { Severity::Warning };
        faults.push(fault.severity(severity).suggest(text!("it answers with {}", def(known.join(", ")))));
    }
    if is_described && payload.is_empty() && status != endpoint.success && tells_why(endpoint, status) {
        let message =
            text!("the body is missing: {} explains {} in an OperationOutcome", def(endpoint.id), status);
        faults.push(Fault::new(&rules::BODY, CallPart::Body, message).severity(Severity::Warning));
    }
    let is_missing = status == endpoint.success && payload.is_empty() && endpoint.response != Body::None;
    if is_missing {
        let message = text!("the body is missing: {} answers with one when it succeeds", def(endpoint.id));
        faults.push(Fault::new(&rules::BODY, CallPart::Body, message));
    }
    // A redirect may come with a page for clients that do not follow it.
    let is_note = (300..400).contains(&status) && Foreign::of(payload) == Some(Foreign::Page);
    if status == endpoint.success && !payload.is_empty() && endpoint.response == Body::None && !is_note {
        let message = text!("{} answers without a body when it succeeds", def(endpoint.id));
        faults.push(Fault::new(&rules::BODY, CallPart::Body, message));
    }
}

/// Whether a failure comes with an OperationOutcome: in R4 always, in STU3 if only the caller can correct it.
fn tells_why(endpoint: &Endpoint, status: u16) -> bool {
    let is_search = ["A015", "A025", "A029"].contains(&endpoint.id);
    match endpoint.release {
        _ if endpoint.method == Method::Head => false,
        FhirVersion::R4 => true,
        FhirVersion::Stu3 => {
            matches!(status, 401 | 403 | 422 | 502 | 503 | 504) || status == 400 && is_search
        }
    }
}

/// The headers that are documented for the operation are present.
fn listed(context: &Context, faults: &mut Vec<Fault>) {
    for name in context.endpoint.answer_headers() {
        // A correlation id that was not sent cannot be returned; transport headers are often left
        // out of captures.
        let is_needed = !matches!(name, "X-Correlation-ID" | "Content-Length" | "Cache-Control");
        if is_needed && context.answer_header(name).is_none() {
            let message = text!("the answer has no {}", def(name));
            faults.push(Fault::new(&rules::HEADER, CallPart::AnswerHeader(name), message));
        }
    }
}

fn etag(context: &Context, faults: &mut Vec<Fault>) {
    let part = CallPart::AnswerHeader("ETag");
    let Some(value) = context.answer_header("ETag") else { return };
    if !form::is_etag(value) {
        let message = "ETag does not hold a version in the form that the service writes";
        let fault = Fault::new(&rules::HEADER, part, message);
        faults.push(fault.suggest("the form is W/\"…\" around the number of the version"));
    } else if !context.endpoint.etag {
        let message = text!("an ETag is not documented for {}: do not rely on it", def(context.endpoint.id));
        faults.push(Fault::new(&rules::HEADER, part, message).severity(Severity::Information));
    }
}

/// The address of the uploaded file, or of the one to fetch.
fn location(context: &Context, faults: &mut Vec<Fault>) {
    let Some(value) = context.answer_header("Location") else { return };
    let part = CallPart::AnswerHeader("Location");
    let (is_right, right) = match context.endpoint.id {
        "A020" => {
            let id = value.rsplit_once("Binary/").map(|(_, id)| id);
            (
                id.is_some_and(|id| !id.is_empty() && !id.contains('/')),
                "it should be Binary/<id>, which clients attach unchanged",
            )
        }
        "A042" => (
            value.contains("://"),
            "it should be an absolute address, which clients follow at once and without the token",
        ),
        _ => return,
    };
    if !is_right {
        let message = "Location does not say where the file is";
        faults.push(Fault::new(&rules::HEADER, part, message).suggest(right));
    } else if context.endpoint.id == "A020" && !value.starts_with("Binary/") {
        // A proxy may have rewritten it.
        let message = "Location holds more than Binary/<id>: the service writes no address before it";
        let fault = Fault::new(&rules::HEADER, part, message).severity(Severity::Warning);
        faults.push(fault.suggest("answer with Binary/<id>, which clients attach unchanged"));
    }
}

/// The headers that describe a file.
fn file(context: &Context, payload: &[u8], faults: &mut Vec<Fault>) {
    if !matches!(context.endpoint.response, Body::File(_)) {
        return;
    }
    if let Some(value) = context.answer_header("Content-Disposition") {
        let part = CallPart::AnswerHeader("Content-Disposition");
        let lower = value.to_ascii_lowercase();
        match lower.find("filename=").map(|place| &value[place + "filename=".len()..]) {
            None => faults.push(Fault::new(&rules::HEADER, part, "Content-Disposition names no file")),
            Some(name) => faults.extend(document_name(context, name)),
        }
    }
    let length = context.answer_header("Content-Length");
    let is_packed = context.answer_header("Content-Encoding").is_some();
    if let Some(length) = length.filter(|_| !is_packed && !payload.is_empty())
        && length.parse() != Ok(payload.len())
    {
        let part = CallPart::AnswerHeader("Content-Length");
        let message = text!("Content-Length does not match the body, which has {} bytes", payload.len());
        faults.push(Fault::new(&rules::HEADER, part, message));
    }
}

/// The name of a document that the operation makes consists of the UBRN, its kind, and when it was
/// made.
fn document_name(context: &Context, name: &str) -> Option<Fault> {
    let (what, form) = match context.endpoint.id {
        "A007" => {
            ("_Clinical_Information_Summary_", "<UBRN>_Clinical_Information_Summary_<yyyyMMddHHmmss>.pdf")
        }
        "A043" => ("_Advice_And_Guidance_", "<UBRN>_Advice_And_Guidance_<yyyyMMddHHmmss>.pdf"),
        "A019" => ("_Summary_", "<UBRN>_Appointment_Confirmation_Summary_<yyyyMMddHHmmss>.pdf, or similar"),
        _ => return None,
    };
    let name = name.split(';').next().unwrap_or_default().trim().trim_matches('"');
    let part = CallPart::AnswerHeader("Content-Disposition");
    let fault = |message: &'static str| {
        let fault = Fault::new(&rules::HEADER, part, message).severity(Severity::Warning);
        Some(fault.suggest(text!("the service names it {}", def(form))))
    };
    let asked = context.url.as_deref().map(Url::parse);
    let mut parameters = asked.iter().flat_map(|url| url.parameters(context.endpoint.path));
    let asked = parameters.find(|(name, _)| *name == "ubrn").map(|(_, ubrn)| ubrn);
    match name.get(..12).filter(|ubrn| form::is_ubrn(ubrn)) {
        Some(ubrn) if asked.is_some_and(|asked| form::is_ubrn(asked) && asked != ubrn) => {
            fault("Content-Disposition names a document with a different UBRN than the path")
        }
        Some(_) if name.strip_suffix(".pdf").is_some_and(|name| name.contains(what)) => None,
        _ => fault("Content-Disposition does not name the document in the form that the service uses"),
    }
}

/// A document that is said to be a PDF begins like one.
fn document(context: &Context, payload: &[u8]) -> Option<Fault> {
    const BEGINS: &[u8] = b"%PDF";
    // The same in base64, which captures sometimes leave encoded.
    const ENCODED: &[u8] = b"JVBERi";
    // PDF readers look for it within this many bytes.
    const WITHIN: usize = 1024;
    let is_called = context.answer_header("Content-Type").is_some_and(|value| media_type(value) == PDF);
    let is_file = matches!(context.endpoint.response, Body::File(_));
    if !is_file
        || payload.is_empty()
        || context.succeeds() == Some(false)
        || !(is_called || is_generated(context))
    {
        return None;
    }
    let beginning = &payload[..payload.len().min(WITHIN)];
    let is_pdf = beginning.windows(BEGINS.len()).any(|part| part == BEGINS) || payload.starts_with(ENCODED);
    let id = context.endpoint.id;
    let message = match Foreign::of(payload) {
        None => text!("{} answers with a PDF, but the body is FHIR", def(id)),
        Some(Foreign::Bytes) => text!("{} answers with a PDF, but the body does not begin like one", def(id)),
        Some(kind) => text!("{} answers with a PDF, but the body is {}", def(id), def(kind)),
    };
    (!is_pdf).then(|| {
        Fault::new(&rules::BODY, CallPart::Body, message)
            .suggest("a PDF begins with %PDF: check what was returned instead")
    })
}

/// Whether the operation makes the document that it answers with.
fn is_generated(context: &Context) -> bool {
    matches!(context.endpoint.response, Body::File(_)) && context.endpoint.operation().is_some()
}

fn content_type(context: &Context, payload: &[u8], faults: &mut Vec<Fault>) {
    let Some(value) = context.answer_header("Content-Type") else { return };
    let carries_fhir = !context.is_without_fhir(payload);
    if carries_fhir && media_type(value) != FHIR {
        let message = text!("the body is FHIR, but Content-Type is not {}", def(FHIR));
        let part = CallPart::AnswerHeader(Header::CONTENT_TYPE.name);
        faults.push(Fault::new(&rules::HEADER, part, message));
    }
    if is_generated(context) && context.succeeds() == Some(true) && media_type(value) != PDF {
        let message = text!(
            "{} answers with a document, but Content-Type is not {}",
            def(context.endpoint.id),
            def(PDF)
        );
        let part = CallPart::AnswerHeader(Header::CONTENT_TYPE.name);
        faults.push(Fault::new(&rules::HEADER, part, message));
    }
}

/// The correlation id is returned.
fn echo(context: &Context, faults: &mut Vec<Fault>) {
    let name = Header::CORRELATION.name;
    let Some(sent) = context.header_value(name).filter(|sent| !sent.is_empty()) else { return };
    let part = CallPart::AnswerHeader(name);
    match context.answer_header(name) {
        Some(came) if came == sent => {}
        // The service may append to it.
        Some(came) if came.starts_with(sent) => {}
        Some(came) => {
            let message = Message::text("X-Correlation-ID is returned as ").value(came);
            let message = message.then(" but was sent as ").value(sent);
            faults.push(Fault::new(&rules::HEADER, part, message));
        }
        None => faults.push(Fault::new(&rules::HEADER, part, "X-Correlation-ID is not returned")),
    }
}

fn retry_after(context: &Context, faults: &mut Vec<Fault>) {
    let Some(value) = context.answer_header("Retry-After") else { return };
    // Seconds, or a date such as `Fri, 06 Mar 2026 09:30:00 GMT`.
    if !form::is_number(value) && !value.ends_with("GMT") {
        let part = CallPart::AnswerHeader("Retry-After");
        faults.push(Fault::new(&rules::HEADER, part, "Retry-After holds neither seconds nor a date"));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::call::Context;
    use crate::service::find;

    /// The findings about a header of a good answer.
    fn said(id: &str, name: &str, value: &str) -> Vec<String> {
        let endpoint = find(id).next().expect("it is an operation");
        let url = endpoint.path.replace("{ubrn}", "000049912345");
        let mut context = Context::response(endpoint).status(endpoint.success).url(url);
        context.answer_headers = vec![(name.to_owned(), value.to_owned())];
        let faults = check(&context, b"").into_iter();
        let messages = faults.map(|fault| fault.message.revealed().to_owned());
        messages.filter(|message| message.contains(name) && !message.contains("has no")).collect()
    }

    #[test]
    fn an_uploaded_file_is_named_without_an_address() {
        let file = "Binary/9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11";
        assert!(said("A020", "Location", file).is_empty());
        let whole = format!("https://api.service.nhs.uk/referrals/FHIR/STU3/{file}");
        assert_eq!(said("A020", "Location", &whole).len(), 1);
        assert_eq!(said("A020", "Location", "elsewhere").len(), 1);
    }

    #[test]
    fn documents_have_the_names_that_the_service_gives_them() {
        for (id, name, is_right) in [
            ("A007", "000049912345_Clinical_Information_Summary_20260306120000.pdf", true),
            ("A019", "000049912345_Triage_Summary_20260306120000.pdf", true),
            ("A043", "000049912345_Advice_And_Guidance_20260306120000.pdf", true),
            ("A006", "letter.pdf", true),
            ("A007", "letter.pdf", false),
            ("A007", "000049912345_Advice_And_Guidance_20260306120000.pdf", false),
            ("A007", "000049912346_Clinical_Information_Summary_20260306120000.pdf", false),
            ("A043", "", false),
        ] {
            let found = said(id, "Content-Disposition", &format!("attachment; filename=\"{name}\""));
            assert_eq!(found.is_empty(), is_right, "{id} {name}: {found:?}");
        }
    }
}
