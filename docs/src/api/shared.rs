//! What the documents have in common: names, texts, examples, and the bodies of errors.

use std::sync::Arc;

use ers_fhir_ers::example::{Sample, callers, good};
use ers_fhir_ers::service::{self, Endpoint};
use ers_fhir_profiles::{Definitions, FhirVersion};
use serde_json::{Value, json};

/// The addresses of the service and of its sandbox.
pub(super) const SERVERS: [(&str, &str); 3] = [
    ("https://sandbox.api.service.nhs.uk/referrals/FHIR", "Sandbox, without a login"),
    ("https://int.api.service.nhs.uk/referrals/FHIR", "Integration"),
    ("https://api.service.nhs.uk/referrals/FHIR", "Live"),
];

/// The media type of FHIR in JSON.
pub(super) const FHIR_JSON: &str = "application/fhir+json";

/// The definitions of both releases.
#[derive(Debug, Clone)]
pub struct Definers {
    stu3: Arc<Definitions>,
    r4: Arc<Definitions>,
}

impl Definers {
    /// Those of e-RS, which are embedded.
    pub fn embedded() -> Self {
        Self {
            stu3: Arc::new(ers_fhir_ers::definitions(FhirVersion::Stu3)),
            r4: Arc::new(ers_fhir_ers::definitions(FhirVersion::R4)),
        }
    }

    pub(super) fn of(&self, version: FhirVersion) -> &Arc<Definitions> {
        match version {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        }
    }
}

/// A valid call by the first caller that the operation allows.
pub(super) fn sample(endpoint: &'static Endpoint) -> Option<Sample> {
    let caller = callers(endpoint).into_iter().next()?;
    Some(good(endpoint, caller, 0))
}

/// A unique name: a versioned read shares the number of the plain one.
pub(super) fn name(endpoint: &Endpoint) -> String {
    let suffix = if endpoint.is_versioned() { "-version" } else { "" };
    format!("{}{suffix}", endpoint.id)
}

/// The description of an operation, as Markdown.
pub(super) fn description(endpoint: &Endpoint) -> String {
    let mut parts = Vec::new();
    let roles: Vec<&str> = endpoint.roles.iter().map(|role| role.code()).collect();
    parts.push(match roles.as_slice() {
        [] => "May be called by any user.".to_owned(),
        roles => format!("May be called by {}.", roles.join(", ")),
    });
    if let Some(whose) = endpoint.application {
        parts.push(format!("An application of a {whose} may call it without a user."));
    }
    parts.extend(endpoint.replaced_by.map(|other| format!("Deprecated: use {other}.")));
    if let Some(effect) = service::effect(endpoint.id) {
        parts.push(format!("Before: {}", effect.before));
        parts.push(format!("After: {}", effect.after));
        parts.push(format!("Versions: {}", effect.version));
    }
    parts.extend(endpoint.notes.iter().map(|note| (*note).to_owned()));
    parts.join("\n\n")
}

/// The first pathway that an operation is a step of.
pub(super) fn area(endpoint: &Endpoint) -> &'static str {
    let is_step = |of: &&service::Pathway| of.steps.iter().any(|(step, _)| *step == endpoint.id);
    service::pathways().iter().find(is_step).map_or("Other", |of| of.name)
}

/// The body of an error with that code.
pub(super) fn outcome(endpoint: &Endpoint, code: &str) -> Value {
    let cause = service::error(code).map_or("", |error| error.cause);
    let is_of_gateway = code.starts_with("REC_") || endpoint.release == FhirVersion::R4;
    let system = match endpoint.release {
        FhirVersion::Stu3 => "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1",
        FhirVersion::R4 if code.starts_with("REC_") => "https://fhir.nhs.uk/CodeSystem/http-error-codes",
        FhirVersion::R4 => "https://fhir.nhs.uk/CodeSystem/NHSD-API-ErrorOrWarningCode",
    };
    let profile = if is_of_gateway { service::OUTCOME_R4 } else { service::OUTCOME_STU3 };
    let mut meta = json!({ "profile": [profile] });
    if endpoint.release == FhirVersion::R4 {
        meta["lastUpdated"] = json!("2026-03-06T12:00:00.000Z");
    }
    json!({
        "resourceType": "OperationOutcome",
        "meta": meta,
        "issue": [{
            "severity": "error",
            "code": "processing",
            "details": { "coding": [{ "system": system, "code": code }] },
            "diagnostics": cause,
        }],
    })
}
