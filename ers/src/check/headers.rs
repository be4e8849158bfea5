//! The headers of a request.

use ers_fhir_report::{CallPart, Message, Severity, def, key, text, value};
use ers_fhir_values::suggest;

use super::call::INTERNAL;
use super::fault::Fault;
use crate::call::Context;
use crate::call::url::Url;
use crate::rule::{access as rules, appointments, calls};
use crate::service::{Access, Body, Header, Need, Role, form};

const FUNCTION: &str = Header::FUNCTION.name;
const ORGANISATION: &str = Header::ORGANISATION.name;

/// Adds the faults of the headers to those of the rest of the call.
pub(super) fn check(context: &Context, faults: &mut Vec<Fault>) {
    if context.headers.is_empty() {
        return;
    }
    if context.access != Some(Access::Application) && context.endpoint.names_user() {
        of_user(context, faults);
    }
    general(context, faults);
    for header in context.endpoint.more_headers.iter().filter(|header| header.need == Need::Always) {
        required(context, header, faults);
    }
    if let Body::Resource(_) = context.endpoint.request {
        content_type(context, faults);
    }
    accept(context, faults);
    names(context, faults);
}

/// The organisation and the business function.
fn of_user(context: &Context, faults: &mut Vec<Fault>) {
    let function = lack(context, FUNCTION).filter(|_| context.role.is_none());
    for (name, lack) in [(ORGANISATION, lack(context, ORGANISATION)), (FUNCTION, function)] {
        if let Some(lack) = lack {
            let message = text!("{} {}", def(name), def(lack));
            faults.push(Fault::new(&rules::RULE_01, CallPart::Header(name), message));
        }
    }
    let Some(code) = context.header_value(ORGANISATION).filter(|code| !code.is_empty()) else { return };
    let part = CallPart::Header(ORGANISATION);
    if !form::is_ods_code(code) {
        let message = text!("{} does not hold an ODS code", def(ORGANISATION));
        let fault = Fault::new(&rules::RULE_01, part, message);
        faults.push(fault.suggest(text!("send {}", form::ODS_CODE)));
    } else if code.contains(|letter: char| letter.is_ascii_lowercase()) {
        let message = text!("{} holds an ODS code in small letters", def(ORGANISATION));
        let fault = Fault::new(&rules::RULE_01, part, message).severity(Severity::Warning);
        faults.push(fault.suggest(text!("write {}", value(&code.to_ascii_uppercase()))));
    }
}

/// The token and the correlation id.
fn general(context: &Context, faults: &mut Vec<Fault>) {
    let part = CallPart::Header(Header::AUTHORIZATION.name);
    if let Some(value) = context.header_value(Header::AUTHORIZATION.name) {
        if let Some((message, suggestion)) = not_a_token(value) {
            faults.push(Fault::new(&rules::RULE_17, part, message).suggest(suggestion));
        }
    } else if let Some(severity) = without_token(context) {
        let message = "Authorization is missing: only the sandbox answers without a token";
        faults.push(Fault::new(&rules::RULE_17, part, message).severity(severity));
    }
    if context.header_value(Header::CORRELATION.name) == Some("") {
        let message = "X-Correlation-ID is empty, so none is returned";
        faults.push(Fault::new(&rules::RULE_19, CallPart::Header(Header::CORRELATION.name), message));
    }
}

/// What is wrong with a value of Authorization, and what to do about it.
fn not_a_token(value: &str) -> Option<(&'static str, &'static str)> {
    let token = value.strip_prefix("Bearer ").unwrap_or_default().trim();
    if token.is_empty() || !token.is_ascii() {
        return Some((
            "Authorization does not hold Bearer and an access token",
            "write Bearer, a space and the token",
        ));
    }
    if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("Bearer ")) {
        return Some(("Authorization says Bearer twice", "write Bearer once, a space and the token"));
    }
    let is_quoted = token.starts_with(['"', '\'']) || token.ends_with(['"', '\'']);
    is_quoted.then_some(("the token in Authorization has quotation marks", "write the token without them"))
}

