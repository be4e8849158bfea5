//! The distiller: what a published FHIR core package says as facts, without its prose.
//!
//! Structures become differentials, from which `ers-fhir-profiles` generates the snapshots. The result is
//! a FHIR package, and the same input gives the same bytes.

mod closure;
mod error;
mod fixups;
mod ids;
mod project;
mod shape;
mod write;

use std::collections::BTreeMap;

use ers_fhir_profiles::package::{Head, Kind, Package};
use ers_fhir_profiles::{FhirVersion, ReadError};
use serde_json::{Map, Value};

pub use error::Error;
use project::Node;

/// Canonical URLs of the specification's own definitions start with this.
const CORE: &str = "http://hl7.org/fhir/";

/// Files of a package folder by name: their text.
pub type Files = BTreeMap<String, String>;

/// Distils a core package.
///
/// `name` is the name of the new package, `sha256` the hash in hex of the archive that `package` was
/// read from.
pub fn distil(package: &Package, version: FhirVersion, name: &str, sha256: &str) -> Result<Files, Error> {
    let places = |kind: Kind| -> Vec<usize> {
        package
            .heads()
            .enumerate()
            .filter(|(_, head)| head.kind == kind && is_core(head))
            .map(|(place, _)| place)
            .collect()
    };
    let structures = places(Kind::Structure);
    let mut kept = places(Kind::Operation);
    kept.extend(places(Kind::NamingSystem));
    kept.extend(closure::terminology(package, version, &structures)?);
    kept.extend(structures);

    let mut files = Files::new();
    let mut fixups = Vec::new();
    for place in kept {
        let Some(head) = package.head(place) else { continue };
        let json = package.json(place).map_err(Error::Package)?.unwrap_or_default();
        let fault = |source| {
            Error::Package(ers_fhir_profiles::Error::Definition {
                package: package.name().to_owned(),
                canonical: head.url.to_string(),
                source,
            })
        };
        let mut resource = parse(&json).map_err(fault)?;
        let Some(id) = resource.get("id").and_then(Value::as_str).map(str::to_owned) else {
            return Err(fault(ReadError::missing(format!("{}.id", head.kind.resource_type()))));
        };
        if id == "example" || id.starts_with("example-") {
            continue;
        }
        let file = format!("{}-{id}.json", head.kind.resource_type());
        let Some(shape) = shape::of(head.kind) else { continue };
        if head.kind == Kind::Structure {
            make_differential(&mut resource);
            fixups::apply(&mut resource, &id, version, &mut fixups);
            ids::leave_out(&mut resource, version).map_err(fault)?;
        }
        files.insert(file, write::resource(&project::project(&resource, shape)));
    }
    fixups::check(version, &fixups)?;
    files.insert("package.json".to_owned(), manifest(package, version, name, sha256));
    Ok(files)
}

/// Naming systems have no URL. All of them are the specification's, and so are all structures: a few extensions that it
/// publishes have the URL of those who made them.
fn is_core(head: &Head) -> bool {
    matches!(head.kind, Kind::NamingSystem | Kind::Structure) || head.url.starts_with(CORE)
}

fn parse(json: &[u8]) -> Result<Map<String, Value>, ReadError> {
    serde_json::from_slice(json).map_err(|e| ReadError::Syntax(format!("not the JSON of a resource: {e}")))
}

/// Leaves the elements of a structure only in its differential.
fn make_differential(structure: &mut Map<String, Value>) {
    let snapshot = structure.remove("snapshot");
    if let (false, Some(snapshot)) = (structure.contains_key("differential"), snapshot) {
        structure.insert("differential".to_owned(), snapshot);
    }
}

fn manifest(package: &Package, version: FhirVersion, name: &str, sha256: &str) -> String {
    let text = |text: &str| Node::Value(text.into());
    let object = |members: Vec<(&str, Node)>| {
        Node::Object(members.into_iter().map(|(name, node)| (name.to_owned(), node)).collect())
    };
    let source = package.manifest();
    write::resource(&object(vec![
        ("name", text(name)),
        ("version", text(env!("CARGO_PKG_VERSION"))),
        ("description", text(&format!("The facts of FHIR {version}, distilled by ers-fhir"))),
        ("type", text("Core")),
        ("fhirVersions", Node::Array(vec![text(version.number())])),
        (
            "distilledFrom",
            object(vec![
                ("name", text(&source.name)),
                ("version", text(source.version.as_deref().unwrap_or_default())),
                ("sha256", text(sha256)),
            ]),
        ),
    ]))
}
