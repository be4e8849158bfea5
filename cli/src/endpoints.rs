//! `ers-fhir endpoints`: the operations of e-RS.

use std::fmt::Write;
use std::io;

use clap::{Args, ValueEnum};
use ers_fhir_ers::service::{self, Body, Endpoint, Need, Role};
use ers_fhir_profiles::FhirVersion;
use serde_json::{Value, json};

use crate::ending::Ending;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct Endpoints {
    /// Operation to describe in full, such as A011; by default, all are listed.
    #[arg(value_name = "ID", value_parser = ers_fhir_ers::service::named)]
    pub(crate) id: Option<&'static Endpoint>,

    /// Output format.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

pub(crate) fn run(args: &Endpoints, output: &mut Output) -> io::Result<Ending> {
    let chosen: Vec<&Endpoint> = match args.id {
        Some(endpoint) => service::find(endpoint.id).collect(),
        None => service::endpoints(),
    };
    let text = match (args.format, args.id) {
        (Format::Json, _) => {
            let all: Vec<Value> = chosen.into_iter().map(described).collect();
            format!("{:#}\n", Value::Array(all))
        }
        (Format::Text, None) => table(&chosen),
        (Format::Text, Some(_)) => chosen.into_iter().map(page).collect::<Vec<_>>().join("\n"),
    };
    output.write(&text)?;
    output.flush()?;
    Ok(Ending::Clean)
}

/// One line for each operation.
fn table(endpoints: &[&Endpoint]) -> String {
    let width = endpoints.iter().map(|endpoint| endpoint.path.len()).max().unwrap_or(0);
    let mut text =
        format!("{:4}  {:4}  {:6}  {:width$}  {:32}  WHAT\n", "ID", "FHIR", "METHOD", "PATH", "WHO");
    for endpoint in endpoints {
        let Endpoint { id, method, path, name, .. } = endpoint;
        let deprecated = if endpoint.replaced_by.is_some() { " (deprecated)" } else { "" };
        let _ = writeln!(
            text,
            "{id:4}  {:4}  {method:6}  {path:width$}  {:32}  {name}{deprecated}",
            release(endpoint),
            who(endpoint)
        );
    }
    text.push_str(
        "\nRC, RCA, RA: referring clinician, their admin, admin. SPC, SPCA, SPA: the same for providers.\n",
    );
    text.push_str("app: also applications on their own. `ers-fhir endpoints A011` describes one in full.\n");
    text
}

/// Everything about one operation.
pub(crate) fn page(endpoint: &Endpoint) -> String {
    let mut text = format!("{} {}\n", endpoint.id, endpoint.name);
    if let Some(other) = endpoint.replaced_by {
        let _ = writeln!(text, "deprecated: use {other}");
    }
    let _ = writeln!(text, "{} {} (FHIR {})\n", endpoint.method, endpoint.path, release(endpoint));
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "{title}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
    };
    let mut callers: Vec<String> = endpoint.roles.iter().map(|role| role.code().to_owned()).collect();
    if callers.is_empty() {
        callers.push("any user".to_owned());
    }
    callers.extend(endpoint.application.map(|whose| format!("application of a {whose}")));
    section("Callers", callers);
    let headers = endpoint.headers().into_iter();
    section(
        "Headers",
        headers
            .map(|header| format!("{} ({}): {}", header.name, need(endpoint, header.need), header.holds))
            .collect(),
    );
    let query = endpoint.query.iter();
    section(
        "Query",
        query
            .map(|p| format!("{}{}: {}", p.name, if p.required { "" } else { " (optional)" }, p.holds))
            .collect(),
    );
    section("Request", vec![body(endpoint.request)]);
    let answer = format!("{}: {}", endpoint.success, body(endpoint.response));
    section("Answer", vec![answer, format!("headers: {}", endpoint.answer_headers().join(", "))]);
    section("Errors", endpoint.failures.iter().map(|(status, codes)| failure(*status, codes)).collect());
    section("Notes", endpoint.notes.iter().map(|note| (*note).to_owned()).collect());
    let duties = service::duties_of(endpoint.id);
    section(
        "Rules that only the service can check, or only the caller can follow",
        duties.map(duty).collect(),
    );
    text
}