/// The severity of a missing token: none in the sandbox, high in other environments, and low where no
/// environment is named.
fn without_token(context: &Context) -> Option<Severity> {
    match context.url.as_deref().map(Url::parse).and_then(|url| url.is_sandbox()) {
        Some(true) => None,
        Some(false) => Some(Severity::Error),
        None => Some(Severity::Information),
    }
}

/// The description of a header that holds nothing.
pub(super) fn lack(context: &Context, name: &str) -> Option<&'static str> {
    match context.header_value(name) {
        None => Some("is missing"),
        Some("") => Some("is empty"),
        Some(_) => None,
    }
}

/// A header that the operation requires beyond the usual ones.
fn required(context: &Context, header: &Header, faults: &mut Vec<Fault>) {
    let value = context.header_value(header.name).unwrap_or_default();
    let part = CallPart::Header(header.name);
    let lack = lack(context, header.name);
    if header.name == Header::IF_MATCH.name {
        if !form::is_etag(value) {
            let message = text!("If-Match {}", def(lack.unwrap_or("does not hold a version")));
            faults.push(
                Fault::new(&rules::RULE_13, part, message)
                    .suggest("write W/\"…\" with the meta.versionId that was last read"),
            );
        }
    } else if header.name == Header::COMMISSIONING_RULE_ORGANISATION.name && !form::is_ods_code(value) {
        let found = lack.unwrap_or("does not hold an ODS code");
        let message = text!("{} {}", def(&header.name), def(found));
        let fault = Fault::new(&appointments::RULE_75, part, message);
        faults.push(fault.suggest(text!("send the {}", def(header.holds))));
    }
}

fn content_type(context: &Context, faults: &mut Vec<Fault>) {
    let media_type = media_type(context.header_value("Content-Type").unwrap_or_default());
    if media_type != "application/fhir+json" {
        let known = OTHER_TYPES.iter().find(|other| **other == media_type);
        let message = match (lack(context, Header::CONTENT_TYPE.name), known) {
            (Some(lack), _) => text!("Content-Type {}", def(lack)),
            (None, Some(other)) => text!("Content-Type is {}", def(other)),
            (None, None) => text!("Content-Type is {}", value(&media_type)),
        };
        let fault = Fault::new(&rules::RULE_18, CallPart::Header(Header::CONTENT_TYPE.name), message);
        faults.push(fault.suggest("send application/fhir+json"));
    }
}

/// Media types that bodies are often given instead of the right one.
const OTHER_TYPES: [&str; 12] = [
    "application/fhir+xml",
    "application/json",
    "application/json+fhir",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/xml+fhir",
    "multipart/form-data",
    "text/html",
    "text/json",
    "text/plain",
    "text/xml",
];

/// A media type without its parameters.
pub(super) fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The caller accepts the format that the operation answers with.
fn accept(context: &Context, faults: &mut Vec<Fault>) {
    let Some(accept) = context.header_value("Accept").filter(|accept| !accept.is_empty()) else { return };
    let sent = match context.endpoint.response {
        Body::Resource(_) => "application/fhir+json",
        // Generated overviews; files are of any type.
        Body::File(_) if context.endpoint.operation().is_some() => "application/pdf",
        Body::File(_) | Body::None => return,
    };
    let takes = accept.split(',').any(|range| {
        let is_refused = range.split(';').skip(1).any(|parameter| {
            let weight = parameter.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
            weight == Some(0.0)
        });
        let range = media_type(range);
        !is_refused && (range == sent || range == "*/*" || range == "application/*")
    });
    if !takes {
        let message =
            text!("Accept excludes {}, the format that {} answers with", def(sent), def(context.endpoint.id));
        let fault = Fault::new(&calls::ACCEPT, CallPart::Header("Accept"), message);
        faults.push(fault.suggest(text!("send Accept: {}, or leave it out", def(sent))));
    }
}

/// Every header that the service knows.
const KNOWN: [Header; 9] = [
    Header::AUTHORIZATION,
    Header::ORGANISATION,
    Header::FUNCTION,
    Header::ON_BEHALF_OF,
    Header::CORRELATION,
    Header::IF_MATCH,
    Header::COMMISSIONING_RULE_ORGANISATION,
    Header::FILE_NAME,
    Header::REFERRAL,
];

