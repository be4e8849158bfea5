//! The call that payloads belong to according to the settings.

use ers_fhir_ers::service;
use ers_fhir_ers::{Context, Direction};

use super::file::PathSettings;

impl PathSettings {
    /// The call that these payloads belong to, if the settings name its operation.
    ///
    /// # Errors
    ///
    /// In words, beginning with the path: something that e-RS does not have, a malformed header, or call settings
    /// without an operation.
    pub fn call(&self) -> Result<Option<Context>, String> {
        self.read_call().map_err(|error| format!("path {}: {error}", self.glob.join(", ")))
    }

    fn read_call(&self) -> Result<Option<Context>, String> {
        let Some(id) = &self.endpoint else {
            let is_of_call = self.response.is_some()
                || self.status.is_some()
                || self.role.is_some()
                || self.access.is_some()
                || !self.headers.is_empty();
            let lack = "settings of a call need its endpoint, such as A011";
            return if is_of_call { Err(lack.to_owned()) } else { Ok(None) };
        };
        let endpoint = service::named(id).map_err(|error| error.to_string())?;
        let is_answer = self.response.unwrap_or_default();
        let pair = |header: &String| {
            let (name, value) = header.split_once(':')?;
            (!name.trim().is_empty()).then(|| (name.trim().to_owned(), value.trim().to_owned()))
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
