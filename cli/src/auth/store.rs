//! Logins that outlast a command: a file for each profile and environment, which only its owner may read.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ers_fhir_http::client::Environment;
use ers_fhir_http::client::auth::Granted;
use ers_fhir_http::client::secrecy::zeroize::Zeroizing;
use ers_fhir_http::client::secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::profile::{folder, read_private};

/// How long before its expiry a token is no longer used.
const MARGIN: u64 = 30;

/// A stored login.
#[derive(Debug, Deserialize)]
pub(crate) struct Login {
    access_token: SecretString,
    /// Seconds since 1970.
    expires: u64,
    pub(crate) refresh_token: Option<SecretString>,
    refresh_expires: Option<u64>,
}

/// Where a login is stored.
pub(crate) struct Store(PathBuf);

impl Store {
    /// Where the login of a profile in an environment is stored.
    pub(crate) fn of(profile: Option<&str>, environment: &Environment) -> Result<Self, String> {
        let folder =
            folder("XDG_STATE_HOME", ".local/state").ok_or("there is no home folder to store a login in")?;
        let plain = |text: &str| -> String {
            text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect()
        };
        let host = environment.fhir().host_str().unwrap_or_default();
        let port = environment.fhir().port().map(|port| format!("-{port}")).unwrap_or_default();
        let name = format!("login-{}-{}{port}.json", plain(profile.unwrap_or("default")), plain(host));
        Ok(Self(folder.join(name)))
    }

    /// The login, where there is one.
    pub(crate) fn read(&self) -> Result<Option<Login>, String> {
        if !self.0.exists() {
            return Ok(None);
        }
        let wrong = |error: String| format!("{}: {error}", self.0.display());
        let text = Zeroizing::new(read_private(&self.0).map_err(wrong)?);
        let login =
            serde_json::from_str(&text).map_err(|_| wrong("it is not a login: remove it".to_owned()))?;
        Ok(Some(login))
    }

    /// Stores a login in place of the previous one.
    pub(crate) fn write(&self, granted: &Granted, before: Option<&Login>) -> Result<(), String> {
        let wrong = |error: std::io::Error| format!("{}: {error}", self.0.display());
        let refresh = granted.refresh.as_deref().or_else(|| before?.refresh_token.as_ref());
        let ends = |lasts: Duration| now() + lasts.as_secs();
        let refresh_expires = match &granted.refresh {
            Some(_) => granted.refresh_lasts.map(ends),
            None => before.and_then(|before| before.refresh_expires),
        };
        let text = Zeroizing::new(
            serde_json::json!({
                "access_token": granted.token.secret().expose_secret(),
                "expires": ends(granted.lasts),
                "refresh_token": refresh.map(ExposeSecret::expose_secret),
                "refresh_expires": refresh_expires,
            })
            .to_string(),
        );
        let folder = self.0.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder).map_err(wrong)?;
        let draft = self.0.with_extension(format!("{}.new", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options
            .open(&draft)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&draft, &self.0));
        written.map_err(|error| {
            // An incomplete file is useless.
            let _ = fs::remove_file(&draft);
            wrong(error)
        })
    }

    /// Deletes the login, and returns whether there was one.
    pub(crate) fn remove(&self) -> Result<bool, String> {
        match fs::remove_file(&self.0) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(format!("{}: {error}", self.0.display())),
        }
    }
}

impl Login {
    /// The token, while it is valid.
    pub(crate) fn token(&self) -> Option<&SecretString> {
        (self.expires > now() + MARGIN).then_some(&self.access_token)
    }

    /// The refresh token, while it is valid.
    pub(crate) fn refresh(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref().filter(|_| self.refresh_expires.is_none_or(|expires| expires > now()))
    }

    /// How many seconds the token is valid, and the refresh token.
    pub(crate) fn left(&self) -> (u64, Option<u64>) {
        let left = |expires: u64| expires.saturating_sub(now());
        (left(self.expires), self.refresh().map(|_| self.refresh_expires.map_or(u64::MAX, left)))
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
