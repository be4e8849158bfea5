//! What the service says of itself: a CapabilityStatement of each release.

use ers_fhir_profiles::FhirVersion;
use serde_json::{Value, json};

use super::answer::{Answer, FHIR_JSON};
use super::plan::Engine;

const VALIDATE: &str = "http://hl7.org/fhir/OperationDefinition/Resource-validate";
const ABOUT: &str = "Checks payloads against FHIR, the profiles of the NHS e-Referral Service and those that were \
                     loaded. A body is a resource, or Parameters with resource, profile and mode; the answer is an \
                     OperationOutcome with status 200, whatever was found.";

impl Engine {
    /// The CapabilityStatement of a release.
    pub fn capability(version: FhirVersion) -> Answer {
        let is_stu3 = version == FhirVersion::Stu3;
        let definition = if is_stu3 { json!({ "reference": VALIDATE }) } else { json!(VALIDATE) };
        let number = if is_stu3 { "3.0.1" } else { version.number() };
        let mut statement = json!({
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": "2026-11-27",
            "kind": "instance",
            "software": { "name": "ers-fhir", "version": env!("CARGO_PKG_VERSION") },
            "implementation": { "description": "Validation of FHIR payloads by ers-fhir" },
            "fhirVersion": number,
            "format": ["application/fhir+json", "application/fhir+xml"],
            "rest": [{
                "mode": "server",
                "documentation": ABOUT,
                "operation": [{ "name": "validate", "definition": definition }],
            }],
        });
        if is_stu3 {
            statement["acceptUnknown"] = Value::from("both");
        } else {
            statement["rest"][0]["operation"][0]["documentation"] = ABOUT.into();
        }
        Answer::ok(FHIR_JSON, format!("{statement:#}\n"))
    }
}
