//! Parts that many records have.

use serde_json::{Map, Value, json};

use super::pen::Pen;
use crate::state::{Priority, Reason, ReasonList};

pub(crate) const NHS_NUMBER: &str = "http://fhir.nhs.net/Id/nhs-number";
pub(crate) const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";
pub(crate) const USER: &str = "http://fhir.nhs.net/Id/sds-user-id";
pub(crate) const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
const DIRECTORY: &str = "https://directory.spineservices.nhs.uk/STU3/Organization";
const PROFILES: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/";
const CODES: &str = "https://fhir.nhs.uk/STU3/CodeSystem/";

/// The `meta` of a record with that profile of the service.
pub(super) fn profiled(name: &str) -> Value {
    json!({ "profile": [format!("{PROFILES}{name}")] })
}

/// The same in a version.
pub(super) fn versioned(name: &str, version: u64) -> Value {
    json!({ "versionId": version.to_string(), "profile": [format!("{PROFILES}{name}")] })
}

/// An extension of the service with a value.
pub(super) fn extension(name: &str, key: &str, value: Value) -> Value {
    let mut made = json!({ "url": format!("{PROFILES}Extension-{name}-1") });
    made[key] = value;
    made
}

/// A part of an extension.
pub(super) fn part(url: &str, key: &str, value: Value) -> Value {
    let mut made = json!({ "url": url });
    made[key] = value;
    made
}

pub(crate) fn identifier(system: &str, value: &str) -> Value {
    json!({ "system": system, "value": value })
}

/// A reference to what has an identifier.
pub(super) fn named(system: &str, value: &str) -> Value {
    json!({ "identifier": identifier(system, value) })
}

/// A reference to a site.
pub(super) fn site(ods: &str, name: &str) -> Value {
    json!({ "identifier": identifier(DIRECTORY, ods), "display": name })
}

/// A code of a list of the service, with what it means where that is said.
pub(super) fn coding(list: &str, code: &str, display: &str) -> Value {
    let mut made = json!({ "system": format!("{CODES}{list}"), "code": code });
    if !display.is_empty() {
        made["display"] = Value::from(display);
    }
    made
}

pub(super) fn concept(coding: Value) -> Value {
    Value::Object(Map::from_iter([("coding".to_owned(), Value::Array(vec![coding]))]))
}

pub(super) fn priority(priority: Priority) -> Value {
    concept(coding("eRS-Priority-1", priority.code(), ""))
}

/// Wraps the existing values in an extension, and leaves out missing ones.
pub(super) fn maybe<T>(value: Option<T>, write: impl FnOnce(T) -> Value) -> Option<Value> {
    value.map(write)
}

impl Pen<'_> {
    /// A code of reference data, with what it means where that is wanted.
    pub(super) fn reference_data(&self, list: &str, code: &str, shows_meaning: bool) -> Value {
        let mut made = json!({ "system": format!("{}/STU3/CodeSystem/{list}", self.base), "code": code });
        if let Some(display) = self.world.lists.display(list, code).filter(|_| shows_meaning) {
            made["display"] = Value::from(display);
        }
        made
    }

    /// A reason in its list.
    pub(super) fn reason(&self, reason: &Reason) -> Value {
        match reason.list {
            ReasonList::ReviewReason | ReasonList::ReviewOutcome | ReasonList::AssessmentOutcome => {
                coding(reason.list.code(), &reason.code, "")
            }
            list => self.reference_data(list.code(), &reason.code, true),
        }
    }

    /// A reference to a service, with its name.
    pub(super) fn service(&self, id: &str) -> Value {
        let mut made = named(SERVICE, id);
        if let Some(service) = self.world.service(id) {
            made["display"] = Value::from(service.name.as_str());
        }
        made
    }
}
