//! The call of an e-RS operation that payloads belong to, according to the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ers_fhir_ers::service::{self, Access, Endpoint, Role};
use ers_fhir_ers::{Context, Direction, Ers, operation_of};
use ers_fhir_validator::Instant;
use ers_fhir_validator::tree::{Document, MAX_BYTES};

/// What is known about the call.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "e-RS")]
pub(crate) struct CallArgs {
    /// Operation of e-RS that the payloads belong to, such as A011; it decides release and profile.
    ///
    /// With --url it can be left out, since method and path identify the operation.
    #[arg(long, value_name = "ID", value_parser = service::named)]
    pub(crate) endpoint: Option<&'static Endpoint>,

    /// The payloads are answers of the operation, not requests.
    #[arg(long)]
    pub(crate) response: bool,

    /// Business function of the user who calls, such as `REFERRING_CLINICIAN_ADMIN`.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<Role>,

    /// Who calls: user or application; for captured traffic, this applies to all calls.
    #[arg(long, value_name = "WHO")]
    pub(crate) access: Option<Access>,

    /// Method of the request, such as GET.
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// URL of the request, or its path and query.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// Header of the request (repeatable); if any is given, the others are taken to be missing.
    #[arg(long = "header", value_name = "NAME:VALUE")]
    pub(crate) headers: Vec<String>,

    /// Status of the answer.
    #[arg(long, value_name = "STATUS", requires = "response", value_parser = clap::value_parser!(u16).range(100..600))]
    pub(crate) status: Option<u16>,

    /// Header of the answer (repeatable); if any is given, the others are taken to be missing.
    #[arg(long = "response-header", value_name = "NAME:VALUE", requires = "response")]
    pub(crate) response_headers: Vec<String>,

    /// Body of the request that the answer belongs to.
    #[arg(long, value_name = "FILE", requires = "response")]
    pub(crate) request: Option<PathBuf>,

    /// The record that the request changes, as last read: a referral, an advice request or an
    /// appointment.
    #[arg(long, value_name = "FILE", conflicts_with = "response")]
    pub(crate) against: Option<PathBuf>,

    /// Time to use instead of the current one, such as 2026-03-01T09:30:00Z.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) now: Option<Instant>,

    /// Report the known deviations of the live service as errors.
    #[arg(long)]
    pub(crate) strict: bool,
}

impl CallArgs {
    /// The call, if an operation is named or identified by the URL.
    ///
    /// # Errors
    ///
    /// If options describe a call whose operation is unknown, or a file cannot be read.
    pub(crate) fn context(&self) -> Result<Option<Context>, String> {
        let Some(endpoint) = self.operation()? else { return Ok(None) };
        let direction = if self.response { Direction::Response } else { Direction::Request };
        Ok(Some(Context {
            endpoint,
            direction,
            role: self.role,
            access: self.access,
            headers: headers("--header", &self.headers)?,
            method: self.method.clone(),
            url: self.url.clone(),
            status: self.status,
            answer_headers: headers("--response-header", &self.response_headers)?,
            request_body: self.request.as_deref().map(|path| sent(endpoint, path)).transpose()?,
            current: self.against.as_deref().map(|path| resource("--against", path)).transpose()?,
        }))
    }

    fn operation(&self) -> Result<Option<&'static Endpoint>, String> {
        if self.endpoint.is_some() {
            return Ok(self.endpoint);
        }
        if let Some(url) = &self.url {
            return operation_of(self.method.as_deref(), url).map(Some).map_err(|none| {
                format!("{none}; to have the URL checked, name the operation with --endpoint")
            });
        }
        let said = [
            ("--response", self.response),
            ("--role", self.role.is_some()),
            ("--method", self.method.is_some()),
            ("--header", !self.headers.is_empty()),
            ("--against", self.against.is_some()),
        ];
        match said.iter().find(|(_, is_said)| *is_said) {
            Some((option, _)) => Err(of_call(option)),
            // Captured traffic needs no more than this.
            None => Ok(None),
        }
    }

    /// e-RS, as a service to check payloads for.
    pub(crate) fn ers(&self, call: Option<Context>) -> Ers {
        call.map_or_else(Ers::new, Ers::called).strict(self.strict)
    }
}

/// The error for an option about a call whose operation is unknown.
pub(crate) fn of_call(option: &str) -> String {
    format!("{option} needs a call: name its operation with --endpoint, or its URL with --url")
}

/// Whether there is a call without a body to check.
pub(crate) fn is_bodiless(call: Option<&Context>) -> bool {
    call.is_some_and(|call| match call.direction {
        Direction::Request => call.endpoint.request == service::Body::None,
        Direction::Response => call.endpoint.response == service::Body::None,
    })
}

/// The body of a request: a resource, unless the operation takes a file.
fn sent(endpoint: &Endpoint, path: &Path) -> Result<Arc<[u8]>, String> {
    const OPTION: &str = "--request";
    match endpoint.request {
        service::Body::File(_) => read(OPTION, path).map(Into::into),
        service::Body::Resource(_) | service::Body::None => resource(OPTION, path),
    }
}

/// The resource that a file of an option holds.
fn resource(option: &str, path: &Path) -> Result<Arc<[u8]>, String> {
    let bytes = read(option, path)?;
    let refused = |why: &str| format!("{option}: {} {why}", path.display());
    let document = Document::parse(&bytes).map_err(|_| refused("is neither valid JSON nor valid XML"))?;
    if document.root().resource_type().is_none() {
        return Err(refused("is not a FHIR resource: it has no type"));
    }
    drop(document);
    Ok(bytes.into())
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, String> {
    let shown = path.display();
    let bytes = fs::read(path).map_err(|error| format!("{option}: cannot read {shown}: {error}"))?;
    if bytes.len() > MAX_BYTES { Err(format!("{option}: {shown} is too large")) } else { Ok(bytes) }
}

/// The headers of an option. What is no header is not repeated: it may be a token.
fn headers(option: &str, all: &[String]) -> Result<Vec<(String, String)>, String> {
    let header = |text: &String| {
        let (name, value) = text.split_once(':')?;
        (!name.trim().is_empty()).then(|| (name.trim().to_owned(), value.trim().to_owned()))
    };
    let read = all.iter().map(header).collect::<Option<Vec<_>>>();
    read.ok_or_else(|| {
        format!("{option}: write a header as NAME:VALUE, as in '{option} Accept:application/fhir+json'")
    })
}
