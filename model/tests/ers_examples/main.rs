//! Payloads of e-RS through their profile structs: read, written, equal.
//!
//! Ours are in the packages of e-RS; those that the service publishes are read from
//! `../shared/ers/examples` beside the repository.

mod structs;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use ers_fhir_corpora::{Suite, shared, tests, workspace};
use serde_json::Value;
use structs::Through;
use support::{differences, json_files, normalised};

/// The payloads that the service publishes.
const PUBLISHED: &str = "ers/examples";

fn main() -> ExitCode {
    Suite::new()
        .always(tests![our_payloads_survive])
        .reading([&shared(PUBLISHED)], tests![published_payloads_survive])
        .run()
}

/// Profiles that published payloads follow without declaring them, or under another name: the start
/// of the path, and the id of the profile.
const UNDECLARED: &[(&str, &str)] = &[
    ("r4/NHSDigital-OperationOutcome", "NHSDigital-OperationOutcome"),
    ("r4/getService/", "eRS-HealthcareService"),
    ("r4/retrieveOboUsers/", "Practitioner-Bundle"),
    ("r4/searchForServices/", "HealthcareService-Bundle"),
    ("stu3/availableActionsForUserList/", "Task-Bundle"),
    (
        "stu3/convertAdviceAndGuidanceToReferral/requests/",
        "eRS-CreateFromCommunicationRequestActionLater-Request-1",
    ),
    ("stu3/retrieveAdviceAndGuidanceConversation/", "AdviceAndGuidanceCommunication-Bundle"),
    ("stu3/retrieveAppointmentSlots/", "AppointmentSlot-Bundle"),
];

/// What the service's lists of codes declare, of which only that of specialties has a profile of its own.
const SHAREABLE: &str = "http://hl7.org/fhir/StructureDefinition/shareablecodesystem";

/// The profile of a published payload.
fn profile_of<'a>(path: &str, payload: &'a Value) -> Option<&'a str> {
    if let Some((_, id)) = UNDECLARED.iter().find(|(start, _)| path.starts_with(start)) {
        return Some(id);
    }
    let declared = payload["meta"]["profile"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let id = |url: &'a str| if url == SHAREABLE { "ReferenceData-CodeSystem" } else { last_step(url) };
    declared.map(id).find(|id| struct_of("stu3", id).is_some())
}

fn last_step(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

fn struct_of(release: &str, id: &str) -> Option<Through> {
    let known = if release == "r4" { structs::R4 } else { structs::STU3 };
    known.iter().find(|(profile, _)| *profile == id).map(|(_, through)| *through)
}

/// What becomes of a payload that should come out of a struct as it went in.
fn fault(through: Through, bytes: &[u8], before: Value) -> Option<String> {
    match through(bytes) {
        Ok(json) => {
            let after = serde_json::from_str(&json).expect("what is written is JSON");
            let found = differences(&normalised(before), &after);
            (!found.is_empty()).then(|| format!("{found:?}"))
        }
        Err(error) => Some(error),
    }
}

fn published_payloads_survive() {
    let mut faults = Vec::new();
    let files = json_files(&shared(PUBLISHED));
    for (path, bytes) in &files {
        let before: Value = serde_json::from_slice(bytes).expect("the examples are JSON");
        let release = path.split('/').next().unwrap_or_default();
        let id = profile_of(path, &before).unwrap_or("none").to_owned();
        let fault = match struct_of(release, &id) {
            Some(through) => fault(through, bytes, before),
            None => Some("its profile has no struct".to_owned()),
        };
        faults.extend(fault.map(|fault| format!("{path} as {id}: {fault}")));
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), files.len(), faults.join("\n"));
}

fn our_payloads_survive() {
    let mut faults = Vec::new();
    for (release, structs) in [("stu3", structs::STU3), ("r4", structs::R4)] {
        let folder = workspace(&format!("profiles/packages/ers-fhir.ers.{release}/package/example"));
        let mut unused: Vec<&str> = structs.iter().map(|(id, _)| *id).collect();
        for (path, bytes) in json_files(&folder) {
            let before: Value = serde_json::from_slice(&bytes).expect("the examples are JSON");
            let id = path.split('.').next().unwrap_or(&path);
            unused.retain(|known| *known != id);
            let fault = match struct_of(release, id) {
                Some(through) => fault(through, &bytes, before),
                None => Some("its profile has no struct".to_owned()),
            };
            faults.extend(fault.map(|fault| format!("{release} {path}: {fault}")));
        }
        assert!(unused.is_empty(), "no payload of {release} for {unused:?}");
    }
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}
