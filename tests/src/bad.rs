//! Bad payloads, made from good ones by the definitions: for each row of a profile, payloads that break it.

use std::path::{Path, PathBuf};

use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::definition::{BindingStrength, ElementDefinition, Max};
use ers_fhir_profiles::snapshot::Snapshot;
use serde_json::Value;

use crate::place::{Place, fixed, places};
use ers_fhir_corpora::workspace;

/// What is wrong with a bad payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Something mandatory is missing.
    Missing,
    /// Something occurs more often than it may.
    Repeated,
    /// Not the fixed value.
    WrongValue,
    /// Not a code of the set.
    WrongCode,
    /// Longer than allowed.
    TooLong,
    /// Not in the form that an invariant demands.
    WrongFormat,
    /// Not one of the types that the choice allows.
    WrongType,
}

/// A bad payload, and what must be reported about it.
#[derive(Debug)]
pub struct Bad {
    /// What is wrong.
    pub fault: Fault,
    /// The payload.
    pub payload: Value,
    /// Codes, one of which must be found; empty if the key of the invariant decides.
    pub codes: &'static [&'static str],
    /// Key of the invariant that is broken.
    pub key: Option<String>,
    /// Where: the finding is there or below it.
    pub location: String,
}

/// The packages, with their releases.
pub fn packages() -> [(FhirVersion, PathBuf); 2] {
    [(FhirVersion::Stu3, "stu3"), (FhirVersion::R4, "r4")].map(|(version, name)| {
        (version, workspace(&format!("profiles/packages/ers-fhir.ers.{name}/package")))
    })
}

/// Id and canonical of each structure that a package defines.
///
/// # Panics
///
/// Where the package cannot be read.
pub fn structures(package: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(package).expect("the package is there") {
        let path = entry.expect("the package is readable").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(id) = name.strip_prefix("StructureDefinition-") {
            let bytes = std::fs::read(&path).expect("the definition is readable");
            let definition: Value = serde_json::from_slice(&bytes).expect("the definition is JSON");
            found.push((id.to_owned(), definition["url"].as_str().unwrap_or_default().to_owned()));
        }
    }
    found.sort();
    found
}

