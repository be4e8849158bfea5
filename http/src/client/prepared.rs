//! A request as it will be sent: address, headers, and findings of the rules.

use std::borrow::Cow;
use std::fmt::Write;

use ers_fhir_ers::service::{Endpoint, Header, MOST_FILE_BYTES};
use ers_fhir_ers::{Call, Context, Ers};
use ers_fhir_report::{CallPart, Diagnostic, Report, Severity, def, text};
use reqwest::Url;

use super::caller::Caller;
use super::chance::uuid;
use super::environment::Environment;
use super::error::{Error, Refusal};
use super::mask::MASK;
use super::request::{Payload, Request};

/// A request as it will be sent.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) url: Url,
    /// All but Authorization.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Payload,
    pub(crate) correlation_id: String,
    pub(crate) caller: Caller,
    /// Whether a token goes with it.
    pub(crate) has_token: bool,
    /// Whether it is sent even if it breaks rules.
    pub(crate) is_sent_anyway: bool,
}

impl Prepared {
    /// A request of a caller in an environment.
    ///
    /// # Errors
    ///
    /// If the caller may not call it, or if path, query or headers break rules of the service.
    pub(crate) fn new(request: Request, caller: Caller, environment: &Environment) -> Result<Self, Error> {
        let endpoint = request.endpoint;
        let refused = |report| Error::Refused(Box::new(Refusal { endpoint, report }));
        let url = request.url(environment).map_err(|missing| refused(lacks(missing)))?;
        let own = caller.headers(endpoint).into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut headers: Vec<(String, String)> = own.collect();
        let accept = request.accept().map(|accept| ("Accept".to_owned(), accept.to_owned()));
        headers.extend(accept);
        headers.extend(request.headers);
        let named = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(Header::CORRELATION.name));
        let correlation_id = named.map_or_else(uuid, |(_, id)| id.clone());
        if named.is_none() {
            headers.push((Header::CORRELATION.name.to_owned(), correlation_id.clone()));
        }
        let has_token = environment.token().is_some();
        let (body, is_sent_anyway) = (request.body, request.is_sent_anyway);
        let prepared =
            Self { endpoint, url, headers, body, correlation_id, caller, has_token, is_sent_anyway };
        let report = prepared.faults();
        if !is_sent_anyway && report.diagnostics.iter().any(|found| found.severity == Severity::Error) {
            return Err(refused(report));
        }
        Ok(prepared)
    }

    /// The operation.
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The caller's id for the call.
    pub fn correlation_id(&self) -> &str {
        &self.correlation_id
    }

    /// What it carries.
    pub fn payload(&self) -> &Payload {
        &self.body
    }

    /// The call, with the token masked and without its body.
    pub fn call(&self) -> Call {
        let mut headers = self.headers.clone();
        if self.has_token {
            headers.insert(0, (Header::AUTHORIZATION.name.to_owned(), format!("Bearer {MASK}")));
        }
        Call { headers, ..Call::new(self.endpoint.method.to_string(), self.url.as_str()) }
    }

    /// What is sent, as it goes over the wire, with the token masked.
    pub fn show(&self, body: &[u8]) -> String {
        let call = self.call();
        let mut text = format!("{} {}\n", call.method, call.url);
        for (name, value) in &call.headers {
            let _ = writeln!(text, "{name}: {value}");
        }
        if !body.is_empty() {
            let _ = write!(text, "\n{}", String::from_utf8_lossy(body));
        }
        text
    }

    /// The call in the form that a check takes; the environment has decided whether it needs a token.
    pub(crate) fn context(&self) -> Context {
        let call = Self { has_token: true, ..self.clone() }.call();
        let context = Context::request(self.endpoint).access(self.caller.access());
        let context =
            Context { method: Some(call.method), url: Some(call.url), headers: call.headers, ..context };
        match self.caller.role() {
            Some(role) => context.role(role),
            None => context,
        }
    }

    /// What is wrong with the call, by the rules of the service.
    fn faults(&self) -> Report {
        let endpoint = self.endpoint;
        let size: Cow<'_, [u8]> = match &self.body {
            Payload::None => Cow::Borrowed(&[]),
            Payload::Bytes(bytes) => Cow::Borrowed(bytes),
            // One byte more than the service takes is enough to know that it is too large.
            Payload::File(_, length) => {
                vec![0; usize::try_from(*length).unwrap_or(usize::MAX).min(MOST_FILE_BYTES + 1)].into()
            }
        };
        let mut report = Ers::called(self.context()).check_call(&size);
        let mut more = Vec::new();
        if self.caller.is_of_other_side(endpoint) {
            let wanted = endpoint.application.map(|wanted| wanted.to_string()).unwrap_or_default();
            let message = text!("{} is only open to applications of a {}", def(endpoint.id), def(wanted));
            more.extend(fault("ers-rule-08", CallPart::Method, message));
        }
        // A user who has not chosen a role yet may ask which there are.
        if self.caller == Caller::AnyUser && endpoint.names_user() {
            let message =
                text!("{} must be called as a business function of an organisation", def(endpoint.id));
            more.extend(fault("ers-rule-01", CallPart::Header(Header::FUNCTION.name), message));
        }
        report.diagnostics.extend(more);
        report
    }
}

fn lacks(parameter: &str) -> Report {
    let message = text!("the path lacks its {}", def(parameter));
    Report::new(fault("ers-call-path-parameter", CallPart::Path, message).into_iter().collect())
}

fn fault(code: &str, part: CallPart, message: ers_fhir_report::Message) -> Option<Diagnostic> {
    let rule = ers_fhir_ers::rule::find(code)?;
    Some(Diagnostic { part: Some(part), ..Diagnostic::new(rule, message) })
}
