//! Reads each instance into its type and writes a copy of it, by way of XML as well: `round-trip <stu3|r4> <folder>`.
//!
//! What is written must equal what was read, but for the order of keys; numbers digit for digit.
//! Ends with 1 where fewer than 99.5 % do.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ers_fhir_model::runtime::{Json, ReadError, ReadOptions, Xml};
use serde_json::Value;

/// Share of instances that must come back equal.
const DEMANDED: f64 = 0.995;

/// Reads and writes one instance; `None` where its type was not generated.
type Through = fn(&[u8]) -> Result<Option<Written>, ReadError>;

/// An instance as it was written.
struct Written {
    json: String,
    /// The JSON of what was written as XML and read again; or why there is none.
    by_xml: Result<String, String>,
}

fn written<R: Json + Xml + Clone>(resource: &R) -> Written {
    let xml = resource.to_xml().map_err(|error| format!("no XML: {error}"));
    let by_xml = xml.and_then(|xml| {
        let read = R::from_xml_with(xml, ReadOptions::lenient());
        read.map(|again| again.to_json()).map_err(|error| format!("from XML: {error}"))
    });
    Written { json: resource.clone().to_json(), by_xml }
}

fn stu3(bytes: &[u8]) -> Result<Option<Written>, ReadError> {
    use full_stu3::fhir::Resource;
    let resource = Resource::from_json(bytes)?;
    Ok((!matches!(resource, Resource::Other(_))).then(|| written(&resource)))
}

fn r4(bytes: &[u8]) -> Result<Option<Written>, ReadError> {
    use full_r4::fhir::Resource;
    let resource = Resource::from_json(bytes)?;
    Ok((!matches!(resource, Resource::Other(_))).then(|| written(&resource)))
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (through, folder): (Through, &str) = match arguments.as_slice() {
        [release, folder] if release == "stu3" => (stu3, folder),
        [release, folder] if release == "r4" => (r4, folder),
        _ => return Err("usage: round-trip <stu3|r4> <folder>".into()),
    };
    let (mut instances, mut equal, mut equal_by_xml) = (0_u32, 0_u32, 0_u32);
    for path in json_files(Path::new(folder))? {
        let bytes = std::fs::read(&path)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let before: Value = serde_json::from_slice(bytes)?;
        if before.get("resourceType").is_none() {
            continue;
        }
        instances += 1;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match faults(through, bytes, &before) {
            (None, None) => (equal, equal_by_xml) = (equal + 1, equal_by_xml + 1),
            (None, Some(fault)) => {
                equal += 1;
                println!("  {name}, by XML: {fault}");
            }
            (Some(fault), by_xml) => {
                equal_by_xml += u32::from(by_xml.is_none());
                println!("  {name}: {fault}");
            }
        }
    }
    let share = |equal: u32| f64::from(equal) / f64::from(instances.max(1));
    for (way, equal) in [("", equal), (" by XML", equal_by_xml)] {
        let percent = share(equal) * 100.0;
        println!("{}: {equal} of {instances} instances come back equal{way} ({percent:.2} %)", arguments[0]);
    }
    Ok(if share(equal.min(equal_by_xml)) >= DEMANDED { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The JSON files of a folder, in order.
fn json_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What keeps an instance from coming back equal, as JSON and by XML.
fn faults(through: Through, bytes: &[u8], before: &Value) -> (Option<String>, Option<String>) {
    let both = |fault: String| (Some(fault.clone()), Some(fault));
    match through(bytes) {
        Ok(Some(Written { json, by_xml })) => {
            let by_xml = by_xml.map_or_else(Some, |json| changed(&json, before));
            (changed(&json, before), by_xml)
        }
        Ok(None) => both(format!("no type for {}", before["resourceType"])),
        Err(error) => both(format!("not read: {error}")),
    }
}

fn changed(json: &str, before: &Value) -> Option<String> {
    match serde_json::from_str(json) {
        Ok(after) => difference(before, &after, ""),
        Err(error) => Some(format!("what was written is not JSON: {error}")),
    }
}

/// The first place where two documents differ.
fn difference(before: &Value, after: &Value, path: &str) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let lost_or_changed = before.iter().find_map(|(name, value)| match after.get(name) {
                Some(other) => difference(value, other, &format!("{path}.{name}")),
                None => Some(format!("{path}.{name} is lost")),
            });
            lost_or_changed.or_else(|| {
                let added = after.keys().find(|name| !before.contains_key(*name));
                added.map(|name| format!("{path}.{name} is added"))
            })
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let mut pairs = before.iter().zip(after).enumerate();
            pairs.find_map(|(index, (value, other))| difference(value, other, &format!("{path}[{index}]")))
        }
        _ if before == after => None,
        _ => Some(format!("{path}: {before} became {after}")),
    }
}