/// The examples of a profile: named after the file of its definition.
///
/// # Panics
///
/// Where the package cannot be read.
pub fn examples(package: &Path, id: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(package.join("example")).expect("the package is there") {
        let path = entry.expect("the package is readable").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.strip_prefix(id).is_some_and(|rest| rest.starts_with('.')) {
            let bytes = std::fs::read(&path).expect("the example is readable");
            found.push((name, serde_json::from_slice(&bytes).expect("the example is JSON")));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Ids of the elements that tell slices apart: changing one leads to another slice, or to none.
fn discriminates(snapshot: &Snapshot, id: &str) -> bool {
    snapshot.elements().iter().filter_map(|list| Some((list, list.slicing.as_ref()?))).any(
        |(list, slicing)| {
            let Some(rest) = id.strip_prefix(&format!("{}:", list.id)) else { return false };
            let below = rest.split_once('.').map_or("", |(_, below)| below);
            slicing.discriminators.iter().any(|told| {
                told.path == below
                    || told.path.starts_with(&format!("{below}."))
                    || below.is_empty() && told.path == "$this"
            })
        },
    )
}

/// The bad payloads that a row of a profile turns a good one into.
pub fn bad_payloads(snapshot: &Snapshot, row: &ElementDefinition, good: &Value) -> Vec<Bad> {
    let found = places(snapshot, good, &row.id);
    let Some(first) = found.first() else { return Vec::new() };
    let (holder, _) = split(&first.pointer);
    let siblings: Vec<&Place> = found.iter().filter(|place| split(&place.pointer).0 == holder).collect();
    let value = good.pointer(&first.pointer).cloned().unwrap_or_default();
    let element = snapshot.elements().iter().find(|element| element.id == row.id);
    let is_list =
        element.and_then(|element| element.base.as_ref()).is_some_and(|base| base.max != Max::Count(1));
    let mut bad = Vec::new();
    let mut add = |fault, payload, codes, key, location: &str| {
        bad.push(Bad { fault, payload, codes, key, location: location.to_owned() });
    };
    let is_discriminator = discriminates(snapshot, &row.id);
    if row.min.is_some_and(|min| min > 0) && !is_discriminator {
        let payload = without(good, &siblings);
        let parent = first.location.rsplit_once('.').map_or("", |(parent, step)| {
            if step.starts_with("ofType(") {
                parent.rsplit_once('.').map_or("", |(parent, _)| parent)
            } else {
                parent
            }
        });
        add(Fault::Missing, payload, &["cardinality-min", "empty-element"], None, parent);
    }
    if row.max == Some(Max::Count(1)) && is_list && first.location.ends_with(']') {
        let mut payload = good.clone();
        let list = first.pointer.rsplit_once('/').map_or("", |(list, _)| list);
        if let Some(Value::Array(items)) = payload.pointer_mut(list) {
            items.push(value.clone());
            let stem = first.location.rsplit_once('[').map_or("", |(stem, _)| stem);
            add(Fault::Repeated, payload, &["cardinality-max"], None, stem);
        }
    }
    if !is_discriminator {
        if let (Some(_), Value::String(text)) = (fixed(row), &value) {
            let payload = with(good, first, format!("{text}-changed").into());
            add(Fault::WrongValue, payload, &["fixed-value", "pattern-value"], None, &first.location);
        }
        if row.binding.as_ref().is_some_and(|binding| binding.strength == BindingStrength::Required) {
            let payload = with_code(good, first, &value);
            let codes = &["binding-required", "unknown-code"];
            add(Fault::WrongCode, payload, codes, None, &first.location);
        }
        if let (Some(longest), Value::String(_)) = (row.max_length, &value) {
            let text = "x".repeat(usize::try_from(longest).unwrap_or_default() + 1);
            add(Fault::TooLong, with(good, first, text.into()), &["max-length"], None, &first.location);
        }
        if let Value::String(text) = &value {
            for constraint in &row.constraints {
                let expression = constraint.expression.as_deref().unwrap_or_default();
                if expression.starts_with("matches('^") {
                    let payload = with(good, first, format!("{text} !").into());
                    add(Fault::WrongFormat, payload, &[], Some(constraint.key.clone()), &first.location);
                }
            }
        }
    }
    if row.path.ends_with("[x]") && !row.types.is_empty() && row.types.iter().all(|t| t.code != "boolean") {
        let mut payload = without(good, &siblings);
        if let Some(Value::Object(members)) = payload.pointer_mut(holder) {
            let stem =
                row.path.rsplit('.').next().and_then(|step| step.strip_suffix("[x]")).unwrap_or_default();
            members.insert(format!("{stem}Boolean"), true.into());
            let location = first.location.split(".ofType").next().unwrap_or_default();
            add(Fault::WrongType, payload, &["wrong-type", "unknown-element"], None, location);
        }
    }
    bad
}

/// The pointer to the object that holds a place, whether or not in an array, and the name of the member.
fn split(pointer: &str) -> (&str, &str) {
    let (holder, last) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    if last.bytes().all(|byte| byte.is_ascii_digit()) && !last.is_empty() {
        split(holder)
    } else {
        (holder, last)
    }
}

fn with(good: &Value, place: &Place, value: Value) -> Value {
    let mut payload = good.clone();
    if let Some(there) = payload.pointer_mut(&place.pointer) {
        *there = value;
    }
    payload
}

/// The payload with a code that is in no value set.
fn with_code(good: &Value, place: &Place, value: &Value) -> Value {
    const NO_CODE: &str = "no-such-code";
    let mut value = value.clone();
    if value["coding"].is_array() {
        value["coding"][0]["code"] = NO_CODE.into();
    } else if let Value::Object(members) = &mut value {
        members.insert("code".to_owned(), NO_CODE.into());
    } else {
        value = NO_CODE.into();
    }
    with(good, place, value)
}

/// The payload without these places, and without arrays that became empty.
fn without(good: &Value, places: &[&Place]) -> Value {
    let mut payload = good.clone();
    for place in places.iter().rev() {
        let (parent, last) = place.pointer.rsplit_once('/').unwrap_or_default();
        let mut is_empty = false;
        match payload.pointer_mut(parent) {
            Some(Value::Array(items)) => {
                if let Ok(index) = last.parse::<usize>() {
                    items.remove(index);
                }
                is_empty = items.is_empty();
            }
            Some(Value::Object(members)) => {
                members.remove(last);
            }
            _ => {}
        }
        if is_empty {
            let (holder, name) = parent.rsplit_once('/').unwrap_or_default();
            if let Some(Value::Object(members)) = payload.pointer_mut(holder) {
                members.remove(name);
            }
        }
    }
    payload
}
