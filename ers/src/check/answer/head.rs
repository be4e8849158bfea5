//! Status and headers of an answer.

use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{CallPart, Message, Severity, def, text};

use super::foreign;
use crate::call::{Context, Foreign};
use crate::check::fault::Fault;
use crate::check::headers::media_type;
use crate::rule::answers as rules;
use crate::service::{Body, Endpoint, Header, Method, form};

const FHIR: &str = "application/fhir+json";
const PDF: &str = "application/pdf";

pub(super) fn check(context: &Context, payload: &[u8]) -> Vec<Fault> {
    if let Some(kind) = context.foreign(payload) {
        // Status and headers are those of whoever wrote the body.
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

/// The status is one that the operation describes, and the body goes with it.
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
        // What stands between may answer with other failures.
        let severity = if (200..300).contains(&status) { Severity::Error } else { Severity::Warning };
        faults.push(fault.severity(severity).suggest(text!("it answers with {}", def(known.join(", ")))));
    }
    if is_described && payload.is_empty() && status != endpoint.success && tells_why(endpoint, status) {
        let message = text!(
            "{} says in an OperationOutcome why it answers {}, and there is no body",
            def(endpoint.id),
            status
        );
        faults.push(Fault::new(&rules::BODY, CallPart::Body, message).severity(Severity::Warning));
    }
    let is_missing = status == endpoint.success && payload.is_empty() && endpoint.response != Body::None;
    if is_missing {
        let message = text!("{} has a body when it succeeds, and there is none", def(endpoint.id));
        faults.push(Fault::new(&rules::BODY, CallPart::Body, message));
    }
    // A redirection may come with a page for whoever does not follow it.
    let is_note = (300..400).contains(&status) && Foreign::of(payload) == Some(Foreign::Page);
    if status == endpoint.success && !payload.is_empty() && endpoint.response == Body::None && !is_note {
        let message = text!("{} has no body when it succeeds", def(endpoint.id));
        faults.push(Fault::new(&rules::BODY, CallPart::Body, message));
    }
}

/// Whether a failure comes with an OperationOutcome: in R4 each does, in STU3 those that only the caller can put right.
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

/// The headers that the operation describes are there.
fn listed(context: &Context, faults: &mut Vec<Fault>) {
    for name in context.endpoint.answer_headers() {
        // What was not sent cannot come back; those of the transport are often left out of captures.
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
        let message = "ETag does not hold a version as the service writes it";
        let fault = Fault::new(&rules::HEADER, part, message);
        faults.push(fault.suggest("it is W/\"…\" with the number of the version"));
    } else if !context.endpoint.etag {
        let message = text!("nothing says that {} has an ETag: do not rely on it", def(context.endpoint.id));
        faults.push(Fault::new(&rules::HEADER, part, message).severity(Severity::Information));
    }
}

/// Where the uploaded file is, or the one to fetch.
fn location(context: &Context, faults: &mut Vec<Fault>) {
    let Some(value) = context.answer_header("Location") else { return };
    let part = CallPart::AnswerHeader("Location");
    let (is_right, right) = match context.endpoint.id {
        "A020" => {
            let id = value.rsplit_once("Binary/").map(|(_, id)| id);
            (
                id.is_some_and(|id| !id.is_empty() && !id.contains('/')),
                "it is Binary/<id>, to be attached as it is",
            )
        }
        "A042" => {
            (value.contains("://"), "it is a whole address, to be followed at once and without the token")
        }
        _ => return,
    };
    if !is_right {
        let message = "Location does not say where the file is";
        faults.push(Fault::new(&rules::HEADER, part, message).suggest(right));
    }
}

/// What is said of a file.
fn file(context: &Context, payload: &[u8], faults: &mut Vec<Fault>) {
    if !matches!(context.endpoint.response, Body::File(_)) {
        return;
    }
    if let Some(value) = context.answer_header("Content-Disposition")
        && !value.to_ascii_lowercase().contains("filename=")
    {
        let part = CallPart::AnswerHeader("Content-Disposition");
        faults.push(Fault::new(&rules::HEADER, part, "Content-Disposition names no file"));
    }
    let length = context.answer_header("Content-Length");
    let is_packed = context.answer_header("Content-Encoding").is_some();
    if let Some(length) = length.filter(|_| !is_packed && !payload.is_empty())
        && length.parse() != Ok(payload.len())
    {
        let part = CallPart::AnswerHeader("Content-Length");
        let message = text!("Content-Length is not that of the body, which has {} bytes", payload.len());
        faults.push(Fault::new(&rules::HEADER, part, message));
    }
}

/// What is called a PDF begins as one.
fn document(context: &Context, payload: &[u8]) -> Option<Fault> {
    const BEGINS: &[u8] = b"%PDF";
    // The same in base64, which captures leave as it is now and then.
    const ENCODED: &[u8] = b"JVBERi";
    // Readers look for it in as many bytes.
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
        None => text!("{} answers with a PDF, and the body is FHIR", def(id)),
        Some(Foreign::Bytes) => text!("{} answers with a PDF, and the body does not begin as one", def(id)),
        Some(kind) => text!("{} answers with a PDF, and the body is {}", def(id), def(kind)),
    };
    (!is_pdf).then(|| {
        Fault::new(&rules::BODY, CallPart::Body, message)
            .suggest("a PDF begins with %PDF: look at what came instead")
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
        let message = text!("the body is FHIR, and Content-Type is not {}", def(FHIR));
        let part = CallPart::AnswerHeader(Header::CONTENT_TYPE.name);
        faults.push(Fault::new(&rules::HEADER, part, message));
    }
    if is_generated(context) && context.succeeds() == Some(true) && media_type(value) != PDF {
        let message = text!(
            "{} answers with a document, and Content-Type is not {}",
            def(context.endpoint.id),
            def(PDF)
        );
        let part = CallPart::AnswerHeader(Header::CONTENT_TYPE.name);
        faults.push(Fault::new(&rules::HEADER, part, message));
    }
}

/// The correlation id comes back.
fn echo(context: &Context, faults: &mut Vec<Fault>) {
    let name = Header::CORRELATION.name;
    let Some(sent) = context.header_value(name).filter(|sent| !sent.is_empty()) else { return };
    let part = CallPart::AnswerHeader(name);
    match context.answer_header(name) {
        Some(came) if came == sent => {}
        // The service may add to it.
        Some(came) if came.starts_with(sent) => {}
        Some(came) => {
            let message = Message::text("X-Correlation-ID comes back as ").value(came);
            let message = message.then(" and was sent as ").value(sent);
            faults.push(Fault::new(&rules::HEADER, part, message));
        }
        None => faults.push(Fault::new(&rules::HEADER, part, "X-Correlation-ID does not come back")),
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
