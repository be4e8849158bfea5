//! The format of the file. Its JSON Schema is generated from these types.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ers_fhir_report::Severity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::SettingsError;
use super::shape;

/// Levels by rule or by invariant key.
pub(super) type Levels = BTreeMap<String, Level>;

/// The settings of a repository. Paths are relative to the folder of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// Files and folders to check if the command line names no path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathBuf>,
    /// Globs of the files in folders to check; without any, all that look like payloads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Globs of the files in folders to skip.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// FHIR release of the payloads, 3.0 or 4.0; by default, detected for each payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fhir_version: Option<String>,
    /// Packages, folders or files with more definitions; later ones take precedence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<PathBuf>,
    /// Profiles that each payload must conform to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// Domains from which unknown extensions are allowed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_extensions: Vec<String>,
    /// The lowest severity of a finding that fails a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<FailOn>,
    /// Whether a run fails if something could not be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_complete: Option<bool>,
    /// Whether the known deviations of the live service are errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
    /// Whether values of payloads are shown outside a terminal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_values: Option<bool>,
    /// Seconds after which only quick checks are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// File of known findings, which are accepted.
    #[schemars(length(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<PathBuf>,
    /// Advisor file of HL7's validator, as JSON: what it suppresses is suppressed here too, if it has a counterpart.
    #[schemars(length(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advisor: Option<PathBuf>,
    /// Levels of the findings of rules, or of invariants by their keys.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: Levels,
    /// Settings for the payloads of some paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathSettings>,
    /// Accepted findings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppress: Vec<Suppression>,
}

/// Settings for the payloads of some paths.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct PathSettings {
    /// Globs of the files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub glob: Vec<String>,
    /// Their FHIR release, 3.0 or 4.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fhir_version: Option<String>,
    /// Operation of e-RS that they belong to, such as A011.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Whether they are answers of the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<bool>,
    /// Status of the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Business function of the user who calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who calls: user or application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// Headers of the request, as `NAME: VALUE`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// Profiles that each must conform to, in addition to those for all payloads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// Levels of the findings of rules, or of invariants by their keys, in these files.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: Levels,
}

impl PathSettings {
    /// These settings, overridden by others for the same payloads.
    pub(super) fn then(self, later: &Self) -> Self {
        let mut rules = self.rules;
        rules.extend(later.rules.iter().map(|(rule, level)| (rule.clone(), *level)));
        Self {
            glob: later.glob.clone(),
            fhir_version: later.fhir_version.clone().or(self.fhir_version),
            endpoint: later.endpoint.clone().or(self.endpoint),
            response: later.response.or(self.response),
            status: later.status.or(self.status),
            role: later.role.clone().or(self.role),
            access: later.access.clone().or(self.access),
            headers: if later.headers.is_empty() { self.headers } else { later.headers.clone() },
            profiles: [self.profiles.as_slice(), &later.profiles].concat(),
            rules,
        }
    }
}

/// An accepted finding.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Suppression {
    /// Code of the rule, or key of the invariant.
    pub rule: String,
    /// Globs of the files; without any, all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    /// FHIRPath of the element without indices, or the beginning of it: `Patient.name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Why it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Last day on which it is accepted, as YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// The level of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing.
    Information,
    /// Likely wrong.
    Warning,
    /// Wrong.
    Error,
}

impl Level {
    /// The severity; `None` if findings are not reported.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Information => Some(Severity::Information),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// The lowest severity of a finding that fails a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Something is wrong.
    Error,
    /// Something is probably wrong.
    Warning,
    /// There is any finding at all.
    Information,
}

/// The JSON Schema of the file.
pub(super) fn schema() -> serde_json::Value {
    schemars::schema_for!(Settings).to_value()
}

/// Parses the text of a file.
pub(super) fn parse(path: &Path, text: &str) -> Result<Settings, SettingsError> {
    let malformed = |at, reason| SettingsError::at(path, text, at, reason);
    if let Some((at, reason)) = shape::fault(text, &schema()) {
        return Err(malformed(at, reason));
    }
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        malformed(at, error.message().to_owned())
    })
}