/// Standard HTTP headers whose names are close to those.
const OTHERS: [&str; 4] = ["If-None-Match", "If-Range", "Content-Type", "X-Request-ID"];

/// Headers that are misspelt, repeated, or not used by the operation.
fn names(context: &Context, faults: &mut Vec<Fault>) {
    let own = context.endpoint.headers();
    for (name, _) in &context.headers {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        if let Some(internal) = INTERNAL.into_iter().find(|internal| is(internal)) {
            if !context.is_application() {
                let message = text!("{} is set by the gateway", def(internal));
                let fault = Fault::new(&calls::UNUSED_HEADER, CallPart::Header(internal), message);
                faults.push(fault.suggest("leave the header out"));
            }
        } else if let Some(known) = KNOWN.iter().find(|known| is(known.name)) {
            let is_used = own.iter().any(|header| header.name == known.name);
            // Rules of their own say who may name whom.
            let is_judged = match known.need {
                Need::Users => context.is_application(),
                Need::OnBehalf => {
                    context.is_application()
                        || context
                            .function()
                            .is_some_and(|function| function != Role::ServiceProviderClinicianAdmin.code())
                }
                Need::Always | Need::Never => false,
            };
            if !is_used && !is_judged {
                let message = text!("{} does not use {}", def(context.endpoint.id), def(known.name));
                let fault = Fault::new(&calls::UNUSED_HEADER, CallPart::Header(known.name), message);
                faults.push(fault.suggest("leave the header out"));
            }
        } else if !OTHERS.iter().any(|other| is(other)) {
            misspelt(context, name, faults);
        }
    }
    for known in KNOWN.iter().map(|header| header.name).chain(["Content-Type", "Accept"]) {
        let mut values = context.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(known));
        let first = values.next().map(|(_, value)| value);
        if known != "Accept" && values.any(|(_, value)| Some(value) != first) {
            let message = text!("{} is repeated with different values", def(known));
            faults.push(Fault::new(&calls::REPEATED_HEADER, CallPart::Header(known), message));
        }
    }
}

fn is_missing(context: &Context, name: &str) -> bool {
    context.header_value(name).is_none()
}

/// The header that was sent and whose name is almost this one.
pub(super) fn almost<'c>(context: &'c Context, known: &'static str) -> Option<&'c str> {
    let names = context.headers.iter().map(|(name, _)| name.as_str());
    names
        .into_iter()
        .find(|name| suggest::nearest(name, KNOWN.iter().map(|header| header.name)) == Some(known))
}

/// A header whose name is almost that of one of the service, or begins like one.
fn misspelt(context: &Context, name: &str, faults: &mut Vec<Fault>) {
    let begins = name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("NHSD-"));
    let nearest = suggest::nearest(name, KNOWN.iter().map(|header| header.name));
    // The name of a file is checked together with the file.
    if matches!(context.endpoint.request, Body::File(_))
        && nearest == Some(Header::FILE_NAME.name)
        && is_missing(context, Header::FILE_NAME.name)
    {
        return;
    }
    if nearest.is_none() && !begins {
        return;
    }
    // A missing header that was sent under the wrong name is one mistake, not two.
    if let Some(nearest) = nearest.filter(|nearest| context.header_value(nearest).is_none())
        && let Some(missing) = faults.iter_mut().find(|fault| fault.part == CallPart::Header(nearest))
    {
        missing.suggestion = Some(text!("the request has {}: write {}", key(name), def(nearest)));
        return;
    }
    let message = Message::text("the service knows no header ").then(key(name));
    let fault = Fault::new(&calls::UNKNOWN_HEADER, CallPart::UnknownHeader, message);
    faults.push(match nearest {
        Some(nearest) => fault.suggest(text!("did you mean {}?", def(nearest))),
        None => fault.suggest("`ers-fhir endpoints` lists the headers of an operation"),
    });
}
