//! The call of an e-RS operation that payloads belong to, as the command line tells it.

use clap::Args;
use ers_fhir_ers::service::{self, Access, Endpoint, Role};
use ers_fhir_ers::{Context, Direction, Ers};
use ers_fhir_validator::Instant;

/// What is known of the call.
#[derive(Debug, Args)]
#[command(next_help_heading = "e-RS")]
pub(crate) struct CallArgs {
    /// Operation of e-RS that the payloads belong to, such as A011; it decides release and profile.
    #[arg(long, value_name = "ID", value_parser = endpoint)]
    pub(crate) endpoint: Option<&'static Endpoint>,

    /// The payloads are what the operation answers, not what it is sent.
    #[arg(long, requires = "endpoint")]
    pub(crate) response: bool,

    /// Business function of the user who calls, such as `REFERRING_CLINICIAN_ADMIN`.
    #[arg(long, value_name = "ROLE", requires = "endpoint")]
    pub(crate) role: Option<Role>,

    /// Who calls: user or application.
    #[arg(long, value_name = "WHO", requires = "endpoint")]
    pub(crate) access: Option<Access>,

    /// Header of the request (repeatable); once there is one, the others are taken to be missing.
    #[arg(long = "header", value_name = "NAME:VALUE", requires = "endpoint", value_parser = header)]
    pub(crate) headers: Vec<(String, String)>,

    /// Path and query of the request.
    #[arg(long, value_name = "URL", requires = "endpoint")]
    pub(crate) url: Option<String>,

    /// What the clock is taken to show, such as 2026-03-01T09:30:00Z.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) now: Option<Instant>,

    /// Take the known deviations of the live service for errors.
    #[arg(long)]
    pub(crate) strict: bool,
}

impl CallArgs {
    /// The call, where an operation is named.
    pub(crate) fn context(&self) -> Option<Context> {
        let direction = if self.response { Direction::Response } else { Direction::Request };
        Some(Context {
            endpoint: self.endpoint?,
            direction,
            role: self.role,
            access: self.access,
            headers: self.headers.clone(),
            url: self.url.clone(),
        })
    }

    /// e-RS, as payloads are checked for it.
    pub(crate) fn ers(&self) -> Ers {
        self.context().map_or_else(Ers::new, Ers::called).strict(self.strict)
    }

    /// Whether there is a request to check although it has no body.
    pub(crate) fn is_bodiless(&self) -> bool {
        self.endpoint.is_some_and(|endpoint| !self.response && endpoint.request == service::Body::None)
    }
}

/// The operation of an id.
pub(crate) fn endpoint(id: &str) -> Result<&'static Endpoint, String> {
    service::find(id).next().ok_or_else(|| {
        format!("e-RS has no operation '{id}'; `ers-fhir endpoints` lists those from A004 to A044")
    })
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write a header as NAME:VALUE")?;
    if name.trim().is_empty() {
        return Err("write a header as NAME:VALUE".to_owned());
    }
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
