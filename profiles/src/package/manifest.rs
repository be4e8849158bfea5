//! `package.json`: the manifest of a FHIR package, in the form of npm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The manifest of a package.
///
/// Source: <https://hl7.org/fhir/packages.html>.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Manifest {
    /// Name of the package: `hl7.terminology.r4`.
    pub name: String,
    /// Version of the package.
    pub version: Option<String>,
    /// FHIR releases it is for, as full version numbers; empty if it does not say.
    #[serde(rename = "fhirVersions", alias = "fhir-version-list")]
    pub fhir_versions: Vec<String>,
    /// Packages it needs: name and version.
    pub dependencies: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads the bytes of a `package.json`.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        // Some packages carry both spellings of the releases, which a derived reader would refuse.
        let mut members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(bytes)?;
        if members.contains_key("fhirVersions") {
            members.remove("fhir-version-list");
        }
        serde_json::from_value(members.into())
    }
}