fn failure(status: u16, codes: &[&str]) -> String {
    if codes.is_empty() { status.to_string() } else { format!("{status}: {}", codes.join(", ")) }
}

fn duty(duty: &service::Duty) -> String {
    let answers =
        if duty.answers.is_empty() { String::new() } else { format!(" ({})", duty.answers.join(", ")) };
    format!("{}: {}{answers}", duty.code, duty.says)
}

fn body(body: Body) -> String {
    match body {
        Body::None => "no body".to_owned(),
        Body::File(what) => what.to_owned(),
        Body::Resource(profiles) => profiles.join(" or "),
    }
}

fn need(endpoint: &Endpoint, need: Need) -> &'static str {
    match need {
        Need::Never => "optional",
        Need::Users if endpoint.application.is_some() => "required of users, forbidden to applications",
        Need::Always | Need::Users => "required",
        Need::OnBehalf => "required of SERVICE_PROVIDER_CLINICIAN_ADMIN, forbidden to others",
    }
}

fn release(endpoint: &Endpoint) -> &'static str {
    match endpoint.release {
        FhirVersion::Stu3 => "STU3",
        FhirVersion::R4 => "R4",
    }
}

/// Callers in short: `RC RCA app`.
fn who(endpoint: &Endpoint) -> String {
    let short = |role: &Role| match role {
        Role::ReferringClinician => "RC",
        Role::ReferringClinicianAdmin => "RCA",
        Role::ReferringAdmin => "RA",
        Role::ServiceProviderClinician => "SPC",
        Role::ServiceProviderClinicianAdmin => "SPCA",
        Role::ServiceProviderAdmin => "SPA",
        other => other.code(),
    };
    let mut callers: Vec<&str> = endpoint.roles.iter().map(short).collect();
    if callers.is_empty() {
        callers.push("any user");
    }
    callers.extend(endpoint.application.map(|_| "app"));
    callers.join(" ")
}

/// Everything about one operation, for programs.
pub(crate) fn described(endpoint: &Endpoint) -> Value {
    let profiles = |body: Body| match body {
        Body::Resource(profiles) => json!({ "profiles": profiles }),
        Body::File(what) => json!({ "file": what }),
        Body::None => Value::Null,
    };
    let headers = endpoint.headers().into_iter().map(
        |header| json!({ "name": header.name, "need": need(endpoint, header.need), "holds": header.holds }),
    );
    let query = endpoint.query.iter().map(|parameter| {
        json!({ "name": parameter.name, "required": parameter.required, "holds": parameter.holds })
    });
    let failures =
        endpoint.failures.iter().map(|(status, codes)| json!({ "status": status, "codes": codes }));
    let duties = service::duties_of(endpoint.id)
        .map(|duty| json!({ "code": duty.code, "says": duty.says, "answers": duty.answers }));
    json!({
        "id": endpoint.id,
        "name": endpoint.name,
        "release": release(endpoint),
        "method": endpoint.method.to_string(),
        "path": endpoint.path,
        "replacedBy": endpoint.replaced_by,
        "roles": endpoint.roles.iter().map(|role| role.code()).collect::<Vec<_>>(),
        "applicationsOf": endpoint.application.map(|whose| whose.to_string()),
        "headers": headers.collect::<Vec<_>>(),
        "query": query.collect::<Vec<_>>(),
        "request": profiles(endpoint.request),
        "success": endpoint.success,
        "response": profiles(endpoint.response),
        "responseHeaders": endpoint.answer_headers(),
        "errors": failures.collect::<Vec<_>>(),
        "notes": endpoint.notes,
        "duties": duties.collect::<Vec<_>>(),
    })
}
