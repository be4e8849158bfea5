//! What an operation answers.

use ers_fhir_ers::service::Endpoint;
use serde_json::Value;

use crate::call::Answer;
use crate::render::text;

/// What an operation answers.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    /// The version that `ETag` holds.
    version: Option<u64>,
    location: Option<String>,
    body: Content,
}

#[derive(Debug, Default)]
enum Content {
    #[default]
    None,
    Resource(Value),
    /// A resource that is written already.
    Written(Vec<u8>),
    File {
        media_type: String,
        name: String,
        bytes: Vec<u8>,
    },
}

impl Reply {
    pub(super) fn resource(resource: Value) -> Self {
        Self { body: Content::Resource(resource), ..Self::default() }
    }

    /// A resource that is written already.
    pub(super) fn written(bytes: Vec<u8>) -> Self {
        Self { body: Content::Written(bytes), ..Self::default() }
    }

    pub(super) fn versioned(version: u64, resource: Value) -> Self {
        Self { version: Some(version), ..Self::resource(resource) }
    }

    pub(super) fn of_version(version: u64) -> Self {
        Self { version: Some(version), ..Self::default() }
    }

    pub(super) fn file(media_type: &str, name: String, bytes: Vec<u8>) -> Self {
        Self { body: Content::File { media_type: media_type.to_owned(), name, bytes }, ..Self::default() }
    }

    pub(super) fn at(location: String) -> Self {
        Self { location: Some(location), ..Self::default() }
    }

    /// The answer that it makes.
    pub(crate) fn answer(self, endpoint: Option<&Endpoint>) -> Answer {
        let mut headers: Vec<(&'static str, String)> = Vec::new();
        let status = endpoint.map_or(200, |endpoint| endpoint.success);
        if let Some(version) = self.version.filter(|_| endpoint.is_some_and(|endpoint| endpoint.etag)) {
            headers.push(("ETag", format!("W/\"{version}\"")));
        }
        headers.extend(self.location.map(|location| ("Location", location)));
        if endpoint.is_some_and(|endpoint| endpoint.path.starts_with("/R4/HealthcareService/")) {
            headers.push(("Cache-Control", "no-cache".to_owned()));
        }
        if matches!(self.body, Content::Resource(_) | Content::Written(_)) {
            headers.push(("Content-Type", "application/fhir+json".to_owned()));
        }
        let body = match self.body {
            Content::None => Vec::new(),
            Content::Resource(resource) => text(&resource),
            Content::Written(bytes) => bytes,
            Content::File { media_type, name, bytes } => {
                headers.push(("Content-Type", media_type));
                let name: String = name
                    .chars()
                    .filter(|letter| !matches!(letter, '"' | '\\') && !letter.is_control())
                    .collect();
                headers.push(("Content-Disposition", format!("attachment; filename=\"{name}\"")));
                bytes
            }
        };
        Answer { status, headers, body, ..Answer::default() }
    }
}
