//! Profiles: callers and their credentials, in a file that only its owner may read, and in the environment.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_ers::service::{Access, Organisation, Role};
use ers_fhir_http::client::auth::{ClientSecret, PemSigner, Signer};
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::{Caller, Environment};
use serde::Deserialize;

/// Variable that names another file of profiles.
const FILE: &str = "ERS_FHIR_PROFILES";

/// A profile. Environment variables such as `ERS_FHIR_API_KEY` override it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Profile {
    environment: Option<String>,
    token_url: Option<String>,
    access: Option<String>,
    side: Option<String>,
    organisation: Option<String>,
    role: Option<String>,
    on_behalf_of: Option<String>,
    api_key: Option<String>,
    key_id: Option<String>,
    key_file: Option<PathBuf>,
    client_secret: Option<SecretString>,
    pub(crate) callback: Option<String>,
    pub(crate) scope: Option<String>,
}

/// The caller according to the command line, which overrides the profile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    pub(crate) environment: Option<String>,
    pub(crate) access: Option<Access>,
    pub(crate) role: Option<Role>,
    pub(crate) organisation: Option<String>,
    pub(crate) on_behalf_of: Option<String>,
}

impl Profile {
    /// The profile with that name; without a name, the environment variables alone.
    pub(crate) fn named(name: Option<&str>) -> Result<Self, String> {
        let Some(name) = name else { return Ok(Self::default()) };
        let path = file().ok_or("there is no home folder: name the file of profiles in ERS_FHIR_PROFILES")?;
        let shown = path.display();
        let text = read_private(&path).map_err(|error| format!("--as {name}: {shown}: {error}"))?;
        let wrong = |error: toml::de::Error| {
            // The line of the file may hold a secret.
            format!("--as {name}: {shown}: {}", error.message())
        };
        let mut all: BTreeMap<String, Self> = toml::from_str(&text).map_err(wrong)?;
        let names = all.keys().cloned().collect::<Vec<_>>().join(", ");
        all.remove(name).ok_or_else(|| format!("--as {name}: {shown} has no such profile, only {names}"))
    }

    /// The same profile, with this side for an application if none was given.
    #[cfg(feature = "mock")]
    pub(crate) fn sided(mut self, side: Option<&str>) -> Self {
        self.side = self.side.or_else(|| side.map(str::to_owned));
        self
    }

    /// Where the service is.
    pub(crate) fn environment(&self, said: &Said) -> Result<Environment, String> {
        let name = said.environment.as_ref().or(self.environment.as_ref());
        let name = name.ok_or("name the environment: --env local, sandbox, int, prod or an address")?;
        let environment: Environment = name.parse().map_err(|error| format!("--env {name}: {error}"))?;
        match (&self.token_url, environment.token()) {
            (Some(url), Some(_)) => {
                environment.with_token(url).map_err(|error| format!("token-url: {error}"))
            }
            _ => Ok(environment),
        }
    }

    /// Who calls.
    pub(crate) fn caller(&self, said: &Said) -> Result<Caller, String> {
        let access = match (said.access, &self.access) {
            (Some(access), _) => Some(access),
            (None, Some(text)) => Some(text.parse::<Access>().map_err(|error| error.to_string())?),
            (None, None) => None,
        };
        let role = match (said.role, &self.role) {
            (Some(role), _) => Some(role),
            (None, Some(text)) => Some(text.parse::<Role>().map_err(|error| error.to_string())?),
            (None, None) => None,
        };
        if access == Some(Access::Application) {
            return Ok(Caller::Application(match self.side.as_deref() {
                None => Organisation::Any,
                Some("provider") => Organisation::Provider,
                Some("referrer") => Organisation::Referrer,
                Some(other) => return Err(format!("side must be provider or referrer, not '{other}'")),
            }));
        }
        let Some(role) = role else { return Ok(Caller::AnyUser) };
        let organisation = said.organisation.as_ref().or(self.organisation.as_ref());
        let organisation =
            organisation.ok_or("name the organisation that the user works for with --organisation")?;
        let organisation = organisation.parse().map_err(|error| format!("--organisation: {error}"))?;
        let on_behalf_of = said.on_behalf_of.as_ref().or(self.on_behalf_of.as_ref());
        let on_behalf_of =
            on_behalf_of.map(|id| id.parse().map_err(|error| format!("--on-behalf-of: {error}")));
        Ok(Caller::User { role, organisation, on_behalf_of: on_behalf_of.transpose()? })
    }

    /// Whether there are any credentials.
    pub(crate) fn has_credentials(&self) -> bool {
        let is_set = |name: &str| variable(name).is_some();
        let is_said = self.api_key.is_some() || self.client_secret.is_some() || self.callback.is_some();
        is_said || self.key_file.is_some() || is_set("ERS_FHIR_API_KEY") || is_set("ERS_FHIR_CLIENT_SECRET")
    }

    /// The API key of the application.
    pub(crate) fn api_key(&self) -> Result<String, String> {
        variable("ERS_FHIR_API_KEY")
            .or_else(|| self.api_key.clone())
            .ok_or_else(|| "there is no API key: api-key in the profile, or ERS_FHIR_API_KEY".to_owned())
    }

    /// The key that signs for the application.
    pub(crate) fn signer(&self) -> Result<Arc<dyn Signer>, String> {
        let key_id = variable("ERS_FHIR_KEY_ID").or_else(|| self.key_id.clone());
        let key_id = key_id.ok_or("there is no key id: key-id in the profile, or ERS_FHIR_KEY_ID")?;
        let path = variable("ERS_FHIR_KEY_FILE").map(PathBuf::from);
        let path = path.or_else(|| self.key_file.as_deref().map(beside));
        let path = path.ok_or("there is no key: key-file in the profile, or ERS_FHIR_KEY_FILE")?;
        let signer = PemSigner::from_file(key_id, &path);
        Ok(Arc::new(signer.map_err(|error| format!("{}: {error}", path.display()))?))
    }

    /// The secret with which the application authenticates when users log in.
    pub(crate) fn secret(&self) -> Result<ClientSecret, String> {
        let secret =
            variable("ERS_FHIR_CLIENT_SECRET").map(SecretString::from).or_else(|| self.client_secret.clone());
        let secret = secret
            .ok_or("there is no client secret: client-secret in the profile, or ERS_FHIR_CLIENT_SECRET")?;
        Ok(ClientSecret { client_id: self.api_key()?, client_secret: secret })
    }
}

/// A variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// A folder of the user for a purpose: `$XDG_CONFIG_HOME`, or its default in the home folder.
pub(crate) fn folder(variable_name: &str, below_home: &str) -> Option<PathBuf> {
    let home = || Some(PathBuf::from(variable("HOME").or_else(|| variable("USERPROFILE"))?).join(below_home));
    variable(variable_name).map(PathBuf::from).or_else(home).map(|folder| folder.join("ers-fhir"))
}

fn file() -> Option<PathBuf> {
    let usual = || Some(folder("XDG_CONFIG_HOME", ".config")?.join("profiles.toml"));
    variable(FILE).map(PathBuf::from).or_else(usual)
}

/// A path in the file of profiles, relative to that file.
fn beside(path: &Path) -> PathBuf {
    file().and_then(|file| Some(file.parent()?.join(path))).unwrap_or_else(|| path.to_owned())
}

/// The text of a file that only its owner may read.
pub(super) fn read_private(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err("other users may read it: chmod 600".to_owned());
    }
    if metadata.len() > 1 << 20 {
        return Err("it is too large".to_owned());
    }
    fs::read_to_string(path).map_err(|error| error.to_string())
}
