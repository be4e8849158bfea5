//! The call that settings say payloads belong to.

use ers_fhir_ers::service::{self, Endpoint};
use ers_fhir_ers::{Context, Direction};

use super::file::PathSettings;

impl PathSettings {
    /// The call that these payloads belong to, where the settings name its operation.
    ///
    /// # Errors
    ///
    /// In words, what of it e-RS does not have, or what is no header.
    pub fn call(&self) -> Result<Option<Context>, String> {
        let Some(id) = &self.endpoint else { return Ok(None) };
        let endpoint: &'static Endpoint =
            service::find(id).next().ok_or_else(|| format!("e-RS has no operation '{id}'"))?;
        let is_answer = self.response.unwrap_or_default();
        let pair = |header: &String| {
            let (name, value) = header.split_once(':')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        let headers = self.headers.iter().map(pair).collect::<Option<_>>();
        Ok(Some(Context {
            direction: if is_answer { Direction::Response } else { Direction::Request },
            role: self.role.as_deref().map(str::parse).transpose().map_err(|error| format!("{error}"))?,
            access: self.access.as_deref().map(str::parse).transpose().map_err(|error| format!("{error}"))?,
            status: self.status,
            headers: headers.ok_or("headers: write each as NAME: VALUE")?,
            ..Context::request(endpoint)
        }))
    }
}
