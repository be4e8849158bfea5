//! Which registries to use: as given by the caller, in the environment, or in the settings that FHIR tools
//! share.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::registries::{BadRegistry, Protocol, Registries, Registry};
use super::secret::{BadSecret, Secret};

/// The variable with the address of a registry that replaces the public ones, as SUSHI reads it.
const ADDRESS: &str = "FPL_REGISTRY";
/// The variable with the token for that registry.
const TOKEN: &str = "FPL_REGISTRY_TOKEN";
/// The largest settings file that is read.
const MAX_BYTES: u64 = 1 << 20;

/// Settings of registries that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadSettings {
    /// The address of a registry cannot be used.
    #[error(transparent)]
    Registry(#[from] BadRegistry),
    /// A token or password cannot be sent.
    #[error("{of}: {source}")]
    Secret {
        /// The registry that it is for.
        of: String,
        /// Why.
        source: BadSecret,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {reason}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
}

/// The registries to ask, in order: those that are named; if there are none, that of `FPL_REGISTRY`;
/// otherwise those of `~/.fhir/fhir-settings.json` and FHIR's public ones.
///
/// `FPL_REGISTRY_TOKEN` is the token for the first named registry, or for `FPL_REGISTRY`.
pub fn registries(named: &[String]) -> Result<Vec<Registry>, BadSettings> {
    let token = env::var(TOKEN).ok().filter(|token| !token.trim().is_empty());
    let of_environment = env::var(ADDRESS).ok().filter(|address| !address.trim().is_empty());
    let addresses: Vec<&str> = match named {
        [] => of_environment.iter().map(String::as_str).collect(),
        named => named.iter().map(String::as_str).collect(),
    };
    if addresses.is_empty() {
        let file = env::home_dir().map(|home| home.join(".fhir").join("fhir-settings.json"));
        return file.map_or_else(|| Ok(Registries::public()), |file| of_file(&file));
    }
    let mut all = Vec::new();
    for (at, address) in addresses.into_iter().enumerate() {
        let public =
            Registries::public().into_iter().find(|known| known.shown() == address.trim_end_matches('/'));
        let mut registry = match public {
            Some(public) => public,
            None => Registry::new(address, Protocol::Fhir)?,
        };
        if let Some(token) = token.as_ref().filter(|_| at == 0) {
            let secret = Secret::bearer(token);
            let secret = secret.map_err(|source| BadSettings::Secret { of: TOKEN.to_owned(), source })?;
            registry = registry.with_secret(secret);
        }
        all.push(registry);
    }
    Ok(all)
}

/// The part of `fhir-settings.json` that is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Shared {
    servers: Vec<Server>,
    ignore_default_package_servers: bool,
}

/// A server of any kind; registries among them are of the kinds `fhir-package` and `npm-package`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Server {
    url: String,
    #[serde(rename = "type")]
    kind: String,
    authentication_type: String,
    username: String,
    password: String,
    token: String,
    api_key: String,
}

fn of_file(file: &Path) -> Result<Vec<Registry>, BadSettings> {
    let bad = |reason: String| BadSettings::File { file: file.to_owned(), reason };
    let Ok(metadata) = file.metadata() else { return Ok(Registries::public()) };
    if metadata.len() > MAX_BYTES {
        return Err(bad("it is too large for a settings file".to_owned()));
    }
    let json = fs::read(file).map_err(|error| bad(error.to_string()))?;
    of_json(&json, file)
}

fn of_json(json: &[u8], file: &Path) -> Result<Vec<Registry>, BadSettings> {
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let read: Result<Shared, _> = serde_json::from_slice(json);
    // The message of the parser may quote the file, which may hold a password.
    let shared = read.map_err(|error| BadSettings::File {
        file: file.to_owned(),
        reason: format!("line {} cannot be read", error.line()),
    })?;
    let mut all = Vec::new();
    for server in shared.servers {
        let protocol = match server.kind.as_str() {
            "fhir-package" => Protocol::Fhir,
            "npm-package" => Protocol::Npm,
            _ => continue,
        };
        let registry = Registry::new(&server.url, protocol)?;
        let secret = match server.authentication_type.to_ascii_lowercase().as_str() {
            "basic" => Some(Secret::basic(&server.username, &server.password)),
            "token" => Some(Secret::bearer(&server.token)),
            "apikey" => Some(Secret::header("Api-Key", &server.api_key)),
            _ => None,
        };
        let secret = secret.transpose();
        let secret = secret.map_err(|source| BadSettings::Secret { of: registry.shown(), source })?;
        all.push(match secret {
            Some(secret) => registry.with_secret(secret),
            None => registry,
        });
    }
    if !shared.ignore_default_package_servers {
        all.extend(Registries::public());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_of_the_settings_that_tools_share() {
        let json = br#"{"servers":[
            {"url":"https://tx.example.org","type":"fhir","authenticationType":"none"},
            {"url":"https://npm.example.org/","type":"npm-package","authenticationType":"token","token":"s3cret"}]}"#;
        let all = of_json(json, Path::new("fhir-settings.json")).unwrap();
        let shown: Vec<String> = all.iter().map(Registry::shown).collect();
        assert_eq!(shown[0], "https://npm.example.org");
        assert!(all[0].has_secret() && !all[1].has_secret());
        assert_eq!(shown.len(), 3);
        let error = of_json(br#"{"servers":[{"token": s3cret}]}"#, Path::new("x.json")).unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
